"""Strings from a page made fit for a database: no control or invisible signs, no lone surrogates."""

from __future__ import annotations

import re
import unicodedata

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\ufeff\ufffe\uffff\ud800-\udfff]")


def printable(text: str) -> str:
    """Without C0 and C1 signs (except tab and line feed), soft hyphens and blanks of no width; lone surrogates become U+FFFD."""
    if text.isprintable():  # most are, and this looks at them once
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub(lambda match: "\ufffd" if "\ud800" <= match[0] <= "\udfff" else "", text)


def clean(text: str | None) -> str | None:
    """One line of printable text; None when nothing is left."""
    return " ".join(printable(text).split()) or None if text else None


def fold(text: str) -> str:
    """For comparing: case, blanks and compatibility forms do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
