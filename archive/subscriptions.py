"""Sources and their listings in the database: added, brought in line with `morgue.toml`, paused, removed. Inside a transaction of
the one writer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archive.errors import NothingFound, UsageError
from archive.schedule import FIRST_INTERVAL
from archive.schema import Reader, insert, rows
from archive.sources.base import ListingKind, Offer, Source
from archive.terminal import safe
from archive.timestamps import iso
from archive.urls import host, site

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Added:
    """What `add` did: `new` when the source was not known, `listings` the addresses of those that are new."""

    name: str
    new: bool
    listings: tuple[str, ...]


def add(db: Database, source: Source, now: datetime, *, origin: str = "command") -> Added:
    """Keep a source and its listings, all due now; of one that is known by its front page or name, what is new of it.

    Raises UsageError when the name belongs to another front page.
    """
    known = rows(
        db, "SELECT id, name, url FROM sources WHERE url = ? OR name = ? ORDER BY url != ?", source.url, source.name, source.url
    )
    if known and known[0]["url"] != source.url:
        raise UsageError(f"{safe(source.name)!r} is the name of {known[0]['url']}: give another with --name")
    new = not known
    source_id = (
        known[0]["id"]
        if known
        else insert(db, "sources", _columns(source) | {"state": "active", "origin": origin, "added": iso(now)})
    )
    return Added(known[0]["name"] if known else source.name, new, add_listings(db, source_id, source.offers, now))


def _columns(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "url": source.url,
        "language": source.language,
        "depth": source.depth,
        "delay": source.delay,
        "allow": json.dumps(source.allow),
        "deny": json.dumps(source.deny),
    }


def add_listings(
    db: Database, source_id: int, offers: Iterable[Offer], now: datetime, *, parent_id: int | None = None
) -> tuple[str, ...]:
    """Keep listings of a source, due now; those that a sitemap index leads to have it for their parent. Returns the new ones."""
    known = {row["url"] for row in rows(db, "SELECT url FROM listings WHERE source_id = ?", source_id)}
    known |= {row["former_url"] for row in rows(db, "SELECT former_url FROM listings WHERE source_id = ?", source_id)}
    new = {offer.url: offer for offer in offers if offer.url not in known}
    interval = int(FIRST_INTERVAL.total_seconds())
    for offer in new.values():
        values = {"url": offer.url, "kind": offer.kind, "found_by": offer.found_by, "title": offer.title}
        insert(
            db,
            "listings",
            {"source_id": source_id, **values, "interval": interval, "due": iso(now), "state": "new"} | {"parent_id": parent_id},
        )
    return tuple(new)


def sync(db: Database, sources: Sequence[Source], now: datetime) -> None:
    """Make the sources of origin `config` what `morgue.toml` says, at the start of a run; a pause and what is known of a listing
    stay. One that was added by command and is now in the file belongs to the file. Raises UsageError for a name that is taken."""
    for source in sources:
        if taken := rows(db, "SELECT url FROM sources WHERE name = ? AND url != ?", source.name, source.url):
            raise UsageError(f"morgue.toml: {safe(source.name)!r} is the name of {taken[0]['url']}, too: choose another")
        add(db, source, now, origin="config")
        columns = ", ".join(f"{name} = ?" for name in _columns(source))
        values = (*_columns(source).values(), source.url)
        db.execute(f"UPDATE sources SET {columns}, origin = 'config' WHERE url = ?", values)  # noqa: S608 - names are ours
        _drop_listings(db, source)
    urls = json.dumps([source.url for source in sources])
    db.execute("DELETE FROM sources WHERE origin = 'config' AND url NOT IN (SELECT value FROM json_each(?))", [urls])


def _drop_listings(db: Database, source: Source) -> None:
    """Those that the file no longer names. What a sitemap index led to goes with it."""
    db.execute(
        "DELETE FROM listings WHERE found_by = 'config' AND source_id = (SELECT id FROM sources WHERE url = ?) "
        "AND url NOT IN (SELECT value FROM json_each(?2)) AND coalesce(former_url, '') NOT IN (SELECT value FROM json_each(?2))",
        [source.url, json.dumps([offer.url for offer in source.offers])],
    )


def pause(db: Database, name: str) -> str:
    """Leave a source alone until `resume`; returns its name. Raises NothingFound."""
    return _set_state(db, name, "paused")


def resume(db: Database, name: str) -> str:
    """Look at it again when it is due. Raises NothingFound."""
    return _set_state(db, name, "active")


def _set_state(db: Database, name: str, state: str) -> str:
    source = named(db, name)
    db.execute("UPDATE sources SET state = ? WHERE id = ?", [state, source["id"]])
    return str(source["name"])


def remove(db: Database, name: str) -> str:
    """Forget a source and its listings; its articles stay. Raises NothingFound, and UsageError for one in `morgue.toml`."""
    source = named(db, name)
    if source["origin"] == "config":
        raise UsageError(f"{safe(source['name'])} stands in morgue.toml: take it out there, or `morgue source pause` it")
    db.execute("DELETE FROM sources WHERE id = ?", [source["id"]])
    return str(source["name"])


# -- reading ----------------------------------------------------------------------------------------------------------


def named(db: Reader, name: str) -> dict[str, Any]:
    """The row of a source by its name, its address, or the beginning of its name when that fits one only. Raises NothingFound."""
    found = rows(db, "SELECT * FROM sources WHERE name = ?1 OR url = ?1 OR url = ?1 || '/'", name)
    found = found or rows(db, "SELECT * FROM sources WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name", name)
    if len(found) != 1:
        many = f": {', '.join(safe(row['name']) for row in found[:5])}" if found else "; `morgue source list` shows all"
        raise NothingFound(f"{'several sources begin' if found else 'there is no source called'} {safe(name)!r}{many}")
    return found[0]


def source_of(db: Reader, row: dict[str, Any]) -> Source:
    """A row of `sources` with its listings, those that an index led to left out."""
    listings = rows(db, "SELECT * FROM listings WHERE source_id = ? AND parent_id IS NULL ORDER BY id", row["id"])
    offers = (Offer(one["url"], ListingKind(one["kind"]), one["found_by"], one["title"]) for one in listings)
    return replace(bounds_of(row), offers=tuple(offers))


def bounds_of(row: dict[str, Any]) -> Source:
    """A row of `sources` without its listings."""
    bounds = tuple(json.loads(row["allow"])), tuple(json.loads(row["deny"]))
    return Source(row["name"], row["url"], (), *bounds, row["language"], row["depth"], row["delay"])


def by_site(db: Reader) -> dict[str, list[Source]]:
    """The active sources of each registrable domain, without their listings: what holds for whatever is followed there."""
    found: dict[str, list[Source]] = {}
    for row in rows(db, "SELECT * FROM sources WHERE state = 'active'"):
        found.setdefault(site(row["url"]), []).append(bounds_of(row))
    return found


def sources_of(db: Reader, names: Sequence[str] = ()) -> list[Source]:
    """The sources of these names in that order, else all by name. Raises NothingFound."""
    found = [named(db, name) for name in names] if names else rows(db, "SELECT * FROM sources ORDER BY name")
    return [source_of(db, row) for row in found]


def delays(db: Reader) -> dict[str, float]:
    """The seconds between two requests that sources want, by host."""
    found = rows(db, "SELECT url, delay FROM sources WHERE state = 'active' AND delay IS NOT NULL")
    return {host(row["url"]): row["delay"] for row in found}
