"""Captures of the link itself: the good one nearest to the reference date, walking on past bad ones; and its other spellings.

By replay, which has twenty times the index's budget.
"""

from __future__ import annotations

import re
from urllib.parse import urlunsplit

from archive.repair.climb import Climb, Climbing
from archive.repair.rungs.walking import walk
from archive.urls import NotAURL, canonicalize, split_url, variants, without_entities

MAX_CAPTURES = 5  # of one address: the nearest and four further
MAX_VARIANTS = 4

_TAIL = "\"')]}>.,;:!?"  # of the sentence around an address


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
    """Addresses of the same page that an index does not fold: mobile and main host, AMP, print, with and without query.

    First with the tracking that the link was written with: feeds and newsletters were crawled so.
    """
    noted = tracked(climb.subject.written, climb.url) if climb.subject.written else None
    spellings = [*([noted, *variants(noted)[:1]] if noted else []), *variants(climb.url)]
    for archive in climb.archives:
        for url in list(dict.fromkeys(spellings))[:MAX_VARIANTS]:
            if archive.name in climb.excluded:
                break
            found = yield from walk(climb, archive, url, "variant", 2)
            if found is not None:
                return found
    return None


def tracked(text: str, url: str) -> str | None:
    """`url` with the tracking parameters that its text had: an index lists it apart. None when it had none."""
    query = split_url(re.sub(r"\s", "", without_entities(text))).query.rstrip(_TAIL)
    parts = split_url(url)
    noted = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    try:
        return noted if noted != url and canonicalize(noted) == url else None
    except NotAURL:
        return None
