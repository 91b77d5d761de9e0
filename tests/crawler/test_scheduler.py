"""The scheduler on a real frontier, without Scrapy around it: turns, limits, waiting, and knowing when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.settings import Settings

from archive.models import Verdict
from archive.states import State
from archive.visits import Task, Visit
from crawler.run import Run
from crawler.scheduler import PER_HOST, FrontierScheduler
from crawler.settings import MORGUE_PATIENCE as PATIENCE

START = datetime(2026, 11, 25, 9, tzinfo=UTC)


class World:
    """A scheduler with its run, and the time they see."""

    def __init__(self, folder: Path, limit: int = 0) -> None:
        self.now = START
        self.pokes = 0
        self.run = Run(folder, "test", workers=1, now=lambda: self.now)
        self.run.home.create()
        self.run.writer.open()
        slot = SimpleNamespace(closing=None, nextcall=SimpleNamespace(schedule=self._poked))
        spider = SimpleNamespace(parse=lambda: None, failed=lambda: None)
        crawler: Any = SimpleNamespace(
            settings=Settings({"MORGUE_LIMIT": limit, "MORGUE_PATIENCE": PATIENCE}),
            engine=SimpleNamespace(_slot=slot),
            spider=spider,
        )
        self._crawler = crawler  # the run is found by it, for as long as it lives
        with_run = _Crawler(crawler)
        self.run.attach(with_run)  # type: ignore[arg-type]
        self.scheduler = FrontierScheduler.from_crawler(with_run)  # type: ignore[arg-type]
        self._with_run = with_run

    def _poked(self) -> None:
        self.pokes += 1

    async def add(self, *urls: str) -> None:
        for url in urls:
            await self.run.writer.run(lambda store, url=url: store.add_url(url))
        self.run.ingested = True
        self.run.changes += 1

    async def settled(self) -> bool:
        """Whether something is pending once the lease that was asked for has come."""
        pending = self.scheduler.has_pending_requests()
        while self.scheduler._refilling is not None:
            await asyncio.wait([self.scheduler._refilling])
            pending = self.scheduler.has_pending_requests()
        return pending

    async def given(self) -> list[Task]:
        """All that is handed out now."""
        tasks: list[Task] = []
        await self.settled()
        while (request := self.scheduler.next_request()) is not None:
            tasks.append(request.meta["task"])
        await self.settled()
        return tasks

    async def record(self, task: Task, retry: timedelta | None = None) -> None:
        visit = Visit(task, self.now, Verdict(State.ALIVE, "test"), 200, task.lease.url, retry=retry)
        await self.run.writer.run(lambda store: store.record(visit))
        self.run.visited(visit)


class _Crawler:
    """What the scheduler needs of a crawler."""

    def __init__(self, parts: Any) -> None:
        self.settings, self.engine, self.spider = parts.settings, parts.engine, parts.spider


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home")
    yield made
    made.run.writer.close()


def play(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))  # type: ignore[arg-type]


def addresses(host: str, count: int) -> list[str]:
    return [f"https://{host}.example/{number}" for number in range(count)]


def hosts(tasks: list[Task]) -> list[str]:
    return [task.lease.host.partition(".")[0] for task in tasks]


def test_hosts_take_turns_and_a_long_list_does_not_shut_out_a_short_one(world: World) -> None:
    async def scene() -> None:
        await world.add(*addresses("long", 40), *addresses("short", 1), *addresses("third", 3))
        first = await world.given()
        assert sorted(hosts(first)) == ["long"] * PER_HOST + ["short"] + ["third"] * PER_HOST
        for task in first:
            world.scheduler.arrived(task)
        assert sorted(hosts(await world.given())) == ["long"] * PER_HOST + ["third"]

    play(scene)


def test_a_slow_host_never_has_many_under_way(world: World) -> None:
    async def scene() -> None:
        await world.add(*addresses("paper", 30))
        under_way = await world.given()
        assert len(under_way) == PER_HOST
        assert await world.given() == []
        for _ in range(20):
            world.scheduler.arrived(under_way.pop(0))
            under_way += await world.given()
            assert 1 <= len(under_way) < 2 * PER_HOST

    play(scene)


def test_a_refused_request_counts_as_arrived(world: World) -> None:
    """Refused by a middleware it never reaches the downloader: the signal for leaving that does not come."""

    async def scene() -> None:
        await world.add(*addresses("paper", 7))
        seen = 0
        while tasks := await world.given():
            for task in tasks:
                world.scheduler.arrived(task)
                await world.record(task)
            seen += len(tasks)
        assert seen == 7
        assert await world.settled() is False

    play(scene)


def test_nothing_ends_before_the_input_is_read(world: World) -> None:
    async def scene() -> None:
        assert world.scheduler.has_pending_requests() is True
        assert world.scheduler.next_request() is None
        await world.add()
        assert await world.settled() is False

    play(scene)


def test_what_a_commit_brings_is_found(world: World) -> None:
    async def scene() -> None:
        await world.add(*addresses("one", 1))
        (task,) = await world.given()
        world.scheduler.arrived(task)
        assert await world.settled() is False, "the engine asks again after each page"
        await world.add(*addresses("two", 1))
        assert await world.settled() is True
        assert hosts(await world.given()) == ["two"]

    play(scene)


def test_a_commit_during_an_empty_lease_is_not_missed(world: World) -> None:
    async def scene() -> None:
        await world.add(*addresses("paper", 3))
        tasks = await world.given()
        world.scheduler._news += 1
        world.scheduler.has_pending_requests()  # a lease begins; both places of the host are taken
        assert world.scheduler._refilling is not None
        world.scheduler.arrived(tasks[0])  # one becomes free while it is under way
        assert await world.settled() is True
        assert len(await world.given()) == 1

    play(scene)


@pytest.mark.parametrize(("wait", "patient"), [(5.0, True), (PATIENCE + 5, False)])
def test_a_run_waits_for_a_retry_that_is_near(world: World, wait: float, patient: bool) -> None:
    async def scene() -> None:
        await world.add(*addresses("paper", 1))
        (task,) = await world.given()
        world.scheduler.arrived(task)
        await world.record(task, retry=timedelta(seconds=wait))
        assert await world.settled() is patient
        if patient:
            world.now += timedelta(seconds=wait + 2)
            world.scheduler._woken()
            assert hosts(await world.given()) == ["paper"]

    play(scene)


def test_a_paused_host_does_not_hide_the_retry_of_another(world: World) -> None:
    async def scene() -> None:
        await world.add(*addresses("asks-for-calm", 3), *addresses("paper", 1))
        await world.run.writer.run(
            lambda store: store.frontier.pause_host("asks-for-calm.example", START + timedelta(hours=1), "429")
        )
        (task,) = await world.given()
        world.scheduler.arrived(task)
        await world.record(task, retry=timedelta(seconds=5))
        assert await world.settled() is True
        world.now += timedelta(seconds=6)
        world.scheduler._woken()
        (task,) = await world.given()
        world.scheduler.arrived(task)
        await world.record(task)
        assert await world.settled() is False, "nor does it keep the run from ending"

    play(scene)


def test_a_limit_is_kept_and_the_rest_stays(tmp_path: Path) -> None:
    world = World(tmp_path / "home", limit=2)

    async def scene() -> None:
        await world.add(*addresses("a", 2), *addresses("b", 2))
        assert len(await world.given()) == 2
        assert world.scheduler.has_pending_requests() is False
        assert world.run.limited is True
        freed = await world.run.writer.run(lambda store: store.frontier.release_all())
        assert freed == 4
        assert await world.run.writer.run(lambda store: store.frontier.count()) == {"queued": 4}

    play(scene)
    world.run.writer.close()


def test_a_stopping_run_hands_out_nothing(world: World) -> None:
    async def scene() -> None:
        await world.add(*addresses("a", 3))
        await world.settled()
        world.run.fail(OSError("x"))
        assert world.scheduler.has_pending_requests() is False
        assert world.scheduler.next_request() is None

    play(scene)


def test_a_frontier_that_fails_ends_the_run(world: World) -> None:
    async def scene() -> None:
        def fails(*_: object) -> Any:
            raise RuntimeError("disk gone")

        world.scheduler._take = fails  # type: ignore[method-assign]
        await world.add(*addresses("a", 3))
        assert await world.settled() is False
        assert "disk gone" in str(world.run.failure)

    play(scene)


def test_requests_from_elsewhere_are_refused(world: World) -> None:
    with pytest.raises(NotImplementedError, match="add addresses"):
        world.scheduler.enqueue_request(Request("https://paper.example/"))
