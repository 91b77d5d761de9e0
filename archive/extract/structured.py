"""What publishers state of an article: JSON-LD, meta tags, microdata. Read tolerantly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from html import unescape
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from archive.extract.clean import clean, fold
from archive.extract.tree import xpath

MAX_JSON = 2_000_000  # characters of one script: the largest real one seen has 400,000
MAX_NODES = 2_000  # objects of one page
MAX_TEXT = 5_000  # characters of one statement but the body
_ARTICLE = re.compile(r"\w*(Article|BlogPosting|LiveBlogPosting|Report)$")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a page says of itself. Texts are cleaned; dates and addresses are as written."""

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
    heading: str | None = None  # the headline that the page shows, by microdata
    types: tuple[str, ...] = ()  # of the article; of the whole page when it states none
    paid: bool = False  # not accessible for free
    free: bool = False  # accessible for free, and said so
    published_from: str | None = None  # "json-ld" or "microdata"
    modified_from: str | None = None

    def over(self, other: Stated) -> Stated:
        """These statements, and the other's where these are silent."""
        return Stated(*(getattr(self, item.name) or getattr(other, item.name) for item in fields(self)))


# -- meta tags --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meta:
    """The <meta> tags by lower-case name or property: all values, in order."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first value that is not blank among these names, in their order."""
        return next(iter(self.all(*names)), None)

    def all(self, *names: str) -> tuple[str, ...]:
        """All values of these names, in their order, each once."""
        found = (clean(unescape(value[:MAX_TEXT])) for name in names for value in self.values.get(name, ()))
        return tuple(dict.fromkeys(text for text in found if text))


def read_meta(tree: HtmlElement) -> Meta:
    """OpenGraph, Dublin Core and the rest; at most 500 tags are read."""
    values: dict[str, list[str]] = {}
    for element in islice(tree.iter("meta"), 500):
        if (content := element.get("content")) is not None:
            for name in {element.get("property"), element.get("name"), element.get("itemprop")} - {None}:
                values.setdefault(name.strip().lower(), []).append(content)
    return Meta(values)


# -- microdata --------------------------------------------------------------------------------------------------------

_ITEMS = xpath("//@itemprop/..")  # a third cheaper than //*[@itemprop]


def read_microdata(tree: HtmlElement) -> Stated:
    """The first value of each property that says something of an article (HTML, 5.2)."""
    found: dict[str, list[str]] = {}
    items = _ITEMS(tree)[:500]
    for element in _of_one_article(items):
        for name in (element.get("itemprop") or "").split():
            if name in ("headline", "datePublished", "dateModified", "author", "inLanguage") and (text := _property(element)):
                found.setdefault(name, []).append(text)

    def one(name: str) -> str | None:
        return found[name][0] if name in found else None

    authors = tuple(dict.fromkeys(found.get("author", ())))
    return Stated(
        authors=authors,
        published=one("datePublished"),
        modified=one("dateModified"),
        language=one("inLanguage"),
        heading=one("headline"),
        published_from="microdata" if "datePublished" in found else None,
        modified_from="microdata" if "dateModified" in found else None,
    )


def _of_one_article(items: list[HtmlElement]) -> Iterator[HtmlElement]:
    """The items of the first <article> that has any, and those outside of all: the others are teasers."""
    first = None
    for item in items:
        article = next(item.iterancestors("article"), None)
        first = article if first is None else first
        if article is None or article is first or first in article.iterancestors("article"):
            yield item


def _property(element: HtmlElement) -> str | None:
    if element.get("itemscope") is not None:
        named = next((item for item in element.iterdescendants() if item.get("itemprop") == "name"), None)
        return _property(named) if named is not None and named.get("itemscope") is None else None
    text = element.get("content") or element.get("datetime") or " ".join(element.itertext())
    return clean(text[:500])


# -- JSON-LD ----------------------------------------------------------------------------------------------------------


def read_jsonld(tree: HtmlElement, url: str, headings: tuple[str | None, ...]) -> Stated | None:
    """The article that the page's JSON-LD describes; only the types of what else it describes; None when that is nothing.

    Several on a page are common (teasers, related ones): the one whose address is the page's wins, then the one whose
    headline is one of the page's `headings`, then the first that states most.
    """
    nodes = list(_nodes(tree))
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    articles = [_stated(node, known) for node in nodes if _is_article(node)]
    page = _page(nodes)
    if not articles:
        return page if page.types else None
    shown = {fold(heading) for heading in headings if heading}
    best = max(articles, key=lambda article: _fitness(article, url, shown))
    return best.over(page)


def _page(nodes: list[dict[str, Any]]) -> Stated:
    """What is said of the page itself: all types, and the dates that WordPress gives its WebPage."""
    pages = (node for node in nodes if "WebPage" in _types(node) and node.get("datePublished"))
    dated = _stated(next(pages, {}), {})
    kept = {name: getattr(dated, name) for name in ("published", "modified", "published_from", "modified_from")}
    return Stated(types=tuple(name for node in nodes for name in _types(node)), **kept)


def _fitness(article: Stated, url: str, shown: set[str]) -> tuple[bool, bool, int]:
    here = bool(article.url) and _path(article.url or "") == _path(url)
    stated = (article.headline, article.authors, article.published, article.body, article.description)
    return here, fold(article.headline or "") in shown, sum(bool(value) for value in stated)


def _path(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).split("#")[0].split("?")[0].rstrip("/").lower()


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object that may be an article or an author, at most MAX_NODES."""
    count = 0
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or ""))
    for script in islice(scripts, 50):
        text = script.text or ""
        for node in _walk(_loads(text), 0) if 2 < len(text) <= MAX_JSON else ():
            yield node
            count += 1
            if count >= MAX_NODES:
                return


def _walk(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _walk(value.get(key), depth + 1)


_WRAPPING = re.compile(
    r"^\s*(<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def _loads(text: str) -> Any:
    """JSON as publishers write it: comments around it, raw line breaks in strings, trailing commas."""
    for repair in (str, _unwrapped, lambda given: _TRAILING_COMMA.sub(r"\1", _unwrapped(given))):
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(text: str) -> str:
    return _WRAPPING.sub("", text.strip()).strip().rstrip(";")


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return [name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)]


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE.match(name) for name in _types(node))


def _stated(node: dict[str, Any], known: dict[str, Any]) -> Stated:
    entity = node.get("mainEntityOfPage")
    published, modified = _text(node.get("datePublished")) or _text(node.get("dateCreated")), _text(node.get("dateModified"))
    return Stated(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        authors=tuple(dict.fromkeys(_names(node.get("author") or node.get("creator"), known))),
        published=published,
        modified=modified,
        published_from="json-ld" if published else None,
        modified_from="json-ld" if modified else None,
        publisher=next(_names(node.get("publisher"), known), None),
        description=_text(node.get("description")),
        image=_image(node.get("image"), known),
        language=_text(node.get("inLanguage")),
        body=_body(node.get("articleBody")),
        url=_text(node.get("url")) or _text(entity.get("@id") if isinstance(entity, dict) else entity),
        types=tuple(_types(node)),
        paid=_says(node.get("isAccessibleForFree"), "false"),
        free=_says(node.get("isAccessibleForFree"), "true"),
    )


def _says(value: Any, word: str) -> bool:
    """A truth value as publishers write it: `false`, "False", "http://schema.org/False"."""
    return str(value).strip().lower().removeprefix("http://schema.org/").removeprefix("https://schema.org/") == word


_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return clean(_TAG.sub(" ", unescape(unescape(value[:MAX_TEXT])))) if isinstance(value, str) else None


def _body(value: Any) -> str | None:
    """articleBody with its paragraphs; HTML in it becomes text."""
    if not isinstance(value, str):
        return None
    text = re.sub(r"(?i)<(?:/p|br\s*/?|/h\d|/li|/div)>", "\n", unescape(value))
    lines = (clean(_TAG.sub(" ", line)) for line in re.split(r"[\r\n]+", text))
    return "\n".join(line for line in lines if line) or None


def _names(value: Any, known: dict[str, Any], depth: int = 0) -> Iterator[str]:
    """The names in an author, however it is nested or referred to."""
    if depth > 4 or not value:
        return
    if isinstance(value, list):
        for item in value[:50]:
            yield from _names(item, known, depth + 1)
    elif isinstance(value, dict):
        name = value.get("name") or value.get("alternateName")
        yield from _names(name or known.get(_reference(value)), known, depth + 1)
    elif isinstance(value, str) and not value.startswith(("http://", "https://")) and (text := _text(value)):
        yield text


def _reference(value: dict[str, Any]) -> str:
    reference = value.get("@id")
    return reference if isinstance(reference, str) else ""


def _image(value: Any, known: dict[str, Any], depth: int = 0) -> str | None:
    if depth > 4:
        return None
    if isinstance(value, list):
        return next((found for item in value[:50] if (found := _image(item, known, depth + 1))), None)
    if isinstance(value, dict):
        address = value.get("url") or value.get("contentUrl") or known.get(_reference(value)) or value.get("@id")
        return _image(address, known, depth + 1)
    return value if isinstance(value, str) and value else None
