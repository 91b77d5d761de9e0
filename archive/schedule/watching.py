"""Is a source as it always was? By when its articles came, and by what its listings and pages gave lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

ENOUGH = 4  # gaps between articles from which a usual one can be told
RECENT = 40  # gaps that count: a magazine's year, a wire's two days
SILENT_AFTER = 2  # usual gaps without an article: one that was taken down before it was seen is no silence
LEAST_SILENCE = timedelta(hours=6)
FIRST_SILENCE, KNOWN_AFTER = timedelta(hours=24), timedelta(days=3)  # a source's first nights are not known yet
FAILED = 3  # failures in a row after which a listing is told
LOOKED_AT = 10  # of the newest articles, by which its layout is judged
UNREADABLE = 0.5  # of those pages without an article, where most had one before
DROPPED = 0.25  # of the usual number of articles


class SourceState(StrEnum):
    """How a source does. All but OK and NEW are told, and end a run with exit code 6."""

    OK = "ok"
    NEW = "new"
    SILENT = "silent"
    FAILING = "failing"
    DROPPED = "dropped"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Yield:
    """What a source gave. `arrived` are the times of its articles, newest first (RECENT + 1 of them): when they were published,
    or first seen listed where nothing says so. `looked` is when all listings that bring them had last been read. `failures` are
    the failures in a row of the listing that fails least, None when it has none; `reason` is why it fails.

    `readable` tells of its newest pages, newest first, whether an article was found on them. `lately` and `usually` are the
    articles of the last seven days and the median of the weeks before; None while there are no such weeks.
    """

    arrived: tuple[datetime, ...] = ()
    looked: datetime | None = None
    failures: int | None = 0
    reason: str | None = None
    readable: tuple[bool, ...] = ()
    lately: int = 0
    usually: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """The judgement, one line of reason, the usual gap between two articles where it is known, and with it the time after which
    a look that brings nothing tells silence."""

    state: SourceState
    reason: str | None = None
    usual_gap: timedelta | None = None
    awaited: datetime | None = None


def judge_source(given: Yield) -> Health:
    """The gravest of what can be said: failing, unreadable, silent, dropped; else ok."""
    gap = usual_gap(given.arrived)
    awaited = _awaited(given, gap)
    for found in (_failing(given), _unreadable(given), _silent(given, gap, awaited), _dropped(given)):
        if found is not None:
            return Health(*found, gap, awaited)
    return Health(SourceState.OK if gap is not None else SourceState.NEW, None, gap, awaited)


def usual_gap(arrived: tuple[datetime, ...]) -> timedelta | None:
    """The longest pause that is usual: 19 of 20 gaps are no longer, a wire's nights among them. None where few are known.

    Articles that came with one look are one arrival, so that a feed read for the first time tells nothing.
    """
    times = list(dict.fromkeys(arrived))
    gaps = sorted(later - earlier for later, earlier in pairwise(times))
    if len(gaps) < ENOUGH:
        return None
    return gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))]


def _failing(given: Yield) -> tuple[SourceState, str] | None:
    if given.failures is not None and given.failures >= FAILED:
        return SourceState.FAILING, f"none of its listings could be read, {given.failures} times in a row: {given.reason}"
    return None


def _unreadable(given: Yield) -> tuple[SourceState, str] | None:
    """A redesign or a wall: pages come, but no article is found on them any more."""
    new, old = given.readable[:LOOKED_AT], given.readable[LOOKED_AT:]
    if len(new) < LOOKED_AT // 2 or new.count(False) <= UNREADABLE * len(new):
        return None
    if old and old.count(False) > UNREADABLE * len(old):
        return None  # it was always so: a source of pictures or films
    return SourceState.UNREADABLE, f"no article was found on {new.count(False)} of its {len(new)} newest pages"


def _awaited(given: Yield, gap: timedelta | None) -> datetime | None:
    if gap is None:
        return None
    is_known = given.arrived[0] - given.arrived[-1] >= KNOWN_AFTER
    return given.arrived[0] + max(gap * SILENT_AFTER, LEAST_SILENCE if is_known else FIRST_SILENCE)


def _silent(given: Yield, gap: timedelta | None, awaited: datetime | None) -> tuple[SourceState, str] | None:
    """Up to the last look, since what was not looked for cannot be missing."""
    if gap is None or awaited is None or given.looked is None or given.looked <= awaited:
        return None
    return SourceState.SILENT, f"nothing new for {told(given.looked - given.arrived[0])}; usually within {told(gap)}"


def _dropped(given: Yield) -> tuple[SourceState, str] | None:
    if given.usually is None or given.usually < ENOUGH or given.lately >= DROPPED * given.usually:
        return None
    return SourceState.DROPPED, f"{given.lately} articles in seven days; usually {given.usually:g}"


def told(span: timedelta) -> str:
    """A span of time for people."""
    hours = span.total_seconds() / 3600
    if hours < 1:
        return f"{round(hours * 60)} minutes"
    return f"{round(hours)} hours" if hours < 48 else f"{round(hours / 24)} days"
