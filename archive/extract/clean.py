"""Strings from a page made fit for a database: no control signs, no lone surrogates, blanks folded."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """Without C0 and C1 signs (except tab and line feed); lone surrogates become U+FFFD."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def clean(text: str | None) -> str | None:
    """One line of printable text; None when nothing is left."""
    return " ".join(printable(text).split()) or None if text else None


def fold(text: str) -> str:
    """For comparing: case, blanks and compatibility forms do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
