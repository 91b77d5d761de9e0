"""Questions to web archives: one at a time for each archive, within the budget of the service, paused when it refuses."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from archive.models import Exchange, Failure, FailureKind
from archive.webarchives import ArchiveRequest
from crawler.fetch import Fetcher
from crawler.writer import Writer

TIMEOUTS = {"wayback-cdx": 90.0}  # seconds; prefix listings take 25 s and more (agntn/archives issue 70, 2026-09)
REFUSALS = frozenset({FailureKind.REFUSED, FailureKind.RESET, FailureKind.TIMEOUT})


class ArchiveClient:
    """The transport of `archive.webarchives`. An answer that is no answer is a Failure; it is never "not archived".

    A 429 stops the service: ignored for a minute it becomes a block of an hour, doubling (edgi wayback, issue 137). A
    block looks like refused or silent connections, so those stop it too.
    """

    def __init__(self, fetcher: Fetcher, writer: Writer, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._writer = writer
        self._now = now
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def ask(self, request: ArchiveRequest) -> Exchange | Failure:
        """Send a question when its turn has come."""
        async with self._turn[request.archive]:
            permit = await self._writer.run(lambda store: store.budgets.reserve(request.service, self._now()))
            if permit.blocked:
                reason = f"{request.service} is paused: {permit.reason}"
                return Failure(request.url, FailureKind.PAUSED, reason, permit.wait)
            await asyncio.sleep(permit.wait)
            timeout = TIMEOUTS.get(request.service, 60.0)
            answer = await self._fetcher.get(request.url, request.headers, download_timeout=timeout, dont_obey_robotstxt=True)
            await self._note(request, answer)
            return answer

    async def _note(self, request: ArchiveRequest, answer: Exchange | Failure) -> None:
        """Pause a service that refused."""
        reason = refusal(answer)
        if reason is None:
            await self._writer.run(lambda store: store.budgets.answered(request.service))
            return
        seconds = retry_after(answer)
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


def retry_after(answer: Exchange | Failure) -> float | None:
    """Seconds that the service asked us to wait (RFC 9110, 10.2.3; dates are not used by it)."""
    value = answer.header("retry-after") if isinstance(answer, Exchange) else None
    return float(value) if value and value.isdigit() else None
