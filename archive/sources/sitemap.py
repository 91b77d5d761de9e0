"""Sitemaps (sitemaps.org, protocol 0.9): lists of pages, indexes of lists, with Google's news extension and alternates."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from lxml import etree

from archive.sources.base import MAX_ENTRIES, Listing, ListingKind, Offer
from archive.sources.collect import Collector
from archive.sources.xml import attribute, fields_of, read_records, text_in, text_of

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
    fields = fields_of(record)
    url = found.address(text_in(fields, "loc"))
    if url is not None:
        modified = found.date(text_in(fields, "lastmod"))
        offers.setdefault(url, Offer(url, ListingKind.SITEMAP, "index", modified=modified))


def _take(found: Collector, record: etree._Element) -> bool:
    """Read one `url`, and the other languages it has; True when it is news."""
    fields = fields_of(record)
    url, modified = text_in(fields, "loc"), text_in(fields, "lastmod")
    news = fields_of(next(iter(fields.get("news", ())), None))
    publication = fields_of(next(iter(news.get("publication", ())), None))
    date, language = text_in(news, "publication_date"), text_in(publication, "language")
    found.add(url, text_in(news, "title"), published=date, modified=modified, language=language)
    for link in fields.get("link", ()):
        code = attribute(link, "hreflang")
        if (attribute(link, "rel") or "").lower() == "alternate" and code and code != "x-default" and not found.full:
            found.add(attribute(link, "href") or text_of(link), modified=modified, language=code)
    return bool(news)
