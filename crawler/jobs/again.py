"""`morgue crawl --every 15m`: the run for cron, again and again, for machines without cron. Each run is a process of its own, so
that what one leaks or breaks the next does not have."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from types import FrameType
from typing import Any

import click

ENDS = frozenset({2, 7, 8, 9, 130})
"""Exit codes after which another try helps nobody: usage, another holder, a full disk, damage, somebody's wish to end."""


def again(every: timedelta, argv: list[str]) -> int:
    """Run the command without its `--every`, from start to start `every` apart; ends with a code of ENDS, or when told to.

    A run that takes longer than that is followed by the next one at once.
    """
    told = threading.Event()
    with _Child([sys.executable, *without_every(argv)], told) as child:
        while not told.is_set():
            start = time.monotonic()
            code = child.run()
            if code in ENDS:
                return code
            wait = every.total_seconds() - (time.monotonic() - start)
            click.echo(f"morgue: exit code {code}; again in {max(0, round(wait))} s (Ctrl-C ends)", err=True)
            told.wait(max(0.0, wait))
    return 130


def without_every(argv: list[str]) -> list[str]:
    """The command line of one run."""
    kept, skip = [], False
    for word in argv:
        if skip or word.startswith("--every="):
            skip = False
        elif word == "--every":
            skip = True
        else:
            kept.append(word)
    return kept


class _Child:
    """The run under way; SIGTERM, which systemd sends, is passed on to it."""

    def __init__(self, command: list[str], told: threading.Event) -> None:
        self._command = command
        self._told = told
        self._process: subprocess.Popen[bytes] | None = None
        self._former: Any = None

    def __enter__(self) -> _Child:
        self._former = signal.signal(signal.SIGTERM, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self._former)

    def run(self) -> int:
        self._process = subprocess.Popen(self._command)  # noqa: S603 - our own command line
        try:
            return self._process.wait()
        except KeyboardInterrupt:  # the terminal has told the run, too
            return self._process.wait()

    def _end(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._told.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
