"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector, title_of

_HEAD = re.compile(r'\{.{0,4000}?"(version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org|items"\s*:\s*\[)', re.DOTALL)
_ITEMS = re.compile(r'"items"\s*:\s*\[')


class JsonFeed:
    """An object whose version is JSON Feed's, or that has a list of items."""

    name = "json_feed"

    def matches(self, head: str) -> bool:
        return _HEAD.match(head) is not None

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        about, items, problem = _parsed(text)
        found = Collector(url, seen)
        language = _text(about, "language")
        for item in items:
            if found.full:
                break
            _take(found, item, language)
        listing = Listing(
            self.name,
            ListingKind.FEED,
            title=title_of(_text(about, "title")),
            home=found.known(_text(about, "home_page_url")),
            language=language,
            problem=problem,
        )
        return found.into(listing)


def _take(found: Collector, item: Any, language: str | None) -> None:
    if not isinstance(item, dict):
        found.skip(str(item), "not an object")
        return
    found.add(
        _text(item, "url") or _text(item, "external_url") or _address(_text(item, "id")),
        _text(item, "title"),
        published=_text(item, "date_published"),
        modified=_text(item, "date_modified"),
        authors=_authors(item),
        language=_text(item, "language") or language,
    )


def _parsed(text: str) -> tuple[dict[str, Any], list[Any], str | None]:
    """What the feed says of itself, its items, and why not all were read."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, list(_one_by_one(text)), f"the JSON is broken ({error}); its items were read one by one"
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return (feed if isinstance(feed, dict) else {}), [], "it has no list of items"
    return feed, feed["items"], None


def _one_by_one(text: str) -> Iterator[Any]:
    """The items of a feed that was cut or holds an error: what reads as an object, from one brace to the next."""
    begin, decoder = _ITEMS.search(text), json.JSONDecoder()
    place = begin.end() if begin else len(text)
    while (place := text.find("{", place)) >= 0:
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place += 1
        else:
            yield item


def _text(values: dict[str, Any], key: str) -> str | None:
    value = values.get(key)
    return value if isinstance(value, str) and value else None


def _address(text: str | None) -> str | None:
    return text if text and re.match(r"https?://", text, re.IGNORECASE) else None


def _authors(item: dict[str, Any]) -> Iterator[str]:
    """1.1 has a list, 1.0 had one."""
    listed = item.get("authors")
    for author in (listed if isinstance(listed, list) else [item.get("author")])[:100]:
        if isinstance(author, dict) and (name := _text(author, "name")):
            yield name[:100]
