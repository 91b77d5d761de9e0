"""The CDX server's dialect, `/cdx/search/cdx`: a query's parameters -> the lines of the answer.

Sources: the README and code of the 2013 server (internetarchive/wayback), the recordings of EDGI's `wayback`, and its
notes on the server of 2026.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import unquote, unquote_plus

from tests.internet.archive_org.index import CaptureIndex, Row, range_of

MAX_LINES = 150_000  # of one answer (README of the server)
BLOCK = 3_000  # lines of a ZipNum block
PAGE = 50  # blocks of a page

Test = Callable[[Row], bool]


class BadQuery(ValueError):
    """The parameters make no query: answered with 400."""


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of one query. Those that may be repeated are `lists`."""

    one: dict[str, str]
    lists: dict[str, list[str]]

    @classmethod
    def parse(cls, parameters: list[tuple[str, str]]) -> Query:
        lists: dict[str, list[str]] = {}
        for name, value in parameters:
            lists.setdefault(name, []).append(value)
        return cls({name: values[-1] for name, values in lists.items()}, lists)

    @property
    def url(self) -> str:
        return self.one.get("url") or _bad("url is wanted")

    def flag(self, name: str) -> bool:
        return self.one.get(name, "").lower() == "true"

    def number(self, name: str) -> int | None:
        text = self.one.get(name) or None
        if text is not None and not re.fullmatch(r"-?\d+", text):
            _bad(f"{name} is no number")
        return int(text) if text is not None else None


def _bad(reason: str) -> NoReturn:
    raise BadQuery(reason)


def answer(index: CaptureIndex, query: Query) -> str:
    """The text of the answer. Raises BadQuery."""
    scanned = _scanned(index, query)
    if query.flag("showNumPages"):
        size = BLOCK * (query.number("pageSize") or PAGE)
        return f"{max(1, -(-len(scanned) // size))}\n"
    rows = _ordered(list(_collapsed(_filtered(scanned, query), query.lists.get("collapse", ()))), query)
    resume = _resume_key(rows, query)
    rows = _limited(rows, query)
    return _printed(rows, resume, query)


# -- which rows -------------------------------------------------------------------------------------------------------


def _scanned(index: CaptureIndex, query: Query) -> list[Row]:
    first, covers = range_of(query.url, query.one.get("matchType") or "exact")
    rows = [entry.row for entry in index.span(first, covers)]
    page = query.number("page")
    if page is not None:
        size = BLOCK * (query.number("pageSize") or PAGE)
        rows = rows[page * size : (page + 1) * size]
    if "resumeKey" in query.one:
        start = read_resume_key(query.one["resumeKey"])
        rows = [row for row in rows if (row.urlkey, row.timestamp) >= start]
    return rows


def _filtered(rows: list[Row], query: Query) -> Iterable[Row]:
    """Time and filters are applied line by line after the scan: they do not make a query cheaper."""
    tests = [_time_test(query), *(filter_test(text) for text in query.lists.get("filter", ()))]
    return (row for row in rows if all(test(row) for test in tests))


def _time_test(query: Query) -> Test:
    first, last = query.one.get("from", ""), query.one.get("to", "")
    if not re.fullmatch(r"\d{0,14}", first) or not re.fullmatch(r"\d{0,14}", last):
        _bad("from and to are 1 to 14 digits")
    return lambda row: row.timestamp >= first and row.timestamp[: len(last)] <= last


def filter_test(text: str) -> Test:
    """`[~][!]field:regex`: a Java regular expression that the WHOLE field must match; with `~` a mere substring.

    A field that does not exist means the whole line. Raises BadQuery.
    """
    marks, rest = re.match(r"([~!]*)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    name, colon, expression = rest.partition(":")
    if not colon:
        name, expression = "", rest
    wanted = "!" not in marks
    if "~" in marks:
        return lambda row: (expression in _field(row, name)) is wanted
    try:
        pattern = re.compile(expression)
    except re.error as error:
        raise BadQuery(f"filter: {error}") from error
    return lambda row: (pattern.fullmatch(_field(row, name)) is not None) is wanted


def _field(row: Row, name: str) -> str:
    if name.isdigit() and int(name) < len(Row._fields):
        return row[int(name)]
    return getattr(row, name) if name in Row._fields else " ".join(row)


def _collapsed(rows: Iterable[Row], collapses: Iterable[str]) -> Iterable[Row]:
    """Adjacent rows with the same field (or its first N signs) become the first of them; several work in turn."""
    for collapse in collapses:
        rows = _one_collapse(rows, *collapse.partition(":")[::2])
    return rows


def _one_collapse(rows: Iterable[Row], name: str, length: str) -> Iterable[Row]:
    signs = int(length) if length.isdigit() else None
    last: str | None = None
    for row in rows:
        value = _field(row, name)[:signs]
        if value != last:
            yield row
        last = value


def _ordered(rows: list[Row], query: Query) -> list[Row]:
    """`closest` is for one address only: of rows equally far away one is kept, as in the server's tree map."""
    sort, closest = query.one.get("sort", ""), query.one.get("closest", "")
    if sort == "reverse":
        return rows[::-1]
    if sort == "closest" and closest:
        target = seconds_of(closest)
        by_distance = {abs(seconds_of(row.timestamp) - target): row for row in reversed(rows)}
        return [by_distance[distance] for distance in sorted(by_distance)]
    return rows


def _limited(rows: list[Row], query: Query) -> list[Row]:
    """A negative limit counts from the end."""
    limit, offset = query.number("limit"), query.number("offset") or 0
    if limit is not None and limit < 0:
        return rows[limit:]
    return rows[offset : offset + min(limit or MAX_LINES, MAX_LINES)]


def seconds_of(timestamp: str) -> float:
    """Seconds since 1970 of 1 to 14 digits, filled up with the end of the period: `2019` is its last second."""
    return _moment(timestamp).timestamp()


def _moment(timestamp: str) -> datetime:
    """Fields out of range, which real indexes have, are drawn to the nearest that is one."""
    text = timestamp + "29991231235959"[len(timestamp) :]
    year, month = max(int(text[:4]), 1), min(max(int(text[4:6]), 1), 12)
    day = min(max(int(text[6:8]), 1), monthrange(year, month)[1])
    hour, minute, second = min(int(text[8:10]), 23), min(int(text[10:12]), 59), min(int(text[12:14]), 59)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


# -- resuming ---------------------------------------------------------------------------------------------------------


def _resume_key(rows: list[Row], query: Query) -> str | None:
    """Given when it was asked for and the limit was reached: the place right after the last row."""
    limit, offset = query.number("limit") or 0, query.number("offset") or 0
    if not query.flag("showResumeKey") or limit <= 0 or len(rows) - offset < limit or "sort" in query.one:
        return None
    last = rows[offset + limit - 1]
    return write_resume_key(last.urlkey, _after(last.timestamp))


def _after(timestamp: str) -> str:
    """The last sign goes up by one: after 9 comes `:` (cnn.com recording)."""
    return timestamp[:-1] + chr(ord(timestamp[-1]) + 1)


def write_resume_key(key: str, timestamp: str) -> str:
    """Opaque to clients, as recorded in May 2026."""
    return base64.urlsafe_b64encode(zlib.compress(f"{key} {timestamp}".encode())).decode()


def read_resume_key(text: str) -> tuple[str, str]:
    """Both forms, decoded once or twice: the opaque one, and `key+timestamp` of the years before. Raises BadQuery."""
    try:
        place = zlib.decompress(base64.urlsafe_b64decode(unquote(text).encode())).decode()
    except (ValueError, zlib.error):
        place = unquote_plus(text) if ")" not in text else text
    key, space, timestamp = place.rpartition(" ")
    if not space:
        _bad("resumeKey cannot be read")
    return key, timestamp


# -- the answer's text ------------------------------------------------------------------------------------------------


def _printed(rows: list[Row], resume: str | None, query: Query) -> str:
    names = [name for name in query.one.get("fl", "").split(",") if name in Row._fields] or list(Row._fields)
    table = [[getattr(row, name) for name in names] for row in rows]
    if query.one.get("output") == "json":
        return _json([names, *table] if table else [], resume)
    lines = [" ".join(values) for values in table]
    if resume:
        lines += ["", resume]
    return "".join(f"{line}\n" for line in lines)


def _json(table: list[list[str]], resume: str | None) -> str:
    if resume:
        table = [*table, [], [resume]]
    return "[" + ",\n".join(json.dumps(values) for values in table) + "]\n"
