"""One run on one home: its lock, its writer, its workers, its counts. Everything of a crawl that is shared."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from archive.config import config_of
from archive.home import Home, HomeLock
from archive.sources.base import Source
from archive.store import Store
from archive.subscriptions import by_site, delays, sync
from archive.visits import Change, Saved, Visit
from crawler.workers.pool import Workers
from crawler.writer import Writer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def utcnow() -> datetime:
    """The clock, read at the edge only."""
    return datetime.now(UTC)


class Run:
    """Opened before Scrapy starts (by `morgue crawl`) or by its first component (`scrapy crawl news`).

    `changes` counts the commits after which the frontier may hold something new; `failure` is what ended the run;
    `visits` are those under way; `archives` are asked for dead pages, in this order.
    """

    _of: ClassVar[WeakKeyDictionary[Crawler, Run]] = WeakKeyDictionary()

    def __init__(self, folder: Path, command: str, *, workers: int, now: Callable[[], datetime] = utcnow) -> None:
        self.home = Home(folder)
        self.now = now
        self.begun = now()
        self.counts: Counter[str] = Counter()
        self.changes = 0
        self.ingested = False
        self.stopping = False
        self.limited = False  # the limit of pages, or of time, was reached
        self.max_time: timedelta | None = None
        self.scheduled = False  # sources are read, and what was here before is looked at again
        self.unwell: list[dict[str, Any]] = []  # sources that need somebody's eyes, at the end of a scheduled run
        self.interrupted = False
        self.visits: set[asyncio.Future[Any]] = set()
        self.failure: Exception | None = None
        self.recovered: list[str] = []
        self.living: list[str] | None = None  # articles found alive that are to be saved; None: none are
        self.refused: list[tuple[str, str]] = []  # addresses whose text was kept beside the current one, and why
        self.asked: list[int] = []  # ids of mentions, in the order they were asked for
        self.only: frozenset[int] | None = None  # ids of addresses: nothing else is fetched; None: all that is due
        self.workers = Workers(workers)
        config = config_of(self.home)
        self.archives = config.web_archives()
        self._sources = config.sources
        self.archive_hosts = config.hosts()
        self.writer = Writer(self.home, now, config.limits())
        self.sources: dict[str, list[Source]] = {}  # by site: their bounds hold for whatever is followed there
        self.delays: dict[str, float] = {}  # seconds between two requests to a host, where a source says so
        self._command = command
        self._lock = HomeLock(self.home, command, now())
        self._id = 0

    @classmethod
    def of(cls, crawler: Crawler) -> Run:
        """The run that a crawler belongs to, opened now when nobody did before."""
        run = cls._of.get(crawler)
        if run is None:
            settings = crawler.settings
            run = cls(Path(settings["MORGUE_HOME"]), "scrapy crawl", workers=max(1, settings.getint("MORGUE_WORKERS")))
            run.open()
            run.attach(crawler)
        return run

    @classmethod
    def held(cls, crawler: Crawler) -> Run | None:
        """The run that a crawler belongs to; None for one that has no home (`morgue source add`)."""
        return cls._of.get(crawler)

    def attach(self, crawler: Crawler) -> None:
        """Make this the run of a crawler."""
        self._of[crawler] = self

    def open(self) -> None:
        """Take the lock, open the store, start the workers. Raises HomeError."""
        self.home.create()
        self._lock.__enter__()
        try:
            self.recovered = self.writer.open()
            self.sources, self.delays = self.writer.submit(self._sync).result()
            self._id = self.writer.submit(lambda store: store.begin_run(self._command)).result()
            self.workers.start()
            # What is imported by now stays; pages make objects by the thousand, and few of them in cycles.
            gc.freeze()
            gc.set_threshold(50_000, 20, 50)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise

    @property
    def id(self) -> int:
        """Of its row in `runs`."""
        return self._id

    def _sync(self, store: Store) -> tuple[dict[str, list[Source]], dict[str, float]]:
        """Bring the sources in line with `morgue.toml`; what they ask of this run."""
        sync(store.db, self._sources, self.now())
        return by_site(store.db), delays(store.db)

    def visited(self, visit: Visit, saved: tuple[Saved, ...] = ()) -> None:
        """A visit is committed: the frontier may hold what it linked to."""
        self.changes += 1
        for one in saved:
            self.counts[f"text_{one.change}"] += 1
            if one.change is Change.REFUSED:
                self.refused.append((visit.task.lease.url, one.note or ""))
        if visit.verdict is not None:
            self.counts["pages"] += 1
            self.counts[f"state_{visit.verdict.state}"] += 1
            if self.living is not None and visit.verdict.state.living and visit.finding is not None:
                self.living.append(visit.finding.final_url)
        self.counts["articles"] += visit.finding is not None
        self.counts["related"] += visit.verdict is not None and not visit.task.asked and visit.task.lease.parent_id is not None

    def polled(self, state: str, new: int) -> None:
        """A look at a listing is committed."""
        self.changes += bool(new)
        self.counts["listings"] += 1
        self.counts[f"listing_{state}"] += 1
        self.counts["announced"] += new

    def close_doors(self) -> None:
        """The time is up: what is under way is finished, the rest stays due."""
        self.limited = True

    @property
    def ending(self) -> bool:
        """True when nothing more is to be begun."""
        return self.stopping or self.limited

    def fail(self, error: Exception) -> None:
        """End the run early: start nothing more, and let the command say why."""
        self.failure = self.failure or error
        self._stop()

    def interrupt(self) -> None:
        """Somebody wants the run to end: visits under way are given up, and their addresses stay due."""
        self.interrupted = True
        self._stop()

    def _stop(self) -> None:
        self.stopping = True
        for visit in self.visits:
            visit.cancel()

    def finish(self, state: str, exit_code: int) -> None:
        """End the workers, write the run's end and let go of the home. Safe to call after a failure of the disk."""
        self.workers.stop()
        counts = dict(self.counts)
        with suppress(Exception):  # a full disk is reported already; the row in `runs` is not worth a second error
            self.writer.submit(lambda store: _end(store, self._id, state, exit_code, counts)).result()
        self.writer.close()
        self._lock.__exit__(None, None, None)


def _end(store: Store, run_id: int, state: str, exit_code: int, counts: dict[str, int]) -> None:
    store.frontier.release_all()
    store.end_run(run_id, state, exit_code, counts)
