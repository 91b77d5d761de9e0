"""What is due, leased, done; who must wait; the budgets of archive services.

`Frontier` is the contract; one test suite (tests/archive/frontier_contract.py) holds every back end to it. States:
queued -> leased -> done, and back to queued when a lease is released (crash, retry). Nothing here commits: a call is
part of the caller's transaction, so that `done` and the records of a page reach the disk together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlite_utils import Database

from archive.schema import rows, storable
from archive.timestamps import iso, parse_iso

BACKOFF = (timedelta(seconds=5), timedelta(hours=1), timedelta(days=1), timedelta(days=3))
"""Waits after the first, second, … failure in a row: once in the same run, then as InternetArchiveBot spaces its
strikes (three days apart; facts of 2026-07)."""


REVISIT = -1
"""Priority of a page that was here before."""


@dataclass(frozen=True, slots=True)
class Seed:
    """An address to be fetched."""

    url_id: int
    host: str
    priority: int = 0
    depth: int = 0
    parent_id: int | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """An address given to one worker until it is done, retried or released."""

    url_id: int
    url: str
    host: str
    depth: int
    tries: int
    parent_id: int | None
    anchor: str | None


class Frontier(Protocol):
    """Called by the store (write side) and the scheduler."""

    def add(self, seed: Seed, now: datetime) -> bool:
        """Queue an address unless it is known; True when it is new."""

    def requeue(self, url_id: int, now: datetime) -> None:
        """Fetch a done address again, now."""

    def lease(
        self,
        limit: int,
        now: datetime,
        *,
        per_host: int = 2,
        busy: frozenset[str] = frozenset(),
        after: str = "",
        among: frozenset[int] | None = None,
    ) -> list[Lease]:
        """Take up to `limit` due addresses, at most `per_host` of a host, none of a busy or paused host.

        Hosts take turns: those that sort behind `after` come first. With `among`, only addresses with these ids.
        """

    def done(self, url_id: int, revisit: datetime | None = None) -> None:
        """The address is finished, until `revisit`: part of the transaction that holds its records."""

    def spare(self, url_id: int) -> None:
        """The address was reached by way of another one: no visit of its own, unless somebody asked for it."""

    def retry(self, url_id: int, now: datetime, wait: timedelta | None = None) -> datetime:
        """Queue a failed address again, `wait` or the next backoff from now; returns when it is due."""

    def revisit(self, now: datetime) -> int:
        """Queue what is to be looked at again by now, behind all that is new. Returns how many addresses there are."""

    def release_all(self) -> int:
        """Give back all leases: their holder is gone (one writer a home). Returns how many there were."""

    def next_due(self, now: datetime, *, among: frozenset[int] | None = None) -> datetime | None:
        """When the next address becomes due; None when none will. What is due already waits for its host, not for a time."""

    def pause_host(self, host: str, until: datetime, reason: str) -> None:
        """Lease nothing of this host before `until` (Retry-After)."""

    def count(self) -> dict[str, int]:
        """How many addresses are in each state."""


_LEASABLE = """
WITH RECURSIVE hosts(host) AS (
  SELECT (SELECT min(host) FROM frontier WHERE state = 'queued' AND host > :after)
  UNION ALL
  SELECT (SELECT min(host) FROM frontier WHERE state = 'queued' AND host > hosts.host)
  FROM hosts WHERE hosts.host IS NOT NULL
)
SELECT f.url_id, u.url, f.host, f.depth, f.tries, f.parent_id, f.anchor, f.priority, f.due
FROM hosts JOIN frontier f ON f.url_id IN (
  SELECT url_id FROM frontier q WHERE q.state = 'queued' AND q.host = hosts.host AND q.due <= :now
    AND (:among IS NULL OR q.url_id IN (SELECT value FROM json_each(:among)))
  ORDER BY q.priority DESC, q.due, q.url_id LIMIT :per_host
)
JOIN urls u ON u.id = f.url_id
WHERE hosts.host IS NOT NULL AND hosts.host NOT IN (SELECT value FROM json_each(:busy))
  AND NOT EXISTS (SELECT 1 FROM budgets b WHERE b.service = 'host:' || hosts.host AND b.blocked_until > :clock)
LIMIT :limit
"""
# The recursion is a skip scan: one index probe a host, whatever the length of the queue. It ends at the limit, so that
# no ORDER BY may stand here: the rows of one host are put in order by `_in_turn`.


class SQLiteFrontier:
    """The frontier as a table of `morgue.db`: one writer process, leases in its own transactions."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, seed: Seed, now: datetime) -> bool:
        cursor = self._db.execute(
            "INSERT INTO frontier(url_id, host, state, priority, depth, parent_id, anchor, due) "
            "VALUES (?, ?, 'queued', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (seed.url_id, seed.host, seed.priority, seed.depth, seed.parent_id, storable(seed.anchor), iso(now)),
        )
        if cursor.rowcount == 1:
            return True
        self._db.execute(  # asked for outright now: nearer, and before others
            "UPDATE frontier SET depth = min(depth, ?), priority = max(priority, ?) WHERE url_id = ?",
            (seed.depth, seed.priority, seed.url_id),
        )
        return False

    def requeue(self, url_id: int, now: datetime) -> None:
        self._db.execute(
            "UPDATE frontier SET state = 'queued', due = ?, tries = 0 WHERE url_id = ? AND state != 'leased'",
            (iso(now), url_id),
        )

    def lease(
        self,
        limit: int,
        now: datetime,
        *,
        per_host: int = 2,
        busy: frozenset[str] = frozenset(),
        after: str = "",
        among: frozenset[int] | None = None,
    ) -> list[Lease]:
        values = {
            "now": iso(now),
            "clock": now.timestamp(),
            "per_host": per_host,
            "busy": json.dumps(sorted(busy)),
            "among": _ids(among),
            "limit": limit + per_host,  # one host's rows come in no order: have all of the last host's, then cut
        }
        found = self._leasable(values | {"after": after})[:limit]
        if after and len(found) < limit:
            seen = {row["url_id"] for row in found}
            wrapped = self._leasable(values | {"after": ""})[:limit]
            found += [row for row in wrapped if row["url_id"] not in seen][: limit - len(found)]
        for row in found:
            self._db.execute("UPDATE frontier SET state = 'leased', leased = ? WHERE url_id = ?", (iso(now), row["url_id"]))
        return [Lease(**{name: row[name] for name in Lease.__slots__}) for row in found]

    def _leasable(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        cursor = self._db.execute(_LEASABLE, values)
        columns = [column[0] for column in cursor.description]
        return _in_turn([dict(zip(columns, row, strict=True)) for row in cursor.fetchall()])

    def done(self, url_id: int, revisit: datetime | None = None) -> None:
        self._db.execute(
            "UPDATE frontier SET state = 'done', tries = 0, leased = NULL, revisit = ? WHERE url_id = ?",
            (iso(revisit) if revisit else None, url_id),
        )

    def revisit(self, now: datetime) -> int:
        # Left to itself, SQLite walks all that is done: 165 ms for a million (2026-11-25).
        cursor = self._db.execute(
            "UPDATE frontier INDEXED BY frontier_by_revisit SET state = 'queued', due = revisit, priority = ? "
            "WHERE state = 'done' AND revisit <= ?",
            (REVISIT, iso(now)),
        )
        return int(cursor.rowcount)

    def spare(self, url_id: int) -> None:
        self._db.execute("UPDATE frontier SET state = 'done' WHERE url_id = ? AND state = 'queued' AND priority = 0", (url_id,))

    def retry(self, url_id: int, now: datetime, wait: timedelta | None = None) -> datetime:
        tries = rows(self._db, "SELECT tries FROM frontier WHERE url_id = ?", url_id)[0]["tries"]
        due = _not_before(now + (wait if wait is not None else BACKOFF[min(tries, len(BACKOFF) - 1)]))
        self._db.execute(
            "UPDATE frontier SET state = 'queued', leased = NULL, due = ?, tries = tries + 1 WHERE url_id = ?",
            (iso(due), url_id),
        )
        return due

    def release_all(self) -> int:
        cursor = self._db.execute("UPDATE frontier SET state = 'queued', leased = NULL WHERE state = 'leased'")
        return int(cursor.rowcount)

    def next_due(self, now: datetime, *, among: frozenset[int] | None = None) -> datetime | None:
        due = rows(
            self._db,
            "SELECT min(due) AS due FROM frontier WHERE state = 'queued' AND due > ?1 "
            "AND (?2 IS NULL OR url_id IN (SELECT value FROM json_each(?2)))",
            *(iso(now), _ids(among)),
        )[0]["due"]
        return parse_iso(due) if due else None

    def pause_host(self, host: str, until: datetime, reason: str) -> None:
        self._db.execute(
            "INSERT INTO budgets(service, next_allowed, blocked_until, strikes, used, reason) VALUES (?, 0, ?, 1, 0, ?) "
            "ON CONFLICT(service) DO UPDATE SET blocked_until = max(blocked_until, excluded.blocked_until), "
            "reason = excluded.reason, strikes = strikes + 1",
            (f"host:{host}", until.timestamp(), storable(reason)),
        )

    def count(self) -> dict[str, int]:
        found = rows(self._db, "SELECT state, count(*) AS n FROM frontier GROUP BY state")
        return {row["state"]: row["n"] for row in found}


def _ids(among: frozenset[int] | None) -> str | None:
    return None if among is None else json.dumps(sorted(among))


def _in_turn(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hosts as they came, the rows of each by priority, then by when they were due."""
    turns = {host: turn for turn, host in enumerate(dict.fromkeys(row["host"] for row in found))}
    return sorted(found, key=lambda row: (turns[row["host"]], -row["priority"], row["due"], row["url_id"]))


def _not_before(moment: datetime) -> datetime:
    """The next whole second: times are kept to the second, and a server's wait must not be cut."""
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)


ROBOTS_STAND = timedelta(hours=24)
"""How long a robots.txt may be taken as known (RFC 9309, 2.4)."""


def keep_robots(db: Database, origin: str, text: str, now: datetime) -> None:
    """Keep the rules of an origin (scheme, host, port) for the runs to come; an empty text says that it has none."""
    db.execute("INSERT OR REPLACE INTO robots(origin, fetched, text) VALUES (?, ?, ?)", (origin, iso(now), storable(text)))


def read_robots(db: Database, origin: str, now: datetime) -> str | None:
    """The rules of an origin; None when they are not known, or not for sure any more."""
    found = rows(db, "SELECT text FROM robots WHERE origin = ? AND fetched > ?", origin, iso(now - ROBOTS_STAND))
    return str(found[0]["text"]) if found else None
