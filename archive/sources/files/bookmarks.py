"""A browser's export of bookmarks (the Netscape format that all of them write), with Firefox's live bookmarks."""

from __future__ import annotations

import re
from itertools import islice

from archive.extract.clean import clean
from archive.extract.tree import TooMuch, parse, xpath
from archive.sources.base import ListingKind
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
