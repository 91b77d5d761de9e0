"""No answer came: only a name that does not exist is a death."""

from __future__ import annotations

from archive.models import FailureKind, Observation, Verdict
from archive.states import State

_STATES = {
    FailureKind.DNS: State.DNS_GONE,
    FailureKind.TLS: State.TLS_FAILURE,
    FailureKind.ROBOTS: State.BLOCKED,
    FailureKind.UNSAFE: State.BLOCKED,
}
_RULES = {FailureKind.ROBOTS: "robots_txt", FailureKind.DNS: "host_gone"}


def failed(observation: Observation) -> Verdict | None:
    """By the kind of failure; what is not known to be final is temporary."""
    failure = observation.failure
    if failure is None:
        return None
    state = _STATES.get(failure.kind, State.TEMPORARY)
    evidence = {"failure": failure.kind, "detail": failure.detail, "at": failure.url}
    return Verdict(state, _RULES.get(failure.kind, str(failure.kind)), evidence)
