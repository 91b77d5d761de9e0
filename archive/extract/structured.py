"""What publishers state themselves: JSON-LD, OpenGraph and other meta tags, microdata. Read tolerantly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from archive.extract.clean import clean, fold

ARTICLE_TYPES = re.compile(
    r"(News|Report|Opinion|Analysis|Background|Review|Satirical|AskPublic|Advertiser|Blog|Tech|Scholarly|Medical|LiveBlog)?"
    r"(Article|Posting|Report|NewsArticle|BlogPosting|WebPage/Article)$"
)
MAX_JSON = 2_000_000  # characters of one script: the largest real one seen has 400,000


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page says of itself. Texts are cleaned; dates are as written."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    publisher: str | None = None
    description: str | None = None
    image: str | None = None
    language: str | None = None
    body: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """The <meta> tags by lower-case name or property: all values, in order."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first value that is not blank among these names, in their order."""
        for name in names:
            for value in self.values.get(name, ()):
                if text := clean(value):
                    return text
        return None

    def all(self, *names: str) -> tuple[str, ...]:
        found = (clean(value) for name in names for value in self.values.get(name, ()))
        return tuple(dict.fromkeys(text for text in found if text))


def read_meta(tree: HtmlElement) -> Meta:
    """The meta tags of a page; at most 500 are read."""
    values: dict[str, list[str]] = {}
    for element in tree.xpath("//meta[@content][@name or @property or @itemprop]")[:500]:
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        values.setdefault(name.strip().lower(), []).append(element.get("content"))
    return Meta(values)


def read_jsonld(tree: HtmlElement, url: str, heading: str | None) -> Stated | None:
    """The article that the page's JSON-LD describes; None when it describes none.

    Several on a page are common (teasers, related ones, breadcrumbs): the one whose address is the page's wins, then the
    one whose headline is the page's, then the first that states most.
    """
    articles = [_stated(node) for node in _nodes(tree) if _is_article(node)]
    if not articles:
        return None
    return max(articles, key=lambda article: _fitness(article, url, heading))


def _fitness(article: Stated, url: str, heading: str | None) -> tuple[bool, bool, int]:
    here = bool(article.url) and _path(article.url or "") == _path(url)
    named = bool(heading and article.headline) and fold(article.headline or "") == fold(heading or "")
    fields = (article.headline, article.authors, article.published, article.body, article.description)
    return here, named, sum(bool(value) for value in fields)


def _path(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).split("#")[0].split("?")[0].rstrip("/").lower()


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[contains(@type, 'ld+json')]")[:50]:
        text = script.text or ""
        if 2 < len(text) <= MAX_JSON:
            yield from _walk(_loads(text), 0)


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every object that may be an article: in lists, @graph, mainEntity. Bounded in depth."""
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "liveBlogUpdate" if depth < 0 else "hasPart"):
            yield from _walk(value.get(key), depth + 1)


def _loads(text: str) -> Any:
    """JSON as publishers write it: comments around it, raw line breaks in strings, trailing commas."""
    text = re.sub(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>)\s*$", "", text.strip()).strip().rstrip(";")
    for attempt in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _is_article(node: dict[str, Any]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and ARTICLE_TYPES.match(name.rsplit("/", 1)[-1]) for name in names)


def _stated(node: dict[str, Any]) -> Stated:
    entity = node.get("mainEntityOfPage")
    return Stated(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        authors=tuple(_names(node.get("author") or node.get("creator"))),
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        modified=_text(node.get("dateModified")),
        publisher=next(_names(node.get("publisher")), None),
        description=_text(node.get("description")),
        image=_image(node.get("image")),
        language=_text(node.get("inLanguage")),
        body=_body(node.get("articleBody")),
        url=_text(node.get("url")) or _text(entity.get("@id") if isinstance(entity, dict) else entity),
    )


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return clean(unescape(re.sub(r"<[^>]{1,200}>", " ", unescape(value)))) if isinstance(value, str) else None


def _body(value: Any) -> str | None:
    """articleBody with its paragraphs; HTML in it becomes text."""
    if not isinstance(value, str):
        return None
    text = re.sub(r"(?i)<(?:/p|br\s*/?|/h\d|/li|/div)>", "\n", unescape(value))
    lines = (clean(re.sub(r"<[^>]{1,500}>", " ", line)) for line in re.split(r"[\r\n]+", text))
    return "\n".join(line for line in lines if line) or None


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    """The names in an author, however it is nested."""
    if depth > 4 or not value:
        return
    if isinstance(value, list):
        for item in value[:50]:
            yield from _names(item, depth + 1)
    elif isinstance(value, dict):
        yield from _names(value.get("name") or value.get("alternateName"), depth + 1)
    elif isinstance(value, str) and not value.startswith(("http://", "https://")) and (name := _text(value)):
        yield name


def _image(value: Any) -> str | None:
    if isinstance(value, list):
        return next((found for item in value if (found := _image(item))), None)
    if isinstance(value, dict):
        return _image(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return value if isinstance(value, str) and value else None
