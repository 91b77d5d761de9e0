"""Captures of the link itself: the good one nearest to the reference date, walking on past bad ones; and its other spellings.

By replay, which has twenty times the index's budget.
"""

from __future__ import annotations

from archive.models import Outcome
from archive.repair.climb import Climb, Climbing
from archive.repair.wants import FetchMemento, FetchPage, MementoAnswer, PageAnswer
from archive.urls import NotAURL, canonicalize, is_home, variants
from archive.webarchives import Memento, WebArchive

MAX_CAPTURES = 5  # of one address: the nearest and four further
MAX_VARIANTS = 4


def exact(climb: Climb) -> Climbing:
    """The link and the other readings of its text."""
    for archive in climb.archives:
        for url in climb.addresses:
            found = yield from _walk(climb, archive, url, "memento", MAX_CAPTURES)
            if found is not None:
                return found
            if climb.excluded:
                return None
    return None


def other_spellings(climb: Climb) -> Climbing:
    """Addresses of the same page that an index does not fold: mobile and main host, AMP, print, with and without query."""
    for archive in climb.archives:
        for url in variants(climb.url)[:MAX_VARIANTS]:
            found = yield from _walk(climb, archive, url, "variant", 2)
            if found is not None:
                return found
    return None


def _walk(climb: Climb, archive: WebArchive, url: str, method: str, limit: int) -> Climbing:
    """The captures of one address in the order of their distance from the reference date."""
    wanted = climb.timestamp()
    seen: dict[str, Memento] = {}
    for _ in range(limit):
        answer = yield FetchMemento(archive, url, wanted)
        assert isinstance(answer, MementoAnswer)
        memento = answer.memento
        if answer.outcome is not Outcome.FOUND or memento is None:
            climb.missed(answer)
            return None
        if memento.timestamp in seen:
            return None
        seen[memento.timestamp] = memento
        same = url == climb.url or method == "memento"
        if memento.redirects_to:
            found = yield from _redirect(climb, archive, memento)
            if found is not None:
                return found
        else:
            evidence = climb.judge(method, answer.page, memento.original, memento, same_address=True)
            if evidence and answer.page:
                return climb.archived(method, memento, answer.page, evidence, same_address=same and url == climb.url)
        step = _next(climb, seen)
        if step is None:
            return None
        wanted = step
    return None


def _next(climb: Climb, seen: dict[str, Memento]) -> str | None:
    """The neighbour of what was seen that is nearest to the reference date."""
    first, last = seen[min(seen)], seen[max(seen)]
    around = [stamp for stamp in (first.previous, last.next) if stamp and stamp not in seen]
    return min(around, key=climb.distance) if around else None


def _redirect(climb: Climb, archive: WebArchive, memento: Memento) -> Climbing:
    """The page redirected when it was captured: its target, live or as captured then, may be the article's new address."""
    try:
        target = canonicalize(memento.redirects_to or "")
    except NotAURL:
        return None
    if is_home(target):
        climb.judge("redirect", None, target, memento, same_address=False)
        return None
    answer = yield FetchPage(target)
    assert isinstance(answer, PageAnswer)
    if answer.verdict.state.living:
        evidence = climb.judge("redirect", answer.page, answer.final_url, None, same_address=False)
        if evidence and answer.page:
            return climb.live("redirect", answer.final_url, answer.page, evidence)
    copy = yield FetchMemento(archive, target, memento.timestamp)
    assert isinstance(copy, MementoAnswer)
    if copy.outcome is not Outcome.FOUND or copy.memento is None:
        climb.missed(copy)
        return None
    evidence = climb.judge("redirect", copy.page, target, copy.memento, same_address=False)
    if evidence and copy.page:
        return climb.archived("redirect", copy.memento, copy.page, evidence, same_address=False)
    return None
