"""Our own mistakes on one page: written, tried again later, and no trouble to the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import DropItem

from archive.errors import DiskFull
from archive.models import Exchange, Failure, FailureKind, Verdict
from archive.states import State
from archive.store import Store
from archive.visits import Task, Visit
from crawler.fetch import Fetcher, Interrupted
from crawler.ladder.climber import Climber
from crawler.pipelines import StorePipeline
from crawler.probes import Probes
from crawler.run import Run
from crawler.spiders.news import NewsSpider
from crawler.visitor import Visitor

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
URL = "https://paper.example/a"


class FailingWorkers:
    """Stands for the pool of processes."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    async def run(self, job: object) -> Any:
        raise self._error


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = Run(tmp_path / "home", "test", workers=1, now=lambda: NOW)
    made.home.create()
    made.writer.open()
    yield made
    made.writer.close()


def leased(run: Run, url: str = URL) -> Task:
    run.writer.submit(lambda store: store.add_url(url)).result(60)
    return run.writer.submit(lambda store: store.lease(1)[0]).result(60)


async def no_download(request: object) -> Any:
    raise AssertionError("nothing is to be fetched here")


def visited(run: Run, task: Task, error: BaseException) -> tuple[Visit | None, list[Task]]:
    arrived: list[Task] = []
    fetcher = Fetcher(no_download, lambda: NOW)
    visitor = Visitor(fetcher, FailingWorkers(error), None, run, related_depth=1, related_per_page=10)  # type: ignore[arg-type]
    page = Exchange(URL, (), 200, (), b"<html>", NOW)
    return asyncio.run(visitor.visit(task, page, arrived.append)), arrived


def test_an_error_in_a_visit_is_a_check_and_a_later_try(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    task = leased(run)
    with caplog.at_level(logging.ERROR):
        visit, arrived = visited(run, task, KeyError("our mistake"))
    assert arrived == [task], "its host is free for others"
    assert visit is not None
    assert (visit.verdict.state, visit.verdict.rule) == (State.TEMPORARY, "error")
    assert URL in caplog.text
    assert "our mistake" in caplog.text
    run.writer.submit(lambda store: store.record(visit)).result(60)
    assert run.writer.submit(lambda store: store.frontier.count()).result(60) == {"queued": 1}


def test_an_interrupted_visit_leaves_no_word(run: Run) -> None:
    visit, arrived = visited(run, leased(run), Interrupted())
    assert visit is None
    assert len(arrived) == 1


def test_a_stopping_run_gives_its_visits_up(run: Run) -> None:
    async def scene() -> Visit | None:
        started = asyncio.Event()

        class Waiting:
            async def run(self, job: object) -> Any:
                started.set()
                await asyncio.Event().wait()

        visitor = Visitor(Fetcher(no_download, lambda: NOW), Waiting(), None, run, related_depth=0, related_per_page=0)  # type: ignore[arg-type]
        job = asyncio.ensure_future(visitor.visit(task, Exchange(URL, (), 200, (), b"x", NOW), lambda task: None))
        await started.wait()
        run.interrupt()
        return await job

    task = leased(run)
    assert asyncio.run(asyncio.wait_for(scene(), 60)) is None
    assert run.visits == set()


def test_a_private_address_is_not_looked_for_anywhere(run: Run) -> None:
    fetcher = Fetcher(no_download, lambda: NOW)
    climber = Climber(fetcher, None, run, Probes(fetcher, run))  # type: ignore[arg-type]
    visitor = Visitor(fetcher, None, climber, run, related_depth=1, related_per_page=1)  # type: ignore[arg-type]
    task = leased(run, "http://intranet.example/a")
    refused = Failure(task.lease.url, FailureKind.UNSAFE, "in a private network")
    visit = asyncio.run(visitor.visit(task, refused, lambda task: None))
    assert visit is not None
    assert (visit.verdict.state, visit.search, visit.retry) == (State.BLOCKED, None, None)


# -- the pipeline -----------------------------------------------------------------------------------------------------


def sound(task: Task) -> Visit:
    return Visit(task, NOW, Verdict(State.ALIVE, "answered"), 200, URL)


def test_what_the_store_cannot_take_is_written_as_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    task, record = leased(run), Store.record

    def refuses(store: Store, visit: Visit) -> int | None:
        if visit.verdict.state is State.ALIVE:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        return record(store, visit)

    monkeypatch.setattr(Store, "record", refuses)
    item = asyncio.run(StorePipeline(run).process_item(sound(task)))
    assert item.verdict.rule == "error"
    assert run.failure is None
    assert run.counts["state_temporary"] == 1
    (rule,) = run.writer.submit(lambda store: store.db.execute("SELECT rule FROM checks").fetchone()).result(60)
    assert rule == "error"


def test_a_full_disk_ends_the_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    task = leased(run)

    def full(store: Store, visit: Visit) -> int | None:
        raise DiskFull("cannot write")

    monkeypatch.setattr(Store, "record", full)
    with pytest.raises(DropItem):
        asyncio.run(StorePipeline(run).process_item(sound(task)))
    assert isinstance(run.failure, DiskFull)
    assert run.stopping
    assert run.counts["pages"] == 0


def test_scrapys_command_says_in_one_line_why_a_run_ended(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    spider = NewsSpider()
    spider.run = run
    run.fail(DiskFull("cannot write home: free some space"))
    spider.closed("finished")
    assert capsys.readouterr().err == "morgue: cannot write home: free some space\n"
