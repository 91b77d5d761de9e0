"""The transport of archive questions: one connection, a queue for each service, pauses that all see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from archive.home import Home
from archive.models import Exchange, Failure, FailureKind
from archive.webarchives import ArchiveRequest
from crawler.ladder.archives import ArchiveClient, refusal
from crawler.middlewares.archives import HAS_PLACE
from crawler.writer import Writer

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
CDX = ArchiveRequest("https://web.archive.org/cdx/search/cdx?url=x", "wayback", "wayback-cdx")
REPLAY = ArchiveRequest("https://web.archive.org/web/2019id_/https://x/", "wayback", "wayback-replay")
OTHER = ArchiveRequest("https://other-archive.example/web/2019id_/https://x/", "other", "wayback-replay")


def answer(status: int = 200, *headers: tuple[str, str]) -> Exchange:
    return Exchange(CDX.url, (), status, headers, b"", NOW)


class Transport:
    """Stands for the fetcher: answers when it is told to, and sees how many questions are out."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.most_at_once = 0
        self._out: dict[str, asyncio.Future[Exchange | Failure]] = {}

    async def get(self, url: str, headers: object = (), *, method: str, body: bytes, **meta: Any) -> Exchange | Failure:
        assert meta == {"download_timeout": 7.0, "dont_obey_robotstxt": True, HAS_PLACE: True}
        self.sent.append(url)
        waiting = self._out[url] = asyncio.get_running_loop().create_future()
        self.most_at_once = max(self.most_at_once, len(self._out))
        return await waiting

    def reply(self, request: ArchiveRequest, with_: Exchange | Failure) -> None:
        self._out.pop(request.url).set_result(with_)

    async def expect(self, request: ArchiveRequest, times: int = 1) -> None:
        """Let everything run until the question is out."""
        while self.sent.count(request.url) < times:
            await asyncio.sleep(0)


class World:
    def __init__(self, folder: Path) -> None:
        home = Home(folder)
        home.create()
        self.writer = Writer(home, lambda: NOW)
        self.writer.open()
        self.transport = Transport()
        self.client = ArchiveClient(self.transport, self.writer, lambda: NOW, timeout=7.0)  # type: ignore[arg-type]

    def ask(self, request: ArchiveRequest) -> asyncio.Future[Exchange | Failure]:
        return asyncio.ensure_future(self.client.ask(request))

    async def budget(self, service: str) -> dict[str, Any]:
        sql = "SELECT blocked_until, strikes, used FROM budgets WHERE service = ?"
        names = ("blocked_until", "strikes", "used")
        return await self.writer.run(lambda store: dict(zip(names, store.db.execute(sql, (service,)).fetchone(), strict=True)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home")
    yield made
    made.writer.close()


def play(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))  # type: ignore[arg-type]


def test_an_archive_has_one_connection_whatever_its_services(world: World) -> None:
    async def scene() -> None:
        index, capture = world.ask(CDX), world.ask(REPLAY)
        await world.transport.expect(CDX)
        world.transport.reply(CDX, answer())
        await world.transport.expect(REPLAY)
        world.transport.reply(REPLAY, answer())
        await asyncio.gather(index, capture)
        assert world.transport.most_at_once == 1

    play(scene)


def test_another_archive_does_not_wait_for_that_connection(world: World) -> None:
    async def scene() -> None:
        index, elsewhere = world.ask(CDX), world.ask(OTHER)
        await world.transport.expect(CDX)
        await world.transport.expect(OTHER)
        world.transport.reply(OTHER, answer())
        await elsewhere
        assert not index.done()
        world.transport.reply(CDX, answer())
        await index

    play(scene)


def test_replays_do_not_wait_for_the_pace_of_the_index(world: World) -> None:
    """The index is out of its burst and would be asked in seconds; the connection is free meanwhile."""

    async def scene() -> None:
        await world.writer.run(lambda store: [store.budgets.reserve("wayback-cdx", NOW) for _ in range(8)])
        index = world.ask(CDX)
        capture = world.ask(REPLAY)
        await world.transport.expect(REPLAY)
        assert world.transport.sent == [REPLAY.url]
        world.transport.reply(REPLAY, answer())
        await capture
        index.cancel()
        await asyncio.wait([index])

    play(scene)


def test_a_question_given_up_frees_its_place(world: World) -> None:
    async def scene() -> None:
        first, second = world.ask(CDX), world.ask(CDX)
        await world.transport.expect(CDX)
        first.cancel()
        await asyncio.wait([first])
        await world.transport.expect(CDX, times=2)
        world.transport.reply(CDX, answer())
        assert isinstance(await second, Exchange)

    play(scene)


IN_TWO_HOURS = format_datetime(NOW + timedelta(hours=2), usegmt=True)
REFUSALS = [
    (answer(429), 60),
    (answer(429, ("Retry-After", "7200")), 7200),
    (answer(503, ("retry-after", IN_TWO_HOURS)), 7200),
    (answer(429, ("Retry-After", "soon")), 60),
    (answer(503, ("Retry-After", "-5")), 60),
    (Failure(CDX.url, FailureKind.RESET, "lost"), 60),
    (Failure(CDX.url, FailureKind.REFUSED, "refused"), 60),
    (Failure(CDX.url, FailureKind.TIMEOUT, "silent"), 60),
]


@pytest.mark.parametrize(("reply", "seconds"), REFUSALS)
def test_a_refusal_pauses_the_service_for_all_who_wait(world: World, reply: Exchange | Failure, seconds: float) -> None:
    async def scene() -> None:
        questions = [world.ask(CDX) for _ in range(5)]
        await world.transport.expect(CDX)
        world.transport.reply(CDX, reply)
        first, *others = await asyncio.gather(*questions)
        assert first is reply
        assert all(isinstance(other, Failure) and other.kind is FailureKind.PAUSED for other in others)
        assert all(other.retry_after == pytest.approx(seconds) for other in others if isinstance(other, Failure))
        assert world.transport.sent == [CDX.url]
        budget = await world.budget("wayback-cdx")
        assert budget["blocked_until"] - NOW.timestamp() == pytest.approx(seconds)

    play(scene)


def test_the_other_service_goes_on_during_a_pause(world: World) -> None:
    async def scene() -> None:
        index = world.ask(CDX)
        await world.transport.expect(CDX)
        world.transport.reply(CDX, answer(429))
        await index
        capture = world.ask(REPLAY)
        await world.transport.expect(REPLAY)
        world.transport.reply(REPLAY, answer())
        assert isinstance(await capture, Exchange)

    play(scene)


ANSWERS = [
    answer(200),
    answer(404),
    answer(403),
    answer(504),
    answer(429, ("Memento-Datetime", "Sun, 01 Mar 2015 00:00:00 GMT")),
    answer(503, ("memento-datetime", "Sun, 01 Mar 2015 00:00:00 GMT")),
    Failure(CDX.url, FailureKind.PROTOCOL, "odd"),
    Failure(CDX.url, FailureKind.TOO_LARGE, "huge"),
]


@pytest.mark.parametrize("reply", ANSWERS)
def test_what_is_no_refusal_pauses_nothing(reply: Exchange | Failure) -> None:
    """An archived 429 is a memento: it says nothing of the archive."""
    assert refusal(reply) is None


def test_a_proper_answer_ends_the_doubling(world: World) -> None:
    async def scene() -> None:
        await world.writer.run(lambda store: store.budgets.pause("wayback-cdx", NOW - timedelta(hours=3), None, "429"))
        question = world.ask(replace(CDX))
        await world.transport.expect(CDX)
        world.transport.reply(CDX, answer(200))
        await question
        assert (await world.budget("wayback-cdx"))["strikes"] == 0

    play(scene)
