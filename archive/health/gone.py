"""The server says that there is no such page."""

from __future__ import annotations

from archive.models import Observation, Verdict
from archive.states import State


def gone(observation: Observation) -> Verdict | None:
    """404 and 410 (RFC 9110, 15.5.5 and 15.5.11)."""
    if not observation.hops or observation.hops[-1].status not in (404, 410):
        return None
    last = observation.hops[-1]
    return Verdict(State.HARD_GONE, f"status_{last.status}", {"status": last.status, "final_url": last.url})
