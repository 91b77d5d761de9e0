"""OPML 1.0 and 2.0 (opml.org/spec2.opml), the lists that feed readers exchange. Folders have no meaning here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from archive.extract.clean import printable
from archive.sources.base import ListingKind, Source
from archive.sources.files.base import Gathering, Subscriptions
from archive.sources.xml import attribute, read_records

_ROOT = re.compile(r"(?:\s|<\?[^>]*\?>|<!--.{0,2000}?-->)*<opml[\s>]", re.IGNORECASE | re.DOTALL)
_KINDS = {"sitemap": ListingKind.SITEMAP, "section": ListingKind.SECTION}


def matches(name: str, text: str) -> bool:
    """True for a text that begins with <opml>, or is called so."""
    return _ROOT.match(text) is not None or (name.lower().endswith(".opml") and "<outline" in text)


def read(text: str) -> Subscriptions:
    """Each outline that names a feed, a sitemap, a section or a site."""
    found = Gathering()
    for outline in read_records(text, ("outline",)).records:
        name = attribute(outline, "title") or attribute(outline, "text")
        feed, home, link = (attribute(outline, key) for key in ("xmlurl", "htmlurl", "url"))
        kind = _KINDS.get((attribute(outline, "type") or "").lower())
        if feed:
            found.add(name, home, ((feed, ListingKind.FEED),))
        elif kind and link:
            found.add(name, home, ((link, kind),))
        elif home or link:
            found.add(name, home or link)
        elif not len(outline):
            found.skip(name, "no address")
    return found.end()


def write(sources: Sequence[Source]) -> str:
    """One outline for each feed; what OPML has no word for (sitemaps, sections) has its kind as type and is read again here."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "morgue"
    body = etree.SubElement(root, "body")
    for source in sources:
        for attributes in _outlines(source):
            etree.SubElement(body, "outline", {key: printable(value) for key, value in attributes.items()})
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8").decode()


def _outlines(source: Source) -> Iterator[dict[str, str]]:
    named = {"text": source.name, "title": source.name}
    for offer in source.offers:
        if offer.kind is ListingKind.FEED:
            yield {"type": "rss", **named, "xmlUrl": offer.url, "htmlUrl": source.url}
        else:
            yield {"type": str(offer.kind), **named, "url": offer.url, "htmlUrl": source.url}
    if not source.offers:
        yield {"type": "link", **named, "url": source.url}
