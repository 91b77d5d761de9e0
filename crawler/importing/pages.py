"""One page that was imported: the answer becomes a job for the worker processes, and what they say becomes what is written."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from archive.frontier import Lease
from archive.health import judge
from archive.imports import Captured, SavedPage
from archive.imports.known import SAVED, Known
from archive.models import Exchange, Hop, Knowledge, Observation, Page, Verdict, first_header
from archive.store import Store
from archive.urls import canonicalize, host
from archive.visits import Finding, Receipt, Task, Visit, article_address
from archive.warc import Copy, Stored
from archive.warc.pack import payload_digest
from crawler.workers.pool import Result, receipt_of
from crawler.workers.worker import Job

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WAITING = 10_000  # redirects whose target has not come (yet)
_HTML = (("Content-Type", "text/html"),)


@dataclass(frozen=True, slots=True)
class Walk:
    """The answers on the way to a page, redirects first, and the address that was asked for."""

    url: str
    hops: tuple[Hop, ...]


class Walks:
    """Puts the redirects of a file before the pages that they lead to, as a crawl that follows them does."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Walk] = OrderedDict()

    def at(self, url: str, status: int, headers: tuple[tuple[str, str], ...]) -> Walk | None:
        """The walk that ends with this answer; None when it is a redirect, which goes on elsewhere."""
        before = self._waiting.pop(url, None)
        hop = Hop(url, status, headers)
        walk = Walk(before.url, (*before.hops, hop)) if before else Walk(url, (hop,))
        target = _target(url, first_header(headers, "location")) if status in _REDIRECTS else None
        if target is None:
            return walk
        if len(walk.hops) < 20:
            self._waiting[target] = walk
        if len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
        return None


def _target(url: str, location: str | None) -> str | None:
    try:
        return canonicalize(urljoin(url, location.strip())) if location else None
    except ValueError:  # NotAURL among them
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a page before it is parsed. `walk` is None for a redirect."""

    url: str
    job: Job
    archive: str
    archive_url: str | None
    walk: Walk | None
    direct: bool  # the page's own host gave it: what it answered then is a look at its address

    def is_known(self, known: Known) -> bool:
        """Whether the same was kept before."""
        if self.archive == SAVED and self.job.copy is None:
            return known.saved_page(self.url, self.digest)
        return known.capture(self.archive, self.job.target, self.job.captured, self.digest)

    @property
    def digest(self) -> str:
        return self.job.copy.digest if self.job.copy else payload_digest(self.job.exchange.body)

    @property
    def origin(self) -> str:
        """Our own captures of living pages are as live as when they were made."""
        return "live" if self.archive == "crawl" else self.archive


def captured(item: Captured, walks: Walks, now: datetime, body: Stored | None = None) -> Answer:
    """An answer out of a WARC file; `body` is the record that a revisit refers to."""
    stored, whole = item.stored, body or item.stored
    payload = whole.body
    headers = stored.headers or whole.headers
    status = stored.status or whole.status or 200
    url = canonicalize(item.url)
    walk = walks.at(url, status, headers)
    digest = stored.digest if body and stored.digest else payload_digest(payload)
    exchange = Exchange(item.url, (), status, headers, payload, item.fetched or now, stored.truncated)
    copy = Copy(item.data, digest, revisit=body is not None)
    job = Job(exchange, item.url, stored.date, want_page=walk is not None, copy=copy)
    return Answer(url, job, item.archive, item.archive_url, walk, direct=item.archive_url is None)


def saved(item: SavedPage, now: datetime) -> Answer:
    """A page in a file. Its record has the bytes of the file and no headers but its type: no others are known."""
    exchange = Exchange(item.url, (), 200, _HTML, item.body, now)
    job = Job(exchange, item.url, item.captured)
    return Answer(item.url, job, SAVED, None, Walk(item.url, (Hop(item.url, 200, _HTML),)), direct=True)


@dataclass(frozen=True, slots=True)
class Concluded:
    """All that is written of one answer."""

    answer: Answer
    receipt: Receipt
    verdict: Verdict | None
    page: Page | None

    @property
    def has_article(self) -> bool:
        return bool(self.verdict and self.verdict.state.living and self.page and self.page.article)

    @property
    def why_none(self) -> str:
        """Why no article came of it, in a word or two."""
        if self.verdict is None:
            return "redirect"
        if not self.verdict.state.living:
            return str(self.verdict.state).replace("_", " ")
        page = self.page
        return str((page and (page.kind or page.status)) or "empty").replace("_", " ")


def concluded(answer: Answer, result: Result) -> Concluded:
    """Judge what the worker processes found."""
    receipt = replace(receipt_of(answer.job, result), archive=answer.archive, archive_url=answer.archive_url)
    if answer.archive == SAVED or answer.job.copy is not None:
        receipt = replace(receipt, packed=replace(receipt.packed, request=b""))
    if answer.walk is None:
        return Concluded(answer, receipt, None, None)
    return Concluded(answer, receipt, judge(Observation(answer.walk.url, answer.walk.hops, None, result.page)), result.page)


def write(store: Store, made: Concluded) -> None:
    """Keep the capture, its article and, when its own host gave it, how its address was then. Part of a transaction."""
    answer, page = made.answer, made.page
    asked = answer.walk.url if answer.walk else answer.url
    finding = None
    if made.has_article and page is not None and page.article is not None:
        finding = Finding(
            article=page.article,
            links=page.links,
            address=article_address(answer.url, page.article.canonical_url),
            final_url=answer.url,
            origin=answer.origin,
            captured=answer.job.captured,
            archive_url=answer.archive_url,
            receipt=0,
        )
    task = task_for(store, asked)
    visit = Visit(
        task, made.receipt.fetched, None, answer.job.exchange.status, answer.url, (made.receipt,), finding, imported=True
    )
    store.record(visit)
    if made.verdict is not None and answer.direct:
        store.add_check(replace(visit, checked=answer.job.captured), made.verdict)


def task_for(store: Store, url: str) -> Task:
    """An address as a visit has it, without a lease: the queue is not touched."""
    return Task(Lease(store.url_id(url), url, host(url), 0, 0, None, None), Knowledge(url))
