"""RSS 0.9x, 1.0 (RDF) and 2.0, with the modules that papers use: Dublin Core, content, syndication, Atom links, FeedBurner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree

from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector, title_of
from archive.sources.xml import attribute, children, local, read_records, text_in, text_of

_ROOT = re.compile(r"<(rss|([\w.-]+:)?rdf|channel)[\s>]", re.IGNORECASE)
_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
LONGEST = 7 * 86_400  # seconds: a pace beyond a week is not believed
_MAIL = re.compile(r"\S+@\S+\s*\((?P<name>[^()]{2,100})\)")  # RSS 2.0: author is a mail address with a name


class Rss:
    """A text whose outermost element is `rss`, `rdf` or a bare `channel`."""

    name = "rss"

    def matches(self, head: str) -> bool:
        return _ROOT.match(head) is not None

    def read(self, text: str, url: str, seen: datetime) -> Listing:
        parsed = read_records(text, ("item",))
        channel = _channel(parsed.root)
        found = Collector(url, seen)
        language = text_in(channel, "language") if channel is not None else None
        for item in parsed.records:
            if found.full:
                break
            _take(found, item, language)
        listing = Listing(self.name, ListingKind.FEED, language=language, problem=parsed.problem)
        return found.into(listing if channel is None else _described(listing, channel, found))


def _take(found: Collector, item: etree._Element, language: str | None) -> None:
    found.add(
        _link(item),
        text_in(item, "title"),
        published=text_in(item, "pubdate", "date", "published", "issued", "created"),
        modified=text_in(item, "modified", "updated"),
        authors=_authors(item),
        language=text_in(item, "language") or language,
    )


def _link(item: etree._Element) -> str | None:
    """The article's own address: before a counter's redirect, else `link`, else a guid that is one."""
    atom = (attribute(link, "href") for link in children(item, "link"))
    guid = next(children(item, "guid"), None)
    own = text_of(guid) if guid is not None and (attribute(guid, "ispermalink") or "true").lower() != "false" else None
    about = attribute(item, "about")
    return text_in(item, "origlink") or text_in(item, "link") or next(filter(None, atom), None) or own or about


def _authors(item: etree._Element) -> Iterator[str]:
    for element in (*children(item, "creator"), *children(item, "author")):
        text = text_of(element) or ""
        match = _MAIL.search(text[:300])
        name = match["name"] if match else "" if "@" in text else text
        if name:
            yield name[:100]


def _channel(root: etree._Element | None) -> etree._Element | None:
    if root is None or local(root) == "channel":
        return root
    return next(children(root, "channel"), root)


def _described(listing: Listing, channel: etree._Element, found: Collector) -> Listing:
    """What the channel says of itself."""
    home = text_in(channel, "link")
    moved = text_in(channel, "new-feed-url")
    return replace(
        listing,
        title=title_of(text_in(channel, "title")),
        home=found.known(home),
        moved_to=found.known(moved),
        pace=_pace(channel),
    )


def _pace(channel: etree._Element) -> int | None:
    """Seconds, by `ttl` (minutes) or the syndication module; None when nothing usable is said."""
    minutes = text_in(channel, "ttl") or ""
    if re.fullmatch(r"\d{1,6}", minutes):
        seconds = int(minutes) * 60
    else:
        period = _PERIODS.get((text_in(channel, "updateperiod") or "").lower(), 0)
        often = text_in(channel, "updatefrequency") or "1"
        seconds = period // max(1, int(often)) if re.fullmatch(r"\d{1,4}", often) else period
    return min(seconds, LONGEST) or None
