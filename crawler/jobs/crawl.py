"""`morgue crawl`: read what was given, run the spider on the home, tell what came of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

# First, since it calls inspect.stack(), which reads the source of every module on the way here: from within the imports
# below it takes 0.2 s more (Scrapy 2.19, 2026-11-25).
import scrapy.core.downloader.contextfactory  # noqa: F401
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive.errors import UsageError
from archive.progress import Progress
from archive.states import State
from archive.webarchives.save import Keys
from crawler.conclude import conclude
from crawler.inputs import Given, complain, ingest, preview, read_inputs
from crawler.run import Run
from crawler.saving import keys_from_environment
from crawler.spiders.news import Ask, NewsSpider

__all__ = ["Options", "crawl", "fetch", "preview", "read_inputs"]

GRACE = 3.0  # seconds that answers on their way have to arrive when the run is interrupted


@dataclass(frozen=True, slots=True)
class Options:
    """How a crawl is to be run; what the command line says over crawler.settings."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    contact: str = ""
    limit: int = 0
    related: int = 1
    verbose: int = 0
    refresh: bool = False
    save: bool = False
    scheduled: bool = False  # read the sources, and look again at what was here before
    max_time: timedelta | None = None

    def scrapy_settings(self) -> Settings:
        """crawler.settings, then the options, then `-s`."""
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        chosen: dict[str, Any] = {
            "MORGUE_HOME": str(self.home),
            "MORGUE_LIMIT": self.limit,
            "MORGUE_RELATED_DEPTH": self.related,
            "LOG_LEVEL": ("ERROR", "INFO", "DEBUG")[min(self.verbose, 2)],
        }
        if self.contact:
            agent = settings["USER_AGENT"].split(" (")[0]
            chosen["USER_AGENT"] = f"{agent} (news archiving; contact: {self.contact})"
        settings.setdict(chosen | self.settings, priority="cmdline")
        return settings


def crawl(given: Given, options: Options, *, as_json: bool) -> int:
    """Run; returns the exit code."""
    complain(given)
    if not given.items and given.problems:
        return 3
    options = replace(options, scheduled=not given.items)
    run = fetch(options, "morgue crawl", lambda _, store: ingest(store, given, refresh=options.refresh))
    return conclude(run, given.problems, as_json=as_json, interrupted=run.interrupted)


def fetch(options: Options, command: str, ask: Ask) -> Run:
    """A run that has fetched what was asked for and is not finished yet. Raises HomeError and UsageError."""
    keys = keys_from_environment() if options.save else None
    settings = options.scrapy_settings()
    run = Run(options.home, command, workers=_workers(settings))
    run.max_time = options.max_time
    run.open()
    slots = settings.getdict("DOWNLOAD_SLOTS")
    own = {host: {"concurrency": 1, "delay": delay} for host, delay in run.delays.items()}
    own |= {host: {"concurrency": 1, "delay": 0} for host in run.archive_hosts}
    settings.set("DOWNLOAD_SLOTS", own | slots, priority="cmdline")
    for line in run.recovered:
        click.echo(f"morgue: {line}", err=True)
    try:
        _start(run, ask, options, settings, keys)
    except BaseException as error:
        run.finish(*(("interrupted", 130) if isinstance(error, KeyboardInterrupt) else ("failed", 1)))
        raise
    return run


def _start(run: Run, ask: Ask, options: Options, settings: Settings, keys: Keys | None) -> None:
    """Start Scrapy and wait for its end. Raises UsageError when Scrapy cannot start with these settings."""
    process = Process(settings, run)
    crawler = process.create_crawler(NewsSpider)
    run.attach(crawler)
    with Progress(lambda: _progress(run)):
        crawling = process.crawl(crawler, ask=ask, keys=keys, scheduled=options.scheduled)
        process.start()
    error = crawling.exception() if crawling.done() and not crawling.cancelled() else None
    if error is not None:
        chosen = " ".join(f"-s {name}={value}" for name, value in options.settings.items())
        raise UsageError(f"the crawl cannot start ({error}): check {chosen or 'the settings'}") from error


def _workers(settings: Settings) -> int:
    try:
        return max(1, settings.getint("MORGUE_WORKERS"))
    except ValueError as error:
        raise UsageError(f"-s MORGUE_WORKERS={settings['MORGUE_WORKERS']}: a number is wanted") from error


class Process(AsyncCrawlerProcess):
    """Ends soon after the first Ctrl-C or SIGTERM, whatever servers do: what is under way stays due for the next run."""

    def __init__(self, settings: Settings, run: Run) -> None:
        super().__init__(settings)
        self._run = run

    async def stop(self) -> None:
        """Scrapy calls this at a signal, and again when the reactor ends."""
        if self.crawlers and not self._run.interrupted:
            click.echo(f"morgue: ending (pages on their way have {GRACE:g} seconds; again: at once)", err=True)
            self._run.interrupt()
            asyncio.get_running_loop().call_later(GRACE, self._stop_reactor)
        await super().stop()


def _progress(run: Run) -> str:
    """How far a crawl is."""
    states = ", ".join(f"{run.counts['state_' + name]} {name}" for name in map(str, State) if run.counts["state_" + name])
    return f"{run.counts['pages']} addresses looked at ({states or 'starting'}), {run.counts['articles']} articles"
