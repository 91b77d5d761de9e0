"""The sources of the simulation: what each publishes when, and what becomes of it. Pure; the same seed gives the same world."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHANGED, DIED = 0.13, 0.07  # shares of all articles: a fifth together


@dataclass(frozen=True, slots=True)
class Article:
    """`changed` and `died` are None when that does not happen."""

    number: int
    published: datetime
    changed: datetime | None
    died: datetime | None

    def lived(self, until: datetime) -> timedelta:
        return (self.died or until) - self.published


@dataclass(slots=True)
class Source:
    """`habit` says what it does; `end` is when it falls silent or away, None when it never does."""

    name: str
    habit: str
    listing: str  # feed, sitemap
    gap: timedelta  # its own usual longest pause
    listed: int = 20  # entries of its listing
    end: datetime | None = None
    articles: list[Article] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"www.{self.name}.example"

    def alive(self, now: datetime) -> list[Article]:
        """What can be read now, newest first."""
        return [one for one in reversed(self.articles) if one.published <= now and (one.died is None or one.died > now)]


def world(weeks: int, seed: int = 1, scale: float = 1.0) -> list[Source]:
    """Sixty sources (times `scale`), some 6,000 articles in thirteen weeks."""
    rng, end = random.Random(seed), START + timedelta(weeks=weeks)
    sources = [_named(number, source, scale) for number, source in enumerate(_habits())]
    sources = [source for source in sources if source is not None]
    for source in sources:
        stop = source.end if source.end and source.habit != "gone" else end
        times = [when for when in _times(source, rng) if when < min(stop, end)]
        source.articles = [_article(number, when, end, rng) for number, when in enumerate(times)]
    return sources


def _habits() -> Iterator[Source]:
    def of(habit: str, gap: timedelta, **more: object) -> Source:
        return Source("", habit, gap=gap, **({"listing": "feed"} | more))  # type: ignore[arg-type]

    yield of("wire", 9 * HOUR, listed=30)
    for number in range(8):
        yield of("daily", 16 * HOUR, listing="sitemap" if number % 4 == 3 else "feed")
    for _ in range(16):
        yield of("morning", 26 * HOUR)
    for _ in range(15):
        yield of("twice_a_week", 4 * DAY)
    for _ in range(8):
        yield of("weekly", 7 * DAY)
    for week in (4, 6):
        yield of("silent", 26 * HOUR, end=START + timedelta(weeks=week, hours=9))
    yield of("silent", 16 * HOUR, end=START + timedelta(weeks=5, hours=20))
    for week in (3, 7):
        yield of("gone", 26 * HOUR, end=START + timedelta(weeks=week, hours=5))
    yield of("flapping", 16 * HOUR)
    yield of("moved", 26 * HOUR)
    yield of("rotating", 16 * HOUR, listing="sitemap", listed=6)
    yield of("redesigned", 26 * HOUR)
    yield of("paywalled", 26 * HOUR)


def _named(number: int, source: Source, scale: float) -> Source | None:
    source.name = f"{source.habit.replace('_', '-')}-{number}"
    common = source.habit in ("daily", "morning", "twice_a_week", "weekly")
    return source if not common or number % max(1, round(1 / scale)) == 0 else None


def _times(source: Source, rng: random.Random) -> Iterator[datetime]:
    """When a source publishes, for ever."""
    hours = {
        "wire": range(6, 22),
        "daily": (6, 11, 17),
        "silent": (7,) if source.gap > DAY else (6, 11, 17),
        "flapping": (6, 11, 17),
        "rotating": (6, 11, 17),
    }.get(source.habit, (7,))
    weekday = rng.randrange(7)
    days = {"weekly": {weekday}, "twice_a_week": {weekday, (weekday + 3) % 7}}.get(source.habit, set(range(7)))
    for day in range(10_000):
        for hour in hours if day % 7 in days else ():
            yield START + day * DAY + hour * HOUR + timedelta(minutes=rng.randrange(50))


def _article(number: int, when: datetime, end: datetime, rng: random.Random) -> Article:
    fate = rng.random()
    later = when + timedelta(hours=1 + 200 * rng.random() ** 3)
    died = when + timedelta(hours=2 + 700 * rng.random() ** 2)
    return Article(
        number,
        when,
        changed=later if fate < CHANGED and later < end else None,
        died=died if CHANGED <= fate < CHANGED + DIED and died < end else None,
    )
