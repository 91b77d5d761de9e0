"""Capture indexes that speak pywb's dialect (pywb itself, arquivo.pt, Common Crawl): a query to send, rows to read.

Unlike the Wayback Machine's: fields are called url, mime and status; a filter starts with `~` to be a regular expression
and matches from the start; `output=json` is one object a line; `collapse`, `offset` and resume keys are not known and
silently ignored (webrecorder/pywb 2c706d1, warcserver/index/query.py and cdxops.py; 2.10.0 run 2026-11-25).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from archive.models import Capture, Exchange, Failure, Outcome
from archive.webarchives.answers import Unreadable, json_of, read, unexpected
from archive.webarchives.base import IndexAnswer, IndexQuery
from archive.webarchives.cdx import capture_of, number, words_regex

FIELDS = ("urlkey", "timestamp", "url", "mime", "status", "digest", "length", "access")
PAGES = ("~mime:(text/html|application/xhtml.xml|warc/revisit|unk)", "!~status:[345]")
"""Revisits have no status, so what is no page is filtered out instead of asking for 200."""
Row = Mapping[str, Any]


def query_url(
    endpoint: str, query: IndexQuery, *, fields: tuple[str, ...] = FIELDS, filters: tuple[str, ...] = PAGES, **notes: str
) -> str:
    """One query, with `notes` of the asker's own.

    An index of this kind always answers from the top and never collapses: the next rows are had by asking for more and
    passing over those that were read. What is left for us to do stands in the fragment, which is never sent (RFC 3986, 3.5).
    """
    seen = number(query.resume_key) or 0
    words = (f"~urlkey:{words_regex(query.words)}",) if query.words else ()
    asked = {"url": query.url, "matchType": query.match, "output": "json", "filter": [*words, *filters], "fl": ",".join(fields)}
    sent = urlencode(asked | {"limit": seen + query.limit}, doseq=True, quote_via=quote)
    ours = ({"seen": str(seen)} if seen else {}) | ({"once": "1"} if query.once else {}) | notes
    return f"{endpoint}?{sent}" + (f"#{urlencode(ours)}" if ours else "")


def noted(url: str) -> dict[str, str]:
    """What an address that was asked says to us in its fragment."""
    return dict(parse_qsl(url.partition("#")[2]))


def read_rows(answer: Exchange | Failure) -> list[Row] | IndexAnswer:
    """The rows of a list; when there is none, what the answer says instead."""
    page = read(answer)
    if isinstance(page, Unreadable):
        return page.index()
    exchange = page.exchange
    if exchange.status == 404 and _says_none(page.body):
        return IndexAnswer(Outcome.NONE)
    if exchange.status == 451:
        return IndexAnswer(Outcome.EXCLUDED, reason="the archive may not show it (451)")
    if exchange.status != 200:
        return unexpected(exchange).index()
    return _rows(page.body, exchange.header("content-type") or "")


def _says_none(body: bytes) -> bool:
    """Common Crawl's way, and that of pywb before 2.7: `{"message": "No Captures found for: …"}` (or "error")."""
    said = json_of(body)
    texts = (said.get("message"), said.get("error")) if isinstance(said, dict) else ()
    return any(isinstance(text, str) and text.startswith("No Captures found") for text in texts)


def _rows(body: bytes, content_type: str) -> list[Row] | IndexAnswer:
    """Every line an object, the last one whole; an empty list is one only under a list's content type."""
    if not body.strip() and not re.match(r"(text/x-ndjson|application/(x-ndjson|json|x-cdxj)|text/(x-cdxj|plain))", content_type):
        return Unreadable(f"not a list of captures, but {content_type or 'of no type'}").index()
    if body.strip() and not body.endswith(b"\n"):
        return Unreadable("the list is cut short").index()
    rows: list[Row] = []
    for line in body.split(b"\n"):
        if line.strip():
            row = json_of(line)
            if not isinstance(row, dict) or "timestamp" not in row:
                return Unreadable(f"not a list of captures: {line[:80].decode('utf-8', 'replace')}").index()
            rows.append(row)
    return rows


def read_search(answer: Exchange | Failure, archive: str) -> IndexAnswer:
    """Rows as far as they can be read. A list as long as was asked for may go on: `resume_key` counts what was read."""
    rows = read_rows(answer)
    if isinstance(rows, IndexAnswer):
        return rows
    limit, seen, once = _asked(answer.url)
    new = rows[seen:]
    shown = [row for row in new if row.get("access") not in ("block", "exclude")]
    if new and not shown:
        return IndexAnswer(Outcome.EXCLUDED, reason="the archive may not show what it has of it")
    captures = tuple(dict.fromkeys(capture for row in shown if (capture := capture_of(row, archive))))
    more = str(len(rows)) if limit and len(rows) >= limit else None
    return IndexAnswer(Outcome.FOUND if captures or more else Outcome.NONE, first_of_each(captures) if once else captures, more)


def _asked(url: str) -> tuple[int, int, bool]:
    """What a query's address says of itself: rows asked for, rows to pass over, whether one of each address is enough."""
    sent, ours = dict(parse_qsl(urlsplit(url).query)), noted(url)
    return number(sent.get("limit")) or 0, number(ours.get("seen")) or 0, "once" in ours


def first_of_each(captures: tuple[Capture, ...]) -> tuple[Capture, ...]:
    """One capture of each address."""
    found: dict[str, Capture] = {}
    for capture in captures:
        found.setdefault(capture.urlkey, capture)
    return tuple(found.values())
