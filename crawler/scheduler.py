"""Scrapy's SCHEDULER on our frontier: what is leased here is on disk as leased, and `done` comes with the records.

Scrapy's own persistence (JOBDIR) loses requests that are in flight when a process is killed (facts of 2026-11-23:
406-446 of 601 pages never fetched).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler

from archive.store import Store
from archive.visits import Task
from crawler.run import Run

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BATCH = 48
PER_HOST = 2  # one at the server, one behind it


class FrontierScheduler(BaseScheduler):
    """Hands out leased addresses, hosts in turn: PER_HOST more to a host that has fewer than that under way.

    A slow host must not fill the downloader: requests that wait for its delay would count against
    CONCURRENT_REQUESTS.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._run = Run.of(crawler)
        self._ready: deque[Task] = deque()
        self._active: Counter[str] = Counter()
        self._limit = crawler.settings.getint("MORGUE_LIMIT")
        self._patience = crawler.settings.getfloat("MORGUE_PATIENCE")
        self._started = 0
        self._refilling: asyncio.Task[None] | None = None
        self._news = 0  # how often something happened here after which the frontier may give more
        self._empty_at = -1  # the frontier gave nothing when this was `_moment`
        self._wake: asyncio.TimerHandle | None = None
        self._after = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def close(self, reason: str) -> None:  # noqa: ARG002 - Scrapy names it
        """Stop waking; what is leased and not done is released by the next run, or by the run's end."""
        if self._wake:
            self._wake.cancel()

    def enqueue_request(self, request: Request) -> bool:
        """Refused: addresses enter by the store, in the transaction of the page that links to them."""
        raise NotImplementedError(f"{request.url}: add addresses with `-a url=…` or `-a file=…`, not by yielding requests")

    def has_pending_requests(self) -> bool:
        """True while something is ready, may be ready after the last commit, or is due in a moment."""
        if self._exhausted:
            return False
        if self._ready or self._refilling or self._wake:
            return True
        if self._run.ingested and self._empty_at != self._moment:
            self._refill()
            return True
        return not self._run.ingested

    def next_request(self) -> Request | None:
        if self._exhausted:
            return None
        if len(self._ready) < BATCH // 3 and self._run.ingested:
            self._refill()
        if not self._ready:
            return None
        task = self._ready.popleft()
        self._active[task.lease.host] += 1
        self._started += 1
        return self._request(task)

    @property
    def _exhausted(self) -> bool:
        self._run.limited = self._run.limited or 0 < self._limit <= self._started
        return self._run.ending

    def _request(self, task: Task) -> Request:
        spider: Any = self._crawler.spider
        how: dict[str, Any] = {"callback": spider.parse, "errback": spider.failed, "dont_filter": True}
        return Request(task.lease.url, headers=dict(task.conditions), meta={"task": task}, **how)

    def arrived(self, task: Task) -> None:
        """The downloader has done with a task, whatever came of it: its host may be given another.

        Not by Scrapy's signal request_left_downloader: a request that a middleware refuses never sends it (2.19), and
        after PER_HOST refusals by a robots.txt that host got no further turn.
        """
        host = task.lease.host
        self._active[host] -= 1
        if not self._active[host]:
            del self._active[host]
        self._news += 1
        self.poke()

    @property
    def _moment(self) -> int:
        """Grows with everything after which a frontier that gave nothing may give something."""
        return self._run.changes + self._news

    def _refill(self) -> None:
        if self._refilling is None and self._empty_at != self._moment:
            self._refilling = asyncio.ensure_future(self._lease())

    async def _lease(self) -> None:
        """Take the next batch; hosts that have enough already sit out."""
        moment = self._moment
        waiting = Counter(task.lease.host for task in self._ready)
        held = waiting + self._active
        busy = frozenset(host for host, count in held.items() if count >= PER_HOST)
        try:
            tasks, due = await self._run.writer.run(lambda store: self._take(store, busy))
        except Exception as error:  # noqa: BLE001 - a run that cannot lease must end and say why
            self._run.fail(error)
            tasks, due = [], None
        finally:
            self._refilling = None
        self._ready.extend(tasks)
        if tasks:
            self._after = tasks[-1].lease.host
        else:
            self._empty_at = moment
            self._wake_at(due)
        self.poke()

    def _take(self, store: Store, busy: frozenset[str]) -> tuple[list[Task], datetime | None]:
        tasks = store.lease(BATCH, per_host=PER_HOST, busy=busy, after=self._after, among=self._run.only)
        return tasks, None if tasks else store.frontier.next_due(store.now(), among=self._run.only)

    def _wake_at(self, due: datetime | None) -> None:
        wait = (due - self._run.now()).total_seconds() + 0.1 if due else self._patience + 1
        if 0 < wait <= self._patience and self._wake is None:
            self._wake = asyncio.get_running_loop().call_later(wait, self._woken)

    def _woken(self) -> None:
        self._wake = None
        self._news += 1
        self.poke()

    def poke(self) -> None:
        """Let the engine ask again; Scrapy has no public call for it (2.19: the slot's nextcall)."""
        slot = self._crawler.engine._slot if self._crawler.engine else None
        if slot is not None and slot.closing is None:
            slot.nextcall.schedule()
