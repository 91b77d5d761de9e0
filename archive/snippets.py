"""The place in a text where the words of a query stand. Pure.

Not FTS5's snippet(): its time grows with the square of the hits, so that one page that says a word 300,000 times stops
every search for it (SQLite 3.53.4, 2026-11-25: over ten minutes; this: a moment).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from archive.spacing import is_unspaced

WIDTH = 240  # characters of a snippet
_CHUNK = 1 << 16  # characters looked at together, until something is found
_MOST = 500  # hits of a chunk that are weighed
_WORDS = 32  # of a query that are looked for: somebody may paste a whole article
_MARKS = "[\u0300-\u036f]*"  # combining diacritics, which the index folds too


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

    The beginning of the text when no word stands in it (then it was the title that matched).
    """
    patterns = [pattern for word in words[:_WORDS] if (pattern := _pattern(word))]
    any_word = re.compile("|".join(f"({pattern})" for pattern in patterns) or "(?!)")
    for place in range(0, max(1, len(text)), _CHUNK):
        chunk = text[place : place + _CHUNK + WIDTH]
        hits = [
            (hit.start(), hit.end(), hit.lastindex or 0) for hit in islice(any_word.finditer(chunk.translate(_folded)), _MOST)
        ]
        if hits:
            return _cut(text, [(place + first, place + last, word) for first, last, word in hits], start, end)
    return _ends(text, 0, WIDTH, text[:WIDTH])


def _pattern(word: str) -> str:
    """What a word of a query looks like in a folded text: `AT&T` is `at` and `t` with anything but letters between."""
    parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", word).translate(_folded))
    spelled = r"[\W_]+".join(_MARKS.join(map(re.escape, part)) + _MARKS for part in parts)
    return spelled if not parts or is_unspaced(word) else rf"(?<![^\W_]){spelled}(?![^\W_])"


def _cut(text: str, hits: list[tuple[int, int, int]], start: str, end: str) -> str:
    """The window with the most different words, the first of them."""
    best, most = 0, 0
    for number, (first, *_) in enumerate(hits):
        different = {word for begins, _, word in hits[number : number + 40] if begins < first + WIDTH * 2 // 3}
        if len(different) > most:
            best, most = number, len(different)
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
