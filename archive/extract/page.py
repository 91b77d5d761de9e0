"""One response -> Page. Never raises for what a page holds; `Page.status` says why there is no article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from lxml.etree import XPathEvalError
from lxml.html import HtmlElement

from archive.codings import CodingError, TooLarge, decoded_body
from archive.extract.authors import authors_in, authors_of
from archive.extract.body import Hints, headline_of, title_key
from archive.extract.clean import clean
from archive.extract.dates import modified, published
from archive.extract.decode import text_of
from archive.extract.kinds import ARTICLES, INSTEAD, Facts, asks_password, kind_of
from archive.extract.language import language_of
from archive.extract.lines import Line, beside, lines_of, width
from archive.extract.links import address, read_links
from archive.extract.mementos import strip_marks, unwrapped
from archive.extract.mend import mend
from archive.extract.names import agree, site_names, site_of, title_of
from archive.extract.outline import Outline, outline_of
from archive.extract.related import related_blocks
from archive.extract.sites import Site, site_for
from archive.extract.sniff import not_html
from archive.extract.structured import Meta, Stated, read_jsonld, read_meta, read_microdata
from archive.extract.text import chosen, is_article_text, main_text
from archive.extract.tree import MAX_ELEMENTS, TooMuch, parse, size
from archive.models import Article, Headers, Kind, Page
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
    text, mended = mend(text)
    try:
        tree = parse(text)
    except TooMuch as error:
        return Page("too_large", str(error), charset=charset)
    if tree is None:
        return Page("empty", "the page has no content", charset=charset)
    strip_marks(tree)
    return replace(_guarded(tree, unwrapped(url), captured, charset), mended=mended)


def _guarded(tree: HtmlElement, url: str, captured: datetime, charset: str) -> Page:
    outline = Outline()
    try:
        outline = outline_of(tree)
        return _read(tree, outline, url, captured, charset)
    except MemoryError:
        raise
    except XPathEvalError as error:  # its expressions are constants: they fail for lack of memory ("unknown error")
        raise MemoryError from error
    except Exception as error:  # noqa: BLE001 - three libraries on a stranger's markup: no page may end a crawl
        reason = clean(f"{type(error).__name__}: {error}"[:300])
        return outline.page("error", reason, charset)


@dataclass(frozen=True, slots=True)
class _Source:
    """A page taken apart once: what everything below reads."""

    tree: HtmlElement
    outline: Outline
    url: str
    captured: datetime
    base: str  # what relative addresses refer to
    meta: Meta
    stated: Stated
    site: Site | None  # with rules of its own
    lines: list[Line]
    blocks: list[HtmlElement]  # that offer other articles


def _read(tree: HtmlElement, outline: Outline, url: str, captured: datetime, charset: str) -> Page:
    site = site_for(url, captured.date())
    for element in site.drop(tree) if site and site.drop else ():
        element.drop_tree()
    base, meta = _base(tree, url), read_meta(tree)
    canonical = _canonical(tree, meta, base)
    if (elements := size(tree)) > MAX_ELEMENTS:
        links = read_links(tree, [], [], _own(url), base, canonical)
        return replace(outline.page("too_large", f"{elements} elements", charset), links=links)
    stated = _stated(tree, meta, outline, url)
    source = _Source(tree, outline, url, captured, base, meta, stated, site, lines_of(tree), related_blocks(tree))
    # Links are read before the text: trafilatura, if asked, takes the tree apart.
    links = read_links(tree, source.lines, source.blocks, _own(url), base, canonical)
    article, kind = _article(source, canonical)
    page = replace(outline.page("ok", None, charset), links=links, kind=kind, text_length=len(article.text))
    if kind is not None and kind not in ARTICLES:
        instead = article if kind in INSTEAD else None
        return replace(page, status="not_article", reason=f"not an article: {kind.replace('_', ' ')}", shown=instead)
    if not is_article_text(article.text):
        return replace(page, status="empty", reason="the page has no article text", shown=article)
    return replace(page, article=article)


def _article(source: _Source, canonical: str | None) -> tuple[Article, Kind | None]:
    """What the page states and shows, and its kind."""
    stated, meta, outline = source.stated, source.meta, source.outline
    headings = [*outline.headings, *filter(None, [stated.heading])]
    title = title_of(stated, meta, headings, outline.head_title, source.url)
    titles = _titles(title, stated, meta, outline)
    headline = headline_of(source.lines, titles)
    authors = _authors(source, headline)
    description = meta.first("og:description", "description", "twitter:description") or stated.description
    shown = (line.text for line in beside(source.lines, headline))
    date, source_of_date = published(stated, meta, source.tree, source.url, source.captured, shown)
    changed, source_of_change = modified(stated, meta, source.captured)
    declared = _language(source.tree, stated, meta)
    image = address(meta.first("og:image", "twitter:image") or stated.image, source.base)
    site = site_of(stated, meta, source.url)
    asks = asks_password(source.tree)  # before the tree is taken apart
    hints = Hints(titles, headline, authors, description, stated.body)
    text = chosen(main_text(source.tree, source.lines, source.blocks, hints), stated.body)
    kind = kind_of(Facts(source.url, outline.titles, text, source.lines, stated, meta, width(text), asks))
    language = language_of(declared, text)
    dates = date, changed, site, language
    return Article(title, authors, *dates, description, image, canonical, text, source_of_date, source_of_change), kind


def _authors(source: _Source, headline: Line | None) -> tuple[str, ...]:
    if source.site and source.site.authors and (authors := authors_in(source.site.authors(source.tree))):
        return authors
    names = site_names(source.stated, source.meta, source.url)
    return authors_of(source.stated, source.meta, source.lines, headline, names)


def _titles(title: str | None, stated: Stated, meta: Meta, outline: Outline) -> frozenset[str]:
    """All that the page calls its article, to know its headline by."""
    shared = meta.all("og:title", "twitter:title", "title")
    shown = [heading for heading in outline.headings if title is None or agree(heading, title)]
    titles = (title, stated.headline, outline.head_title, *shown[:1], *shared)
    return frozenset(key for title in titles if title and (key := title_key(title)))


def _stated(tree: HtmlElement, meta: Meta, outline: Outline, url: str) -> Stated:
    headings = (*outline.headings, meta.first("og:title"))
    microdata = read_microdata(tree)
    jsonld = read_jsonld(tree, url, headings)
    return jsonld.over(microdata) if jsonld else microdata


def _own(url: str) -> str:
    try:
        return canonicalize(url)
    except NotAURL:
        return url


def _base(tree: HtmlElement, url: str) -> str:
    """What relative addresses refer to (HTML, 4.2.3)."""
    hrefs = (element.get("href") for element in tree.iter("base"))
    href = unwrapped(next(filter(None, hrefs), "")[:4_000].strip())
    try:
        return canonicalize(urljoin(url, href)) if href else url
    except (NotAURL, ValueError):
        return url


def _canonical(tree: HtmlElement, meta: Meta, base: str) -> str | None:
    links = (element for element in tree.iter("link") if "canonical" in (element.get("rel") or "").lower().split())
    href = next(filter(None, (link.get("href") for link in links)), "")
    return address(href[:8_000], base) or address(meta.first("og:url"), base)


_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)")


def _language(tree: HtmlElement, stated: Stated, meta: Meta) -> str | None:
    """Two or three letters (ISO 639), as the page declares it."""
    declared = (tree.get("lang"), stated.language, meta.first("og:locale", "language", "content-language"))
    matches = (_LANGUAGE.match(text) for text in declared if text)
    return next((match[1].lower() for match in matches if match), None)
