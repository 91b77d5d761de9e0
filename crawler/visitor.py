"""One visit: an answer from the network becomes records, a verdict and an article; a dead page starts the ladder."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Response

from archive.health import judge
from archive.health.history import leads_elsewhere, shared_landing, weighed
from archive.known import ended_at
from archive.models import Exchange, Failure, FailureKind, Link, Observation, Outcome, Page, Role, Verdict
from archive.repair.drift import drifted
from archive.sources.bounds import accept
from archive.states import State
from archive.timestamps import iso
from archive.urls import host, looks_like_article, same_site, site
from archive.visits import Finding, Pending, Receipt, Task, Visit, article_address, refusal
from crawler.fetch import Fetcher, Interrupted, Walk, wait_asked
from crawler.ladder.archives import ArchiveClient
from crawler.ladder.climber import Climbed, Climber
from crawler.ladder.desk import IndexDesk
from crawler.probes import Probes
from crawler.run import Run
from crawler.workers.pool import Job, Workers, receipt_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

NO_WAIT = timedelta()  # Visit.retry: the frontier's own backoff
CALM = 60.0  # seconds: pause of a host that answers 429 and does not say for how long


class Visitor:
    """Network and worker processes, in the order of design.md section 6; judges and writes nothing itself."""

    def __init__(
        self,
        fetcher: Fetcher,
        workers: Workers,
        climber: Climber,
        run: Run,
        *,
        related_depth: int,
        related_per_page: int,
        ladder: bool = True,
    ) -> None:
        self.fetcher = fetcher
        self.ladder = ladder
        self._workers = workers
        self._climber = climber
        self._run = run
        self._related_depth = related_depth
        self._related_per_page = related_per_page

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        run, settings = Run.of(crawler), crawler.settings
        climber, _ = climber_of(crawler)
        return cls(
            climber.fetcher,
            run.workers,
            climber,
            run,
            related_depth=settings.getint("MORGUE_RELATED_DEPTH"),
            related_per_page=settings.getint("MORGUE_RELATED_PER_PAGE"),
            ladder=settings.getbool("MORGUE_LADDER"),
        )

    async def visit(self, task: Task, answer: Exchange | Failure, arrived: Callable[[Task], None]) -> Visit | None:
        """All that is to be written of one address; None when the run ended meanwhile. Never raises.

        `arrived` is called when the page's host may be asked for another one. An error of ours is written as such, so
        that one page does not hold its lease for ever, nor come back in each run.
        """
        job = asyncio.ensure_future(self._visit(task, answer, arrived))
        self._run.visits.add(job)
        try:
            return await job
        except Interrupted:
            return None
        except asyncio.CancelledError:
            if not self._run.stopping:
                raise
            return None
        except Exception as error:  # noqa: BLE001 - ours: whatever it is, the other pages go on
            return broken(task, self._run.now(), error)
        finally:
            self._run.visits.discard(job)

    async def _visit(self, task: Task, answer: Exchange | Failure, arrived: Callable[[Task], None]) -> Visit:
        try:
            walk = await self.fetcher.follow(task.lease.url, answer)
            await self._leave_alone(walk)
        finally:
            arrived(task)
        if task.conditions and walk.last is not None and walk.last.status == 304 and len(walk.exchanges) == 1:
            return _unchanged(task, walk.last)
        receipts, page = await self._keep(task, walk)
        observation = Observation(task.lease.url, walk.hops, walk.failure, page)
        verdict = await self._judged(task, observation, walk.last)
        visit = Visit(
            task=task,
            checked=self._run.now(),
            verdict=verdict,
            statuscode=walk.exchanges[-1].status if walk.exchanges else None,
            final_url=observation.final_url if walk.hops else None,
            receipts=receipts,
        )
        visit = _with_instead(visit, page)
        if verdict.state.living:
            return self._with_page(visit, page)
        if _worth_a_search(task, verdict, walk):
            if not self.ladder:  # left to the next crawl that is asked for it
                return replace(visit, verdict=replace(verdict, evidence=verdict.evidence | {"searched": False}))
            return self._searched(visit, await self._climber.climb(task, verdict))
        return visit if verdict.state is State.BLOCKED else replace(visit, retry=_wait(walk))

    async def _judged(self, task: Task, observation: Observation, last: Exchange | None) -> Verdict:
        """By what this look shows, then by what is known of the host, then by the looks before."""
        verdict, url, final = judge(observation), observation.url, observation.final_url
        if verdict.state is State.MOVED and leads_elsewhere(url, final):
            others = await self._run.writer.run(lambda store: ended_at(store.db, url, final))
            verdict = shared_landing(verdict, url, others)
        verdict = await self._climber.probes.weigh(observation, verdict, last)
        if verdict.state.living and observation.page is not None and task.asked:
            verdict = drifted(task.knowledge, observation.page, final) or verdict
        return weighed(verdict, task.looks, self._run.now())

    async def _leave_alone(self, walk: Walk) -> None:
        """Pause the host that asked for it."""
        pause = pause_of(walk)
        if pause is None:
            return
        last: Exchange | Failure = walk.failure or walk.exchanges[-1]
        reason = last.detail if isinstance(last, Failure) else f"it answered {last.status}"
        until = self._run.now() + timedelta(seconds=pause)
        await self._run.writer.run(lambda store: store.frontier.pause_host(host(last.url), until, reason))

    async def _keep(self, task: Task, walk: Walk) -> tuple[tuple[Receipt, ...], Page | None]:
        """Pack each answer for the WARC file and parse the last one, in the worker processes."""
        jobs = [
            Job(
                exchange,
                target=exchange.url,
                captured=exchange.fetched,
                want_page=exchange is walk.exchanges[-1],
                previous=task.previous if exchange.url == task.lease.url else None,
            )
            for exchange in walk.exchanges
        ]
        results = await asyncio.gather(*(self._workers.run(job) for job in jobs))
        receipts = tuple(receipt_of(job, result) for job, result in zip(jobs, results, strict=True))
        return receipts, results[-1].page if results else None

    def _with_page(self, visit: Visit, page: Page | None) -> Visit:
        """A living page: its article, if it holds one, and what it calls related."""
        if page is None or page.article is None or visit.final_url is None:
            return visit
        finding = Finding(
            article=page.article,
            links=page.links,
            address=article_address(visit.final_url, page.article.canonical_url),
            final_url=visit.final_url,
            origin="live",
            captured=visit.checked,
            receipt=len(visit.receipts) - 1,
            kind=page.kind,
        )
        return replace(visit, finding=finding, related=self._related(visit.task, finding))

    async def search(self, pending: Pending, desk: IndexDesk) -> Visit:
        """The rest of the visit to a dead page: the search in an archive's index."""
        climbed = await self._climber.search(pending, desk)
        return self._searched(Visit(pending.task, self._run.now(), None), climbed)

    def desk(self, searches: int, *, frugal: bool) -> IndexDesk:
        """For the searches of one site."""
        return IndexDesk(self._climber.ask_index, searches, frugal=frugal)

    def _searched(self, visit: Visit, climbed: Climbed) -> Visit:
        """A visit with what a climb found: for a dead page what stands for it, for a blocked one a copy beside it."""
        visit = replace(visit, lookups=climbed.lookups, search=climbed.search)
        finding = climbed.finding
        if finding is not None:
            if finding.receipt is not None:
                finding = replace(finding, receipt=finding.receipt + len(visit.receipts))
            related = self._related(visit.task, finding)
            visit = replace(visit, receipts=visit.receipts + climbed.receipts, finding=finding, related=related)
        is_open = climbed.search.outcome is Outcome.UNKNOWN and climbed.search.state in ("open", "proposed")
        return replace(visit, retry=_at_least_a_minute(climbed)) if is_open else visit

    def _related(self, task: Task, finding: Finding) -> tuple[Link, ...]:
        """Articles of the same site that the page calls related or mentions, related ones first."""
        if task.lease.depth >= self._related_depth:
            return ()
        wanted = [
            link
            for link in finding.links
            if link.role in (Role.RELATED, Role.INLINE)
            and same_site(link.url, finding.final_url)
            and looks_like_article(link.url)
            and link.url not in (finding.final_url, finding.address, task.lease.url)
            and self._within_bounds(link.url)
        ]
        wanted.sort(key=lambda link: (link.role is not Role.RELATED, link.position))
        return tuple(wanted[: self._related_per_page])

    def _within_bounds(self, url: str) -> bool:
        """What the sources of a site leave out is not followed from its pages either."""
        today = self._run.now().date()
        return all(accept(url, source, today).url for source in self._run.sources.get(site(url), ()))


def _with_instead(visit: Visit, page: Page | None) -> Visit:
    """What the page shows in place of an article, for the case that one is kept under its address."""
    verdict, final = visit.verdict, visit.final_url
    if page is None or verdict is None or final is None or (visit.statuscode or 0) >= 400:
        return visit  # an open "not found" is no text that somebody put in the place of another
    article, why = page.article or page.shown, refusal(page, verdict.state)
    if article is None or why is None:
        return visit
    receipt = len(visit.receipts) - 1
    found = Finding(article, page.links, final, final, "live", visit.checked, receipt=receipt, kind=page.kind, refused=why)
    return replace(visit, instead=found)


def climber_of(crawler: Crawler) -> tuple[Climber, ArchiveClient]:
    """What asks archives and the living web by a crawler's downloader."""
    run = Run.of(crawler)

    async def download(request: Request) -> Response:
        engine = crawler.engine
        if run.stopping or engine is None or not engine.running:
            raise Interrupted
        return await engine.download_async(request)

    fetcher = Fetcher(download, run.now)
    client = ArchiveClient(fetcher, run.writer, run.now, timeout=crawler.settings.getfloat("MORGUE_ARCHIVE_TIMEOUT"))
    probes = Probes(fetcher, run, enabled=crawler.settings.getbool("MORGUE_PROBE"))
    return Climber(fetcher, client, run, probes), client


def _unchanged(task: Task, answer: Exchange) -> Visit:
    """The page is as it was at the last look, and so is its health (RFC 9110, 15.4.5). Nothing came that could be kept."""
    last = task.looks[0]
    verdict = Verdict(last.state, "not_modified", {"as": last.rule, "since": iso(last.checked)})
    return Visit(task, answer.fetched, verdict, answer.status, answer.url, unchanged=True)


def _worth_a_search(task: Task, verdict: Verdict, walk: Walk) -> bool:
    """Dead or blocked. Not what we refuse to ask for ourselves: a private address is no archive's business."""
    failure = walk.failure
    if failure is not None and failure.kind is FailureKind.UNSAFE and failure.url == task.lease.url:
        return False
    return verdict.state.dead or verdict.state is State.BLOCKED


def broken(task: Task, now: datetime, error: Exception) -> Visit:
    """A visit that failed by an error of ours: told in the log, kept as a check, and tried again later."""
    logger.error("%s: an error of morgue's own, please report it: %s: %s", task.lease.url, type(error).__name__, error)
    logger.info("its traceback", exc_info=error)
    verdict = Verdict(State.TEMPORARY, "error", {"detail": f"{type(error).__name__}: {error}"[:300]})
    return Visit(task=task, checked=now, verdict=verdict, statuscode=None, final_url=None, retry=NO_WAIT)


def pause_of(walk: Walk) -> float | None:
    """Seconds that the whole host is to be left alone: what it asks for with a 429 or 503 (RFC 6585, 4; RFC 9110, 15.6.4)."""
    last = walk.failure or walk.exchanges[-1]
    if isinstance(last, Exchange) and last.status not in (429, 503):
        return None
    return wait_asked(last) or (CALM if isinstance(last, Exchange) and last.status == 429 else None)


def _wait(walk: Walk) -> timedelta:
    """How long a page asked to be left alone; zero: the frontier's own backoff."""
    seconds = wait_asked(walk.failure or walk.exchanges[-1])
    return timedelta(seconds=seconds) if seconds else NO_WAIT


def _at_least_a_minute(climbed: Climbed) -> timedelta:
    """When to ask an archive again that could not be asked."""
    return timedelta(seconds=max(climbed.retry_after or 0.0, 60.0))
