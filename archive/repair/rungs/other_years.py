"""The address with another year, when nobody says which one is right: by replay, which has twenty times the index's budget.

A year that is still to come is surely wrong, and any of the last ones may be meant; else the years beside it.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from archive.repair.climb import Climb, Climbing
from archive.repair.rungs.known import DAY, ask
from archive.urls import path_date

YEARS = 5  # back from today


def other_years(climb: Climb) -> Climbing:
    """Each guess living, then as captured. With a reference date the one guess that it allows was made before."""
    if climb.subject.knowledge.reference is not None:
        return None
    for url in in_other_years(climb.url, climb.now):
        found = yield from ask(climb, "date", url, captures=1)
        if found is not None:
            return found
    return None


def in_other_years(url: str, now: datetime) -> list[str]:
    """The address with each year that may be meant, likeliest first; none when its path holds no date."""
    parts, written = urlsplit(url), path_date(url)
    match = DAY.search(parts.path)
    if match is None or written is None:
        return []
    to_come = written > now.date()
    years = range(now.year, now.year - YEARS, -1) if to_come else (written.year - 1, written.year + 1)
    paths = (f"{parts.path[: match.start(1)]}{year}{parts.path[match.end(1) :]}" for year in years)
    guesses = (urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")) for path in paths)
    days = ((guess, path_date(guess)) for guess in guesses if guess != url)
    return [guess for guess, day in days if day and day <= now.date() and (day.month, day.day) == (written.month, written.day)]
