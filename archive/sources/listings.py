"""One response -> Listing. A format is one small file beside this one and one line in READERS."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from archive.codings import CodingError, decoded_body
from archive.extract.decode import text_of
from archive.models import Headers
from archive.sources.atom import Atom
from archive.sources.base import Listing, ListingKind, Reader
from archive.sources.jsonfeed import JsonFeed
from archive.sources.rss import Rss
from archive.sources.section import read_section
from archive.sources.sitemap import Sitemap
from archive.sources.unpack import unpacked
from archive.sources.urls_file import UrlsFile

READERS: tuple[Reader, ...] = (Rss(), Atom(), Sitemap(), JsonFeed(), UrlsFile())

# What may stand before the outermost element: declarations, comments, stylesheets, a document type, blank lines, stray text.
_BEFORE = re.compile(
    r"(?:\s|<\?[^>]*\?>|<!--.{0,20000}?-->|<!DOCTYPE(?!\s+html)[^\[>]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
_HTML = re.compile(r"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HEAD = 8192


def read_listing(body: bytes, headers: Headers, url: str, seen: datetime, kind: ListingKind | None = None) -> Listing:
    """What a response lists: feed, sitemap or, when it is HTML, section page.

    `body` is as it was on the wire, `url` its own address, `seen` when it looked so. `kind` is what was expected: HTML in the
    place of a feed or sitemap is then told as a problem and not read as a section. Raises MemoryError only.
    """
    try:
        data, problem = unpacked(decoded_body(body, headers))
    except CodingError as error:
        return Listing("", kind or ListingKind.FEED, problem=str(error))
    text, _ = text_of(data, headers)
    if problem and "\n" in text:
        text = text[: text.rindex("\n")]  # an address that is cut is another address
    head = head_of(text)
    reader = next((reader for reader in READERS if reader.matches(head)), None)
    if reader is not None:
        listing = reader.read(text, url, seen)
        return replace(listing, problem=problem or listing.problem)
    if kind in (None, ListingKind.SECTION):
        return read_section(data, headers, url, seen)
    return Listing("", kind or ListingKind.FEED, problem=_why_unknown(head, kind))


def head_of(text: str) -> str:
    """The beginning of a text from its outermost element on."""
    text = text[: 64 * _HEAD].lstrip("\ufeff\x00")
    match = _BEFORE.match(text)
    start = match.end() if match else 0
    return text[start : start + _HEAD]


def _why_unknown(head: str, kind: ListingKind | None) -> str:
    if not head.strip():
        return "it is empty"
    if _HTML.match(head):
        return f"a web page came in the place of a {kind or 'listing'}"
    return f"it is no {kind or 'listing'} that we know"
