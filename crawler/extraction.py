"""The worker processes: pages are parsed and WARC records packed here, never in the reactor's process.

A job is answered in two messages, records first: a page that kills its worker still has its capture. Each job has a CPU
limit (a timer whose signal ends the process even inside C code), each worker a memory limit, and each answer a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from archive.models import Exchange, Page
from archive.visits import Receipt
from archive.warc import Packed, Previous, pack

logger = logging.getLogger(__name__)

JOBS_PER_WORKER = 2_000  # then a new process: lxml and Python give memory back only to themselves


@dataclass(frozen=True, slots=True)
class Job:
    """One answer to be packed and, with `want_page`, parsed.

    `target` is the page's own address and `captured` when it looked so; for a memento `source_uri` is its address in the
    archive and `headers` stand for the page's own.
    """

    exchange: Exchange
    target: str
    captured: datetime
    want_page: bool = True
    source_uri: str | None = None
    previous: Previous | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """`page` is None when none was wanted."""

    packed: Packed
    page: Page | None


def receipt_of(job: Job, result: Result) -> Receipt:
    """A job's records as the store keeps them."""
    page = result.page
    status, reason = (page.status, page.reason) if page else ("not_asked", None)
    return Receipt(result.packed, job.exchange.fetched, extracted=status, reason=reason)


@dataclass(frozen=True, slots=True)
class Limits:
    """For one job: seconds of CPU, bytes of address space beyond the worker's own, seconds on the wall."""

    cpu_seconds: float = 10.0
    memory_bytes: int = 1 << 30
    wall_seconds: float = 30.0


class Workers:
    """A pool of `size` processes. One thread waits for each, so that the reactor's never does."""

    def __init__(self, size: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="morgue-worker")
        self._own = threading.local()
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._size = size
        self._closed = False

    def start(self) -> None:
        """Start the processes now rather than with the first jobs."""
        for _ in range(self._size):
            self._threads.submit(self._worker)

    async def run(self, job: Job) -> Result:
        """Pack and parse; never raises for what a page does to its worker."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._do, job)

    async def close(self) -> None:
        """End the processes; jobs under way are given up."""
        self.stop()

    def stop(self) -> None:
        """`close` for code without a loop."""
        self._closed = True
        with self._lock:
            workers = list(self._all)
        for worker in workers:
            worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def pids(self) -> list[int]:
        """The process ids of the workers that live."""
        with self._lock:
            return [worker.pid for worker in self._all]

    def _worker(self) -> _Worker:
        """This thread's process, a new one when it has none."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or not worker.usable:
            if worker is not None:
                self._drop(worker)
            worker = _Worker(self._limits)
            self._own.worker = worker
            with self._lock:
                self._all.add(worker)
                if self._closed:
                    worker.kill()
        return worker

    def _drop(self, worker: _Worker) -> None:
        worker.kill()
        with self._lock:
            self._all.discard(worker)

    def _do(self, job: Job) -> Result:
        worker = self._worker()
        try:
            return worker.do(job)
        except _Died as death:
            self._drop(worker)
            self._own.worker = None
            if self._closed:
                raise asyncio.CancelledError from death
            if death.packed is not None:
                return Result(death.packed, Page(death.status, death.reason))
            return self._again(job)

    def _again(self, job: Job) -> Result:
        """A worker that died before it packed was killed from outside, or ran out of memory: try once without parsing."""
        packed = pack(job.exchange, target=job.target, date=job.captured, source_uri=job.source_uri, previous=job.previous)
        return Result(packed, Page("error", "the worker process was killed before it parsed the page"))


class _Died(Exception):
    """The worker is gone; `packed` is what it had sent before."""

    def __init__(self, status: str, reason: str, packed: Packed | None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.packed = status, reason, packed


# "spawn": the parent has threads, so it must not fork; a fork server would be one more process to keep.
_context = multiprocessing.get_context("spawn")


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pipe, theirs = _context.Pipe()
        self._process: BaseProcess = _context.Process(
            target=_serve, args=(theirs, limits.cpu_seconds, limits.memory_bytes), daemon=True
        )
        with _quiet_main():
            self._process.start()
        theirs.close()
        self._jobs = 0

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def usable(self) -> bool:
        return self._process.is_alive() and self._jobs < JOBS_PER_WORKER

    def do(self, job: Job) -> Result:
        """Send a job and wait for its answers. Raises _Died."""
        self._jobs += 1
        packed: Packed | None = None
        try:
            self._pipe.send(job)
            packed = self._receive(None)
            page = self._receive(packed) if job.want_page else None
        except (EOFError, OSError) as error:
            raise self._death(packed) from error
        assert isinstance(packed, Packed)
        return Result(packed, page)

    def _receive(self, packed: Packed | None) -> Any:
        if not self._pipe.poll(self._limits.wall_seconds):
            raise _Died("timeout", f"no answer within {self._limits.wall_seconds:.0f} s", packed)
        return self._pipe.recv()

    def _death(self, packed: Packed | None) -> _Died:
        self._process.join(1)
        code = self._process.exitcode
        if code == -signal.SIGPROF:
            return _Died("timeout", f"the page took more than {self._limits.cpu_seconds:.0f} s of CPU", packed)
        if code in (_MEMORY_EXIT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
            return _Died("memory", f"the worker ended while parsing (exit {code}): the page needs too much memory", packed)
        return _Died("error", f"the worker ended while parsing (exit {code})", packed)

    def kill(self) -> None:
        self._process.kill()
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._process.join(5)


@contextlib.contextmanager
def _quiet_main() -> Iterator[None]:
    """Spawned children run the parent's main module again; the `morgue` script has nothing that they need."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    with _main_lock:
        for name in kept:
            setattr(main, name, None)
        try:
            yield
        finally:
            for name, value in kept.items():
                setattr(main, name, value)


_main_lock = threading.Lock()
_MEMORY_EXIT = 86


# -- inside the worker ------------------------------------------------------------------------------------------------


def _serve(pipe: Connection, cpu_seconds: float, memory_bytes: int) -> None:
    """Answer jobs until the pipe closes. Imports nothing of Scrapy."""
    from archive.extract import extract  # noqa: PLC0415 - in the child only

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # its default ends the process, whatever it is doing
    _limit_memory(memory_bytes)
    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        exchange = job.exchange
        pipe.send(pack(exchange, target=job.target, date=job.captured, source_uri=job.source_uri, previous=job.previous))
        if not job.want_page:
            continue
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        try:
            page = extract(exchange.body, exchange.headers, job.target, job.captured)
        except MemoryError:
            os._exit(_MEMORY_EXIT)  # what is left of the heap is not to be trusted
        except Exception as error:  # noqa: BLE001 - a bug of ours or of a library on one page
            page = Page("error", f"{type(error).__name__}: {error}"[:300])
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(page)


def _limit_memory(extra: int) -> None:
    """At most `extra` bytes more address space than now; where the system has such a limit."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):
        return
