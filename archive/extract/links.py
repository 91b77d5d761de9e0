"""The typed links of a page: canonical, related, inline, section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from archive.extract.clean import clean
from archive.extract.lines import Line
from archive.extract.mementos import unwrapped
from archive.extract.tree import xpath
from archive.models import Link, Role
from archive.urls import NotAURL, canonicalize, is_tracking, looks_like_article

MAX_ANCHORS = 5_000  # read
MAX_LINKS = 1_000  # given
MAX_ANCHOR_TEXT = 300  # characters

_SENTENCES = frozenset({"p", "li", "blockquote", "tr", "dd"})
_STRING = xpath("string()")


def read_links(
    tree: HtmlElement, lines: list[Line], blocks: list[HtmlElement], url: str, base: str, canonical: str | None
) -> tuple[Link, ...]:
    """All links of a page, each address once with its most telling role, in the page's order.

    `lines` are its text, `blocks` its related blocks, `url` its address and `base` what relative addresses refer to.
    """
    related = {anchor for block in blocks for anchor in block.iter("a")}
    prose = set(_in_prose(lines))
    addresses = _Addresses(base)
    best: dict[str, Link] = {}
    if canonical and canonical != url:
        best[canonical] = Link(canonical, Role.CANONICAL, "", 0)
    for position, (anchor, href) in enumerate(_anchors(tree), len(best)):
        address = addresses.of(href)
        if address is None or address in (url, base):
            continue
        role = _role(anchor, address, related, prose)
        known = best.get(address)
        if known is None or _RANK[role] > _RANK[known.role]:
            text = _anchor_text(anchor) or (known.anchor if known else "")
            best[address] = Link(address, role, text, known.position if known else position)
    telling = sorted(best.values(), key=lambda link: -_RANK[link.role])[:MAX_LINKS]
    return tuple(sorted(telling, key=lambda link: link.position))


_RANK = {Role.CANONICAL: 3, Role.RELATED: 2, Role.INLINE: 1, Role.SECTION: 0}


def _anchors(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    return islice(((anchor, href) for anchor in tree.iter("a") if (href := anchor.get("href"))), MAX_ANCHORS)


def _anchor_text(anchor: HtmlElement) -> str:
    text = _STRING(anchor) if len(anchor) else anchor.text
    return (clean(text) or clean(anchor.get("title")) or "")[:MAX_ANCHOR_TEXT]


def _role(anchor: HtmlElement, address: str, related: set[HtmlElement], prose: set[HtmlElement]) -> Role:
    if anchor in related:
        return Role.RELATED
    return Role.INLINE if anchor in prose and looks_like_article(address) else Role.SECTION


def _in_prose(lines: list[Line]) -> Iterator[HtmlElement]:
    """Anchors with words of a sentence around them: a menu entry or a teaser has none."""
    for line in lines:
        if line.linked and len(line.text) >= line.linked + 30 and line.tag in _SENTENCES:
            yield from islice(line.element.iter("a"), 100)


# -- addresses --------------------------------------------------------------------------------------------------------

# What canonicalize() would give back unchanged: most links of a page, and three quarters of the time they would take.
CANONICAL = re.compile(r"https?://[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\.[a-z]{2,}(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
_PLAIN = re.compile(r"[A-Za-z0-9._~=-]+(&[A-Za-z0-9._~=-]+)*")
_ABSOLUTE = re.compile(r"https?://[^/\\]")
_NO_PAGE = re.compile(r"\s*(#|(?!https?:)[a-z][a-z0-9+.-]*:(?!\d))", re.IGNORECASE)  # javascript:, mailto:, a place on this page


class _Addresses:
    """Absolute, canonical addresses of hrefs; each href is worked out once."""

    def __init__(self, base: str) -> None:
        self._base = base
        parts = urlsplit(base)
        self._scheme = f"{parts.scheme}:"
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._known: dict[str, str | None] = {}

    def of(self, href: str) -> str | None:
        """None for what is no page."""
        if href not in self._known:
            self._known[href] = self._read(unwrapped(href.strip()))
        return self._known[href]

    def _read(self, href: str) -> str | None:
        if not href or len(href) > 4096 or _NO_PAGE.match(href):
            return None
        absolute = href
        if href[0] == "/":
            absolute = self._scheme + href if href[1:2] == "/" else self._origin + href
        place, _, query = absolute.partition("?")
        if CANONICAL.fullmatch(place) and not (query and _is_special(query)):
            place = place if place.count("/") > 2 else place + "/"
            return f"{place}?{query}" if query else place
        return _canonical(absolute) if _ABSOLUTE.match(absolute) else address(href, self._base)


def _is_special(query: str) -> bool:
    """True for a query that canonicalize() would change."""
    return not _PLAIN.fullmatch(query) or any(is_tracking(pair.partition("=")[0]) for pair in query.split("&"))


def address(href: str | None, base: str) -> str | None:
    """An absolute, canonical address; None for what is none."""
    try:
        return _canonical(urljoin(base, unwrapped(href.strip()))) if href else None
    except ValueError:
        return None


def _canonical(url: str) -> str | None:
    try:
        return canonicalize(url)
    except NotAURL:
        return None
