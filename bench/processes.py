"""What processes use, read from /proc (proc(5)): CPU seconds, and memory with shared pages counted once. Linux only."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError, PermissionError)  # it ended while we looked


def cpu_seconds(pid: int) -> float:
    """User and system time of one process, without its children; also of one that ended and was not waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def pss_bytes(pid: int) -> int:
    """Proportional set size: a page that n processes share counts 1/n in each, so that sums count it once."""
    with suppress(*_GONE):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def family(pid: int) -> Iterator[int]:
    """A process and its descendants."""
    yield pid
    with suppress(*_GONE):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


class Watch:
    """Samples a process and its descendants in a thread of its own, as long as the context lasts."""

    INTERVAL = 0.25  # seconds; a sample of five processes costs 3 ms

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak_bytes = 0
        self.peak_processes = 0
        self._cpu: dict[int, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def others_cpu(self) -> float:
        """CPU seconds of the descendants, each as last seen."""
        return sum(seconds for pid, seconds in self._cpu.items() if pid != self.pid)

    def _loop(self) -> None:
        while not self._ended.wait(self.INTERVAL):
            pids = list(family(self.pid))
            total = sum(map(pss_bytes, pids))
            if total > self.peak_bytes:
                self.peak_bytes, self.peak_processes = total, len(pids)
            for pid in pids:
                with suppress(*_GONE):
                    self._cpu[pid] = cpu_seconds(pid)
