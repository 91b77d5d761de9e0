"""Atom 1.0 (RFC 4287) and 0.3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree

from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector, title_of
from archive.sources.xml import Fields, attribute, fields_of, read_records, text_in, text_of

_ROOT = re.compile(r"<([\w.-]+:)?(feed|entry)[\s>]", re.IGNORECASE)


class Atom:
    """A text whose outermost element is `feed`, or a single `entry`."""

    name = "atom"

    def matches(self, head: str) -> bool:
        return _ROOT.match(head) is not None

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        parsed = read_records(text, ("entry",))
        root, about = parsed.root, fields_of(parsed.root)
        base = _base(root, url)
        found, language = Collector(base, seen), _language(root)
        authors = tuple(_authors(about))
        for entry in parsed.records:
            if found.full:
                break
            _take(found, entry, base, authors, language)
        title, home = title_of(text_in(about, "title")), found.known(_link(about))
        listing = Listing(self.name, ListingKind.FEED, title=title, home=home, language=language, problem=parsed.problem)
        return found.into(listing)


def _take(found: Collector, entry: etree._Element, base: str, authors: tuple[str, ...], language: str | None) -> None:
    fields = fields_of(entry)
    found.add(
        text_in(fields, "origlink") or _link(fields) or _id(fields),
        text_in(fields, "title"),
        published=text_in(fields, "published", "issued", "created"),
        modified=text_in(fields, "updated", "modified"),
        authors=tuple(_authors(fields)) or authors,
        language=_language(entry) or language,
        base=_base(entry, base),
    )


def _base(element: etree._Element | None, outer: str) -> str:
    """xml:base (RFC 4287, section 2)."""
    try:
        return urljoin(outer, attribute(element, "base") or "") if element is not None else outer
    except ValueError:
        return outer


def _language(element: etree._Element | None) -> str | None:
    return attribute(element, "lang") if element is not None else None


def _link(fields: Fields) -> str | None:
    """The page: a link without `rel` or with "alternate", HTML before other types; never the feed itself."""
    links = [link for link in fields.get("link", ()) if (attribute(link, "rel") or "alternate").lower() == "alternate"]
    links.sort(key=lambda link: "html" not in (attribute(link, "type") or "html"))
    return next((href for link in links if (href := attribute(link, "href") or text_of(link))), None)


def _id(fields: Fields) -> str | None:
    """An id that is an address; tags and UUIDs are none."""
    text = text_in(fields, "id")
    return text if text and re.match(r"https?://", text, re.IGNORECASE) else None


def _authors(fields: Fields) -> Iterator[str]:
    for author in fields.get("author", ()):
        if name := text_in(fields_of(author), "name"):
            yield name[:100]
