"""One look at a listing, as a worker process takes it: read it, and keep what is within the bounds of its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archive.models import Headers
from archive.sources.base import Entry, Listing, ListingKind, Offer, Source
from archive.sources.bounds import accept
from archive.sources.listings import read_listing
from archive.timestamps import moment
from archive.urls import path_date

BACKLOG = timedelta(days=30)
"""Of what a listing names at all, how old an article may be when its source is added: a feed's articles are, and the hundred
thousand of a sitemap that goes back to 1998 are asked for by `morgue crawl URL…`, not by subscribing."""

MAX_TAKEN = 2_000
"""Addresses of one look, newest first: a listing without any dates brings the rest at its next looks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a look gave. `entries` are those within bounds, the newest first; `outside` counts the others by the reason."""

    entries: tuple[Entry, ...]
    offers: tuple[Offer, ...]
    listed: int
    outside: dict[str, int] = field(default_factory=dict)
    title: str | None = None
    moved_to: str | None = None
    pace: timedelta | None = None
    problem: str | None = None
    known: bool = True


def look(body: bytes, headers: Headers, url: str, kind: ListingKind, source: Source, added: datetime, seen: datetime) -> Reading:
    """Read a listing's answer; `added` is when its source was. Raises MemoryError only."""
    listing = read_listing(body, headers, url, seen, kind)
    taken: list[Entry] = []
    outside: dict[str, int] = {}
    for entry in listing.entries:
        why = _outside(entry, source, added, seen)
        if why is None:
            taken.append(entry)
        else:
            outside[why] = outside.get(why, 0) + 1
    return _reading(listing, tuple(sorted(taken, key=_age, reverse=True)[:MAX_TAKEN]), outside)


def _reading(listing: Listing, entries: tuple[Entry, ...], outside: dict[str, int]) -> Reading:
    return Reading(
        entries=entries,
        offers=listing.offers,
        listed=len(listing.entries) + listing.skipped_count,
        outside=outside,
        title=listing.title,
        moved_to=listing.moved_to,
        pace=timedelta(seconds=listing.pace) if listing.pace else None,
        problem=listing.problem,
        known=listing.known,
    )


def _outside(entry: Entry, source: Source, added: datetime, seen: datetime) -> str | None:
    ruling = accept(entry.url, source, seen.date())
    if ruling.url is None:
        return ruling.why or "out of bounds"
    when = moment_of(entry)
    return "older than its subscription" if when is not None and when < added - BACKLOG else None


def moment_of(entry: Entry) -> datetime | None:
    """When an article came out as far as its listing or its address says."""
    day = path_date(entry.url)
    told = (entry.published, entry.modified, day.isoformat() if day else None)
    return next((when for text in told if (when := moment(text))), None)


def _age(entry: Entry) -> float:
    """Undated ones stand first: a listing that dates none gives them in its own order, which sorting keeps."""
    when = moment_of(entry)
    return when.timestamp() if when else float("inf")
