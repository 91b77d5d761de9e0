"""The server says 200 and shows something else instead of the page: a question, a form, or its own trouble."""

from __future__ import annotations

from archive.models import Kind, Observation, Verdict
from archive.states import State

_STATES = {Kind.CONSENT: State.BLOCKED, Kind.LOGIN: State.BLOCKED, Kind.ERROR: State.TEMPORARY}


def walls(observation: Observation) -> Verdict | None:
    """By the kind of the page (`archive.extract.kinds`): what stands behind a wall is not dead, and an error passes."""
    page = observation.page
    if page is None or page.kind not in _STATES:
        return None
    evidence = {"kind": page.kind, "title": (page.head_title or "")[:200], "final_url": observation.final_url}
    return Verdict(_STATES[page.kind], str(page.kind), evidence)
