"""Drives the ladder with real requests: live pages by the fetcher, captures and index by the archive client."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from archive.health import judge
from archive.home import Home
from archive.known import known_of
from archive.models import Exchange, Failure, FailureKind, Observation, Outcome, Repair, Verdict
from archive.repair import (
    Answer,
    Attempt,
    FetchIndexPage,
    FetchMemento,
    FetchPage,
    FindKnown,
    FindListed,
    FindOwn,
    LadderResult,
    ListCaptures,
    MementoAnswer,
    PageAnswer,
    SearchIndex,
    SearchText,
    Subject,
    Want,
    climb,
    search,
    supplement,
)
from archive.repair.ladder import Ladder
from archive.schema import connect_readonly
from archive.states import State
from archive.timestamps import parse_timestamp
from archive.urls import NotAURL, canonicalize
from archive.visits import Finding, Lookup, Pending, Receipt, Search, Task, article_address
from archive.webarchives import IndexAnswer, IndexQuery, Memento, ReplayAnswer, TextAnswer, WebArchive
from archive.webarchives.home import HomeArchive, SQLiteKeeper
from crawler.fetch import Fetcher
from crawler.ladder.archives import ArchiveClient, lookup_of, replayed
from crawler.ladder.desk import IndexDesk, read_on
from crawler.ladder.site_lists import SiteLists
from crawler.probes import Probes
from crawler.run import Run
from crawler.workers.pool import Job, receipt_of

MAX_INDEX_PAGES = 64  # whose links are kept at once


@dataclass(frozen=True, slots=True)
class Climbed:
    """What a climb found, ready to be written."""

    search: Search
    lookups: tuple[Lookup, ...]
    finding: Finding | None = None
    receipts: tuple[Receipt, ...] = ()
    retry_after: float | None = None


@dataclass(slots=True)
class _Log:
    """What one climb asked and received; only the winner's records are kept."""

    desk: IndexDesk | None = None
    lookups: list[Lookup] = field(default_factory=list)
    live: dict[str, tuple[Receipt, ...]] = field(default_factory=dict)
    copies: dict[Memento, Receipt] = field(default_factory=dict)


class Climber:
    """One for a run; many climbs go on at once."""

    def __init__(self, fetcher: Fetcher, client: ArchiveClient, run: Run, probes: Probes) -> None:
        self.fetcher = fetcher
        self.probes = probes
        self._client = client
        self._run = run
        self._writer = run.writer
        self._workers = run.workers
        self._now = run.now
        self._site_lists = SiteLists(fetcher, run)
        self._index_pages: dict[FetchIndexPage, asyncio.Future[MementoAnswer]] = {}

    async def climb(self, task: Task, verdict: Verdict) -> Climbed:
        """Find what stands for a dead page; for a blocked one a copy beside it. The search in an index is left pending."""
        is_blocked = verdict.state is State.BLOCKED
        ladder = (supplement if is_blocked else climb)(_subject(task), now=self._now(), archives=self._run.archives)
        log = _Log()
        result = await self._drive(ladder, log)
        return self._climbed(result, log, "supplement" if is_blocked else "accepted")

    async def search(self, pending: Pending, desk: IndexDesk) -> Climbed:
        """Go on with a climb that was left pending; its questions to an index go by the desk."""
        log = _Log(desk)
        ladder = search(_subject(pending.task), _before(pending), now=self._now(), archives=self._run.archives)
        climbed = self._climbed(await self._drive(ladder, log), log, "accepted")
        return _with_what_was_tried(climbed, pending.before.get("tried", []))

    async def look(self, url: str) -> PageAnswer:
        """How an address of the living web is today; nothing is kept."""
        return await self._page(FetchPage(url), _Log())

    async def ask_index(self, archive: WebArchive, query: IndexQuery) -> IndexAnswer:
        """Put one query to an archive's index."""
        return archive.read_search(await self._client.ask(archive.search(query)))

    async def _drive(self, ladder: Ladder, log: _Log) -> LadderResult:
        """Answer the generator's wants until it returns."""
        try:
            want = next(ladder)
            while True:
                want = ladder.send(await self._answer(want, log))
        except StopIteration as end:
            result: LadderResult = end.value
            return result

    async def _answer(self, want: Want, log: _Log) -> Answer:
        if isinstance(want, FetchPage):
            return await self._page(want, log)
        if isinstance(want, FetchMemento):
            return await self._memento(want, log)
        if isinstance(want, FetchIndexPage):
            return await self._index_page(want, log)
        if isinstance(want, FindListed):
            return await self._site_lists.of(want)
        if isinstance(want, FindKnown):
            return await self._writer.run(lambda store: known_of(store.db, want.url))
        if isinstance(want, FindOwn):
            return await self._own(want, log)
        return await self._text(want, log) if isinstance(want, SearchText) else await self._listed(want, log)

    async def _listed(self, want: ListCaptures | SearchIndex, log: _Log) -> IndexAnswer:
        if isinstance(want, ListCaptures):
            answer = await read_on(self.ask_index, want.archive, want.query)
        else:
            assert log.desk is not None
            answer = await log.desk.answer(want)
        log.lookups.append(lookup_of(want.archive.search(want.query), answer))
        return answer

    async def _text(self, want: SearchText, log: _Log) -> TextAnswer:
        request = want.archive.search_text(want.query)
        answer = want.archive.read_text(await self._client.ask(request))
        log.lookups.append(lookup_of(request, answer))
        return answer

    async def _index_page(self, want: FetchIndexPage, log: _Log) -> MementoAnswer:
        """Whoever wants the same page waits for the same answer; its bytes are nobody's record."""
        asked = self._index_pages.get(want)
        if asked is None:
            memento = FetchMemento(want.archive, want.url, want.timestamp)
            asked = self._index_pages[want] = asyncio.ensure_future(self._memento(memento, log))
            self._run.visits.add(asked)
            asked.add_done_callback(self._run.visits.discard)
        answer = await asyncio.shield(asked)
        if answer.outcome is Outcome.UNKNOWN or len(self._index_pages) > MAX_INDEX_PAGES:
            self._index_pages.pop(want, None)
        return answer

    async def _own(self, want: FindOwn, log: _Log) -> MementoAnswer:
        """From the database and the WARC files; in a thread, so that nobody waits for a disk."""
        answer = await asyncio.to_thread(_own_capture, self._run.home, want)
        if answer.memento is None or answer.exchange is None:
            return MementoAnswer(answer.outcome, reason=answer.reason)
        return await self._parsed(answer.memento, answer.exchange, log)

    async def _page(self, want: FetchPage, log: _Log) -> PageAnswer:
        try:
            url = canonicalize(want.url)
        except NotAURL as error:
            failure = Failure(want.url, FailureKind.UNSAFE, str(error))
            return PageAnswer(judge(Observation(want.url, (), failure)), None, want.url)
        walk = await self.fetcher.walk(url)
        last = walk.exchanges[-1] if walk.exchanges else None
        jobs = [Job(exchange, exchange.url, exchange.fetched, want_page=exchange is last) for exchange in walk.exchanges]
        results = await asyncio.gather(*(self._workers.run(job) for job in jobs))
        page = results[-1].page if results else None
        observation = Observation(url, walk.hops, walk.failure, page)
        log.live[observation.final_url] = tuple(receipt_of(job, result) for job, result in zip(jobs, results, strict=True))
        verdict = await self.probes.weigh(observation, judge(observation), last)
        return PageAnswer(verdict, page, observation.final_url)

    async def _memento(self, want: FetchMemento, log: _Log) -> MementoAnswer:
        """Replay, following the archive to the capture that it has, and parse what it shows."""
        answer, exchange, lookup = await replayed(self._client.ask, want.archive, want.url, want.timestamp)
        log.lookups.append(lookup)
        if answer.outcome is not Outcome.FOUND or answer.memento is None or isinstance(exchange, Failure):
            return MementoAnswer(answer.outcome, reason=answer.reason, retry_after=answer.retry_after)
        return await self._parsed(answer.memento, answer.exchange or exchange, log)

    async def _parsed(self, memento: Memento, exchange: Exchange, log: _Log) -> MementoAnswer:
        job = Job(
            replace(exchange, headers=memento.headers),
            target=memento.original,
            captured=parse_timestamp(memento.timestamp),
            want_page=memento.redirects_to is None,
            source_uri=memento.archive_url and exchange.url,
        )
        result = await self._workers.run(job)
        receipt = receipt_of(job, result)
        log.copies[memento] = replace(receipt, archive=memento.archive, archive_url=memento.archive_url)
        return MementoAnswer(Outcome.FOUND, memento, result.page)

    def _climbed(self, result: LadderResult, log: _Log, accepted: str) -> Climbed:
        tried: dict[str, object] = {"tried": [_shown(attempt) for attempt in result.tried], "reasons": list(result.reasons)}
        if result.pending:
            left = tried | {"excluded": list(result.excluded), "retry_after": result.retry_after}
            left |= {"proposal": asdict(result.proposal)} if result.proposal else {}
            return Climbed(Search(Outcome.UNKNOWN, "pending", None, left), tuple(log.lookups))
        if result.repair is None or result.page is None or result.page.article is None or result.final_url is None:
            offer = result.proposal and replace(result.proposal, evidence=result.proposal.evidence | tried)
            found = Search(result.outcome, "proposed" if offer else "open", offer, tried)
            return Climbed(found, tuple(log.lookups), retry_after=result.retry_after)
        repair = replace(result.repair, evidence=result.repair.evidence | tried)
        receipts = self._receipts(result, log)
        memento, article = result.memento, result.page.article
        finding = Finding(
            article=article,
            links=result.page.links,
            address=article_address(result.final_url, article.canonical_url),
            final_url=result.final_url,
            origin=memento.archive if memento else "live",
            captured=parse_timestamp(memento.timestamp) if memento else self._now(),
            archive_url=memento.archive_url if memento else None,
            receipt=len(receipts) - 1 if receipts else None,
            kind=result.page.kind,
        )
        return Climbed(Search(Outcome.FOUND, accepted, repair), tuple(log.lookups), finding, receipts)

    def _receipts(self, result: LadderResult, log: _Log) -> tuple[Receipt, ...]:
        if result.memento is not None:
            return (log.copies[result.memento],)
        return log.live.get(result.final_url or "", ())


def _own_capture(home: Home, want: FindOwn) -> ReplayAnswer:
    db = connect_readonly(home.database)
    try:
        return HomeArchive(SQLiteKeeper(db, home.warcs)).at(want.url, want.timestamp, public=want.public)
    finally:
        db.close()


def _subject(task: Task) -> Subject:
    return Subject(task.knowledge, task.candidates, may_search=task.asked, written=task.written)


def _with_what_was_tried(climbed: Climbed, before: list[str]) -> Climbed:
    """The record of both parts of a climb."""
    search = climbed.search
    held = search.repair.evidence if search.repair else search.evidence
    evidence: dict[str, Any] = held | {"tried": before + list(cast("list[str]", held["tried"]))}
    repair = replace(search.repair, evidence=evidence) if search.repair else None
    return replace(climbed, search=replace(search, repair=repair, evidence={} if repair else evidence))


def _before(pending: Pending) -> LadderResult:
    """What the climb left in the database."""
    left = pending.before
    return LadderResult(
        Outcome.UNKNOWN,
        reasons=tuple(left.get("reasons", ())),
        retry_after=left.get("retry_after"),
        proposal=Repair(**left["proposal"]) if left.get("proposal") else None,
        excluded=tuple(left.get("excluded", ())),
    )


def _shown(attempt: Attempt) -> str:
    when = f" of {attempt.timestamp}" if attempt.timestamp else ""
    return f"{attempt.method}: {attempt.url}{when}: {attempt.outcome}"
