"""Progress on stderr; silent when that is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.live import Live


class Progress:
    """One line that rich redraws from its own thread, so that whoever works does not wait for a terminal."""

    def __init__(self, line: Callable[[], str]) -> None:
        self._line = line
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._live = _live(self._line)
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()


def _live(line: Callable[[], str]) -> Live:
    """What comes on stderr meanwhile stands above the line; stdout is for data."""
    from rich.console import Console  # noqa: PLC0415 - cron has no terminal, and needs none of it
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    return Live(
        get_renderable=lambda: Text(line()),
        console=Console(stderr=True),
        refresh_per_second=4,
        transient=True,
        redirect_stdout=False,
    )
