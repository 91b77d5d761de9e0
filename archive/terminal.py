"""Text on its way to a person's terminal: nothing from a page may command it."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

# Bidirectional embeddings, overrides and isolates can make an address read as another one (Unicode TR 36, 2.5).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Control sequences (ECMA-48, 5.4 and 5.6), in seven and in eight bits: colours, cursor moves, titles, the clipboard (OSC 52).
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# What JSON lets through and a terminal acts on, or another program takes for the end of a line.
_UNSAFE_IN_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029{''.join(sorted(_BIDI))}]")


def safe(text: object) -> str:
    """One line of text with control sequences, control and direction signs taken out; newlines and tabs become blanks."""
    folded = _SEQUENCE.sub("", str(text)).split()
    return "".join(sign for sign in " ".join(folded) if sign not in _BIDI and unicodedata.category(sign) not in ("Cc", "Cs"))


def safe_paragraphs(text: str) -> str:
    """`safe` for text of several lines."""
    return "\n".join(safe(line) for line in _SEQUENCE.sub("", text).splitlines())


def shorten(text: object, width: int) -> str:
    """`safe` text of at most `width` characters, cut at a blank where there is one."""
    if width < 1:
        return ""
    whole = safe(text)
    if len(whole) <= width:
        return whole
    cut = whole[: width - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[width // 2 :] else cut) + "…"


def json_line(value: Any) -> str:
    """One JSON value a line: controls, marks of direction and lone surrogates escaped, all other text as it is."""
    dumped = json.dumps(value, ensure_ascii=False, default=str)
    text = _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", dumped)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
