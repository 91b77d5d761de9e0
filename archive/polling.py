"""Listings that are due, and what a look at one brought, in the database. Part of the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlite_utils import Database

from archive.schedule import Health, SourceState, Yield, after_failure, judge_source, next_interval
from archive.schema import insert, rows, storable
from archive.sources.base import Entry, ListingKind, Source
from archive.sources.bounds import moment_of
from archive.sources.look import Reading
from archive.subscriptions import add_listings, bounds_of
from archive.timestamps import iso, parse_iso

WEEKS = 8  # over which the usual yield of a week is taken
NEWEST = 60  # pages of a source by which its layout is judged
GONE_AFTER = 3  # answers in a row that there is no such listing


@dataclass(frozen=True, slots=True)
class Poll:
    """A listing to be looked at, with the validators of the last look."""

    id: int
    source_id: int
    source: Source
    added: datetime
    url: str
    kind: ListingKind
    interval: timedelta
    tries: int
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a poll. `state` is ok, unchanged, failed, broken (no listing any more) or gone; `reading` is there for the
    first, and for a broken one that could be read in part. `url` is where it is now, after permanent redirects."""

    poll: Poll
    fetched: datetime
    state: str
    reason: str | None = None
    reading: Reading | None = None
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    wait: timedelta | None = None


def due_polls(db: Database, now: datetime, limit: int, busy: frozenset[int] = frozenset()) -> list[Poll]:
    """Listings of active sources whose time has come, longest due first; none of those that are under way."""
    found = rows(
        db,
        "SELECT l.*, s.added FROM listings l JOIN sources s ON s.id = l.source_id "
        "WHERE s.state = 'active' AND l.due <= ? AND l.id NOT IN (SELECT value FROM json_each(?)) ORDER BY l.due, l.id LIMIT ?",
        *(iso(now), json.dumps(sorted(busy)), limit),
    )
    return [_poll(db, row) for row in found]


def _poll(db: Database, row: dict[str, Any]) -> Poll:
    source = rows(db, "SELECT * FROM sources WHERE id = ?", row["source_id"])[0]
    return Poll(
        id=row["id"],
        source_id=row["source_id"],
        source=bounds_of(source),
        added=parse_iso(row["added"]),
        url=row["url"],
        kind=ListingKind(row["kind"]),
        interval=timedelta(seconds=row["interval"]),
        tries=row["tries"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        digest=row["digest"],
    )


def record_look(db: Database, looked: Looked, queue: Callable[[Entry], int | None]) -> int:
    """Write a look; returns how many addresses it brought that we had not. `queue` puts one into the frontier and gives its id,
    None when it is known."""
    reading = looked.reading
    new = sum(_announce(db, looked, entry, queue) for entry in _unknown(db, reading.entries if reading else ()))
    if reading and reading.offers:
        add_listings(db, looked.poll.source_id, reading.offers, looked.fetched, parent_id=looked.poll.id)
    _update(db, looked, new)
    return new


def _unknown(db: Database, entries: tuple[Entry, ...]) -> list[Entry]:
    """Without those whose address is in the queue: most of a listing, and told by one question."""
    sql = (
        "SELECT u.url FROM json_each(?) e JOIN urls u ON u.url = e.value "
        "WHERE u.article_id IS NOT NULL OR u.id IN (SELECT url_id FROM frontier)"
    )
    known = {row["url"] for row in rows(db, sql, json.dumps([entry.url for entry in entries]))}
    return [entry for entry in entries if entry.url not in known]


def _announce(db: Database, looked: Looked, entry: Entry, queue: Callable[[Entry], int | None]) -> bool:
    url_id = queue(entry)
    if url_id is None:
        return False
    values = {
        "url_id": url_id,
        "source_id": looked.poll.source_id,
        "announced": iso(looked.fetched),
        "published": iso(_arrival(entry, looked.fetched)),
    }
    insert(db, "announcements", values, "ON CONFLICT DO NOTHING")
    return True


def _arrival(entry: Entry, fetched: datetime) -> datetime:
    """When it came out: never after we saw it, and not at midnight when only today is told."""
    told = moment_of(entry)
    if told is None or told > fetched or (told.date() == fetched.date() and not (told.hour or told.minute)):
        return fetched
    return told


def _update(db: Database, looked: Looked, new: int) -> None:
    """When the listing is due again, and what is to be said of it."""
    poll, failed = looked.poll, looked.state not in ("ok", "unchanged")
    tries = poll.tries + 1 if failed else 0
    reading = looked.reading
    pace = reading.pace if reading else None
    interval = poll.interval if failed else next_interval(poll.interval, new, listed=reading.listed if reading else 0, pace=pace)
    wait = after_failure(interval, tries, looked.wait) if failed else interval
    values: dict[str, Any] = {
        "interval": int(interval.total_seconds()),
        "due": iso(looked.fetched + wait),
        "fetched": iso(looked.fetched),
        "tries": tries,
        "state": "failed" if looked.state == "gone" and tries < GONE_AFTER else looked.state,
        "reason": storable(looked.reason),
    }
    if new:
        values["last_new"] = iso(looked.fetched)
    if looked.state == "ok":
        values |= {"etag": looked.etag, "last_modified": looked.last_modified, "digest": looked.digest}
        values |= {"title": reading.title} if reading and reading.title else {}
    _set(db, poll.id, values)
    if looked.url is not None and looked.url != poll.url:
        _moved(db, poll, looked.url)


def _set(db: Database, listing_id: int, values: dict[str, Any]) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE listings SET {sets} WHERE id = ?", (*values.values(), listing_id))  # noqa: S608 - names are ours


def _moved(db: Database, poll: Poll, url: str) -> None:
    """A listing that has moved for good is read at its new address, unless the source has that one already."""
    held = rows(db, "SELECT 1 FROM listings WHERE source_id = ? AND url = ?", poll.source_id, url)
    if held:
        _set(db, poll.id, {"state": "gone", "reason": f"it has moved to {url}, which is read too"})
    else:
        _set(db, poll.id, {"url": url, "former_url": poll.url})


# -- watching ---------------------------------------------------------------------------------------------------------


def watch(db: Database, since: datetime, now: datetime) -> None:
    """Judge the active sources of which a listing was looked at `since` then: nothing new can be said of the others."""
    looked = "SELECT 1 FROM listings l WHERE l.source_id = s.id AND l.fetched >= ?"
    for row in rows(db, f"SELECT s.id FROM sources s WHERE s.state = 'active' AND EXISTS ({looked})", iso(since)):  # noqa: S608
        health = judge_source(_yield_of(db, row["id"], now))
        _keep_health(db, row["id"], health, now)
        if health.awaited is not None and health.state is not SourceState.SILENT:
            _look_after(db, row["id"], health.awaited)


def _keep_health(db: Database, source_id: int, health: Health, now: datetime) -> None:
    values = {
        "source_id": source_id,
        "state": health.state,
        "since": iso(now),
        "reason": storable(health.reason),
        "usual_gap": int(health.usual_gap.total_seconds()) if health.usual_gap is not None else None,
    }
    insert(
        db,
        "source_health",
        values,
        "ON CONFLICT(source_id) DO UPDATE SET reason = excluded.reason, usual_gap = excluded.usual_gap, state = excluded.state, "
        "since = iif(state = excluded.state, since, excluded.since) WHERE (state, reason, usual_gap) "
        "IS NOT (excluded.state, excluded.reason, excluded.usual_gap)",
    )


def _look_after(db: Database, source_id: int, awaited: datetime) -> None:
    """Read what brings its articles no later than silence could be told: an interval of hours would tell it hours later."""
    db.execute(
        "UPDATE listings SET due = ?1 WHERE source_id = ?2 AND due > ?1 AND fetched < ?1 AND last_new IS NOT NULL "
        "AND state IN ('ok', 'unchanged')",
        (iso(awaited + timedelta(seconds=1)), source_id),
    )


def _yield_of(db: Database, source_id: int, now: datetime) -> Yield:
    listings = rows(
        db, "SELECT state, tries, reason, fetched, last_new FROM listings WHERE source_id = ? AND state != 'gone'", source_id
    )
    none: dict[str, Any] = {"tries": None, "reason": None}
    least = min(listings, key=lambda row: row["tries"], default=none)
    looked = [row["fetched"] for row in listings if row["last_new"] and row["state"] in ("ok", "unchanged")]
    arrived = rows(db, "SELECT published FROM announcements WHERE source_id = ? ORDER BY published DESC LIMIT 41", source_id)
    lately, usually = _weeks(db, source_id, now)
    return Yield(
        arrived=tuple(parse_iso(row["published"]) for row in arrived),
        looked=parse_iso(min(looked)) if looked else None,
        failures=least["tries"],
        reason=least["reason"],
        readable=_readable(db, source_id),
        lately=lately,
        usually=usually,
    )


def _readable(db: Database, source_id: int) -> tuple[bool, ...]:
    """Of the newest pages that could be fetched, whether a whole article was on them."""
    found = rows(
        db,
        "SELECT u.article_id IS NOT NULL AND c.state != 'paywalled' AS readable FROM announcements a "
        "JOIN urls u ON u.id = a.url_id JOIN latest_checks c ON c.url_id = a.url_id "
        "WHERE a.source_id = ? AND c.state IN ('alive', 'moved', 'paywalled') ORDER BY a.published DESC LIMIT ?",
        *(source_id, NEWEST),
    )
    return tuple(bool(row["readable"]) for row in found)


def _weeks(db: Database, source_id: int, now: datetime) -> tuple[int, float | None]:
    """The articles of the last seven days, and the median of the whole weeks before since the source's first one."""
    found = rows(
        db,
        "SELECT CAST((julianday(?1) - julianday(published)) / 7 AS INTEGER) AS week, count(*) AS n FROM announcements "
        "WHERE source_id = ?2 AND published > ?3 GROUP BY week",
        *(iso(now), source_id, iso(now - timedelta(weeks=WEEKS + 1))),
    )
    counts = {row["week"]: row["n"] for row in found}
    before = range(1, max(counts, default=0))  # the first week of all began somewhere in its middle
    return counts.get(0, 0), median(counts.get(week, 0) for week in before) if len(before) >= 2 else None
