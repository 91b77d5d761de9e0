"""Answers that say nothing of the page itself."""

from __future__ import annotations

from archive.models import Observation, State, Verdict


def temporary(observation: Observation) -> Verdict | None:
    """Too many requests, a server's errors, other refusals, redirects to nowhere, empty answers: ask again later."""
    if not observation.hops:
        return Verdict(State.TEMPORARY, "no_answer", {})
    last = observation.hops[-1]
    evidence = {"status": last.status, "final_url": last.url}
    if last.status == 200 or 203 <= last.status < 300:
        return None
    return Verdict(State.TEMPORARY, f"status_{last.status}", evidence)
