"""Where the listings of a site are when it does not say so, and what a source is called when nobody named it."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from archive.sources.base import ListingKind, Offer

# Where they are on most sites, likeliest first (WordPress, Drupal, Ghost, Arc, Blogger); asked one after the other.
FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
SITEMAP_PATHS = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap_index.xml", "/sitemap-news.xml")


def usual_places(url: str, kind: ListingKind) -> tuple[Offer, ...]:
    """Where a site's feeds or sitemaps are when it does not say so."""
    paths = FEED_PATHS if kind is ListingKind.FEED else SITEMAP_PATHS
    return tuple(Offer(urljoin(url, path), kind, "path") for path in paths)


def name_of(url: str) -> str:
    """Its host without www, and the path of what is only a part of a site."""
    parts = urlsplit(url)
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")
