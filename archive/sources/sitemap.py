"""Sitemaps (sitemaps.org, protocol 0.9): lists of pages, indexes of lists, with Google's news extension and alternates."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from lxml import etree

from archive.sources.base import MAX_ENTRIES, Listing, ListingKind, Offer
from archive.sources.collect import Collector
from archive.sources.xml import attribute, children, read_records, text_in, text_of

_ROOT = re.compile(r"<([\w.-]+:)?(urlset|sitemapindex|url|sitemap)[\s>]", re.IGNORECASE)


class Sitemap:
    """A text whose outermost element is `urlset` or `sitemapindex`."""

    name = "sitemap"

    def matches(self, head: str) -> bool:
        return _ROOT.match(head) is not None

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        parsed = read_records(text, ("url", "sitemap"))
        found, offers = Collector(url, seen), dict[str, Offer]()
        news = False
        for record in parsed.records:
            if found.full or len(offers) >= MAX_ENTRIES:
                break
            if _is_index(record):
                _offer(offers, found, record)
            else:
                news |= _take(found, record)
        name = "sitemap_index" if offers else "news_sitemap" if news else self.name
        listing = Listing(name, ListingKind.SITEMAP, problem=parsed.problem)
        return replace(found.into(listing), offers=tuple(offers.values()))


def _is_index(record: etree._Element) -> bool:
    return str(record.tag).lower().endswith("sitemap")


def _offer(offers: dict[str, Offer], found: Collector, record: etree._Element) -> None:
    url = found.address(text_in(record, "loc"))
    if url is not None:
        modified = found.date(text_in(record, "lastmod"))
        offers.setdefault(url, Offer(url, ListingKind.SITEMAP, "index", modified=modified))


def _take(found: Collector, record: etree._Element) -> bool:
    """Read one `url`, and the other languages it has; True when it is news."""
    news = next(children(record, "news"), None)
    modified = text_in(record, "lastmod")
    if news is None:
        found.add(text_in(record, "loc"), modified=modified)
    else:
        publication = next(children(news, "publication"), None)
        language = text_in(publication, "language") if publication is not None else None
        date = text_in(news, "publication_date")
        found.add(text_in(record, "loc"), text_in(news, "title"), published=date, modified=modified, language=language)
    for link in children(record, "link"):
        code = attribute(link, "hreflang")
        if (attribute(link, "rel") or "").lower() == "alternate" and code and code != "x-default" and not found.full:
            found.add(attribute(link, "href") or text_of(link), modified=modified, language=code)
    return news is not None
