"""How often the archive may be asked: the hard limits of 2026, a 429 beyond, and a block for who does not listen."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

REAL = {"cdx": 30, "replay": 600}  # requests a minute; CDX and timemaps share one (edgi wayback 0.5.1, 2026-06)
WINDOW = 60.0  # seconds
FIRST_BLOCK = 3600.0  # seconds; doubles each time (IA staff in edgi wayback, issue 137)


@dataclass(slots=True)
class _Service:
    limit: int
    served: deque[float] = field(default_factory=deque)
    refusing_since: float | None = None
    last_refusal: float = 0.0


class Limits:
    """The state of one client's address. All times are seconds of the injected clock."""

    def __init__(self, per_minute: dict[str, int]) -> None:
        self._services = {name: _Service(limit) for name, limit in per_minute.items()}
        self._next_block = FIRST_BLOCK
        self.blocked_until = 0.0

    def blocked(self, now: float) -> bool:
        return now < self.blocked_until

    def admits(self, bucket: str, now: float) -> bool:
        """Count one request; False when it is over the limit."""
        service = self._services.get(bucket)
        if service is None:
            return True
        while service.served and service.served[0] <= now - WINDOW:
            service.served.popleft()
        if len(service.served) < service.limit:
            service.served.append(now)
            return True
        self._refuse(service, now)
        return False

    def _refuse(self, service: _Service, now: float) -> None:
        """A minute of refusals, one after the other, ends in a block."""
        if service.refusing_since is None or now - service.last_refusal > WINDOW:
            service.refusing_since = now
        service.last_refusal = now
        if now - service.refusing_since > WINDOW:
            self.blocked_until = now + self._next_block
            self._next_block *= 2
            service.refusing_since = None
