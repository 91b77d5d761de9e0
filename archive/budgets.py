"""The budgets of archive services: how soon the next request may go out, kept across runs and processes.

Limits from facts of 2026: 24 CDX requests a minute and 8 replays a second are 80 % of what the Wayback Machine allows
(edgi-govdata-archiving/wayback 0.5.1, 2026-06-19); a 429 that is ignored for a minute becomes a firewall block of an
hour, doubling (its issue 137). arquivo.pt states its own: 250 questions and 400 replays a minute. Common Crawl wants about
one question a second at most from one asker. Save Page Now allows 7 captures a minute. Nothing here commits or waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.schema import rows

FIRST_PAUSE, LONGEST_OWN = 60.0, 3600.0  # seconds; a service that says how long is believed up to LONGEST_PAUSE
LONGEST_PAUSE = 86400.0
LONGEST_QUEUE = 300.0  # seconds: who would have to wait longer is told so, and takes no place


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `requests` in any `seconds`; `burst` of them may go out at once after a quiet time."""

    requests: int
    seconds: float
    burst: int

    @property
    def interval(self) -> float:
        """Seconds between requests such that no window of `seconds` ever sees more than `requests`."""
        return self.seconds / (self.requests - self.burst + 1)


LIMITS = {
    "wayback-cdx": Limit(24, 60, 4),
    "wayback-replay": Limit(8, 1, 1),
    "wayback-save": Limit(5, 60, 1),
    "wayback-save-status": Limit(12, 60, 2),
    "arquivo-cdx": Limit(200, 60, 4),
    "arquivo-text": Limit(200, 60, 4),
    "arquivo-replay": Limit(320, 60, 4),
    "commoncrawl-index": Limit(40, 60, 1),
    "commoncrawl-data": Limit(60, 60, 1),
}


@dataclass(frozen=True, slots=True)
class Permit:
    """`wait` seconds, then send; when `blocked`, do not send: the service is paused for `wait` seconds."""

    wait: float
    blocked: bool = False
    reason: str | None = None


class Budgets:
    """The `budgets` table, generic cell rate algorithm (ITU-T I.371): one number a service holds its history."""

    def __init__(self, db: Database, limits: dict[str, Limit] | None = None) -> None:
        self._db = db
        self._limits = LIMITS if limits is None else limits

    def reserve(self, service: str, now: datetime) -> Permit:
        """Take the next place in the service's queue; none is taken when the permit is blocked."""
        clock = now.timestamp()
        held = rows(self._db, "SELECT * FROM budgets WHERE service = ?", service)
        # A clock set back must not make us wait for ever: a pause or a queue longer than any that we make is void.
        if held and clock < held[0]["blocked_until"] <= clock + LONGEST_PAUSE:
            return Permit(held[0]["blocked_until"] - clock, blocked=True, reason=held[0]["reason"])
        limit = self._limits[service]
        ahead = LONGEST_QUEUE + limit.seconds
        arrival = held[0]["next_allowed"] if held else 0.0
        arrival = max(clock, arrival if arrival <= clock + ahead else clock)
        wait = max(0.0, arrival - (limit.burst - 1) * limit.interval - clock)
        if wait > LONGEST_QUEUE - limit.burst * limit.interval:
            return Permit(wait, blocked=True, reason="too many are waiting for it")
        self._db.execute(
            "INSERT INTO budgets(service, next_allowed, blocked_until, strikes, used) VALUES (?, ?, 0, 0, 1) "
            "ON CONFLICT(service) DO UPDATE SET next_allowed = excluded.next_allowed, used = used + 1",
            (service, arrival + limit.interval),
        )
        return Permit(wait)

    def pause(self, service: str, now: datetime, retry_after: float | None, reason: str) -> float:
        """The service refused: stop asking it. Returns for how many seconds.

        They double with each refusal in a row; what the service itself asks for is kept, up to a day. Refusals that
        arrive during a pause were on their way: they can make it longer and do not count.
        """
        clock = now.timestamp()
        held = rows(self._db, "SELECT blocked_until, strikes FROM budgets WHERE service = ?", service)
        before, strikes = (held[0]["blocked_until"], int(held[0]["strikes"])) if held else (0.0, 0)
        paused = clock < before <= clock + LONGEST_PAUSE
        own = 0.0 if paused else min(FIRST_PAUSE * 2.0 ** min(strikes, 20), LONGEST_OWN)
        until = max(clock + min(max(retry_after or 0.0, own), LONGEST_PAUSE), before if paused else 0.0)
        self._db.execute(
            "INSERT INTO budgets(service, next_allowed, blocked_until, strikes, used, reason) VALUES (?1, 0, ?2, 1, 0, ?3) "
            "ON CONFLICT(service) DO UPDATE SET blocked_until = ?2, strikes = strikes + ?4, reason = ?3",
            (service, until, reason, 0 if paused else 1),
        )
        return until - clock

    def answered(self, service: str) -> None:
        """The service answered properly: the next refusal starts from the shortest pause again."""
        self._db.execute("UPDATE budgets SET strikes = 0 WHERE service = ? AND strikes > 0", (service,))
