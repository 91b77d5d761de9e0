"""What the rules of health look at, article or not: title, headings, and where the page sends its reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

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


_STRING = xpath("string()")
_TARGET = re.compile(r"^\s*[\d.]*\s*[;,]\s*+(?:url\s*=\s*)?+['\"]?([^'\"]+)", re.IGNORECASE)


def outline_of(tree: HtmlElement) -> Outline:
    """Read it; cheap, and before anything that may fail."""
    headings = tuple(text for h1 in islice(tree.iter("h1"), 10) if (text := clean(_STRING(h1)[:1_000])))
    titles = (title for title in tree.iter("title") if next(title.iterancestors("svg"), None) is None)
    head_title = next((_STRING(title) for title in titles), "")
    return Outline(clean(head_title[:1_000]), headings, _refresh(tree))


def _refresh(tree: HtmlElement) -> str | None:
    """Where the first <meta http-equiv=refresh> leads."""
    metas = (meta for meta in tree.iter("meta") if (meta.get("http-equiv") or "").lower() == "refresh")
    target = _TARGET.match(next((meta.get("content") or "" for meta in metas), "")[:4_000])
    return clean(target[1]) if target else None
