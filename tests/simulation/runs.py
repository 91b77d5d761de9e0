"""Scheduled runs in this process, one after the other, each at its own hour."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner

from archive.home import Home
from archive.sources.base import ListingKind, Offer
from archive.sources.base import Source as Subscription
from archive.store import Store
from archive.subscriptions import add
from crawler.conclude import end
from crawler.jobs.crawl import Options
from crawler.run import Run
from crawler.spiders.news import NewsSpider
from tests.internet import Internet
from tests.simulation.web import Sites, listing_url
from tests.simulation.world import START, Source

# No ladder, since what dies is looked for in archives at their pace, which no clock of ours hastens; no waiting for retries.
SETTINGS = {"DOWNLOAD_DELAY": "0.001", "MORGUE_LADDER": "False", "MORGUE_PATIENCE": "0", "MORGUE_WORKERS": "1"}


class HourlyClock:
    """Stands at the hour that is simulated, and goes on from there with the machine's, as runs take their time."""

    def __init__(self) -> None:
        self.at(START)

    def at(self, moment: datetime) -> None:
        self._moment, self._since = moment, time.monotonic()

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=time.monotonic() - self._since)

    def time(self) -> float:
        return self.now().timestamp()


@dataclass(slots=True)
class Told:
    """What all runs told: their exit codes, their counts, and when each source was first told to be unwell, and how."""

    codes: Counter[int] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    unwell: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)  # when its present spell began


@contextmanager
def simulated(sources: list[Source], clock: HourlyClock) -> Iterator[Internet]:
    """The internet of these sources; this process is a client of it."""
    with Internet(clock=clock, sites=lambda _: Sites(sources, clock.now)) as net:
        kept = {name: os.environ.get(name) for name in net.env}
        os.environ.update(net.env)
        try:
            yield net
        finally:
            for name, value in kept.items():
                os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def subscribe(home: Path, sources: list[Source], clock: HourlyClock) -> None:
    """Add all sources to an empty home."""
    place = Home(home)
    place.create()
    store = Store(place, clock.now)
    with store.transaction():
        for source in sources:
            offer = Offer(listing_url(source), ListingKind(source.listing), "given")
            add(store.db, Subscription(source.name, f"https://{source.host}/", (offer,), depth=0), clock.now())
    store.close()


async def run_hourly(home: Path, clock: HourlyClock, hours: int, *, quiet: bool = True) -> Told:
    """A run every hour."""
    told = Told()
    for hour in range(hours):
        clock.at(START + timedelta(hours=hour, minutes=5))
        await _run(home, clock, told)
        if not quiet and hour % 168 == 167:
            print(f"week {hour // 168 + 1}: {told.counts['pages']} pages, {told.counts['listings']} listings", flush=True)
    return told


async def _run(home: Path, clock: HourlyClock, told: Told) -> None:
    settings = Options(home, dict(SETTINGS)).scrapy_settings()
    run = Run(home, "morgue crawl", workers=1, now=clock.now)
    run.open()
    runner = AsyncCrawlerRunner(settings)
    crawler = runner.create_crawler(NewsSpider)
    run.attach(crawler)
    await runner.crawl(crawler, ask=lambda *_: [], scheduled=True)
    ending = end(run, (), interrupted=False)
    told.codes[ending.code] += 1
    told.counts.update(run.counts)
    for row in run.unwell:
        spells = told.unwell.setdefault(row["name"], [])
        if not spells or told.since.get(row["name"]) != row["since"]:
            spells.append((clock.now(), row["state"]))
        told.since[row["name"]] = row["since"]


def simulate(home: Path, sources: list[Source], hours: int, *, quiet: bool = True) -> tuple[Told, Internet]:
    """All of it; the internet that is returned has ended and keeps its log. Needs Scrapy's reactor not to run yet."""
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor
    from twisted.internet.defer import Deferred

    clock, outcome = HourlyClock(), list[Told | BaseException]()
    with simulated(sources, clock) as net:
        subscribe(home, sources, clock)

        async def main() -> None:
            try:
                outcome.append(await run_hourly(home, clock, hours, quiet=quiet))
            except BaseException as error:
                outcome.append(error)
            reactor.stop()

        reactor.callWhenRunning(lambda: Deferred.fromFuture(asyncio.ensure_future(main())))
        reactor.run()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0], net


def temporary_home() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="morgue-simulation-")
