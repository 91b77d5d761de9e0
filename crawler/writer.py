"""The one thread that writes: jobs of many pages share one transaction.

The reactor's thread never waits for a disk. While a commit is under way, new jobs gather; they make the next group.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from math import inf
from typing import Any, TypeVar

from archive.budgets import Limit
from archive.home import Home
from archive.store import Store

logger = logging.getLogger(__name__)

T = TypeVar("T")
Job = tuple[Callable[[Store], Any], "Future[Any]", bool]

GROUP = 64
"""Jobs in one transaction at most: what a killed process can have fetched for nothing."""

LINGER = 0.05
"""Seconds that a job which can wait does so for others: a commit of ten pages costs hardly more than one of two, since they
share index pages and syncs (with 0.15 s a page of bench.crawl took 14.0 and 15.7 ms of this process's CPU against 17.1 and 17.7
in two pairs, 2026-11-25). No visit is slower for it: its host may be asked again when the page is here, not when it is kept."""

FEW = 4
"""Jobs that can wait are waited for while as many came within LINGER each: one page now and then would wait for nobody. With
"while the last commit had two of them" nobody waited for the second: 0.50 of a core, now 0.45 (bench.crawl, 2026-11-25)."""


class Writer:
    """Runs functions on the store, in order, in its own thread; each result comes after its commit."""

    def __init__(self, home: Home, now: Callable[[], datetime], limits: dict[str, Limit] | None = None) -> None:
        self._home = home
        self._limits = limits
        self._now = now
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._thread = threading.Thread(target=self._loop, name="morgue-writer", daemon=True)
        self._opened: Future[list[str]] = Future()
        self.commits = 0
        self._came = deque([-inf] * FEW, maxlen=FEW)  # when the last jobs that can wait were taken

    def open(self) -> list[str]:
        """Open the store in the writer's thread; returns what had to be recovered. Raises HomeError."""
        self._thread.start()
        return self._opened.result()

    def submit(self, job: Callable[[Store], T], *, can_wait: bool = False) -> Future[T]:
        """Queue a job; the future's result arrives when it is committed. One that can wait does so for LINGER at most."""
        done: Future[T] = Future()
        self._jobs.put((job, done, can_wait))
        return done

    async def run(self, job: Callable[[Store], T], *, can_wait: bool = False) -> T:
        """`submit` for coroutines."""
        return await asyncio.wrap_future(self.submit(job, can_wait=can_wait))

    def close(self) -> None:
        """Finish what is queued and close the files."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()

    def _loop(self) -> None:
        try:
            store = Store(self._home, self._now, self._limits)
        except Exception as error:  # noqa: BLE001 - handed to whoever opens
            self._opened.set_exception(error)
            return
        self._opened.set_result(store.recovered)
        while group := self._next_group():
            self._commit(store, group)
        store.close()

    def _next_group(self) -> list[Job]:
        """Wait for a job and take all that wait with it, those to come too while none is urgent; empty when it is time to end."""
        first = self._jobs.get()
        group = [first] if first else []
        now = time.monotonic()
        until = now + LINGER if now - self._came[0] < FEW * LINGER else now
        while group and len(group) < GROUP:
            try:
                job = self._jobs.get(timeout=max(0.0, until - time.monotonic()) if group[-1][2] else 0.0)
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            group.append(job)
        self._came.extend(time.monotonic() for _, _, can_wait in group if can_wait)
        return group

    def _commit(self, store: Store, group: list[Job]) -> None:
        """One transaction for a group; whoever stopped waiting for a job has stopped the job."""
        group = [job for job in group if job[1].running() or job[1].set_running_or_notify_cancel()]
        try:
            with store.transaction():
                results = [job(store) for job, _, _ in group]
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            logger.debug("one of %d jobs failed: each gets a transaction of its own", len(group))
            for job in group:
                self._commit(store, [job])
            return
        self.commits += 1
        for (_, done, _), result in zip(group, results, strict=True):
            done.set_result(result)
