"""What the rules of a site can say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml.html import HtmlElement

Path = Callable[[HtmlElement], Any]  # a compiled XPath


@dataclass(frozen=True, slots=True)
class Site:
    """One layout of one site.

    `drop` finds elements that are no part of any article; `authors` the elements whose texts are the authors, each one.
    """

    domain: str  # with all hosts below it
    since: date
    until: date | None = None  # None: still so when last seen
    drop: Path | None = None
    authors: Path | None = None

    def rules(self, host: str, captured: date) -> bool:
        """True for pages of this site that were captured while it looked so."""
        here = host == self.domain or host.endswith(f".{self.domain}")
        return here and self.since <= captured and (self.until is None or captured <= self.until)
