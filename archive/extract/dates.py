"""When an article was published and changed: what the publisher states, else what the page shows. Never invented."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from htmldate import find_date
from lxml.html import HtmlElement

from archive.extract.structured import Meta, Stated
from archive.urls import path_date

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
MAX_ELEMENTS = 20_000  # htmldate is quadratic on some of what is larger (facts/reliability, finding 11)


def published(stated: Stated | None, meta: Meta, tree: HtmlElement, url: str, captured: datetime) -> str | None:
    """ISO 8601, with time and offset where the page says so; None rather than a guess."""
    sources = [stated.published if stated else None, *(meta.first(name) for name in PUBLISHED), _time_element(tree)]
    for text in sources:
        if found := readable(text, captured):
            return found
    day = path_date(url)
    if day and re.search(r"/\d{4}[/_-]?\d\d?[/_-]?\d\d?(?!\d)", url):
        return readable(day.isoformat(), captured)
    return _shown(tree, url, captured)


def modified(stated: Stated | None, meta: Meta, captured: datetime) -> str | None:
    """The date of the last change that the page states."""
    for text in (stated.modified if stated else None, *(meta.first(name) for name in MODIFIED)):
        if found := readable(text, captured):
            return found
    return None


def readable(text: str | None, captured: datetime) -> str | None:
    """A date as ISO 8601, as precise as written; None when it is none, before the web or after the capture."""
    if not text:
        return None
    moment = _parse(text.strip())
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # A day of grace: a time without offset may be from a zone ahead of ours.
    if not EARLIEST <= aware <= captured + timedelta(days=1):
        return None
    only_day = re.fullmatch(r"\d{4}-\d\d?-\d\d?|\d{8}|\d{4}/\d\d?/\d\d?", text.strip())
    return moment.date().isoformat() if only_day else moment.isoformat()


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


def _time_element(tree: HtmlElement) -> str | None:
    """A <time> that says it is the publication, or the first one of the article."""
    for path in (
        "//*[@itemprop='datePublished']",
        "//time[@pubdate]",
        "//article//time[@datetime][not(ancestor::aside)]",
        "//main//time[@datetime][not(ancestor::aside)]",
    ):
        for element in tree.xpath(path)[:1]:
            return element.get("datetime") or element.get("content")
    return None


def _shown(tree: HtmlElement, url: str, captured: datetime) -> str | None:
    """What htmldate reads from the page itself, only where it is sure."""
    if sum(1 for _ in zip(range(MAX_ELEMENTS + 1), tree.iter(), strict=False)) > MAX_ELEMENTS:
        return None
    try:
        found: str | None = find_date(
            tree,
            extensive_search=False,
            original_date=True,
            url=url,
            min_date=EARLIEST,
            max_date=captured,
            deferred_url_extractor=True,
        )
    except Exception:  # noqa: BLE001 - a third-party parser on a stranger's page: no date is the worst that it may cost
        return None
    return readable(found, captured)
