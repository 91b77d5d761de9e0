"""Inside a worker process: what it is asked, and how it answers within its limits."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from archive.models import Exchange, Page
from archive.warc import Copy, Packed, Previous, copied, pack
from archive.wording import digest_of

MEMORY_EXIT = 86
_loaded_in = os.getpid()  # in a worker this is the fork server, which has loaded this module before


@dataclass(frozen=True, slots=True)
class Job:
    """One answer to be packed and, with `want_page`, parsed.

    `target` is the page's own address and `captured` when it looked so; for a memento `source_uri` is its address in the
    archive and the exchange's headers stand for the page's own. `previous` is the last capture, for a revisit record.
    `copy` is the record that an import brought: then that one is kept.
    """

    exchange: Exchange
    target: str
    captured: datetime
    want_page: bool = True
    source_uri: str | None = None
    previous: Previous | None = None
    copy: Copy | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function of ours and its arguments, to be run by a worker within a job's limits: what parses a stranger's bytes."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class CallFailed(Exception):
    """A call ended its worker, or raised; its text is one line for people."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Why the records of a job cannot be made."""

    reason: str


def packed(job: Job) -> Packed:
    if job.copy is not None:
        return copied(job.copy, job.exchange, target=job.target, date=job.captured)
    return pack(job.exchange, target=job.target, date=job.captured, source_uri=job.source_uri, previous=job.previous)


def serve(pipe: Connection, cpu_seconds: float, memory_bytes: int) -> None:
    """Answer jobs until the pipe closes."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # its default ends the process, whatever it is doing
    _mute()
    _die_with_parent()
    _limit_memory(memory_bytes)
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                _answer(pipe, pipe.recv(), cpu_seconds)
    except MemoryError:
        os._exit(MEMORY_EXIT)  # what is left of the heap is not to be trusted


def _answer(pipe: Connection, job: Job | Call, cpu_seconds: float) -> None:
    if isinstance(job, Call):
        pipe.send(_called(job, cpu_seconds))
        return
    try:
        pipe.send(packed(job))
    except (MemoryError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - whoever waits for this job is told, the others go on
        pipe.send(Unpacked(f"{type(error).__name__}: {error}"[:300]))
        return
    if job.want_page:
        pipe.send(_page(job, cpu_seconds))


def _called(call: Call, cpu_seconds: float) -> Any:
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return call.function(*call.arguments)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of ours on one input
        return CallFailed(f"{type(error).__name__}: {error}"[:300])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _page(job: Job, cpu_seconds: float) -> Page:
    from archive.extract import extract  # noqa: PLC0415 - trafilatura and lxml are for the workers only

    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return _with_digest(extract(job.exchange.body, job.exchange.headers, job.target, job.captured))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug of ours on one page
        return Page("error", f"{type(error).__name__}: {error}"[:300])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _with_digest(page: Page) -> Page:
    """What tells its text from another version's, computed here: 0.5 ms that the crawling process does not spend."""
    article = page.article
    if article is None:
        return page
    return replace(page, article=replace(article, digest=digest_of(article.title, article.text)))


def _mute() -> None:
    """A page's faults are told in its status. lxml writes a traceback for each of a page's errors that it has no memory to
    log: one page of 1.2 million wrote as many to the terminal (2026-11-24)."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)


def _die_with_parent() -> None:
    """Where the kernel offers it (Linux, prctl(2)); elsewhere the closed pipe ends an idle worker.

    The signal is for a death to come: a fork server that has ended before is seen by who has taken its place (2026-11-25).
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if _loaded_in not in {os.getpid(), os.getppid()}:
        os._exit(0)


def _limit_memory(extra: int) -> None:
    """At most `extra` bytes more address space than now; where the system says how much that is."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
