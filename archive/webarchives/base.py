"""What a web archive is to us: requests to build and answers to read. No I/O here.

Whoever sends the requests keeps the archive's budget (archive.budgets, one line a service) and hands the answer back,
whatever it is. Every answer ends in one of four outcomes; only a proper empty answer is `none`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from archive.models import Capture, Exchange, Failure, Headers, Outcome


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """A request to be sent for an archive. `service` names the budget that it is taken from.

    An address's fragment is a note to ourselves, never sent (RFC 3986, 3.5). `headers` may hold keys: they are not shown.
    """

    url: str
    archive: str
    service: str
    headers: Headers = field(default=(), repr=False)
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """Which captures to list: all under `url` as `match` says ("exact", "prefix", "host").

    With `words`, only addresses whose key holds one of these texts, each a slug or words in order, as a person writes
    them. With `once`, one capture of each address. `resume_key` is what an incomplete answer gave, unchanged.
    `around` is a timestamp: an archive whose index is parted by time looks there first.
    """

    url: str
    match: str = "exact"
    words: tuple[tuple[str, ...], ...] = ()
    limit: int = 1000
    once: bool = False
    resume_key: str | None = None
    around: str | None = None


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """Rows of an index. `complete` is False when there are more: `resume_key`, which is opaque, asks for them.

    With `once` they are one capture of each address, and not the one nearest to any date.
    """

    outcome: Outcome
    captures: tuple[Capture, ...] = ()
    resume_key: str | None = None
    reason: str | None = None
    retry_after: float | None = None
    once: bool = False

    @property
    def complete(self) -> bool:
        return self.resume_key is None


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture that was replayed: where, and with the headers that the page had when it was captured.

    `archive_url` is None for a capture of our own, which nobody else can open; `archive` is "crawl" then.
    """

    archive_url: str | None
    original: str
    timestamp: str
    status: int
    headers: Headers
    archive: str
    previous: str | None = None  # timestamps of other captures of the address, as the Link header gives them
    next: str | None = None
    first: str | None = None
    redirects_to: str | None = None  # the page redirected when captured: to this address of the web of then


@dataclass(frozen=True, slots=True)
class ReplayAnswer:
    """`location` is set when the archive sends us to the capture it has: ask that, within the archive.

    `exchange` is the page's own answer when it came inside of another one (a record of a WARC file).
    """

    outcome: Outcome
    memento: Memento | None = None
    location: str | None = None
    exchange: Exchange | None = None
    reason: str | None = None
    retry_after: float | None = None


class WebArchive(Protocol):
    """Called by the ladder's driver. Methods that read never raise: what cannot be read is `unknown` with a reason."""

    @property
    def name(self) -> str:
        """What `archive` is called in every record."""

    @property
    def has_index(self) -> bool:
        """Captures under a prefix can be listed: `search` with any match."""

    @property
    def lists_captures(self) -> bool:
        """Its mementos name no neighbours: `search` with match "exact" lists the captures of an address."""

    @property
    def index_by_time(self) -> bool:
        """Its index is parted by time: a query must say what it is `around`."""

    def replay(self, url: str, timestamp: str) -> ArchiveRequest:
        """Ask for the capture of an address nearest to a time, as captured."""

    def follow(self, location: str) -> ArchiveRequest:
        """Ask for the capture that the archive sent us to."""

    def read_replay(self, answer: Exchange | Failure) -> ReplayAnswer:
        """What came of a replay."""

    def search(self, query: IndexQuery) -> ArchiveRequest:
        """Ask the index."""

    def read_search(self, answer: Exchange | Failure) -> IndexAnswer:
        """What came of an index query."""

    def archive_url(self, capture: Capture) -> str:
        """The address of a capture for a person's browser."""


def retry_after(answer: Exchange) -> float | None:
    """Seconds that an answer asks us to wait: a number, or a date (RFC 9110, 10.2.3); None when it does not say."""
    value = (answer.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    moment = http_date(value)
    return max(0.0, (moment - answer.fetched).total_seconds()) if moment else None


def http_date(text: str) -> datetime | None:
    """A date of a header (RFC 9110, 5.6.7); None when it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
