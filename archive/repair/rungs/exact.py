"""Captures of the link itself: the good one nearest to the reference date, walking on past bad ones; and its other spellings.

By replay, which has twenty times the index's budget.
"""

from __future__ import annotations

from archive.repair.climb import Climb, Climbing
from archive.repair.rungs.walking import walk
from archive.urls import variants

MAX_CAPTURES = 5  # of one address: the nearest and four further
MAX_VARIANTS = 4


def exact(climb: Climb) -> Climbing:
    """The link and the other readings of its text."""
    for archive in climb.archives:
        for url in climb.addresses:
            if archive.name in climb.excluded:
                break
            found = yield from walk(climb, archive, url, "memento", MAX_CAPTURES)
            if found is not None:
                return found
    return None


def other_spellings(climb: Climb) -> Climbing:
    """Addresses of the same page that an index does not fold: mobile and main host, AMP, print, with and without query."""
    for archive in climb.archives:
        for url in variants(climb.url)[:MAX_VARIANTS]:
            if archive.name in climb.excluded:
                break
            found = yield from walk(climb, archive, url, "variant", 2)
            if found is not None:
                return found
    return None
