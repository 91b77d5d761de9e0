"""The nouns of sources: what lists articles, and what one look at it gives. All of it crosses between processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MAX_ENTRIES = 50_000  # of one listing: the limit of sitemaps (sitemaps.org, protocol 0.9); no feed has as many
MAX_TOLD = 100  # skipped entries that are told one by one; all are counted


class ListingKind(StrEnum):
    """What lists the articles of a source."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as its listing announces it. Dates are ISO 8601 as precise as written; unknown is None.

    `modified` is Atom's `updated` and a sitemap's `lastmod`: a claim, which many sites set to today.
    """

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing that a page, a robots.txt, a sitemap index or a file of subscriptions names.

    `found_by` is "link", "robots", "path", "index", "front" or "given"; `modified` is when it changed, as an index says.
    """

    url: str
    kind: ListingKind
    found_by: str
    title: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that could not be used: what stood there, shortened, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All that one look at a feed, sitemap or section page gives.

    `format` is the reader's name; "" with a `problem` when no reader knows what came. `offers` are the children of a sitemap
    index. `skipped` are the first of `skipped_count` entries that were left out. `problem` says why not all could be read,
    None when the whole was. `moved_to` is the address that a feed gives as its new one, `pace` the seconds it asks to be
    left alone between two looks.
    """

    format: str
    kind: ListingKind
    entries: tuple[Entry, ...] = ()
    offers: tuple[Offer, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    skipped_count: int = 0
    title: str | None = None
    home: str | None = None
    language: str | None = None
    moved_to: str | None = None
    pace: int | None = None
    problem: str | None = None

    @property
    def known(self) -> bool:
        """True when it is a listing at all, if a broken or empty one."""
        return bool(self.format)


class Reader(Protocol):
    """Called by `archive.sources.listings.read_listing`; the first that matches reads."""

    name: str

    def matches(self, head: str) -> bool:
        """True when a text that begins like this is in this format; `head` has no byte order mark and no declaration."""

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        """Read it as far as it goes; never raises for what it holds. `seen` is when it looked so."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is read again and again for new articles, as `morgue.toml`, a file or the command line describes it.

    `offers` are its listings; without any, they are looked for at `url`. `allow` and `deny` are patterns of
    `archive.sources.bounds`. `depth` is how many steps lead from its articles to what they call related, `delay` the least
    seconds between two requests, None for the crawl's own setting.
    """

    name: str
    url: str
    offers: tuple[Offer, ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    language: str | None = None
    depth: int = 1
    delay: float | None = None
