"""The spider of the main job: what documents mention, and what the pages found call related."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Self

import click
from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from archive.errors import MorgueError
from archive.models import Exchange, Failure
from archive.store import Store
from archive.visits import Task, Visit
from archive.webarchives.save import Keys
from crawler.conclude import conclude
from crawler.fetch import Interrupted
from crawler.inputs import complain, ingest, read_inputs
from crawler.ladder.searches import Searches
from crawler.polls import Poller
from crawler.run import Run
from crawler.saving import Saver, save_all, saver_of
from crawler.scheduler import FrontierScheduler
from crawler.visitor import Visitor

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


Ask = Callable[[Run, Store], list[int]]
"""Queues what a run is to fetch, as a job of the writer; returns the ids of the mentions that were asked for."""


class NewsSpider(Spider):
    """`scrapy crawl news -a file=clipping.txt -a url=https://…` (several: separated by blanks); without either, what is due."""

    name = "news"

    def __init__(
        self,
        file: str = "",
        url: str = "",
        ask: Ask | None = None,
        *,
        refresh: bool | str = False,
        keys: Keys | None = None,
        scheduled: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._names = [*file.split(), *url.split()]
        self._ask = ask
        self._by_command = ask is not None
        self._problems: tuple[str, ...] = ()
        self._keys = keys  # to save what lives
        self._refresh = refresh in (True, "1", "true", "yes")
        self._scheduled = not self._names and ask is None if scheduled is None else scheduled
        self._polling: asyncio.Future[None] | None = None
        self._searching: asyncio.Future[None] | None = None
        self._nothing_pending_at = -1  # no search was pending when the run had seen that many changes

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.run = Run.of(crawler)
        spider.visitor = Visitor.from_crawler(crawler)
        spider.searches = Searches(spider.run, spider.visitor)
        spider.saver = saver_of(crawler, spider._keys) if spider._keys else None
        spider.run.living = [] if spider._keys else None
        depth = crawler.settings.getint("MORGUE_RELATED_DEPTH")
        spider.poller = Poller(spider.visitor.fetcher, spider.run, related_depth=depth)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    run: Run
    visitor: Visitor
    searches: Searches
    poller: Poller
    saver: Saver | None

    async def start(self) -> AsyncIterator[Any]:
        """Put what was given into the frontier; the scheduler takes it from there."""
        if self.run.max_time is not None:
            asyncio.get_running_loop().call_later(self.run.max_time.total_seconds(), self.run.close_doors)
        ask = self._ask or await self._named()
        try:
            self.run.asked = await self.run.writer.run(lambda store: ask(self.run, store))
            if self._scheduled:
                await self._begin_schedule()
        except Exception as error:  # noqa: BLE001 - a run without its input must end and say why
            self.run.fail(error)
        self.run.ingested = True
        self.run.changes += 1
        return
        yield  # an async generator without items: all requests come from the frontier

    async def _begin_schedule(self) -> None:
        """Queue what is to be looked at again, and look at the listings that are due while pages are fetched."""
        self.run.scheduled = True
        await self.run.writer.run(lambda store: store.frontier.revisit(store.now()))
        self._polling = asyncio.ensure_future(self._poll())
        self.run.visits.add(self._polling)

    async def _poll(self) -> None:
        try:
            await self.poller.run()
        except Interrupted:
            pass
        except Exception as error:  # noqa: BLE001 - a run that cannot read its sources must end and say why
            self.run.fail(error)
        finally:
            self.run.visits.discard(self._polling)
            self._polling = None
            self.run.changes += 1
            self._scheduler.poke()

    async def _named(self) -> Ask:
        """What `-a file=` and `-a url=` name."""
        given = await asyncio.to_thread(read_inputs, self._names)
        complain(given)
        self._problems = given.problems
        return lambda _, store: ingest(store, given, refresh=self._refresh)

    def idle(self) -> None:
        """No page is due: listings may be under way, and the searches that visits left pending are next. What these find may
        make pages due again."""
        if self._polling is not None:
            raise DontCloseSpider
        if self._searching is None:
            if self.run.stopping or not self.visitor.ladder or self._nothing_pending_at == self.run.changes:
                return
            self._searching = asyncio.ensure_future(self._search())
            self.run.visits.add(self._searching)
        raise DontCloseSpider

    async def _search(self) -> None:
        changes = self.run.changes
        try:
            if not await self.searches.run() and not await self._save():
                self._nothing_pending_at = changes
        except Interrupted:
            pass
        except Exception as error:  # noqa: BLE001 - a run that cannot search must end and say why
            self.run.fail(error)
        finally:
            self.run.visits.discard(self._searching)
            self._searching = None
            self._scheduler.poke()

    async def _save(self) -> bool:
        """Save the living pages of this run; False when there are none left."""
        urls = list(dict.fromkeys(self.run.living or ()))
        if self.saver is None or not urls:
            return False
        self.run.living = []
        await save_all(self.run, self.saver, urls, lives=True)
        return True

    @property
    def _scheduler(self) -> FrontierScheduler:
        assert self.crawler.engine is not None
        scheduler = self.crawler.engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler

    def closed(self, reason: str) -> None:
        """Started by `scrapy crawl`, the spider tells what came of its run itself; `morgue crawl` does so otherwise.

        The exit code of `scrapy crawl` is Scrapy's: 0 whatever happened to the pages.
        """
        if self._by_command:
            return
        try:
            conclude(self.run, self._problems, as_json=False, interrupted=reason == "shutdown")
        except MorgueError as error:
            click.echo(f"morgue: {error}", err=True)

    async def parse(self, response: Response) -> AsyncIterator[Visit]:
        """A page came."""
        request = _request(response)
        async for visit in self._visit(request, self.visitor.fetcher.exchange(response, request.url)):
            yield visit

    async def failed(self, failure: TwistedFailure) -> AsyncIterator[Visit]:
        """No page came."""
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        async for visit in self._visit(request, await self.visitor.fetcher.failure(request.url, failure.value)):
            yield visit

    async def _visit(self, request: Request, answer: Exchange | Failure) -> AsyncIterator[Visit]:
        """What came of a task; nothing when the run ended meanwhile."""
        task: Task = request.meta["task"]
        visit = await self.visitor.visit(task, answer, self._scheduler.arrived)
        if visit is not None:
            yield visit


def _request(response: Response) -> Request:
    assert response.request is not None
    return response.request
