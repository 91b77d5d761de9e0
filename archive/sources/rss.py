"""RSS 0.9x, 1.0 (RDF) and 2.0, with the modules that papers use: Dublin Core, content, syndication, Atom links, FeedBurner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from archive.sources.base import Listing, ListingKind
from archive.sources.collect import Collector, title_of
from archive.sources.xml import Fields, attribute, fields_of, local, read_records, text_in, text_of

_ROOT = re.compile(r"<([\w.-]+:)?(rss|rdf|channel)[\s>]", re.IGNORECASE)
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
        about, found = fields_of(_channel(parsed.root)), Collector(url, seen)
        language = text_in(about, "language")
        for item in parsed.records:
            if found.full:
                break
            _take(found, item, language)
        listing = Listing(
            self.name,
            ListingKind.FEED,
            title=title_of(text_in(about, "title")),
            home=found.known(text_in(about, "link")),
            language=language,
            moved_to=found.known(text_in(about, "new-feed-url")),
            pace=_pace(about),
            problem=parsed.problem,
        )
        return found.into(listing)


def _take(found: Collector, item: etree._Element, language: str | None) -> None:
    fields = fields_of(item)
    found.add(
        _link(item, fields),
        text_in(fields, "title"),
        published=text_in(fields, "pubdate", "date", "published", "issued", "created"),
        modified=text_in(fields, "modified", "updated"),
        authors=_authors(fields),
        language=text_in(fields, "language") or language,
    )


def _link(item: etree._Element, fields: Fields) -> str | None:
    """The article's own address: before a counter's redirect, else `link`, else a guid that is one."""
    atom = (attribute(link, "href") for link in fields.get("link", ()))
    plain = text_in(fields, "origlink") or text_in(fields, "link") or next(filter(None, atom), None)
    return plain or _guid(fields) or attribute(item, "about") or _misplaced(item)


def _guid(fields: Fields) -> str | None:
    """A permalink, which a guid is unless it says otherwise."""
    guids = (guid for guid in fields.get("guid", ()) if (attribute(guid, "ispermalink") or "true").lower() != "false")
    return next((text for guid in guids if (text := text_of(guid))), None)


def _misplaced(item: etree._Element) -> str | None:
    """A link inside another element, where one that nobody closed took it in."""
    return next((text for element in item.iter() if local(element) == "link" and (text := text_of(element))), None)


def _authors(fields: Fields) -> Iterator[str]:
    for element in (*fields.get("creator", ()), *fields.get("author", ())):
        text = text_of(element) or ""
        match = _MAIL.search(text[:300])
        name = match["name"] if match else "" if "@" in text else text
        if name:
            yield name[:100]


def _channel(root: etree._Element | None) -> etree._Element | None:
    """What describes the feed: `channel`, or the outermost element where there is none."""
    if root is None or local(root) == "channel":
        return root
    return next((child for child in root if local(child) == "channel"), root)


def _pace(about: Fields) -> int | None:
    """Seconds, by `ttl` (minutes) or the syndication module; None when nothing usable is said."""
    minutes = text_in(about, "ttl") or ""
    if re.fullmatch(r"\d{1,6}", minutes):
        seconds = int(minutes) * 60
    else:
        period = _PERIODS.get((text_in(about, "updateperiod") or "").lower(), 0)
        often = text_in(about, "updatefrequency") or "1"
        seconds = period // max(1, int(often)) if re.fullmatch(r"\d{1,4}", often) else period
    return min(seconds, LONGEST) or None
