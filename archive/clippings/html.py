"""A saved page: its own address, and the links in its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.clippings.base import Draft
from archive.models import Mention, Role
from archive.urls import NotAURL, canonicalize, is_home

MAX_LINKS = 500
_SKIP = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg")


class Html:
    """Anything that begins like HTML."""

    name = "html"

    def matches(self, name: str, text: str) -> bool:
        head = text[:2000].lstrip().lower()
        begins = head.startswith(("<!doctype html", "<html", "<head", "<body", "<article", "<?xml"))
        return begins or (name.lower().endswith((".html", ".htm")) and "<" in head)

    def read(self, text: str) -> Draft:
        tree = _parse(text)
        if tree is None:
            return Draft((), "")
        spans = _Spans(text)
        mentions = [*_own_address(tree, spans), *_links(tree, spans)]
        seen: dict[str, Mention] = {}
        for mention in mentions:
            seen.setdefault(mention.url, mention)
        return Draft(tuple(seen.values()), _prose(tree), _title(tree))


class _Spans:
    """Where the values of attributes stand in the markup; each is looked for behind the one before."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place: dict[str, int] = {}

    def of(self, value: str) -> tuple[int, int] | None:
        start = self._text.find(value, self._place.get(value, 0))
        if start < 0:
            return None
        self._place[value] = start + len(value)
        return start, start + len(value)


def _parse(text: str) -> HtmlElement | None:
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        tree: HtmlElement = document_fromstring(plain, parser=HTMLParser(huge_tree=True, remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


def _own_address(tree: HtmlElement, spans: _Spans) -> Iterator[Mention]:
    """What the page declares as its address; browsers note it as "saved from url" in a comment, which is not trusted."""
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for value in tree.xpath(path)[:1]:
            mention = _mention(str(value), Role.ORIGINAL, None, spans)
            if mention is not None and not is_home(mention.url):
                yield mention
                return


def _links(tree: HtmlElement, spans: _Spans) -> Iterator[Mention]:
    """Links in paragraphs and lists of the content; related when their block or lead says so."""
    for anchor in tree.xpath("//p//a[@href] | //li//a[@href] | //blockquote//a[@href]")[:MAX_LINKS]:
        if any(ancestor.tag in _SKIP for ancestor in anchor.iterancestors()):
            continue
        words = " ".join("".join(anchor.itertext()).split())
        mention = _mention(anchor.get("href"), _role(anchor), words or None, spans)
        if mention is not None:
            yield mention


def _role(anchor: HtmlElement) -> Role:
    around = [anchor.getparent(), *anchor.iterancestors("ul", "ol", "section", "div")][:4]
    for element in around:
        if element is None:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        lead = (element.text or "").strip()
        if re.search(r"related|read-?more|see-?also", names, re.IGNORECASE) or re.match(
            r"(related|read (more|also)|see also)\b", lead, re.IGNORECASE
        ):
            return Role.RELATED
    return Role.INLINE


def _mention(href: str | None, role: Role, title: str | None, spans: _Spans) -> Mention | None:
    if not href or not href.strip().lower().startswith(("http://", "https://")):
        return None
    raw = href.strip()
    span = spans.of(raw) or spans.of(raw.replace("&", "&amp;"))
    try:
        url = canonicalize(unescape(raw))
    except NotAURL:
        return None
    return (
        Mention((url,), role, *span, raw if span[1] - span[0] == len(raw) else raw.replace("&", "&amp;"), title) if span else None
    )


def _title(tree: HtmlElement) -> str | None:
    for text in (
        *tree.xpath("//meta[@property='og:title']/@content")[:1],
        *("".join(h.itertext()) for h in tree.xpath("//h1")[:1]),
        tree.findtext(".//title"),
    ):
        if text and text.strip():
            return " ".join(text.split())
    return None


def _prose(tree: HtmlElement) -> str:
    """The paragraphs, for matching: what trafilatura would make of the page is not this layer's business."""
    for element in tree.xpath("//" + " | //".join(_SKIP)):
        element.drop_tree()
    paragraphs = (
        " ".join("".join(p.itertext()).split()) for p in tree.xpath("//h1 | //h2 | //h3 | //p | //li | //blockquote[not(.//p)]")
    )
    return "\n\n".join(text for text in paragraphs if text)
