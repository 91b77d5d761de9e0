"""A browser's export of bookmarks (the Netscape format that all of them write), with Firefox's live bookmarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import islice

from archive.extract.clean import clean, printable
from archive.extract.tree import TooMuch, parse, xpath
from archive.sources.base import ListingKind, Source
from archive.sources.files.base import MAX_SOURCES, Gathering, Subscriptions

_FIRST = re.compile(r"\s*<!doctype netscape-bookmark", re.IGNORECASE)
_ANCHORS = xpath("//a[@href or @feedurl]")
_STRING = xpath("string()")


def matches(name: str, text: str) -> bool:  # noqa: ARG001
    """True for a text with that document type."""
    return _FIRST.match(text) is not None


def read(text: str) -> Subscriptions:
    """Each bookmark is a source; a page saved under two titles is one."""
    found = Gathering()
    try:
        tree = parse(text)
    except TooMuch as error:
        found.skip("", str(error))
        return found.end()
    for anchor in islice(_ANCHORS(tree) if tree is not None else (), 2 * MAX_SOURCES):
        href, feed = anchor.get("href"), anchor.get("feedurl")
        if feed or not _is_command(href):
            found.add(clean(_STRING(anchor)[:500]), href, ((feed, ListingKind.FEED),) if feed else ())
    return found.end()


def _is_command(href: str) -> bool:
    """`place:` and `javascript:` are the browser's own business."""
    return re.match(r"\s*(place|javascript|data|about|chrome|file|mailto):", href, re.IGNORECASE) is not None


_HEAD = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>morgue</TITLE>
<H1>morgue</H1>
<DL><p>
"""


def write(sources: Sequence[Source]) -> str:
    """A bookmark for each source, with its feeds as live bookmarks; the format has no words for sitemaps and sections."""
    return f"{_HEAD}{''.join(_line(source, feed) for source in sources for feed in _feeds(source))}</DL><p>\n"


def _feeds(source: Source) -> list[str | None]:
    return [offer.url for offer in source.offers if offer.kind is ListingKind.FEED] or [None]


def _line(source: Source, feed: str | None) -> str:
    live = f'FEEDURL="{escape(feed)}" ' if feed else ""
    return f'    <DT><A {live}HREF="{escape(source.url)}">{escape(printable(source.name))}</A>\n'
