"""Questions to web archives: one at a time for each archive, within the budget of the service, paused when it refuses."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime

from archive.models import Exchange, Failure, FailureKind, Outcome
from archive.visits import Lookup
from archive.webarchives import ArchiveRequest, IndexAnswer, ReplayAnswer, TextAnswer, WebArchive
from crawler.fetch import Fetcher, wait_asked
from crawler.middlewares.archives import HAS_PLACE
from crawler.writer import Writer

MAX_HOPS = 6  # of one question: from capture to capture, or list of crawls, three crawls, range

REFUSALS = frozenset({FailureKind.REFUSED, FailureKind.RESET, FailureKind.TIMEOUT})

Ask = Callable[[ArchiveRequest], Awaitable[Exchange | Failure]]


class ArchiveClient:
    """The transport of `archive.webarchives`. An answer that is no answer is a Failure; it is never "not archived".

    A 429 stops the service: ignored for a minute it becomes a block of an hour, doubling (edgi wayback, issue 137). A
    block looks like refused or silent connections, so those stop it too.

    Each service has a queue of its own, so that replays do not wait while the index keeps its slow pace; its head waits
    for the budget and then for the archive's one connection. All of that happens outside Scrapy's downloader, where
    waiting requests would count against CONCURRENT_REQUESTS and keep other hosts' pages back.
    """

    def __init__(self, fetcher: Fetcher, writer: Writer, now: Callable[[], datetime], *, timeout: float) -> None:
        self._fetcher = fetcher
        self._writer = writer
        self._now = now
        self._timeout = timeout
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._connection: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, request: ArchiveRequest) -> Exchange | Failure:
        """Send a question when its turn has come. While its service is paused the answer is a Failure, at once."""
        async with self._turn[request.service]:
            permit = await self._writer.run(lambda store: store.budgets.reserve(request.service, self._now()))
            if permit.blocked:
                reason = f"{request.service} is paused: {permit.reason}"
                return Failure(request.url, FailureKind.PAUSED, reason, permit.wait)
            await asyncio.sleep(permit.wait)
            answer = await self._send(request)
            await self._note(request, answer)
            return answer

    async def _send(self, request: ArchiveRequest) -> Exchange | Failure:
        meta = {"download_timeout": self._timeout, "dont_obey_robotstxt": True}  # an archive's robots.txt is for its pages
        meta[HAS_PLACE] = True
        async with self._connection[request.archive]:
            return await self._fetcher.get(request.url, request.headers, method=request.method, body=request.body, **meta)

    async def _note(self, request: ArchiveRequest, answer: Exchange | Failure) -> None:
        """Pause a service that refused."""
        reason = refusal(answer)
        if reason is None:
            await self._writer.run(lambda store: store.budgets.answered(request.service))
            return
        seconds = wait_asked(answer)
        await self._writer.run(lambda store: store.budgets.pause(request.service, self._now(), seconds, reason))


def refusal(answer: Exchange | Failure) -> str | None:
    """Why a service must be left alone for a while; None when it answered.

    An archived 429 is a memento: it says nothing of the archive (cassette of an archived rate limit, reddit 2015).
    """
    if isinstance(answer, Failure):
        return answer.detail if answer.kind in REFUSALS else None
    if answer.status in (429, 503) and answer.header("memento-datetime") is None:
        return f"it answered {answer.status}"
    return None


async def replayed(ask: Ask, archive: WebArchive, url: str, timestamp: str) -> tuple[ReplayAnswer, Exchange | Failure, Lookup]:
    """Replay, following the archive to the capture that it has: what came of it, the last answer, and the record of it."""
    request = archive.replay(url, timestamp)
    for _ in range(MAX_HOPS):
        exchange = await ask(request)
        answer: ReplayAnswer = archive.read_replay(exchange)
        if answer.location is None:
            return answer, exchange, lookup_of(request, answer)
        request = archive.follow(answer.location)
    answer = ReplayAnswer(Outcome.UNKNOWN, reason="the archive sends us round in circles")
    return answer, exchange, lookup_of(request, answer)


def lookup_of(request: ArchiveRequest, answer: IndexAnswer | ReplayAnswer | TextAnswer) -> Lookup:
    """A question and its answer, for the record."""
    return Lookup(request.archive, request.service, request.url, answer.outcome, answer.reason)
