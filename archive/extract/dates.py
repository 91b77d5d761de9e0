"""When an article was published and changed: what the publisher states, else what the page shows. Never invented."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement, document_fromstring

from archive.extract.structured import Meta, Stated
from archive.extract.tree import xpath

PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "published_date",
    "publication_date",
    "bt:pubdate",
    "shareaholic:article_published_time",
    "date",
    "citation_publication_date",
)
MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web


class Dated(NamedTuple):
    """A date in ISO 8601, with time and offset where the page says so, and where it stood. None rather than a guess."""

    date: str | None = None
    source: str | None = None  # "json-ld", "microdata", "meta", "time", "address" or "shown"


def published(stated: Stated, meta: Meta, tree: HtmlElement, url: str, captured: datetime, beside: Iterable[str] = ()) -> Dated:
    """When the article appeared: stated, else shown. `beside` are the lines beside the headline."""
    return _first(_published(stated, meta, tree, url, captured, beside), captured)


def _published(
    stated: Stated, meta: Meta, tree: HtmlElement, url: str, captured: datetime, beside: Iterable[str]
) -> Iterator[Dated]:
    """Best first; what costs most is looked at last."""
    yield Dated(stated.published, stated.published_from)
    yield from (Dated(meta.first(name), "meta") for name in PUBLISHED)
    yield Dated(_time_element(tree), "time")
    yield Dated(_in_path(url), "address")
    yield Dated(_shown(_dated_places(tree), url, captured), "shown")
    for text in beside:
        if len(text) <= MAX_BESIDE and _YEAR.search(text):
            yield Dated(_shown(_page([_place(text)]), url, captured), "shown")


def modified(stated: Stated, meta: Meta, captured: datetime) -> Dated:
    """The date of the last change that the page states."""
    found = (Dated(meta.first(name), "meta") for name in MODIFIED)
    return _first(chain([Dated(stated.modified, stated.modified_from)], found), captured)


def _first(sources: Iterable[Dated], captured: datetime) -> Dated:
    return next((Dated(date, source) for text, source in sources if (date := readable(text, captured))), Dated())


_DAY = re.compile(r"/((?:19|20)\d\d)([/_-]?)(\d\d?)\2(\d\d?)(?!\d)")


def _in_path(url: str) -> str | None:
    """The day in an address such as `/2024/04/25/`; a month alone is none."""
    match = _DAY.search(urlsplit(url).path)
    return f"{match[1]}-{match[3]:0>2}-{match[4]:0>2}" if match else None


def readable(text: str | None, captured: datetime) -> str | None:
    """A date as ISO 8601, as precise as written; None when it is none, before the web or after the capture."""
    text = (text or "").strip()
    moment = _parse(text) if 4 < len(text) < 100 else None
    if moment is None:
        return None
    # Without an offset it may be the clock of the easternmost zone.
    latest = captured if moment.tzinfo else captured + timedelta(hours=14)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        if not EARLIEST <= aware <= latest:
            return None
    except OverflowError:
        return None
    return moment.date().isoformat() if _ONLY_DAY.fullmatch(text) else moment.isoformat()


_ONLY_DAY = re.compile(r"\d{4}-\d\d?-\d\d?|\d{8}|\d{4}/\d\d?/\d\d?|\d{4}-?W\d\d(-?\d)?")


def _parse(text: str) -> datetime | None:
    text = re.sub(r"(\.\d{1,9})(?=Z|[+-]|$)", "", text)
    text = re.sub(r"^(\d{4})/(\d\d?)/(\d\d?)", r"\1-\2-\3", text)
    text = re.sub(r"^(\d{4})-(\d)(?=-)", r"\1-0\2", re.sub(r"^(\d{4}-\d\d?)-(\d)(?!\d)", r"\1-0\2", text))
    text = re.sub(r"\s+(?=[+-]\d\d:?\d\d$|Z$)", "", text)
    text = re.sub(r"\s*(UTC|GMT)$", "Z", text) if re.match(r"\d{4}-", text) else text
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


_TIMES = tuple(
    xpath(f"({path})[1]")
    for path in (
        "//time[@pubdate]",
        "//time[@datetime][ancestor::article][not(ancestor::aside)]",
        "//time[@datetime][ancestor::main][not(ancestor::aside)]",
    )
)


def _time_element(tree: HtmlElement) -> str | None:
    """A <time> that says it is the publication, or the first one of the article."""
    found = (element.get("datetime") for path in _TIMES for element in path(tree))
    return next((text for text in found if text), None)


def _shown(page: HtmlElement, url: str, captured: datetime) -> str | None:
    """What htmldate reads in the places that dates are shown in: a date in the story's own words is no publication."""
    try:
        found = find_date(
            page,
            extensive_search=False,
            original_date=True,
            url=url,
            min_date=EARLIEST,
            max_date=captured,
            deferred_url_extractor=True,
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a third-party parser on a stranger's page: no date is the worst that it may cost
        return None
    return str(found) if found else None


_WORDS = ("date", "time", "publi", "posted", "byline", "meta", "created", "dateline", "info")
_PLACES = xpath(
    "//time | //abbr | //*[@class or @id][not(descendant::p)]["
    + " or ".join(f"contains(@class, '{word}') or contains(@id, '{word}')" for word in _WORDS)
    + "]"
)
MAX_PLACES = 60
MAX_PLACE = 200  # characters: a longer one is prose


def _dated_places(tree: HtmlElement) -> HtmlElement:
    """A small page of those elements alone; htmldate is quadratic on some of what is larger (facts, finding 11)."""
    places = (element for element in _PLACES(tree)[:MAX_PLACES] if element.tag not in ("html", "body", "meta"))
    return _page(deepcopy(element) for element in places if len(element.xpath("string()")) <= MAX_PLACE)


MAX_BESIDE = 80  # characters of a line
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _place(text: str) -> HtmlElement:
    """A line as an element that says what it is."""
    place = HtmlElement(text)
    place.tag = "time"
    return place


def _page(elements: Iterable[HtmlElement]) -> HtmlElement:
    page: HtmlElement = document_fromstring("<html><head></head><body></body></html>")
    page.body.extend(elements)
    return page
