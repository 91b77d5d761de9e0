"""What earlier looks at an address say of this one, and when to look again. Pure."""

from __future__ import annotations

from datetime import timedelta

from archive.models import State

CYCLE = timedelta(days=30)
"""An address is looked at again after that, whatever it was."""

SECOND_LOOK = timedelta(days=1)
"""A death that one look saw is confirmed by another one, not sooner than that after it."""

APART = timedelta(days=3)
"""Between two failures that both count (InternetArchiveBot's 259,200 s, commit 8d0d979 of 2026-07-23)."""


def look_again(state: State, *, confirmed: bool) -> timedelta:
    """How long after its last look an address is due for another one."""
    if state.dead:
        return CYCLE if confirmed else SECOND_LOOK
    return APART if state in (State.TEMPORARY, State.TLS_FAILURE) else CYCLE
