"""The sitemaps that a robots.txt names (sitemaps.org, "Specifying the Sitemap location")."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from archive.sources.base import ListingKind, Offer
from archive.urls import NotAURL, canonicalize

MAX_BYTES = 512 * 1024  # RFC 9309, 2.5
MAX_SITEMAPS = 200
_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*([^\s#]+)", re.IGNORECASE | re.MULTILINE)


def sitemaps_in(text: str, url: str) -> tuple[Offer, ...]:
    """The sitemaps of a robots.txt at `url`, each once; addresses that cannot be fetched are left out."""
    found: dict[str, Offer] = {}
    for match in _LINE.finditer(text[:MAX_BYTES].replace("\r", "\n")):
        try:
            address = canonicalize(urljoin(url, match[1]))
        except (NotAURL, ValueError):
            continue
        if len(found) < MAX_SITEMAPS:
            found.setdefault(address, Offer(address, ListingKind.SITEMAP, "robots"))
    return tuple(found.values())
