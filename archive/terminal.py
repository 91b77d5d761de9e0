"""Text on its way to a person's terminal: nothing from a page may command it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

# Bidirectional embeddings, overrides and isolates can make an address read as another one (Unicode TR 36, 2.5).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: object) -> str:
    """One line of text with control, escape and direction signs taken out; newlines and tabs become blanks."""
    folded = " ".join(str(text).split())
    return "".join(sign for sign in folded if sign not in _BIDI and unicodedata.category(sign) not in ("Cc", "Cs"))


def safe_paragraphs(text: str) -> str:
    """`safe` for text of several lines."""
    return "\n".join(safe(line) for line in text.splitlines())


def shorten(text: object, width: int) -> str:
    """`safe` text of at most `width` characters, cut at a blank where there is one."""
    whole = safe(text)
    if len(whole) <= width:
        return whole
    cut = whole[: width - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[width // 2 :] else cut) + "…"


def json_line(value: Any) -> str:
    """One JSON object a line: no control signs (JSON escapes them), lone surrogates escaped, text as it is."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
