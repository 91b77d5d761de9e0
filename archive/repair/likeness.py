"""How near one address's words are to another's, with words lost, cut or misspelt. Pure.

For choosing whom to look at: what is accepted is decided by content (archive.repair.evidence).
"""

from __future__ import annotations

import re

from archive.models import Knowledge
from archive.repair.words import title_similarity
from archive.urls import host, path_date, slug_words, url_ids

MIN_ID = 6  # digits: shorter numbers stand in many addresses
SAME_ID, SAME_DAY = 0.6, 0.2
LIKE, TITLE = 0.6, 0.7  # likeness of addresses, similarity of titles, from which a listed address is worth a look
NEARLY = 0.9  # of a word that is misspelt or cut
WORTH = 0.3  # share of equal words from which the others are compared letter by letter


def likeness(url: str, other: str, common: frozenset[str] = frozenset()) -> float:
    """Share of common words (Dice), more for the same id and for the same day in the path.

    `common` are ids that say nothing, since many addresses have them.
    """
    a, b = set(slug_words(url)), set(slug_words(other))
    shared = _shared(a, b)
    dice = 2 * shared / (len(a) + len(b)) if a and b else 0.0
    if any(len(number) >= MIN_ID for number in (url_ids(url) & url_ids(other)) - common):
        dice += SAME_ID
    day = path_date(url)
    return dice + (SAME_DAY if day and day == path_date(other) else 0.0)


def worth(known: Knowledge, url: str, title: str | None) -> float:
    """How likely an address that a page or a site lists under a title is the story's; 0 when it is worth no look.

    On the same host only: another one of the site may be another edition.
    """
    if _bare(url) != _bare(known.url):
        return 0.0
    named = title_similarity(known.title, title) if known.title and title else 0.0
    like = likeness(known.url, url)
    return max(named if named >= TITLE else 0.0, like if like >= LIKE else 0.0)


def _bare(url: str) -> str:
    return re.sub(r"^(www|m|amp|mobile|edition)\.", "", host(url))


def _shared(a: set[str], b: set[str]) -> float:
    """The number of words in both; one that is nearly the same counts a little less."""
    equal = a & b
    left, right = a - equal, b - equal
    if not left or not right or 2 * len(equal) < WORTH * (len(a) + len(b)):
        return len(equal)
    found = 0
    for word in sorted(left):
        near = next((other for other in sorted(right) if nearly(word, other)), None)
        if near is not None:
            right.discard(near)
            found += 1
    return len(equal) + NEARLY * found


def nearly(one: str, other: str) -> bool:
    """True for two spellings of a word: one cut short after four letters, a letter wrong in five, two in nine.

    Numbers are never nearly the same.
    """
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or not (short.isalpha() and long.isalpha()):
        return False
    if long.startswith(short):
        return True
    allowed = 0 if len(long) < 5 else 1 if len(long) < 9 else 2
    return len(long) - len(short) <= allowed and distance(short, long) <= allowed


def distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with a neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            current.append(best)
        before, row = row, current
    return row[-1]
