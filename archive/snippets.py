"""The place in a text where the words of a query stand. Pure.

Not FTS5's snippet(): its time grows with the square of the hits, so that one page that says a word 300,000 times stops
every search for it (SQLite 3.53.4, 2026-11-25: over ten minutes; this: a moment).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from archive.spacing import is_unspaced

WIDTH = 240  # characters of a snippet
_CHUNK = 1 << 16  # characters looked at together, until something is found
_MOST = 500  # hits of a chunk that are weighed
_WORDS = 32  # of a query that are looked for: somebody may paste a whole article
_MARK = re.compile("[\u0300-\u036f]")  # combining diacritics, which the index folds too


class _Folded(dict[int, str]):
    """Each character without case and diacritics, as one character: offsets stay true."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        base = unicodedata.normalize("NFD", sign)[0].lower()
        self[code] = folded = base if len(base) == 1 else sign
        return folded


_folded = _Folded()


def snippet(text: str, words: Sequence[str], start: str, end: str) -> str:
    """About WIDTH characters of the text around the most different words, each hit between `start` and `end`.

    A word may be a phrase; one that ends in `*` stands for all that begin so. The beginning of the text when no word
    stands in it (then it was the title that matched).
    """
    for place in range(0, max(1, len(text)), _CHUNK):
        chunk = text[place : place + _CHUNK + WIDTH]
        if hits := _hits(chunk, words[:_WORDS]):
            return _cut(text, [(place + first, place + last, word) for first, last, word in hits], start, end)
    return _ends(text, 0, WIDTH, text[:WIDTH])


def _hits(chunk: str, words: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where which words stand, in order: start, end, number of the word."""
    folded = chunk.lower() if chunk.isascii() else chunk.translate(_folded)
    marked = not chunk.isascii() and _MARK.search(folded) is not None
    found = []
    for number, word in enumerate(words):
        if pattern := _pattern(word, marked):
            anywhere = is_unspaced(word)
            places = (hit.span() for hit in islice(pattern.finditer(folded), _MOST))
            found += [(at, to, number) for at, to in places if anywhere or not at or not folded[at - 1].isalnum()]
    return sorted(found)[:_MOST]


@lru_cache(maxsize=256)
def _pattern(word: str, marked: bool) -> re.Pattern[str] | None:
    """What a word of a query looks like in a folded text: `AT&T` is `at` and `t` with anything but letters between.

    What stands before it is looked at by the caller: a pattern that begins with letters is found ten times as fast.
    `marked` is for texts with combining diacritics.
    """
    parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", word).translate(_folded))
    marks = _MARK.pattern + "*" if marked else ""
    spelled = r"[\W_]+".join(marks.join(map(re.escape, part)) + marks for part in parts)
    if not parts or is_unspaced(word):
        return re.compile(spelled) if parts else None
    return re.compile(spelled + ("[^\\W_]*" if word.endswith("*") else "(?![^\\W_])"))


def _cut(text: str, hits: list[tuple[int, int, int]], start: str, end: str) -> str:
    """The window with the most different words, the first of them."""
    best, most, different = 0, 0, len({word for *_, word in hits})
    for number, (first, *_) in enumerate(hits):
        here = len({word for begins, _, word in hits[number : number + 40] if begins < first + WIDTH * 2 // 3})
        if here > most:
            best, most = number, here
        if most == different:
            break
    begin = max(0, hits[best][0] - WIDTH // 4)
    begin = text.find(" ", begin, hits[best][0]) + 1 or begin if begin else 0
    finish = min(len(text), begin + WIDTH)
    pieces, place = [], begin
    for first, last, _ in hits:
        if first >= place and last <= finish:
            pieces += [text[place:first], start, text[first:last], end]
            place = last
    return _ends(text, begin, finish, "".join([*pieces, text[place:finish]]))


def _ends(text: str, begin: int, finish: int, piece: str) -> str:
    return ("… " if begin > 0 else "") + piece.strip() + (" …" if finish < len(text) else "")
