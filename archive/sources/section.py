"""A section or front page: the articles that it links to, by the typed links of archive.extract."""

from __future__ import annotations

from datetime import datetime

from archive.extract import extract
from archive.models import Headers, Role
from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector
from archive.urls import looks_like_article, same_site

NAME = "section"


def read_section(body: bytes, headers: Headers, url: str, seen: datetime) -> Listing:
    """Addresses of the page's own site that look like articles, in the page's order, with what the page calls them."""
    page = extract(body, headers, url, seen)
    if page.status in ("not_html", "decode", "timeout", "error"):
        return Listing("", ListingKind.SECTION, problem=page.reason or page.status)
    found = Collector(url, seen)
    for link in page.links:
        if link.role is not Role.CANONICAL and same_site(link.url, url) and looks_like_article(link.url):
            found.add(link.url, link.anchor)
    language = page.article.language if page.article else None
    return found.into(Listing(NAME, ListingKind.SECTION, title=page.head_title, language=language, problem=None))
