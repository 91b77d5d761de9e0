"""When to look again at an article: often when it is young, rarely when it is old."""

from __future__ import annotations

from datetime import timedelta

FIRST = timedelta(hours=6)
"""News is corrected in its first hours: of the changes that NewsDiffs saw, most came within a day."""

GROWTH = 3.0
"""Each look comes when the article is about four times as old as at the last one: 6 hours, a day, 4 days, 16, 64."""

CYCLE = timedelta(days=180)
"""The longest wait: what lives is looked at twice a year, so that a dead link is known while archives still find its page."""

DEAD_CYCLE = timedelta(days=90)
"""A page that is gone may come back; what stands for it is known meanwhile."""


def until_next_look(age: timedelta, *, changed: bool, living: bool) -> timedelta:
    """The wait after a look at an article of that age. One that has `changed` since the last look is looked at sooner."""
    if not living:
        return DEAD_CYCLE
    wait = max(FIRST, age * GROWTH)
    return min(wait / 2 if changed else wait, CYCLE)
