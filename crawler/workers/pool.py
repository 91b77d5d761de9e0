"""The worker processes seen from the reactor's: records are packed and pages parsed there (crawler.workers.worker), never here.

A job is answered in two messages, records first: a page that kills its worker still has its capture. Each job has a CPU
limit (a timer whose signal ends the process even inside C code), each worker a memory limit, and each job a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from archive.models import Page
from archive.warc import Packed
from crawler.workers.worker import MEMORY_EXIT, Call, CallFailed, Job, Unpacked, packed, serve

if TYPE_CHECKING:
    from archive.visits import Receipt

__all__ = ["Call", "CallFailed", "Job", "Limits", "Result", "Workers", "receipt_of"]

JOBS_PER_WORKER = 1_000  # then a new process: lxml and Python give memory back only to themselves
GRACE = 5.0  # seconds that a killed process and its thread have to end


@dataclass(frozen=True, slots=True)
class Result:
    """`page` is None when none was wanted; its status is "timeout", "memory" or "error" when it ended its worker."""

    packed: Packed
    page: Page | None


def receipt_of(job: Job, result: Result) -> Receipt:
    """A job's records as the store keeps them."""
    from archive.visits import Receipt  # noqa: PLC0415 - it brings in the database, which no worker needs

    page, answer = result.page, job.exchange
    kept = Receipt(result.packed, answer.fetched, etag=answer.header("etag"), last_modified=answer.header("last-modified"))
    if page is None:
        return replace(kept, extracted="not_asked")
    return replace(kept, extracted=page.status, reason=page.reason, kind=page.kind, mended=page.mended)


@dataclass(frozen=True, slots=True)
class Limits:
    """For one job: seconds of CPU, bytes of address space beyond the worker's own at its start, seconds on the wall."""

    cpu_seconds: float
    memory_bytes: int
    wall_seconds: float


class Workers:
    """A pool of `size` processes. A thread of its own waits for each, so that the reactor's thread never does."""

    def __init__(self, size: int, *, cpu_seconds: float = 10.0, memory_bytes: int = 1 << 30, wall_seconds: float = 30.0) -> None:
        limits = Limits(cpu_seconds, memory_bytes, wall_seconds)
        self._queue: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._slots = [_Slot(limits) for _ in range(size)]
        self._threads = [
            threading.Thread(target=self._serve, args=(slot,), name=f"extraction-{number}", daemon=True)
            for number, slot in enumerate(self._slots)
        ]
        self._ending = threading.Event()
        self._watch_interval = min(1.0, wall_seconds / 4)
        self._threads.append(threading.Thread(target=self._watch, name="extraction-watch", daemon=True))
        self._started = False

    def start(self) -> None:
        """Start the processes now rather than with the first job; a second call does nothing."""
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()

    async def run(self, job: Job) -> Result:
        """Pack and parse; never raises for what a page does to its worker.

        Raises RuntimeError when the pool is closed, OSError when no process can be started, and CancelledError when the
        pool is closed meanwhile.
        """
        result: Result = await self._done(job)
        return result

    async def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a function of a module gives; it and its arguments cross to a worker.

        Raises CallFailed when it is beyond the limits or raises, else what `run` raises.
        """
        answer = await self._done(Call(function, arguments))
        if isinstance(answer, CallFailed):
            raise answer
        return answer

    async def _done(self, job: Job | Call) -> Any:
        if self._ending.is_set():
            raise RuntimeError("the workers are closed")
        self.start()
        ticket = _Ticket(job, asyncio.get_running_loop())
        self._queue.put(ticket)
        if self._ending.is_set():  # closed between the two lines above: its threads may be gone
            ticket.cancel()
        return await ticket.future

    async def close(self) -> None:
        """End the processes; jobs under way and waiting are given up (CancelledError)."""
        await asyncio.to_thread(self.stop)

    def stop(self) -> None:
        """`close` for code without a loop. Takes GRACE seconds at most."""
        self._ending.set()
        for slot in self._slots:
            slot.close()
        for _ in self._slots:
            self._queue.put(None)
        deadline = time.monotonic() + GRACE
        for thread in self._threads if self._started else ():
            thread.join(max(0.0, deadline - time.monotonic()))
        self._give_up_waiting()

    def pids(self) -> list[int]:
        """The process ids of the workers that live."""
        return [worker.pid for slot in self._slots if (worker := slot.worker) is not None]

    def _give_up_waiting(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                if ticket := self._queue.get_nowait():
                    ticket.cancel()

    def _serve(self, slot: _Slot) -> None:
        """One thread: takes jobs as its process is free."""
        # Ctrl-C is the main thread's business. The fork server and the workers inherit this, from their first instruction.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        with contextlib.suppress(OSError, EOFError, _Closed):
            slot.ready()
        while ticket := self._queue.get():
            if ticket.future.cancelled():
                continue
            try:
                ticket.finish(slot.call(ticket.job) if isinstance(ticket.job, Call) else slot.do(ticket.job))
            except _Closed:
                ticket.cancel()
            except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for this job
                ticket.fail(error)
        slot.close()

    def _watch(self) -> None:
        """One thread: ends the processes that are past their job's deadline; their own threads then see it.

        When this thread overslept, so did the workers (a paused container, SIGSTOP, a machine that swaps): that time
        does not count. A suspended machine stops the monotonic clock itself.
        """
        ticked = time.monotonic()
        while not self._ending.wait(self._watch_interval):
            overslept = time.monotonic() - ticked - self._watch_interval
            ticked += overslept + self._watch_interval
            for slot in self._slots:
                if (worker := slot.worker) is not None:
                    worker.watch(overslept)


class _Ticket:
    """A job and who waits for it. Answers may come when its loop is gone: then nobody does."""

    def __init__(self, job: Job | Call, loop: asyncio.AbstractEventLoop) -> None:
        self.job = job
        self.future: asyncio.Future[Any] = loop.create_future()
        self._loop = loop

    def finish(self, result: Any) -> None:
        self._tell(lambda: self.future.set_result(result))

    def fail(self, error: Exception) -> None:
        self._tell(lambda: self.future.set_exception(error))

    def cancel(self) -> None:
        self._tell(self.future.cancel)

    def _tell(self, act: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(lambda: None if self.future.done() else act())


class _Closed(Exception):
    """The pool is closed."""


class _Died(Exception):
    """The worker is gone; `packed` is what it had sent before."""

    def __init__(self, status: str, reason: str, packed: Packed | None) -> None:
        super().__init__(reason)
        self.page = Page(status, reason)
        self.packed = packed


class _Slot:
    """The place of one process: replaced when it dies or has done its share."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._closed = False
        self.worker: _Worker | None = None

    def ready(self) -> _Worker:
        """A process that can take a job. Raises _Closed, and OSError when none can be started."""
        with self._lock:
            if self._closed:
                raise _Closed
            if self.worker is None or self.worker.spent:
                if self.worker is not None:
                    self.worker.end()
                self.worker = _Worker(self._limits)
            return self.worker

    def do(self, job: Job) -> Result:
        """A worker that died before it packed was killed from outside, or lacked memory: once more, then pack here."""
        died = self._try(job)
        if isinstance(died, _Died) and died.packed is None:
            died = self._try(job)
        if isinstance(died, Result):
            return died
        return Result(died.packed or packed(job), died.page if job.want_page else None)

    def call(self, call: Call) -> Any:
        """The answer, or a CallFailed."""
        answer = self._try(call)
        return CallFailed(answer.page.reason) if isinstance(answer, _Died) else answer

    def _try(self, job: Job | Call) -> Any:
        worker = self.ready()
        try:
            return worker.call(job) if isinstance(job, Call) else worker.do(job)
        except _Died as death:
            worker.spent = True
            self.ready()
            return death

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self.worker is not None:
                self.worker.end()
                self.worker = None


# A fork server: the parent has threads, so it must not fork itself. Measured 2026-11-24 on two cores: a worker starts in
# 6 ms and has 9 MB of its own, against 230 ms and 30 MB with "spawn". It also answers for new processes after a kill.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["crawler.workers.pool", "archive.extract"])

# multiprocessing reaps children in every start(): without this, two threads read one exit code and one gets a wrong one.
_processes = threading.Lock()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pipe, theirs = _context.Pipe()
        self._process: BaseProcess = _context.Process(
            target=serve, args=(theirs, limits.cpu_seconds, limits.memory_bytes), daemon=True
        )
        with _processes, _nameless_main():
            try:
                self._process.start()
            except EOFError:  # the fork server was killed while it had the order: the next start finds it dead, and makes one
                self._process.start()
        theirs.close()
        self.pid = self._process.pid or 0
        self.spent = False
        self._jobs = 0
        self._deadline = float("inf")
        self._overdue = False
        self._watching = threading.Lock()

    def call(self, call: Call) -> Any:
        """Send a call and wait for its answer. Raises _Died."""
        self._begin()
        try:
            self._pipe.send(call)
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._death(None) from error
        finally:
            self._set_deadline(float("inf"))

    def _begin(self) -> None:
        self._jobs += 1
        self.spent = self._jobs >= JOBS_PER_WORKER
        self._set_deadline(self._limits.wall_seconds)

    def do(self, job: Job) -> Result:
        """Send a job and wait for its answers. Raises _Died, and RuntimeError when the records cannot be made."""
        self._begin()
        packed: Packed | None = None
        try:
            self._pipe.send(job)
            packed = self._receive()
            page = self._receive() if job.want_page else None
        except (EOFError, OSError) as error:
            raise self._death(packed) from error
        finally:
            self._set_deadline(float("inf"))
        return Result(packed, page)

    def _set_deadline(self, seconds: float) -> None:
        with self._watching:  # or the kill that is meant for one job might meet the next
            self._deadline = time.monotonic() + seconds

    def watch(self, overslept: float) -> None:
        """Kill the process if it is past its deadline, which is put off by the seconds in which nobody could run."""
        with self._watching:
            self._deadline += overslept
            if time.monotonic() > self._deadline:
                self._overdue = True
                self.kill()

    def _receive(self) -> Any:
        answer = self._pipe.recv()
        if isinstance(answer, Unpacked):
            raise RuntimeError(answer.reason)
        return answer

    def _death(self, packed: Packed | None) -> _Died:
        wait([self._process.sentinel], GRACE)
        with _processes:
            code = self._process.exitcode
        if self._overdue:
            return _Died("timeout", f"the page took more than {self._limits.wall_seconds:g} s", packed)
        if code == -signal.SIGPROF:
            return _Died("timeout", f"the page took more than {self._limits.cpu_seconds:g} s of CPU", packed)
        if code == MEMORY_EXIT:
            mebibytes = self._limits.memory_bytes >> 20
            return _Died("memory", f"the page needs more than {mebibytes} MiB of memory", packed)
        return _Died("error", f"the worker process ended while it had the page ({_ending(code)})", packed)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill it, and wait until it is gone; whoever reads from its pipe sees the end of it."""
        if self._process.sentinel not in wait([self._process.sentinel], 0):
            self.kill()
        wait([self._process.sentinel], GRACE)
        with _processes:
            self._process.join(0)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


@contextlib.contextmanager
def _nameless_main() -> Iterator[None]:
    """multiprocessing lets children run the parent's main module again; the `morgue` script would bring in all of Scrapy."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in kept:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)
