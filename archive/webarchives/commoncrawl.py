"""Common Crawl: an index for each crawl (pywb's dialect), and the captures as ranges of WARC files.

Its ways were recorded 2025-09-15 (cocrawler/cdx_toolkit b5a32c7, tests/data/mock_responses): `collinfo.json` lists the
crawls; a row has filename, offset and length; "not in this crawl" is 404 with `{"message": "No Captures found for: …"}`;
the body is `Range: bytes=offset-(offset+length-1)` of `data.commoncrawl.org`, answered 206 with one gzip member, a record
whose payload is stored decoded. It is one server for everybody: at most a question a second, 503 means "slow down".

A question goes from one address to the next (list of crawls, index of a crawl or three, range), all of them within
`follow`; what was asked stands in the fragment, which is never sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.models import Capture, Exchange, Failure, Outcome
from archive.timestamps import parse_iso, parse_timestamp, to_timestamp
from archive.warc.member import read_member
from archive.webarchives import pywb
from archive.webarchives.answers import Readable, Unreadable, json_of, read, unexpected
from archive.webarchives.base import ArchiveRequest, IndexAnswer, IndexQuery, ReplayAnswer
from archive.webarchives.cdx import capture_of, number
from archive.webarchives.records import exchange_of, memento_of

INDEX = "https://index.commoncrawl.org"
DATA = "https://data.commoncrawl.org"
CRAWLS = 3  # asked for one address: the first that end after the reference date
MAX_RECORD = 16 * 1024 * 1024  # bytes of a range: payloads are cut at 5 MiB there
ROWS = 50  # captures of one address in one crawl

_LIST = f"{INDEX}/collinfo.json"
_FIELDS = (*pywb.FIELDS, "filename", "offset")
_FILE = re.compile(r"crawl-data/CC-MAIN-[0-9]{4}(-[0-9]+)?(/[\w-][\w.-]*)+\.warc\.gz", re.ASCII)
_CRAWL = re.compile(r"CC-MAIN-[0-9]{4}(-[0-9]+)*")
_YEARS = re.compile(r"-([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl: `end` is the timestamp of its last capture."""

    id: str
    end: str


class CommonCrawl:
    """commoncrawl.org. Remembers the list of crawls: it grows by one a month, and a run needs it once."""

    name = "commoncrawl"
    has_index = True
    lists_captures = True
    index_by_time = True

    def __init__(self, crawls: tuple[Crawl, ...] = ()) -> None:
        self._crawls = crawls

    # -- replay ------------------------------------------------------------------------------------------------------

    def replay(self, url: str, timestamp: str) -> ArchiveRequest:
        return self.follow(self._begin(url, timestamp))

    def _begin(self, url: str, timestamp: str) -> str:
        if not self._crawls:
            return f"{_LIST}#{urlencode({'of': url, 'at': timestamp})}"
        return _lookup(url, timestamp, self.around(timestamp))

    def follow(self, location: str) -> ArchiveRequest:
        notes = pywb.noted(location)
        first, length = number(notes.get("offset")), number(notes.get("length"))
        if location.startswith(f"{DATA}/") and first is not None and length:
            headers = (("Range", f"bytes={first}-{first + length - 1}"), ("Accept-Encoding", "identity"))
            return ArchiveRequest(location, self.name, "commoncrawl-data", headers)
        return ArchiveRequest(location, self.name, "commoncrawl-index")

    def read_replay(self, answer: Exchange | Failure) -> ReplayAnswer:
        if answer.url.startswith(f"{DATA}/"):
            return self._read_range(answer)
        notes = pywb.noted(answer.url)
        if answer.url.startswith(_LIST):
            trouble = self._learn(answer)
            begin = "" if trouble else self._begin(notes.get("of", ""), notes.get("at", ""))
            return trouble.replay() if trouble else ReplayAnswer(Outcome.FOUND, location=begin)
        return self._read_lookup(answer, notes)

    def _read_lookup(self, answer: Exchange | Failure, notes: dict[str, str]) -> ReplayAnswer:
        """The rows of one crawl: the best one's range, else the next crawl."""
        rows = pywb.read_rows(answer)
        if isinstance(rows, IndexAnswer) and rows.outcome is not Outcome.NONE:
            return ReplayAnswer(rows.outcome, reason=rows.reason, retry_after=rows.retry_after)
        place = _best_range(rows if isinstance(rows, list) else [], notes.get("at", ""))
        if place is not None:
            return ReplayAnswer(Outcome.FOUND, location=place)
        further = _ids(notes.get("further", ""))
        if further:
            return ReplayAnswer(Outcome.FOUND, location=_lookup(notes.get("of", ""), notes.get("at", ""), further))
        return ReplayAnswer(Outcome.NONE, reason=f"not in the {CRAWLS} crawls around {notes.get('at', '')[:8]}")

    def _read_range(self, answer: Exchange | Failure) -> ReplayAnswer:
        page = read(answer)
        if isinstance(page, Unreadable):
            return page.replay()
        length = number(pywb.noted(page.exchange.url).get("length"))
        if page.exchange.status != 206 or len(page.exchange.body) != length:
            got = f"answered {page.exchange.status} with {len(page.exchange.body)} bytes where a range of {length} was asked"
            return unexpected(page.exchange, got).replay()
        return self._unpacked(page.exchange)

    def _unpacked(self, answer: Exchange) -> ReplayAnswer:
        try:
            stored = read_member(answer.body)
        except ValueError as error:
            return unexpected(answer, f"{answer.url}: {error}").replay()
        stamp = to_timestamp(stored.date)
        crawl = _CRAWL.search(answer.url)
        memento = memento_of(stored, self.name, f"{INDEX}/{crawl[0] if crawl else ''}/{stamp}/{stored.target}")
        if memento is None or stored.warc_type != "response":
            return unexpected(answer, f"{answer.url}: the record there is no answer of a page").replay()
        return ReplayAnswer(Outcome.FOUND, memento=memento, exchange=exchange_of(stored, memento))

    def archive_url(self, capture: Capture) -> str:
        """As the TimeGate that the list of crawls names has it."""
        around = self.around(capture.timestamp)
        return f"{INDEX}/{around[0] if around else ''}/{capture.timestamp}/{capture.original}"

    # -- crawls ------------------------------------------------------------------------------------------------------

    def around(self, timestamp: str) -> tuple[str, ...]:
        """The crawls in which a page of that time is likeliest: the first that end later, else the newest."""
        ordered = sorted(self._crawls, key=lambda crawl: crawl.end)
        later = [crawl.id for crawl in ordered if crawl.end >= timestamp] if timestamp else []
        return tuple(later[:CRAWLS] or [crawl.id for crawl in reversed(ordered)][:CRAWLS])

    def _learn(self, answer: Exchange | Failure) -> Unreadable | None:
        """Take the list of crawls over; None when that went well."""
        page = read(answer)
        if isinstance(page, Unreadable):
            return page
        crawls = _crawls(page) if page.exchange.status == 200 else ()
        if not crawls:
            return unexpected(page.exchange, f"answered {page.exchange.status} without a list of crawls")
        self._crawls = crawls
        return None

    # -- index -------------------------------------------------------------------------------------------------------

    def search(self, query: IndexQuery) -> ArchiveRequest:
        """One query to one crawl. `resume_key` leads on: through the rows of a crawl, then to the next crawl."""
        notes = pywb.noted(f"#{query.resume_key or ''}")
        about = query.around or _reference(query.url)
        crawls = _ids(notes.get("crawls", "")) or self.around(about)
        if not crawls:
            return ArchiveRequest(f"{_LIST}#{urlencode({'at': about})}", self.name, "commoncrawl-index")
        asked = IndexQuery(query.url, query.match, query.words, query.limit, query.once, notes.get("seen"))
        url = pywb.query_url(f"{INDEX}/{crawls[0]}-index", asked, crawls=",".join(crawls))
        return ArchiveRequest(url, self.name, "commoncrawl-index")

    def read_search(self, answer: Exchange | Failure) -> IndexAnswer:
        notes = pywb.noted(answer.url)
        if answer.url.startswith(_LIST):
            trouble = self._learn(answer)
            begin = urlencode({"crawls": ",".join(self.around(notes.get("at", "")))})
            return trouble.index() if trouble else IndexAnswer(Outcome.FOUND, resume_key=begin)
        found = pywb.read_search(answer, self.name)
        if found.outcome not in (Outcome.FOUND, Outcome.NONE):
            return found
        crawls = _ids(notes.get("crawls", ""))
        further = {"crawls": ",".join(crawls), "seen": found.resume_key} if found.resume_key else {"crawls": ",".join(crawls[1:])}
        key = urlencode(further) if further["crawls"] else None
        return IndexAnswer(Outcome.FOUND if found.captures or key else Outcome.NONE, found.captures, key)


def _lookup(url: str, timestamp: str, crawls: tuple[str, ...]) -> str:
    """The captures of one address in the first of some crawls: redirects too, which are captures of worth."""
    query = IndexQuery(url, limit=ROWS)
    notes = {"of": url, "at": timestamp, "further": ",".join(crawls[1:])}
    return pywb.query_url(f"{INDEX}/{crawls[0]}-index", query, fields=_FIELDS, filters=(), **notes)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if _CRAWL.fullmatch(name))


def _crawls(page: Readable) -> tuple[Crawl, ...]:
    listed = json_of(page.body)
    found = (_crawl(entry) for entry in listed) if isinstance(listed, list) else ()
    return tuple(crawl for crawl in found if crawl)


def _crawl(entry: object) -> Crawl | None:
    """An entry of collinfo.json; its last year stands for a date that is missing."""
    if not isinstance(entry, dict) or not isinstance(name := entry.get("id"), str) or not _CRAWL.fullmatch(name):
        return None
    return Crawl(name, _stamp(entry.get("to")) or f"{_YEARS.findall(name)[-1]}1231235959")


def _stamp(value: object) -> str | None:
    try:
        return to_timestamp(parse_iso(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def _best_range(rows: list[pywb.Row], timestamp: str) -> str | None:
    """Where the capture is that is a page, or at least a redirect, nearest to a time; None when none is either."""
    best = min(_ranked(rows, timestamp), default=None)
    return best[2] if best else None


def _ranked(rows: list[pywb.Row], timestamp: str) -> Iterator[tuple[int, float, str]]:
    for row in rows:
        capture, place = capture_of(row, CommonCrawl.name), _place(row)
        rank = _rank(capture) if capture else None
        if capture is not None and place is not None and rank is not None:
            yield rank, _distance(capture, timestamp), place


def _rank(capture: Capture) -> int | None:
    status = capture.statuscode or 0
    return 0 if status == 200 else 1 if 300 <= status < 400 else None


def _distance(capture: Capture, timestamp: str) -> float:
    try:
        return abs((parse_timestamp(capture.timestamp) - parse_timestamp(timestamp)).total_seconds())
    except ValueError:
        return 0.0


def _place(row: pywb.Row) -> str | None:
    """The range of a row as an address with a fragment; None for what is no place in a file of theirs."""
    file, offset, length = (str(row.get(name, "")) for name in ("filename", "offset", "length"))
    size = number(length)
    if not _FILE.fullmatch(file) or number(offset) is None or not size or size > MAX_RECORD:
        return None
    return f"{DATA}/{file}#{urlencode({'offset': offset, 'length': length})}"


def _reference(url: str) -> str:
    """The date in an address or a prefix of one, as a timestamp; empty when it has none."""
    found = re.search(r"/((?:19|20)[0-9]{2})(?:[/_-]?(0[1-9]|1[0-2])(?=[/_-]))?(?=[/_-])", url)
    return f"{found[1]}{found[2] or '01'}01000000" if found else ""
