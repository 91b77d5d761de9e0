"""Progress on stderr; silent when that is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from archive.states import State
from crawler.run import Run

SHOWN = tuple(map(str, State))


class Progress:
    """One line that rich redraws from its own thread, so that the reactor's does not wait for a terminal."""

    def __init__(self, line: Callable[[], str]) -> None:
        self._line = line
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._live = Live(
                get_renderable=lambda: Text(self._line()), console=Console(stderr=True), refresh_per_second=4, transient=True
            )
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()


def crawled(run: Run) -> str:
    """How far a crawl is."""
    states = ", ".join(f"{run.counts['state_' + name]} {name}" for name in SHOWN if run.counts["state_" + name])
    return f"{run.counts['pages']} addresses looked at ({states or 'starting'}), {run.counts['articles']} articles"
