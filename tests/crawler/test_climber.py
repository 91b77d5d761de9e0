"""What the ladder is told: mementos that come as records of WARC files, and candidates that only look alive."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from archive.models import Exchange, Observation, Outcome, Verdict
from archive.repair import FetchMemento, FetchPage, MementoAnswer
from archive.states import State
from archive.webarchives import ArchiveRequest
from archive.webarchives.commoncrawl import CommonCrawl
from crawler.fetch import Walk
from crawler.ladder.climber import Climber, _Log
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


def test_a_candidate_that_is_what_its_host_shows_for_any_address() -> None:
    """Such a page answers 200 and may hold the words of its address: the host's answer for a sibling tells."""
    url = "https://www.example.com/news/archive/harbour-bridge"

    class Host:
        """Answers, keeps nothing, and knows its own soft-404."""

        async def walk(self, url: str) -> Walk:
            return Walk(url, (answer(url, 200, "<title>harbour bridge: results</title><p>Nothing."),))

        async def run(self, job: Any) -> Any:
            return SimpleNamespace(packed=None, page=None)

        async def weigh(self, observation: Observation, verdict: Verdict, last: Exchange | None) -> Verdict:
            assert (observation.url, last and last.url) == (url, url)
            return Verdict(State.SOFT404, "same_as_missing")

    host: Any = Host()
    run: Any = SimpleNamespace(writer=None, workers=host, now=None)
    told = asyncio.run(Climber(host, host, run, host)._page(FetchPage(url), _Log()))
    assert told.verdict.rule == "same_as_missing"
    assert not told.verdict.state.living
