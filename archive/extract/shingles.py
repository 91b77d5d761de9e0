"""How much of one text stands in another: shares of three words in a row; scripts without blanks go by characters."""

from __future__ import annotations

import re

from archive.extract.clean import fold

_BLANKLESS = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
_SIGNS = re.compile(rf"[{_BLANKLESS}]")
_WORDS = re.compile(rf"[{_BLANKLESS}]|[^\W{_BLANKLESS}]+")
_BLANKED = re.compile(r"\w+")  # the same for a text without those signs, and cheaper

Shingle = tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    text = fold(text)
    return (_WORDS if _SIGNS.search(text) else _BLANKED).findall(text)


def _in_order(text: str) -> list[Shingle]:
    found = words(text)
    return list(zip(found, found[1:], found[2:], strict=False)) or [tuple(found)]


def shingles(text: str) -> set[Shingle]:
    """Every three words in a row."""
    return set(_in_order(text))


def coverage(text: str, known: set[Shingle]) -> float:
    """The share of a text that is known, 0 to 1."""
    own = _in_order(text)
    return sum(map(known.__contains__, own)) / len(own)
