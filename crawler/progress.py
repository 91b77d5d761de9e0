"""Progress on stderr; silent when that is not a terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from archive.models import State
from crawler.run import Run

SHOWN = tuple(map(str, State))


class Line:
    """One line that rich redraws from its own thread, so that the reactor's does not wait for a terminal."""

    def __init__(self, tell: Callable[[], str]) -> None:
        self._tell = tell
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            shown = Live(
                get_renderable=lambda: Text(self._tell()), console=Console(stderr=True), refresh_per_second=4, transient=True
            )
            self._live = shown
            shown.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()


class Progress(Line):
    """Of a crawl."""

    def __init__(self, run: Run) -> None:
        super().__init__(lambda: _told(run.counts))


def _told(counts: Counter[str]) -> str:
    states = ", ".join(f"{counts['state_' + name]} {name}" for name in SHOWN if counts["state_" + name])
    return f"{counts['pages']} addresses looked at ({states or 'starting'}), {counts['articles']} articles"
