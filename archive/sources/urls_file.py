"""A sitemap as text: one address a line (sitemaps.org, "Other Sitemap formats")."""

from __future__ import annotations

import re
from datetime import datetime

from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector

_FIRST = re.compile(r"\s*https?://\S+[ \t]*(\r?\n|$)", re.IGNORECASE)


class UrlsFile:
    """A text whose first line is an address and nothing else."""

    name = "text_sitemap"

    def matches(self, head: str) -> bool:
        return _FIRST.match(head) is not None

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        found = Collector(url, seen)
        for line in text.splitlines():
            if found.full:
                break
            if line.strip():
                found.add(line if re.match(r"\s*https?://", line, re.IGNORECASE) else None, line)
        return found.into(Listing(self.name, ListingKind.SITEMAP))
