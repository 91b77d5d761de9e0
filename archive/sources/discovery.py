"""What a site offers: the listings that its front page names, where they usually are, and its section pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.codings import CodingError, decoded_body
from archive.extract import extract
from archive.extract.clean import clean
from archive.extract.decode import text_of
from archive.extract.links import address
from archive.extract.tree import TooMuch, parse, xpath
from archive.models import Headers, Link, Role
from archive.sources.base import Listing, ListingKind, Offer
from archive.sources.listings import read_listing
from archive.urls import is_home, looks_like_article, same_site

MAX_FEEDS = 20  # that one page may name
MAX_SECTIONS = 12

_FEED_TYPES = re.compile(r"application/(rss|atom|rdf)(\+xml)?|application/feed\+json|(text|application)/xml", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?|kommentare?|commentaires|comentarios|replies", re.IGNORECASE)
_FEED_PLACE = re.compile(
    r"(\.(rss|atom|rdf)|/(feeds?|rss|atom)(\.(xml|json|php))?|/(feed|rss|atom|index)\.xml|feed\.json)/?$", re.IGNORECASE
)
_FEED_WORD = re.compile(r"\b(rss|atom|news ?feeds?|feeds?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Survey:
    """What the page at an address shows: it may be a listing itself, else it is a page that names some.

    `listing` is what `read_listing` gives of it, as a section page where it is HTML; `offers` what it names, `sections` the pages
    that its menus lead to.
    """

    listing: Listing
    offers: tuple[Offer, ...] = ()
    sections: tuple[Offer, ...] = ()


def survey(body: bytes, headers: Headers, url: str, seen: datetime) -> Survey:
    """Read what came from an address that somebody called a source. Raises MemoryError only."""
    listing = read_listing(body, headers, url, seen)
    tree = _tree(body, headers) if listing.kind is ListingKind.SECTION and listing.known else None
    if tree is None:
        return Survey(listing)
    found = {offer.url: offer for offer in (*_anchored(tree, url), *_declared(tree, url)) if offer.url != url}
    ordered = sorted(found.values(), key=lambda offer: offer.found_by != "link")
    sections = tuple(_sections(extract(body, headers, url, seen).links, url))
    return Survey(listing, tuple(ordered[:MAX_FEEDS]), sections)


def _tree(body: bytes, headers: Headers) -> HtmlElement | None:
    try:
        return parse(text_of(decoded_body(body, headers), headers)[0])
    except (CodingError, TooMuch):
        return None


_LINKS = xpath("//link[@href][@rel]")


def _declared(tree: HtmlElement, url: str) -> Iterator[Offer]:
    """`<link rel=alternate type=…>` (RSS Autodiscovery), `<link rel=sitemap>`."""
    for link in islice(_LINKS(tree), 500):
        rel, type_, title = (link.get(name) or "" for name in ("rel", "type", "title"))
        target = address(link.get("href"), url)
        if target is None or _is_of_comments(target, title):
            continue
        if "sitemap" in rel.lower().split():
            yield Offer(target, ListingKind.SITEMAP, "link", clean(title))
        elif {"alternate", "feed"} & set(rel.lower().split()) and _is_feed_type(type_, target):
            yield Offer(target, ListingKind.FEED, "link", clean(title))


def _is_feed_type(type_: str, target: str) -> bool:
    """`application/json` is a feed's type and that of much else (WordPress's own API)."""
    kind = type_.partition(";")[0].strip().lower()
    return _FEED_TYPES.fullmatch(kind) is not None or (
        kind in ("application/json", "") and _FEED_PLACE.search(target) is not None
    )


def _is_of_comments(target: str, title: str) -> bool:
    return _COMMENTS.search(urlsplit(target).path) is not None or _COMMENTS.search(title) is not None


_ANCHORS = xpath("//a[@href]")
_STRING = xpath("string()")


def _anchored(tree: HtmlElement, url: str) -> Iterator[Offer]:
    """Links whose address is a feed's, or that are called RSS."""
    for anchor in islice(_ANCHORS(tree), 5_000):
        href = anchor.get("href") or ""
        words = clean(f"{_STRING(anchor)[:100]} {anchor.get('title') or ''}") or ""
        path = href.partition("?")[0].partition("#")[0]
        if not (_FEED_PLACE.search(path) or (_FEED_WORD.search(words) and len(words) <= 40 and "feed" in href.lower() + path)):
            continue
        target = address(href, url)
        if target and same_site(target, url) and not is_home(target) and not _is_of_comments(target, words):
            yield Offer(target, ListingKind.FEED, "anchor", words[:100] or None)


# -- sections ---------------------------------------------------------------------------------------------------------

_SECTION_PATH = re.compile(r"(/[^\W\d_][\w%-]{1,30}){1,2}/?")
_NO_SECTION = re.compile(
    r"/(about|contact|privacy|terms|legal|imprint|impressum|datenschutz|login|log-in|signin|sign-in|subscribe|subscription|abo|newsletters?"
    r"|search|suche|account|user|profile|help|faq|jobs|careers|advertis\w*|cookies?|rss|feeds?|tags?|authors?|archives?|shop|store|video"
    r"|videos|podcasts?|live|games|puzzles|weather|events?|calendar|apps?|mobile|print|e-?paper)(/|-|$)",
    re.IGNORECASE,
)


def _sections(links: tuple[Link, ...], url: str) -> Iterator[Offer]:
    """Pages of the same host with a short path and a short name, which no article has."""
    host = urlsplit(url).netloc
    fit = (link for link in links if link.role is Role.SECTION and urlsplit(link.url).netloc == host and _is_section(link))
    for link in islice(fit, MAX_SECTIONS):
        yield Offer(link.url, ListingKind.SECTION, "link", link.anchor)


def _is_section(link: Link) -> bool:
    parts = urlsplit(link.url)
    named = 0 < len(link.anchor) <= 30 and link.anchor.count(" ") <= 3
    fit = not parts.query and _SECTION_PATH.fullmatch(parts.path) is not None and not _NO_SECTION.search(parts.path)
    return named and fit and not looks_like_article(link.url) and not is_home(link.url)
