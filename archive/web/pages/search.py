"""Search: words and filters, the articles that they find, and what those have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response

from archive.errors import NothingFound, UsageError
from archive.query.address import address
from archive.query.facets import Facets, facets
from archive.query.filters import VERDICTS, Filters
from archive.query.search import MARK_END, MARK_START, Sort
from archive.query.search import search as found_by
from archive.web.fitting import fitting
from archive.web.pages.base import asked_number, page
from archive.web.room import ReadingRoom

PER_PAGE = 20
_LAST_PAGE = 50  # nobody reads on; a filter finds what is behind it
_BUDGET = 60_000  # bytes of hits on a page
_SHOWN = 8  # values of a facet
_NAMES = ("site", "language", "author", "origin", "verdict", "since", "until")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for, as it stands in the page's address."""

    values: dict[str, str]
    page: int

    @property
    def filters(self) -> Filters:
        given = {name: self.values.get(name) for name in _NAMES}
        return Filters(words=self.values.get("q", ""), title_only=self.values.get("in") == "title", **given)

    @property
    def sort(self) -> Sort:
        return "date" if self.values.get("sort") == "date" else "relevance"

    def but(self, **changes: str | int | None) -> str:
        """The address of this page with other values; None takes one away. It begins again at the first page."""
        changed = {name: value for name, value in (self.values | changes).items() if value}
        return "/search" + ("?" + urlencode(changed) if changed else "")


def _asked(request: Request) -> Asked:
    names = ("q", "in", "sort", *_NAMES)
    values = {name: text for name in names if (text := (request.args.get(name) or "").strip())}
    return Asked(values, min(asked_number(request, "page"), _LAST_PAGE))


async def search(request: Request, datasette: ReadingRoom) -> Response:
    asked = _asked(request)
    try:
        found = await datasette.ask(lambda db: _found(db, asked))
    except UsageError as error:  # a date or verdict that cannot be read: the form stays, with what was typed
        found = {"problem": str(error), "hits": [], "count": None, "facets": []}
    given = [(name, asked.values[name], asked.but(**{name: None})) for name in (*_NAMES, "in") if name in asked.values]
    form = {"asked": asked.values, "given": given, "but": asked.but, "verdicts": list(VERDICTS), "number": asked.page}
    return await page(datasette, request, "search.html", here="search", **form, **found)


def _found(db: Any, asked: Asked) -> dict[str, Any]:
    first = (asked.page - 1) * PER_PAGE
    hits = found_by(db, asked.filters, sort=asked.sort, limit=PER_PAGE + 1, offset=first)
    count = facets(db, asked.filters)
    return {
        "problem": None,
        "hits": [hit | {"pieces": list(pieces(hit["snippet"]))} for hit in fitting(hits[:PER_PAGE], _BUDGET)],
        "first": first + 1,
        "more": len(hits) > PER_PAGE and asked.page < _LAST_PAGE,
        "count": count,
        "facets": list(_facets(count, asked)),
        "address": _address(db, asked.values.get("q", "")),
    }


def pieces(snippet: str) -> Iterator[tuple[str, bool]]:
    """A snippet in pieces, each with whether it is a hit."""
    for number, part in enumerate(snippet.split(MARK_START)):
        hit, _, rest = part.partition(MARK_END) if number else ("", "", part)
        if hit:
            yield hit, True
        if rest:
            yield rest, False


def _facets(count: Facets, asked: Asked) -> Iterator[dict[str, Any]]:
    """The values that would narrow the search, each with the address that does so."""
    years = dict(sorted(count.year.items(), reverse=True)[:_SHOWN])
    lists = (("site", count.site), ("language", count.language), ("origin", count.origin))
    for name, values in lists:
        if len(values) > 1 or name in asked.values:
            yield {"name": name, "values": [(value, n, asked.but(**{name: value})) for value, n in values.most_common(_SHOWN)]}
    if len(count.year) > 1:
        yield {"name": "year", "values": [(year, n, asked.but(since=year, until=year)) for year, n in years.items()]}


def _address(db: Any, words: str) -> dict[str, Any] | None:
    """What is known of an address that was typed where words are asked for."""
    if " " in words or "." not in words:
        return None
    try:
        return address(db, words)
    except (UsageError, NothingFound):
        return None
