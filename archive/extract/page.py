"""One response -> Page. Never raises for what a page holds; `Page.status` says why there is no article."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.extract.clean import clean, fold
from archive.extract.dates import modified, published
from archive.extract.decode import CodingError, decoded_body, text_of
from archive.extract.links import read_links, related_blocks
from archive.extract.structured import Meta, Stated, read_jsonld, read_meta
from archive.extract.text import is_article_text, main_text, tidy
from archive.models import Article, Headers, Link, Page, first_header
from archive.urls import NotAURL, canonicalize, host

MAX_DEPTH = 240  # trafilatura recurses: below some 250 levels it silently gives nothing (facts/reliability, finding 11)
MAX_ATTRIBUTES = 100  # on one element; it is quadratic in them, and 12,500 took 0.8 s
MAX_TEXT = 10_000_000  # characters of one page


def extract(body: bytes, headers: Headers, url: str, captured: datetime) -> Page:
    """Parse a response once: its article, typed links, and what the rules of health look at."""
    try:
        plain = decoded_body(body, headers)
    except CodingError as error:
        return Page("decode", str(error))
    if reason := _not_html(plain, headers):
        return Page("not_html", reason)
    text, charset = text_of(plain, headers)
    if len(text) > MAX_TEXT:
        return Page("too_large", f"{len(text)} characters of HTML", charset=charset)
    tree = _parse(text)
    if tree is None:
        return Page("empty", "the page has no content", charset=charset)
    try:
        return _read(tree, url, captured, charset)
    except (etree.LxmlError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        return Page("error", f"{type(error).__name__}: {error}"[:300], charset=charset, **_outline(tree))


_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"PK\x03\x04": "a zip file",
    b"\x1f\x8b": "a gzip file",
    b"RIFF": "a media file",
    b"OggS": "a media file",
    b"ID3": "a media file",
    b"\x00\x00\x00": "a media file",
}


def _not_html(body: bytes, headers: Headers) -> str | None:
    """Why this is no HTML page: what it starts with counts more than what it is called."""
    for magic, name in _MAGIC.items():
        if body.startswith(magic):
            return f"the body is {name}"
    kind = (first_header(headers, "content-type") or "text/html").split(";")[0].strip().lower()
    looks = re.search(rb"<(!doctype|html|head|body|article|p|div)\b", body[:4096], re.IGNORECASE)
    if "html" in kind or (looks and not re.match(r"(application/(json|javascript|rss|atom)|image|audio|video)", kind)):
        return None
    return f"the content type is {kind}"


def _parse(text: str) -> HtmlElement | None:
    """The tree; huge_tree lifts libxml2's limits on text nodes and depth, which otherwise cut pages silently."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    try:
        tree: HtmlElement = document_fromstring(text, parser=HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return _tamed(tree)


def _tamed(tree: HtmlElement) -> HtmlElement:
    """Without what makes the libraries behind slow or silent: attributes by the thousand, and endless depth."""
    for element in tree.xpath(f"//*[@*[{MAX_ATTRIBUTES}]]"):
        element.attrib.clear()
    for element in tree.xpath(f"//*[count(ancestor::*) = {MAX_DEPTH}][*]")[:10_000]:
        text = " ".join(element.itertext())[:MAX_TEXT]
        for child in list(element):
            element.remove(child)
        element.text = text
    return tree


def _read(tree: HtmlElement, url: str, captured: datetime, charset: str) -> Page:
    base = _base(tree, url)
    meta, outline = read_meta(tree), _outline(tree)
    stated = read_jsonld(tree, url, outline["heading"])
    dates = published(stated, meta, tree, url, captured), modified(stated, meta, captured)
    blocks = related_blocks(tree)
    links = read_links(tree, blocks, base)
    for block in blocks:
        block.drop_tree()
    language = _language(tree, stated, meta)
    text = main_text(tree)
    if not is_article_text(text) and stated and stated.body and is_article_text(stated.body):
        text = tidy(stated.body)
    outline["text_length"] = len(text)
    if not is_article_text(text):
        return Page("empty", "the page has no article text", links=links, charset=charset, **outline)
    article = Article(
        title=_title(stated, meta, outline["heading"], outline["head_title"], url),
        authors=_authors(stated, meta),
        published=dates[0],
        modified=dates[1],
        site=_site(stated, meta, url),
        language=language,
        description=meta.first("og:description", "description", "twitter:description")
        or (stated.description if stated else None),
        image=_address(meta.first("og:image", "twitter:image") or (stated.image if stated else None), base),
        canonical_url=_canonical(tree, meta, base),
        text=text,
    )
    return Page("ok", article=article, links=_without(links, article), charset=charset, **outline)


def _outline(tree: HtmlElement) -> dict[str, Any]:
    """What the rules of health look at."""
    refresh = next(iter(tree.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh') = 'refresh']/@content")), "")
    target = re.search(r"url\s*=\s*['\"]?([^'\";]+)", refresh, re.IGNORECASE)
    heading = next((text for h1 in tree.xpath("//h1")[:5] if (text := clean(" ".join(h1.itertext())))), None)
    return {
        "head_title": clean(tree.findtext(".//title")),
        "heading": heading,
        "text_length": 0,
        "refresh": target[1].strip() if target else None,
    }


def _base(tree: HtmlElement, url: str) -> str:
    href = next(iter(tree.xpath("//base/@href")), None)
    try:
        return canonicalize(urljoin(url, href)) if href else url
    except (NotAURL, ValueError):
        return url


def _address(text: str | None, base: str) -> str | None:
    try:
        return canonicalize(urljoin(base, text.strip())) if text else None
    except (NotAURL, ValueError):
        return None


def _canonical(tree: HtmlElement, meta: Meta, base: str) -> str | None:
    href = next(iter(tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil') = 'canonical']/@href")), None)
    return _address(href or meta.first("og:url"), base)


def _without(links: tuple[Link, ...], article: Article) -> tuple[Link, ...]:
    return tuple(link for link in links if link.url != article.canonical_url)


def _site(stated: Stated | None, meta: Meta, url: str) -> str | None:
    name = meta.first("og:site_name", "application-name") or (stated.publisher if stated else None)
    return name or host(url).removeprefix("www.") or None


def _language(tree: HtmlElement, stated: Stated | None, meta: Meta) -> str | None:
    """Two or three letters (ISO 639), as the page declares it."""
    declared = (
        tree.get("lang"),
        stated.language if stated else None,
        meta.first("og:locale", "language", "content-language"),
    )
    for text in declared:
        if text and (match := re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", text)):
            return match[1].lower()
    return None


def _title(stated: Stated | None, meta: Meta, heading: str | None, head_title: str | None, url: str) -> str | None:
    """The headline that a reader sees."""
    site = meta.first("og:site_name") or (stated.publisher if stated else None)
    shared = meta.first("og:title", "twitter:title")
    candidates = [stated.headline if stated else None, heading, shared, head_title]
    titles = [_without_site(title, site, url) for title in candidates if title]
    if heading and shared and titles and fold(titles[0]) not in (fold(heading), fold(shared)):
        whole = _without_site(shared, site, url)  # a JSON-LD of something else, or a headline for search engines
        return heading if fold(whole) == fold(heading) else titles[0]
    return titles[0] if titles else None


def _without_site(title: str, site: str | None, url: str) -> str:
    """Without ` | Site` at its end, when that is the site's name or its host."""
    names = {fold(site)} if site else set()
    names |= {fold(host(url).removeprefix("www.")), fold(host(url).removeprefix("www.").split(".")[0])}
    parts = re.split(r"(\s+[|–—\-·»:]+\s+)", title)
    while len(parts) > 2 and (fold(parts[-1]) in names or fold(parts[-1]).replace(" ", "") in names):
        parts = parts[:-2]
    return "".join(parts)


_BYLINE = re.compile(r"^(by|von|par|por|di|av|door|автор:?|текст:?)\s+", re.IGNORECASE)


def _authors(stated: Stated | None, meta: Meta) -> tuple[str, ...]:
    """People and agencies in order, without "By"; addresses are not names."""
    names = (
        stated.authors
        if stated and stated.authors
        else meta.all("author", "article:author", "parsely-author", "dc.creator", "byl")
    )
    found = (_BYLINE.sub("", name).strip(" ,;") for text in names for name in _split(text))
    return tuple(dict.fromkeys(name for name in found if name and "://" not in name and "@" not in name and len(name) < 120))


def _split(text: str) -> list[str]:
    return re.split(r"\s*;\s*|\s*,\s+(?=[A-Z][\w.'-]+\s+[A-Z])|\s+(?:and|und|et|y|&)\s+(?=[A-Z])", text)
