"""One look at a listing, as a worker process takes it: read it, and keep what is within the bounds of its source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from archive.models import Headers
from archive.sources.base import Entry, Listing, ListingKind, Offer, Source
from archive.sources.bounds import admitted, moment_of

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
    from archive.sources.listings import read_listing  # noqa: PLC0415 - brings in all of extraction, for the workers alone

    listing = read_listing(body, headers, url, seen, kind)
    taken: dict[str, Entry] = {}
    outside: dict[str, int] = {}
    for entry in listing.entries:
        ruling = admitted(entry, kind, source, added, seen)
        if ruling.url is not None:
            taken.setdefault(ruling.url, replace(entry, url=ruling.url))
        else:
            outside[ruling.why or ""] = outside.get(ruling.why or "", 0) + 1
    return _reading(listing, tuple(sorted(taken.values(), key=_age, reverse=True)[:MAX_TAKEN]), outside)


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


def _age(entry: Entry) -> float:
    """Undated ones stand first: a listing that dates none gives them in its own order, which sorting keeps."""
    when = moment_of(entry)
    return when.timestamp() if when else float("inf")
