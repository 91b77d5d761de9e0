"""What the rules of health look at, article or not: title, headings, and where the page sends its reader."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.extract.clean import clean
from archive.extract.tree import xpath
from archive.models import Page


@dataclass(frozen=True, slots=True)
class Outline:
    """The raw <title>, the first headings and the target of a <meta http-equiv=refresh>."""

    head_title: str | None = None
    headings: tuple[str, ...] = ()
    refresh: str | None = None

    def page(self, status: str, reason: str | None, charset: str) -> Page:
        """A page without article."""
        heading = self.headings[0] if self.headings else None
        return Page(status, reason, charset=charset, head_title=self.head_title, heading=heading, refresh=self.refresh)

    @property
    def titles(self) -> str:
        """All of them, one a line."""
        return "\n".join(filter(None, (self.head_title, *self.headings)))


_TITLE = xpath("string((//title[not(ancestor::svg)])[1])")
_HEADINGS = xpath("//h1")
_STRING = xpath("string()")
_REFRESH = xpath("string((//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content)[1])")
_TARGET = re.compile(r"^\s*[\d.]*\s*[;,]\s*+(?:url\s*=\s*)?+['\"]?([^'\"]+)", re.IGNORECASE)


def outline_of(tree: HtmlElement) -> Outline:
    """Read it; cheap, and before anything that may fail."""
    headings = tuple(text for h1 in _HEADINGS(tree)[:10] if (text := clean(_STRING(h1)[:1_000])))
    target = _TARGET.match(_REFRESH(tree)[:4_000])
    return Outline(clean(_TITLE(tree)[:1_000]), headings, clean(target[1]) if target else None)
