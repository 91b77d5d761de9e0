"""How often a listing is read: as often as it brings something new, and never so rarely that an article falls out unseen."""

from __future__ import annotations

from datetime import timedelta

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=16)
"""An article that lives for a day is seen once at least, also when one run of cron was missed."""

FIRST_INTERVAL = timedelta(hours=2)

SOONER, LATER = 0.6, 1.35
"""What an interval is multiplied by after a look that brought much, and one that brought nothing. One against the other, about
two of five looks at a listing bring something; with 0.5 and 2 the interval swings (`make simulate`, 2026-11-25)."""

FIRST_RETRY = timedelta(hours=4)
"""The longest wait after a first failure, however rarely a listing is read: with its own 16 hours, a site that is gone was told
2.2 of its intervals later (`make simulate`, 2026-11-25)."""

LONGEST_FAILURE = timedelta(days=3)


def next_interval(current: timedelta, new: int, *, listed: int, pace: timedelta | None = None) -> timedelta:
    """The wait until the next look, after one that brought `new` addresses of `listed`.

    One new article is what a look is for: the interval stays. More of them shorten it; when half of the listing is new,
    something may have fallen out already, and it is halved and halved again. `pace` is the least that the listing itself
    asks for (RSS ttl and sy:updatePeriod): it is kept up to LONGEST.
    """
    factor = LATER if new == 0 else 1.0 if new == 1 else SOONER
    if listed > 1 and new * 2 > listed:
        factor = SOONER**2
    least = max(SHORTEST, min(pace or SHORTEST, LONGEST))
    return max(least, min(current * factor, LONGEST))


def after_failure(current: timedelta, tries: int, asked: timedelta | None = None) -> timedelta:
    """The wait after the `tries`-th failure in a row (1 is the first); at least what the server `asked` for (Retry-After)."""
    wait = min(max(min(current, FIRST_RETRY), SHORTEST) * (1 << min(tries - 1, 16)), LONGEST_FAILURE)
    return max(wait, asked or timedelta())
