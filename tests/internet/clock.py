"""The time of the offline internet: real until a test sets it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970. `advance` moves it on; `set` stops it at a moment, from where only `advance` moves it."""

    def __init__(self, start: datetime | None = None) -> None:
        self._stopped_at: float | None = None
        self._offset = 0.0
        if start is not None:
            self.set(start)

    def time(self) -> float:
        base = time.time() if self._stopped_at is None else self._stopped_at
        return base + self._offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def set(self, moment: datetime) -> None:
        self._stopped_at, self._offset = moment.timestamp(), 0.0

    def advance(self, seconds: float) -> None:
        self._offset += seconds
