"""The thread that writes: groups, order, and one bad job among good ones."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.errors import DamagedArchive
from archive.home import Home
from archive.store import Store
from crawler.writer import FEW, GROUP, Writer


def adding(number: int):  # type: ignore[no-untyped-def]
    def job(store: Store) -> int:
        return store.url_id(f"https://paper.example/{number}")

    return job


def failing(store: Store) -> None:
    store.url_id("https://paper.example/half-done")
    raise LookupError("a bug of ours")


def count(store: Store) -> int:
    return int(store.db.execute("SELECT count(*) FROM urls").fetchone()[0])


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    home = Home(tmp_path / "home")
    home.create()
    made = Writer(home, lambda: datetime.now(UTC))
    made.open()
    yield made
    made.close()


class Held:
    """Keeps the writer busy, so that what is submitted meanwhile makes one group."""

    def __init__(self, writer: Writer) -> None:
        self._go, self._busy = threading.Event(), threading.Event()
        writer.submit(self._wait)
        self._busy.wait(60)

    def _wait(self, store: Store) -> None:
        self._busy.set()
        self._go.wait(60)

    def release(self) -> None:
        self._go.set()


def test_what_gathers_during_a_commit_is_one_transaction(writer: Writer) -> None:
    held = Held(writer)
    done = [writer.submit(adding(number)) for number in range(GROUP)]
    before = writer.commits
    held.release()
    assert [future.result(60) for future in done] == list(range(1, GROUP + 1)), "in order"
    assert writer.submit(count).result(60) == GROUP
    assert writer.commits - before == 3, "the one that was held, the group, the count"


def test_one_bad_job_spoils_only_itself(writer: Writer) -> None:
    held = Held(writer)
    first, bad, last = writer.submit(adding(1)), writer.submit(failing), writer.submit(adding(2))
    held.release()
    assert (first.result(60), last.result(60)) == (1, 2)
    with pytest.raises(LookupError, match="a bug of ours"):
        bad.result(60)
    assert writer.submit(count).result(60) == 2, "nothing of the bad one is kept"


def test_a_job_that_nobody_waits_for_any_more_is_left_out(writer: Writer) -> None:
    held = Held(writer)
    given_up, kept = writer.submit(adding(1)), writer.submit(adding(2))
    assert given_up.cancel()
    held.release()
    kept.result(60)
    with pytest.raises(CancelledError):
        given_up.result(60)
    assert writer.submit(count).result(60) == 1


def test_a_coroutine_that_is_cancelled_harms_nobody(writer: Writer) -> None:
    async def scene() -> int:
        held = Held(writer)
        waiting = asyncio.ensure_future(writer.run(adding(1)))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        held.release()
        return await writer.run(count)

    assert asyncio.run(scene()) == 0


def test_a_result_that_comes_when_the_loop_is_gone_is_dropped(writer: Writer, caplog: pytest.LogCaptureFixture) -> None:
    """A run that is ended by force leaves its loop before the writer has done its last group."""
    held: list[Held] = []
    waiting: list[asyncio.Future[int]] = []

    async def scene() -> None:
        held.append(Held(writer))
        waiting.append(asyncio.ensure_future(writer.run(adding(1))))
        await asyncio.sleep(0)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(scene())
    waiting[0].cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    held[0].release()
    assert writer.submit(count).result(60) == 0
    assert caplog.records == []


def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    writer = Writer(home, lambda: datetime.now(UTC))
    writer.open()
    done = [writer.submit(adding(number)) for number in range(3 * GROUP)]
    writer.close()
    assert all(future.done() for future in done)


def test_a_store_that_does_not_open_says_why(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.database.write_bytes(b"not a database" * 1000)
    writer = Writer(home, lambda: datetime.now(UTC))
    with pytest.raises(DamagedArchive):
        writer.open()
    writer.close()


def test_a_page_waits_for_the_next_one_only_while_they_come_in_a_row(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.writer.LINGER", 1e6)
    for number in range(FEW):  # nobody came before them: none waits
        writer.submit(adding(number), can_wait=True).result(60)
    before = writer.commits
    waiting = writer.submit(adding(FEW), can_wait=True)
    writer.submit(adding(FEW + 1)).result(60)  # urgent, and so the end of the waiting
    assert waiting.result(60)
    assert writer.commits == before + 1


def test_pages_far_apart_wait_for_nobody(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**12, 10**9))
    monkeypatch.setattr("crawler.writer.time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr("crawler.writer.LINGER", 1e6)
    for number in range(2 * FEW):
        assert writer.submit(adding(number), can_wait=True).result(60)
    assert writer.commits == 2 * FEW
