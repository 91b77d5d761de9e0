"""One response -> Page. Never raises for what a page holds; `Page.status` says why there is no article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from lxml.etree import XPathEvalError
from lxml.html import HtmlElement

from archive.codings import CodingError, TooLarge, decoded_body
from archive.extract.clean import clean
from archive.extract.dates import modified, published
from archive.extract.decode import text_of
from archive.extract.links import address, read_links
from archive.extract.names import authors_of, site_of, title_of
from archive.extract.related import cut, related_blocks
from archive.extract.sniff import not_html
from archive.extract.structured import Meta, Stated, read_jsonld, read_meta, read_microdata
from archive.extract.text import chosen, is_article_text, main_text
from archive.extract.tree import MAX_ELEMENTS, TooMuch, parse, size, xpath
from archive.models import Article, Headers, Page
from archive.urls import NotAURL, canonicalize


def extract(body: bytes, headers: Headers, url: str, captured: datetime) -> Page:
    """Parse a response once: its article, typed links, and what the rules of health look at.

    `body` is as it was on the wire (content coding kept), `url` its own address, `captured` when it looked so. Raises
    MemoryError only: what a worker does without memory is the caller's to decide.
    """
    try:
        plain = decoded_body(body, headers)
    except CodingError as error:
        return Page("too_large" if isinstance(error, TooLarge) else "decode", str(error))
    if reason := not_html(plain, headers):
        return Page("not_html", reason)
    text, charset = text_of(plain, headers)
    try:
        tree = parse(text)
    except TooMuch as error:
        return Page("too_large", str(error), charset=charset)
    if tree is None:
        return Page("empty", "the page has no content", charset=charset)
    return _guarded(tree, url, captured, charset)


def _guarded(tree: HtmlElement, url: str, captured: datetime, charset: str) -> Page:
    outline = _Outline(None, [], None)
    try:
        outline = _outline(tree)
        return _read(tree, outline, url, captured, charset)
    except MemoryError:
        raise
    except XPathEvalError as error:  # its expressions are constants: they fail for lack of memory ("unknown error")
        raise MemoryError from error
    except Exception as error:  # noqa: BLE001 - three libraries on a stranger's markup: no page may end a crawl
        reason = clean(f"{type(error).__name__}: {error}"[:300])
        return outline.page("error", reason, charset)


# -- outline ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Outline:
    """What the rules of health look at, article or not."""

    head_title: str | None
    headings: list[str]
    refresh: str | None

    def page(self, status: str, reason: str | None, charset: str) -> Page:
        heading = self.headings[0] if self.headings else None
        return Page(status, reason, charset=charset, head_title=self.head_title, heading=heading, refresh=self.refresh)


_TITLE = xpath("string((//title[not(ancestor::svg)])[1])")
_HEADINGS = xpath("//h1")
_STRING = xpath("string()")
_REFRESH = xpath("string((//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content)[1])")
_TARGET = re.compile(r"^\s*[\d.]*\s*[;,]\s*+(?:url\s*=\s*)?+['\"]?([^'\"]+)", re.IGNORECASE)


def _outline(tree: HtmlElement) -> _Outline:
    headings = [text for h1 in _HEADINGS(tree)[:10] if (text := clean(_STRING(h1)[:1_000]))]
    target = _TARGET.match(_REFRESH(tree)[:4_000])
    return _Outline(clean(_TITLE(tree)[:1_000]), headings, clean(target[1]) if target else None)


# -- article ----------------------------------------------------------------------------------------------------------


def _read(tree: HtmlElement, outline: _Outline, url: str, captured: datetime, charset: str) -> Page:
    """Order matters: links and metadata are read before the text, which takes the tree apart."""
    base, meta = _base(tree, url), read_meta(tree)
    canonical = _canonical(tree, meta, base)
    elements = size(tree)
    blocks = related_blocks(tree) if elements <= MAX_ELEMENTS else []
    links = read_links(tree, blocks, _own(url), base, canonical)
    if elements > MAX_ELEMENTS:
        return replace(outline.page("too_large", f"{elements} elements", charset), links=links)
    stated = _stated(tree, meta, outline, url)
    article = _article(tree, stated, meta, url, captured)
    article = replace(
        article,
        title=title_of(stated, meta, outline.headings, outline.head_title, url),
        image=address(meta.first("og:image", "twitter:image") or stated.image, base),
        canonical_url=canonical,
    )
    cut(blocks)
    text = chosen(main_text(tree), stated.body)
    if not is_article_text(text):
        page = outline.page("empty", "the page has no article text", charset)
        return replace(page, links=links, text_length=len(text))
    page = outline.page("ok", None, charset)
    return replace(page, article=replace(article, text=text), links=links, text_length=len(text))


def _article(tree: HtmlElement, stated: Stated, meta: Meta, url: str, captured: datetime) -> Article:
    """What the tree states, still without title, addresses and text."""
    site = site_of(stated, meta, url)
    return Article(
        title=None,
        authors=authors_of(stated, meta, tree, site),
        published=published(stated, meta, tree, url, captured),
        modified=modified(stated, meta, captured),
        site=site,
        language=_language(tree, stated, meta),
        description=meta.first("og:description", "description", "twitter:description") or stated.description,
        image=None,
        canonical_url=None,
        text="",
    )


def _stated(tree: HtmlElement, meta: Meta, outline: _Outline, url: str) -> Stated:
    headings = (*outline.headings, meta.first("og:title"))
    microdata = read_microdata(tree)
    jsonld = read_jsonld(tree, url, headings)
    return jsonld.over(microdata) if jsonld else microdata


def _own(url: str) -> str:
    try:
        return canonicalize(url)
    except NotAURL:
        return url


_BASE = xpath("string((//base/@href)[1])")


def _base(tree: HtmlElement, url: str) -> str:
    """What relative addresses refer to (HTML, 4.2.3)."""
    href = _BASE(tree)[:4_000].strip()
    try:
        return canonicalize(urljoin(url, href)) if href else url
    except (NotAURL, ValueError):
        return url


_CANONICAL = xpath("string((//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href)[1])")


def _canonical(tree: HtmlElement, meta: Meta, base: str) -> str | None:
    return address(_CANONICAL(tree)[:8_000], base) or address(meta.first("og:url"), base)


_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)")


def _language(tree: HtmlElement, stated: Stated, meta: Meta) -> str | None:
    """Two or three letters (ISO 639), as the page declares it."""
    declared = (tree.get("lang"), stated.language, meta.first("og:locale", "language", "content-language"))
    matches = (_LANGUAGE.match(text) for text in declared if text)
    return next((match[1].lower() for match in matches if match), None)
