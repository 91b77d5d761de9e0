"""Repairs in simulated time: all of our own code but Scrapy's downloader, against the offline internet, in one thread.

Whoever waits, for a budget's turn or an answer, lets the clock jump to when the first waiter is due: an hour passes in the
time that the work itself takes, and the archive's limits see the times that a real run would show them.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request as ScrapyRequest
from scrapy.http import Response

from archive.extract import extract
from archive.home import Home
from archive.models import Document, Mention
from archive.store import Store
from archive.visits import Task
from archive.warc import pack
from archive.webarchives import ARCHIVES
from crawler.fetch import Fetcher
from crawler.ladder.archives import ArchiveClient
from crawler.ladder.climber import Climber
from crawler.ladder.searches import Searches
from crawler.pipelines import keep
from crawler.probes import Probes
from crawler.run import Run
from crawler.visitor import Visitor
from crawler.workers.pool import Job, Result, Workers
from crawler.writer import Writer
from tests.internet import Internet
from tests.internet.clock import Clock
from tests.internet.messages import Request

START = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATENCY = 0.1  # seconds an answer takes: so that the archive's limits, and not its one connection, are what counts
AT_ONCE = 64  # pages under way, as CONCURRENT_REQUESTS allows

T = TypeVar("T")


class _Jump(selectors.DefaultSelector):
    """Waits for nobody: where others sleep the clock goes on."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.elapsed = 0.0  # seconds: told apart from the clock's, which since 1970 are too many for their fractions

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits for ever")
        if not ready and timeout:
            self.elapsed += timeout
            self._clock.advance(timeout)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose time is the clock's."""

    def __init__(self, clock: Clock) -> None:
        self._jump = _Jump(clock)
        super().__init__(self._jump)
        self.set_default_executor(_Here())

    def time(self) -> float:
        return self._jump.elapsed


class _Here(ThreadPoolExecutor):
    """Does at once, in the same thread, what is submitted."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class _Writer:
    """`crawler.writer.Writer` without its thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, job: Callable[[Store], T], *, can_wait: bool = False) -> T:
        with self._store.transaction():
            return job(self._store)


class _Workers:
    """`crawler.workers.pool.Workers` without their processes."""

    async def run(self, job: Job) -> Result:
        exchange = job.exchange
        packed = pack(exchange, target=job.target, date=job.captured, source_uri=job.source_uri, previous=job.previous)
        page = extract(exchange.body, exchange.headers, job.target, job.captured) if job.want_page else None
        return Result(packed, page)

    async def call(self, function: Callable[..., T], *arguments: Any) -> T:
        return function(*arguments)


class Simulation:
    """A home, an offline internet that holds us to the archive's limits, and a clock that nobody waits for."""

    def __init__(self, folder: Path, corpora: Iterable[Path]) -> None:
        self.clock = Clock(START)
        self.net = Internet(corpora, limits="real", clock=self.clock)
        home = Home(folder)
        home.create()
        self.store = Store(home, self.clock.now)
        self._run = SimpleNamespace(
            home=home,
            now=self.clock.now,
            writer=cast("Writer", _Writer(self.store)),
            workers=cast("Workers", _Workers()),
            archives=ARCHIVES,
            visits=set(),
            stopping=False,
            sources={},
            visited=lambda visit, saved: None,
        )

    def close(self) -> None:
        """Close the store; remove what the internet, which never served, had made for it."""
        self.store.close()
        self.net.discard()

    def repair(self, mentions: list[Mention]) -> float:
        """Visit all that is mentioned, climb where it is dead, search what is left; the seconds that it took."""
        with self.store.transaction():
            self.store.add_document(Document("links", "text", "0" * 64, "", "", tuple(mentions)))
        started = self.clock.time()
        with asyncio.Runner(loop_factory=lambda: _Loop(self.clock)) as runner:
            runner.run(self._repair(len(mentions)))
        return self.clock.time() - started

    async def _repair(self, count: int) -> None:
        run = cast("Run", self._run)
        fetcher = Fetcher(self._download, self.clock.now)
        client = ArchiveClient(fetcher, run.writer, self.clock.now, timeout=60.0)
        climber = Climber(fetcher, client, run, Probes(fetcher, run))
        visitor = Visitor(fetcher, run.workers, climber, run, related_depth=0, related_per_page=0)
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(task: Task) -> None:
            async with turn:
                visit = await visitor.visit(task, await fetcher.get(task.lease.url), lambda task: None)
                assert visit is not None
                await keep(run, visit)

        with self.store.transaction():
            tasks = self.store.lease(count, per_host=count)
        await asyncio.gather(*map(one, tasks))
        while await Searches(run, visitor).run():
            pass

    async def _download(self, asked: ScrapyRequest) -> Response:
        parts = urlsplit(asked.url)
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        await asyncio.sleep(LATENCY)
        answer = self.net.answer(Request(asked.method, parts.scheme, parts.netloc, target))
        headers = [*answer.headers, *([("Content-Type", answer.type)] if answer.type else [])]
        return Response(asked.url, status=answer.status, headers=_headers(headers), body=answer.plain)


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
