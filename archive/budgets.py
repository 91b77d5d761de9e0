"""The budgets of archive services: how soon the next request may go out, kept across runs and processes.

Limits from facts of 2026: 24 CDX requests a minute and 8 replays a second are 80 % of what the Wayback Machine allows
(edgi-govdata-archiving/wayback 0.5.1, 2026-06-19); a 429 that is ignored for a minute becomes a firewall block of an
hour, doubling (its issue 137). Nothing here commits or waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.schema import rows

FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0  # seconds


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
    "wayback-replay": Limit(8, 1, 4),
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
        """Take the next place in the service's queue."""
        clock = now.timestamp()
        held = rows(self._db, "SELECT * FROM budgets WHERE service = ?", service)
        if held and held[0]["blocked_until"] > clock:
            return Permit(held[0]["blocked_until"] - clock, blocked=True, reason=held[0]["reason"])
        limit = self._limits[service]
        # A clock set back must not make us wait for hours: a promise further off than a window is void.
        arrival = held[0]["next_allowed"] if held else 0.0
        arrival = max(clock, arrival if arrival < clock + 10 * limit.seconds else clock)
        self._db.execute(
            "INSERT INTO budgets(service, next_allowed, blocked_until, strikes, used) VALUES (?, ?, 0, 0, 1) "
            "ON CONFLICT(service) DO UPDATE SET next_allowed = excluded.next_allowed, used = used + 1",
            (service, arrival + limit.interval),
        )
        return Permit(max(0.0, arrival - (limit.burst - 1) * limit.interval - clock))

    def pause(self, service: str, now: datetime, retry_after: float | None, reason: str) -> float:
        """The service refused: stop asking it. Returns for how many seconds; they double with each refusal in a row."""
        held = rows(self._db, "SELECT strikes FROM budgets WHERE service = ?", service)
        strikes = int(held[0]["strikes"]) if held else 0
        wait: float = min(max(retry_after or 0.0, FIRST_PAUSE * 2**strikes), LONGEST_PAUSE)
        self._db.execute(
            "INSERT INTO budgets(service, next_allowed, blocked_until, strikes, used, reason) VALUES (?, 0, ?, 1, 0, ?) "
            "ON CONFLICT(service) DO UPDATE SET blocked_until = excluded.blocked_until, strikes = strikes + 1, "
            "reason = excluded.reason",
            (service, now.timestamp() + wait, reason),
        )
        return wait

    def answered(self, service: str) -> None:
        """The service answered properly: the next refusal starts from the shortest pause again."""
        self._db.execute("UPDATE budgets SET strikes = 0 WHERE service = ? AND strikes > 0", (service,))
