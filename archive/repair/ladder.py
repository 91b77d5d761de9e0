"""The order of the ladder, cheap to dear. It stops at the first candidate that is proven by its content."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime

from archive.models import Outcome
from archive.repair.climb import Climb, Climbing, Rung, Subject
from archive.repair.rungs.cleaned import cleaned
from archive.repair.rungs.exact import exact, other_spellings
from archive.repair.rungs.index_pages import index_pages
from archive.repair.rungs.known import known
from archive.repair.rungs.moved_alike import moved_alike
from archive.repair.rungs.other_years import other_years
from archive.repair.rungs.own import kept_mementos, own_captures
from archive.repair.rungs.site_lists import site_lists
from archive.repair.rungs.slug_search import slug_search, will_search
from archive.repair.rungs.text_search import text_search
from archive.repair.wants import Answer, FetchMemento, LadderResult, MementoAnswer, Want
from archive.webarchives import ARCHIVES, WebArchive

__all__ = ["RUNGS", "SEARCHES", "Subject", "climb", "search", "supplement"]

RUNGS: tuple[Rung, ...] = (
    cleaned,  # the address as it was meant
    kept_mementos,  # captures of that address that we were shown before
    exact,  # captures of that address, archived redirects among them
    known,  # guesses from what was seen and learnt of the site
)
LAST: tuple[Rung, ...] = (
    text_search,  # by the title, where an archive searches the text of its pages
    index_pages,  # links of the archived front page, section and parent page near the date
    own_captures,  # what nobody but us can show
)
GUESSES: tuple[Rung, ...] = (
    moved_alike,  # as this and other sites moved their pages: known when the other links of the run were climbed
    other_years,  # the year in the address was noted wrongly
    other_spellings,  # captures of the same page under another spelling
    site_lists,  # in the living site's own sitemaps and feed
)
SEARCHES: tuple[Rung, ...] = (*GUESSES, slug_search, *LAST)  # the article under another address, by an archive's index
COPIES: tuple[Rung, ...] = (kept_mementos, exact, other_spellings)

MAX_REPLAYS = 20  # of one climb: the nearest captures of every reading, and a few candidates of the index

Ladder = Generator[Want, Answer, LadderResult]


def climb(subject: Subject, *, now: datetime, archives: tuple[WebArchive, ...] = ARCHIVES) -> Ladder:
    """Find what stands for a dead link; the result is `pending` when an archive's index is still to be searched."""
    state = Climb(subject, archives, now)
    result = yield from _run(state, RUNGS)
    if result.outcome in (Outcome.NONE, Outcome.UNKNOWN) and will_search(state):
        return replace(result, pending=True)
    return result if result.outcome is Outcome.FOUND else (yield from _run(state, (*GUESSES, *LAST)))


def search(subject: Subject, before: LadderResult, *, now: datetime, archives: tuple[WebArchive, ...] = ARCHIVES) -> Ladder:
    """Go on where `climb` stopped. Apart from it, since the searches of one host are merged (archive.repair.merging)."""
    state = Climb(subject, archives, now, list(before.tried), list(before.reasons), set(before.excluded), before.retry_after)
    state.proposal = before.proposal
    return (yield from _run(state, SEARCHES))


def supplement(subject: Subject, *, now: datetime, archives: tuple[WebArchive, ...] = ARCHIVES) -> Ladder:
    """Find a copy to stand beside a page that refuses us; never a replacement."""
    return _run(Climb(subject, archives, now), COPIES)


def _run(state: Climb, rungs: tuple[Rung, ...]) -> Ladder:
    for rung in rungs:
        found = yield from _frugal(rung(state), state)
        if found is not None:
            return found
    return state.nothing()


def _frugal(climbing: Climbing, state: Climb) -> Climbing:
    """Nothing is asked twice in one climb, and not more than MAX_REPLAYS captures are."""
    try:
        want = next(climbing)
        while True:
            if want in state.answers:
                answer = state.answers[want]
            elif isinstance(want, FetchMemento) and state.replays >= MAX_REPLAYS:
                answer = MementoAnswer(Outcome.NONE, reason="enough captures were looked at")
            else:
                answer = state.answers[want] = yield want
            want = climbing.send(answer)
    except StopIteration as end:
        found: LadderResult | None = end.value
        return found
