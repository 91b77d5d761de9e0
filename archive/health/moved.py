"""The page has another address now."""

from __future__ import annotations

from archive.models import Observation, Verdict
from archive.states import State
from archive.urls import urlkey


def moved(observation: Observation) -> Verdict | None:
    """Redirected to an address that an index would not fold into the same (http to https and the like are no move)."""
    final = observation.final_url
    if len(observation.hops) < 2 or urlkey(final) == urlkey(observation.url):
        return None
    return Verdict(State.MOVED, "redirected", {"final_url": final, "hops": [hop.url for hop in observation.hops]})
