"""A few requests outside any crawl: Scrapy's downloader with its robots.txt, delays and limits, without frontier or home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.fetch import Fetcher
from crawler.run import utcnow
from crawler.workers.pool import Workers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Network:
    """What an errand may use."""

    fetcher: Fetcher
    workers: Workers
    now: Callable[[], datetime]


def run_errand(settings: Settings, errand: Callable[[Network], Awaitable[T]]) -> T:
    """Run it and return what it gives. Raises what it raises, and KeyboardInterrupt when somebody ends it."""
    settings.set("SCHEDULER", "scrapy.core.scheduler.Scheduler", priority="cmdline")
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    workers = Workers(1)
    outcome: asyncio.Future[T] | None = None

    def begin(network: Network) -> Awaitable[T]:
        nonlocal outcome
        outcome = asyncio.ensure_future(errand(network))
        return outcome

    process = _Process(settings, lambda: outcome.cancel() if outcome else None)
    try:
        process.crawl(process.create_crawler(ErrandSpider), begin=begin, workers=workers)
        process.start()
    finally:
        workers.stop()
    if outcome is None or outcome.cancelled() or not outcome.done():
        raise KeyboardInterrupt
    return outcome.result()


class _Process(AsyncCrawlerProcess):
    """Gives the errand up at the first Ctrl-C or SIGTERM: it has written nothing."""

    def __init__(self, settings: Settings, cancel: Callable[[], object]) -> None:
        super().__init__(settings)
        self._cancel = cancel

    async def stop(self) -> None:
        """Scrapy calls this at a signal, and again when the reactor ends."""
        self._cancel()
        await super().stop()


class ErrandSpider(Spider):
    """Asks for no page by itself."""

    name = "errand"

    def __init__(self, begin: Callable[[Network], Awaitable[Any]], workers: Workers, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._begin = begin
        self._workers = workers

    async def start(self) -> AsyncIterator[Any]:
        """All of it."""
        engine = self.crawler.engine
        assert engine is not None
        network = Network(Fetcher(engine.download_async, utcnow), self._workers, utcnow)
        await asyncio.wait([asyncio.ensure_future(self._begin(network))])
        return
        yield  # an async generator without items
