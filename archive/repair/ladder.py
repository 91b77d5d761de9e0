"""The order of the ladder, cheap to dear. It stops at the first candidate that is proven by its content."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

from archive.repair.climb import Climb, Rung, Subject
from archive.repair.rungs.cleaned import cleaned
from archive.repair.rungs.exact import exact, other_spellings
from archive.repair.rungs.slug_search import slug_search
from archive.repair.wants import Answer, LadderResult, Want
from archive.webarchives import ARCHIVES, WebArchive

__all__ = ["RUNGS", "Subject", "climb", "supplement"]

RUNGS: tuple[Rung, ...] = (
    cleaned,  # the address as it was meant
    exact,  # captures of that address, archived redirects among them
    other_spellings,  # captures of the same page under another spelling
    slug_search,  # the article under another address
)
COPIES: tuple[Rung, ...] = (exact, other_spellings)

Ladder = Generator[Want, Answer, LadderResult]


def climb(subject: Subject, *, now: datetime, archives: tuple[WebArchive, ...] = ARCHIVES) -> Ladder:
    """Find what stands for a dead link."""
    return _run(Climb(subject, archives, now), RUNGS)


def supplement(subject: Subject, *, now: datetime, archives: tuple[WebArchive, ...] = ARCHIVES) -> Ladder:
    """Find a copy to stand beside a page that refuses us; never a replacement."""
    return _run(Climb(subject, archives, now), COPIES)


def _run(state: Climb, rungs: tuple[Rung, ...]) -> Ladder:
    for rung in rungs:
        found = yield from rung(state)
        if found is not None:
            return found
    return state.nothing()
