"""A memento that comes as a record of a WARC file: what is parsed and kept is the page's own answer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from archive.models import Exchange, Outcome
from archive.repair import FetchMemento, MementoAnswer
from archive.webarchives import ArchiveRequest
from archive.webarchives.commoncrawl import CommonCrawl
from crawler.repairs import Climber, _Log
from tests.archive.exchanges import answer
from tests.archive.test_commoncrawl import AT, COLLINFO, NONE, PAGE, ROW, index, record


class World:
    """Common Crawl: the list of crawls, two crawls without the page, one that has it."""

    def __init__(self) -> None:
        self.data = record()
        self.asked: list[str] = []
        self.jobs: list[Any] = []

    async def ask(self, request: ArchiveRequest) -> Exchange:
        self.asked.append(request.service)
        if "collinfo" in request.url:
            return answer(request.url, 200, COLLINFO)
        if request.service == "commoncrawl-data":
            return answer(request.url, 206, self.data)
        if "CC-MAIN-2019-26" in request.url.partition("?")[0]:
            return index(request, ROW | {"length": str(len(self.data))})
        return answer(request.url, 404, NONE, content_type="application/json")

    async def run(self, job: Any) -> Any:
        self.jobs.append(job)
        return SimpleNamespace(packed=None, page=None)

    def fetch(self) -> tuple[MementoAnswer, _Log]:
        run: Any = SimpleNamespace(writer=None, workers=self, now=None)
        client: Any = self
        climber, log = Climber(client, client, run, client), _Log()
        return asyncio.run(climber._memento(FetchMemento(CommonCrawl(), PAGE, AT), log)), log


def test_a_page_out_of_a_record() -> None:
    world = World()
    found, log = world.fetch()
    assert found.outcome is Outcome.FOUND
    assert found.memento is not None
    assert world.asked == ["commoncrawl-index"] * 3 + ["commoncrawl-data"]
    (job,) = world.jobs
    assert (job.exchange.body, job.exchange.status, job.target) == (b"<p>hello", 200, PAGE)
    assert job.source_uri == found.memento.archive_url
    (lookup,) = log.lookups
    assert (lookup.archive, lookup.service, lookup.outcome) == ("commoncrawl", "commoncrawl-data", Outcome.FOUND)
    assert log.copies[found.memento].archive == "commoncrawl"
