"""Answers that say nothing of the page itself."""

from __future__ import annotations

from archive.models import Observation, Verdict
from archive.states import State

# 203 and 206 hold the page, through a proxy or in part; the other 2xx (RFC 9110, 15.3) hold none: 202 is AWS's challenge.
PAGES = frozenset({200, 203, 206})


def temporary(observation: Observation) -> Verdict | None:
    """Too many requests, a server's errors, other refusals, redirects to nowhere, empty answers: ask again later."""
    if not observation.hops:
        return Verdict(State.TEMPORARY, "no_answer", {})
    last = observation.hops[-1]
    if last.status in PAGES:
        return None
    return Verdict(State.TEMPORARY, f"status_{last.status}", {"status": last.status, "final_url": last.url})
