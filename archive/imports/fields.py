"""One row or object of another program as an article: the names that programs give to the same things."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from archive.imports.base import Address, Broken, Item, Left, Told
from archive.models import Article
from archive.timestamps import iso, parse_iso
from archive.urls import NotAURL, canonicalize

# Ours first, then news-please, trafilatura, newspaper, and what people write. Compared without case, blanks, `_` and `-`.
_NAMES = {
    "url": ("url", "link", "address", "uri", "sourceurl", "permalink"),
    "text": ("text", "maintext", "body", "content", "articlebody", "fulltext", "rawtext"),
    "title": ("title", "headline", "name"),
    "authors": ("authors", "author", "byline"),
    "published": (
        "published",
        "datepublish",
        "date",
        "publishdate",
        "publishedat",
        "publicationdate",
        "datepublished",
        "pubdate",
    ),
    "modified": ("modified", "datemodify", "datemodified", "updated"),
    "site": ("site", "sitename", "sourcedomain", "hostname", "publisher", "source"),
    "language": ("language", "lang"),
    "description": ("description", "excerpt", "summary"),
    "image": ("image", "imageurl", "topimage"),
    "canonical_url": ("canonicalurl",),
    "captured": ("captured", "datedownload", "crawled", "fetched", "retrieved"),
    "origin": ("origin",),
    "archive_url": ("archiveurl",),
}
_ORIGIN = re.compile(r"[a-z][a-z0-9-]{0,40}")


def names_an_address(names: list[str]) -> bool:
    """Whether one of these columns holds addresses."""
    return any(_key(name) in _NAMES["url"] for name in names)


def item_of(row: Mapping[str, Any], where: str, now: datetime) -> Item:
    """A row with a text is an article, one with an address alone is to be fetched; `now` stands for a missing date."""
    given = {_key(str(name)): value for name, value in row.items() if value not in (None, "", [], "None")}
    found = {name: next((given[key] for key in keys if key in given), None) for name, keys in _NAMES.items()}
    if found["url"] is None:
        return Broken(where, "it has no address") if given else Left("an empty line")
    try:
        url = canonicalize(str(found["url"]))
    except NotAURL as error:
        return Broken(where, f"{str(found['url'])[:200]} is no address on the web ({error})")
    title = None if found["title"] is None else str(found["title"])
    if found["text"] is None or not str(found["text"]).strip():
        return Address(url, title)
    origin = str(found["origin"] or "")
    return Told(
        url=url,
        article=_article(found, title),
        captured=moment_of(found["captured"]) or moment_of(found["published"]) or now,
        origin=origin if _ORIGIN.fullmatch(origin) else None,
        archive_url=str(found["archive_url"]) if _is_address(found["archive_url"]) else None,
    )


def _article(found: Mapping[str, Any], title: str | None) -> Article:
    texts = {name: None if found[name] is None else str(found[name]) for name in ("site", "language", "description", "image")}
    return Article(
        title=title,
        authors=_authors(found["authors"]),
        published=date_of(found["published"]),
        modified=date_of(found["modified"]),
        canonical_url=str(found["canonical_url"]) if _is_address(found["canonical_url"]) else None,
        text=str(found["text"]),
        **texts,
    )


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _authors(value: Any) -> tuple[str, ...]:
    """A list, a list as JSON in one cell, or names in one text with semicolons between them."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        value = [name.strip() for name in value.split(";")]
    return tuple(str(name) for name in value if name) if isinstance(value, list) else ()


def date_of(value: Any) -> str | None:
    """ISO 8601 as precise as it is given; what is no date is unknown."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        moment = moment_of(value)
        return iso(moment) if moment else None
    text = str(value or "").strip()
    if not re.match(r"\d{4}(-\d\d(-\d\d([T ].*)?)?)?$", text, re.ASCII):
        return None
    return text.replace(" ", "T", 1)


def moment_of(value: Any) -> datetime | None:
    """A time: ISO 8601 (UTC where it does not say), or seconds since 1970."""
    with suppress(ValueError, OverflowError, OSError, TypeError):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / (1000 if value > 1e11 else 1), UTC)
        return parse_iso(str(value).strip())
    return None
