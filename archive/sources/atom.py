"""Atom 1.0 (RFC 4287) and 0.3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree

from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector, title_of
from archive.sources.xml import attribute, children, read_records, text_in, text_of

_ROOT = re.compile(r"<([\w.-]+:)?(feed|entry)[\s>]", re.IGNORECASE)


class Atom:
    """A text whose outermost element is `feed`, or a single `entry`."""

    name = "atom"

    def matches(self, head: str) -> bool:
        return _ROOT.match(head) is not None

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        parsed = read_records(text, ("entry",))
        root = parsed.root
        base = _base(root, url) if root is not None else url
        found = Collector(base, seen)
        language = attribute(root, "lang") if root is not None else None
        authors = tuple(_authors(root)) if root is not None else ()
        for entry in parsed.records:
            if found.full:
                break
            _take(found, entry, base, authors, language)
        title = title_of(text_in(root, "title")) if root is not None else None
        home = found.known(_link(root)) if root is not None else None
        listing = Listing(self.name, ListingKind.FEED, title=title, home=home, language=language, problem=parsed.problem)
        return found.into(listing)


def _take(found: Collector, entry: etree._Element, base: str, authors: tuple[str, ...], language: str | None) -> None:
    found.add(
        text_in(entry, "origlink") or _link(entry) or _id(entry),
        text_in(entry, "title"),
        published=text_in(entry, "published", "issued", "created"),
        modified=text_in(entry, "updated", "modified"),
        authors=tuple(_authors(entry)) or authors,
        language=attribute(entry, "lang") or language,
        base=_base(entry, base),
    )


def _base(element: etree._Element, outer: str) -> str:
    """xml:base (RFC 4287, section 2)."""
    try:
        return urljoin(outer, attribute(element, "base") or "")
    except ValueError:
        return outer


def _link(element: etree._Element) -> str | None:
    """The page: a link without `rel` or with "alternate", HTML before other types; never the feed itself."""
    links = [link for link in children(element, "link") if (attribute(link, "rel") or "alternate").lower() == "alternate"]
    links.sort(key=lambda link: "html" not in (attribute(link, "type") or "html"))
    return next((href for link in links if (href := attribute(link, "href") or text_of(link))), None)


def _id(entry: etree._Element) -> str | None:
    """An id that is an address; tags and UUIDs are none."""
    text = text_in(entry, "id")
    return text if text and re.match(r"https?://", text, re.IGNORECASE) else None


def _authors(element: etree._Element) -> Iterator[str]:
    for author in children(element, "author"):
        if name := text_in(author, "name"):
            yield name[:100]
