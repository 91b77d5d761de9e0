"""The states of a page, apart from the records of `archive.models`: a command that only asks would pay for those
as much as for click (25 ms of 140, 2026-11-25)."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The health of a page; `archive.health` says which rule gives which."""

    ALIVE = "alive"
    MOVED = "moved"
    REDIRECT_HOME = "redirect_home"
    REDIRECT_SECTION = "redirect_section"
    SOFT404 = "soft404"
    DRIFTED = "drifted"  # shows something else than what the document speaks of
    HARD_GONE = "hard_gone"
    DNS_GONE = "dns_gone"
    PARKED = "parked"  # the domain is for sale, or full of advertisements
    TLS_FAILURE = "tls_failure"
    TEMPORARY = "temporary"
    BLOCKED = "blocked"
    PAYWALLED = "paywalled"  # there, and only its beginning is to be read

    @property
    def dead(self) -> bool:
        """True when the page is gone for its reader: the repair ladder may start."""
        return self in _DEAD

    @property
    def living(self) -> bool:
        """True when the page itself was received."""
        return self in _LIVING

    @property
    def verdict(self) -> str:
        """The answer of promise 3 to whether a link lives: alive, dead, blocked, else unknown, which is never taken for dead."""
        if self.living:
            return "alive"
        return "dead" if self.dead else "blocked" if self is State.BLOCKED else "unknown"


_DEAD = frozenset(
    {
        State.REDIRECT_HOME,
        State.REDIRECT_SECTION,
        State.SOFT404,
        State.DRIFTED,
        State.HARD_GONE,
        State.DNS_GONE,
        State.PARKED,
    }
)
_LIVING = frozenset({State.ALIVE, State.MOVED, State.PAYWALLED})
