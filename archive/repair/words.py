"""The words of titles, texts and addresses, compared without regard to how they are written. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHINGLE = 5  # words
MAX_COMPARED = 200_000  # characters of a text: more proves nothing more
MIN_TITLE = 5  # different words: a shorter title may stand in many others

_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]|[^\W_]+")  # scripts without blanks sign by sign
_ACRONYM = re.compile(r"\b(?:\w\.){2,}")
_HYPHENATED = re.compile(r"(?<=\w)-[ \t]*\n\s*(?=\w)")
_APOSTROPHES = str.maketrans(dict.fromkeys("'’ʼ`´\u00ad\u200b\u200c\u200d"))
_PLAIN = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SEPARATOR = re.compile(r"\s+[|–—·»:-]\s+|\s*\|\s*")


def words(text: str) -> list[str]:
    """The words of a text for comparing: case, line breaks, quotes, dashes, accents and the dots of "U.S." do not count."""
    plain = unicodedata.normalize("NFKD", text[:MAX_COMPARED]).casefold().translate(_APOSTROPHES).translate(_PLAIN)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _WORDS.findall(_ACRONYM.sub(lambda match: match[0].replace(".", ""), plain))


def spellings(text: str) -> frozenset[str]:
    """The words of a text, also as addresses spell them: `für` is `fur` here and `fuer` there."""
    return frozenset(words(text)) | frozenset(words(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)))


@lru_cache(maxsize=64)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    """A word that was divided at the end of a line is one word, or two: `Chang-\\nhung` has lost its line, not its hyphen."""
    found = words(text)
    size = min(SHINGLE, max(1, len(found)))
    return frozenset(tuple(found[i : i + size]) for i in range(len(found) - size + 1))


def containment(known: str, candidate: str) -> float:
    """The share of the known text's five-word sequences that the candidate holds: 1 when all of it is there."""
    there = _shingles(candidate)
    readings = [_shingles(known)] + ([_shingles(_HYPHENATED.sub("", known))] if _HYPHENATED.search(known) else [])
    return max(len(wanted & there) / len(wanted) if wanted else 0.0 for wanted in readings)


def title_similarity(one: str, other: str, site: str | None = None) -> float:
    """Share of common words (Dice), with or without the name of the site at an end.

    A title that is wholly in a longer one is nearly equal; one with another number is another story ("Day 12", "Day 13").
    """
    return max(_similarity(a, b) for a in _readings(one, site) for b in _readings(other, site))


def _similarity(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    a, b = set(one), set(other)
    if not a or not b:
        return 0.0
    common = len(a & b)
    short = min(a, b, key=len)
    dice = 2 * common / (len(a) + len(b))
    alike = max(dice, 0.92) if common == len(short) >= MIN_TITLE else dice
    return min(alike, 0.85) if numbers_differ(a, b) else alike


def numbers_differ(a: set[str], b: set[str]) -> bool:
    """True when each names a number that the other does not: a date, a count, a part."""
    there, here = ({word for word in found if word.isdigit()} for found in (a, b))
    return not (there <= here or here <= there)


def _readings(title: str, site: str | None) -> set[tuple[str, ...]]:
    """The title whole, and without a first or last part that names the site."""
    found = {tuple(words(title))}
    parts = _SEPARATOR.split(title)
    name = words(site) if site else []
    for part, rest in ((parts[-1], parts[:-1]), (parts[0], parts[1:])):
        if rest and name and _names(words(part), name):
            found.add(tuple(words(" ".join(rest))))
    return found


def _names(part: list[str], name: list[str]) -> bool:
    return bool(part) and (set(part) <= set(name) or set(name) <= set(part) or "".join(part) == "".join(name))
