"""Pages of web archives that a document links to take a place in the same budget as our own questions (design.md, promise 5)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from archive.models import Failure, FailureKind
from crawler.failures import Refused
from crawler.run import Run

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HAS_PLACE = "archive_budget"
"""Set in a request's meta by `crawler.ladder.archives`, which has waited for its turn already."""


class ArchiveGate:
    """Lets a request to an archive's replay go when its budget allows it, and pauses the service that refuses one."""

    def __init__(self, run: Run) -> None:
        self._run = run
        asked = [archive.replay("http://example.org/", "20260101000000") for archive in run.archives]
        self._services = {urlsplit(request.url).netloc: request.service for request in asked}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        run = Run.held(crawler)
        if run is None:
            raise NotConfigured
        return cls(run)

    async def process_request(self, request: Request) -> None:
        """Wait for a place. Raises Refused while the service is paused."""
        service = self._service(request)
        if service is None:
            return
        permit = await self._run.writer.run(lambda store: store.budgets.reserve(service, self._run.now()))
        if permit.blocked:
            reason = f"{service} is paused: {permit.reason}"
            raise Refused(Failure(request.url, FailureKind.PAUSED, reason, permit.wait))
        await asyncio.sleep(permit.wait)

    async def process_response(self, request: Request, response: Response) -> Response:
        """A refusal of the archive's own, which an archived one is not, pauses the service."""
        service = self._service(request)
        if service is not None and response.status in (429, 503) and b"Memento-Datetime" not in response.headers:
            reason = f"it answered {response.status}"
            await self._run.writer.run(lambda store: store.budgets.pause(service, self._run.now(), None, reason))
        return response

    def _service(self, request: Request) -> str | None:
        return None if request.meta.get(HAS_PLACE) else self._services.get(urlsplit(request.url).netloc)
