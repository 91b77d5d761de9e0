"""A saved page: its own address, and the links in its paragraphs and related blocks. An export of bookmarks."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from html import unescape
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.clippings.base import Draft
from archive.clippings.labels import RELATED
from archive.clippings.roles import names_a_story
from archive.models import Mention, Role
from archive.urls import NotAURL, canonicalize, is_home, looks_like_article, path_date, without_entities

MAX_LINKS = 500
_SKIP = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg")
_BEGINS = re.compile(
    r"\s*(<!--.*?-->\s*)*<(!doctype|html|head|body|article|main|div|p|title|meta|\?xml)\b", re.IGNORECASE | re.DOTALL
)
_BOOKMARKS = re.compile(r"\s*<!doctype netscape-bookmark", re.IGNORECASE)
_SAVED = re.compile(r"<!-- saved from url=\(\d+\)(?P<url>https?://\S+) -->", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(?:href|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_RELATED_NAME = re.compile(r"(?<![a-z])(related|read-?(more|next|also)|see-?also|further-?reading)(?![a-z])", re.IGNORECASE)
_OWN = (
    "//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href",
    "//meta[@property='og:url' or @name='og:url']/@content",
)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6", "p", "strong", "b", "span", "dt")
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@name='date' or @name='pubdate' or @itemprop='datePublished']/@content",
    "//time/@datetime",
)


class Html:
    """Anything that begins like HTML."""

    name = "html"

    def matches(self, name: str, text: str) -> bool:
        head = text[:4000]
        return _BEGINS.match(head) is not None or (name.lower().endswith((".html", ".htm", ".xhtml")) and "<" in head)

    def read(self, text: str) -> Draft:
        tree = _parse(text)
        if tree is None:
            return Draft((), "")
        page = _Page(tree, text)
        if _BOOKMARKS.match(text):
            return Draft(tuple(page.bookmarks()), "")
        found = [*page.own_address(), *page.links()]
        seen: dict[str, Mention] = {}
        for mention in found:
            seen.setdefault(mention.url, mention)
        return Draft(tuple(seen.values()), _prose(tree), _title(tree), _published(tree))


def _parse(text: str) -> HtmlElement | None:
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        tree: HtmlElement = document_fromstring(plain, parser=HTMLParser(huge_tree=True, remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


class _Page:
    """A parsed page with the places of its addresses in the markup."""

    def __init__(self, tree: HtmlElement, text: str) -> None:
        self._tree = tree
        self._text = text
        self._places: defaultdict[str, deque[tuple[int, int]]] = defaultdict(deque)
        for match in _ATTRIBUTE.finditer(text):
            group = match.lastindex or 1
            for value in {unescape(match[group]), without_entities(match[group])}:
                self._places[value.strip()].append(match.span(group))
        self._saved = _SAVED.search(text[:4096])
        self._base = self._base_address()

    def _base_address(self) -> str:
        """What relative addresses refer to: <base>, else the address that the browser noted, else the page's own."""
        noted = self._saved["url"] if self._saved else ""
        own = [str(value).strip() for path in _OWN for value in self._tree.xpath(path)[:1]]
        absolute = [value for value in (noted, *own) if value.lower().startswith(("http://", "https://"))]
        page = absolute[0] if absolute else ""
        return _join(page, "".join(self._tree.xpath("//base/@href")[:1]).strip())

    def own_address(self) -> Iterator[Mention]:
        """What the page declares as its address, else what a browser noted when it saved the page."""
        for path in _OWN:
            for value in self._tree.xpath(path)[:1]:
                mention = self._mention(str(value), Role.ORIGINAL, None)
                if mention is not None and not is_home(mention.url):
                    yield mention
                    return
        if self._saved is None:
            return
        start, end = self._saved.span("url")
        with suppress(NotAURL):
            yield Mention((canonicalize(self._saved["url"]),), Role.ORIGINAL, start, end, self._saved["url"])

    def links(self) -> Iterator[Mention]:
        """Links in paragraphs and lists of the content to articles; related when their block or lead says so."""
        for anchor in self._tree.xpath("//a[@href]")[: 20 * MAX_LINKS]:
            around = list(anchor.iterancestors())
            related = _is_related(around)
            if not related and (
                any(element.tag in _SKIP for element in around)
                or not any(element.tag in ("p", "li", "blockquote") for element in around)
            ):
                continue
            words = " ".join("".join(anchor.itertext()).split())
            mention = self._mention(anchor.get("href"), Role.RELATED if related else Role.INLINE, words if related else None)
            if mention is not None and looks_like_article(mention.url):
                yield mention

    def bookmarks(self) -> Iterator[Mention]:
        """Every link of a browser's export was asked for by itself."""
        for anchor in self._tree.xpath("//a[@href]"):
            mention = self._mention(anchor.get("href"), Role.ORIGINAL, " ".join("".join(anchor.itertext()).split()))
            if mention is not None:
                yield mention

    def _mention(self, href: str, role: Role, words: str | None) -> Mention | None:
        """None for what is no address on the web, or a place on the page itself."""
        value = href.strip()
        places = self._places.get(value)
        if not places or not value or value.startswith("#"):
            return None
        start, end = places.popleft() if len(places) > 1 else places[0]
        try:
            url = canonicalize(_join(self._base, without_entities(self._text[start:end]).strip()))
        except NotAURL:
            return None
        title = words if words and names_a_story(words) else None
        return Mention((url,), role, start, end, self._text[start:end], title)


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _is_related(around: list[HtmlElement]) -> bool:
    """By the name of a block around it, the words before it, or the heading above its list."""
    for element in around[:6]:
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('aria-label') or ''}"
        if _RELATED_NAME.search(re.sub(r"[\s_]+", "-", names)):
            return True
        lead = (element.text or "").strip()
        before = element.getprevious()
        heading = "".join(before.itertext())[:200].strip() if before is not None and before.tag in _HEADINGS else ""
        if any(words and len(words) < 100 and RELATED.match(words) for words in (lead, heading)):
            return True
    return False


def _title(tree: HtmlElement) -> str | None:
    for text in (
        *tree.xpath("//meta[@property='og:title']/@content")[:1],
        *("".join(h.itertext()) for h in tree.xpath("//h1")[:1]),
        tree.findtext(".//title"),
    ):
        if text and text.strip():
            return " ".join(text.split())
    return None


def _published(tree: HtmlElement) -> date | None:
    for path in _PUBLISHED:
        for value in tree.xpath(path)[:1]:
            if found := path_date(f"https://host/{str(value)[:10]}"):
                return found
    return None


def _prose(tree: HtmlElement) -> str:
    """The paragraphs, for matching: what trafilatura would make of the page is not this layer's business."""
    for element in tree.xpath("//" + " | //".join(_SKIP)):
        if element.getparent() is not None:
            element.drop_tree()
    paragraphs = [
        " ".join("".join(p.itertext()).split())
        for p in tree.xpath("//h1 | //h2 | //h3 | //p | //li[not(.//p or .//a)] | //blockquote[not(.//p)]")
    ]
    text = "\n\n".join(text for text in paragraphs if text)
    return text or " ".join("".join(tree.itertext()).split())
