"""The frontier in SQLite: the contract, and a machine that does anything in any order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from archive.frontier import Frontier, Seed, SQLiteFrontier
from archive.schema import connect, insert, rows
from tests.archive.frontier_contract import Made, TestFrontier
from tests.archive.made import Clock

__all__ = ["TestFrontier"]

HOSTS = ("a.example", "b.example", "c.example")


def sqlite_frontier() -> tuple[Any, Made]:
    db = connect(Path(":memory:"))

    def url_id(url: str) -> int:
        found = rows(db, "SELECT id FROM urls WHERE url = ?", url)
        name = url.split("/")[2]
        values = {"url": url, "urlkey": url, "host": name, "site": name, "slug": "", "first_seen": "2026-11-25T12:00:00Z"}
        return int(found[0]["id"]) if found else insert(db, "urls", values)

    frontier: Frontier = SQLiteFrontier(db)
    return db, Made(frontier, url_id)


@pytest.fixture
def made() -> Iterator[Made]:
    db, one = sqlite_frontier()
    yield one
    db.close()


class Scheduling(RuleBasedStateMachine):
    """A model in three sets beside the real one: nothing is ever lost, doubled or leased twice."""

    def __init__(self) -> None:
        super().__init__()
        self.db, self.made = sqlite_frontier()
        self.clock = Clock()
        self.queued: dict[int, int] = {}  # id -> priority
        self.leased: set[int] = set()
        self.done: set[int] = set()
        self.paused: dict[str, Any] = {}

    @rule(host=st.sampled_from(HOSTS), name=st.integers(0, 6), priority=st.sampled_from([0, 10]))
    def add(self, host: str, name: int, priority: int) -> None:
        url_id = self.made.url_id(f"https://{host}/{name}")
        is_new = not (url_id in self.queued or url_id in self.leased or url_id in self.done)
        assert self.made.frontier.add(Seed(url_id, host, priority), self.clock()) == is_new
        if is_new or url_id in self.queued:
            self.queued[url_id] = max(priority, self.queued.get(url_id, 0))

    @rule(
        limit=st.integers(1, 8),
        per_host=st.integers(1, 3),
        busy=st.sets(st.sampled_from(HOSTS)),
        after=st.sampled_from(["", *HOSTS]),
    )
    def lease(self, limit: int, per_host: int, busy: set[str], after: str) -> None:
        found = self.made.frontier.lease(limit, self.clock(), per_host=per_host, busy=frozenset(busy), after=after)
        ids = [lease.url_id for lease in found]
        assert len(set(ids)) == len(ids) <= limit
        assert set(ids) <= set(self.queued)
        for host in HOSTS:
            taken = sum(lease.host == host for lease in found)
            assert taken <= per_host
            assert not taken or (host not in busy and self.paused.get(host, self.clock()) <= self.clock())
        for url_id in ids:
            del self.queued[url_id]
        self.leased |= set(ids)

    @precondition(lambda self: self.leased)
    @rule(choice=st.integers(0, 99))
    def finish(self, choice: int) -> None:
        url_id = sorted(self.leased)[choice % len(self.leased)]
        self.made.frontier.done(url_id)
        self.leased.remove(url_id)
        self.done.add(url_id)

    @precondition(lambda self: self.leased)
    @rule(choice=st.integers(0, 99), seconds=st.sampled_from([None, 0, 90]))
    def fail(self, choice: int, seconds: int | None) -> None:
        url_id = sorted(self.leased)[choice % len(self.leased)]
        due = self.made.frontier.retry(url_id, self.clock(), None if seconds is None else timedelta(seconds=seconds))
        assert due >= self.clock()
        self.leased.remove(url_id)
        self.queued[url_id] = self._priority(url_id)

    def _priority(self, url_id: int) -> int:
        return int(rows(self.db, "SELECT priority FROM frontier WHERE url_id = ?", url_id)[0]["priority"])

    @precondition(lambda self: self.done)
    @rule(choice=st.integers(0, 99))
    def ask_again(self, choice: int) -> None:
        url_id = sorted(self.done)[choice % len(self.done)]
        self.made.frontier.requeue(url_id, self.clock())
        self.done.remove(url_id)
        self.queued[url_id] = self._priority(url_id)

    @precondition(lambda self: self.queued)
    @rule(choice=st.integers(0, 99))
    def spare(self, choice: int) -> None:
        url_id = sorted(self.queued)[choice % len(self.queued)]
        self.made.frontier.spare(url_id)
        if self.queued[url_id] == 0:
            del self.queued[url_id]
            self.done.add(url_id)

    @rule(host=st.sampled_from(HOSTS), seconds=st.integers(0, 300))
    def pause(self, host: str, seconds: int) -> None:
        until = self.clock() + timedelta(seconds=seconds)
        self.made.frontier.pause_host(host, until, "429")
        self.paused[host] = max(until, self.paused.get(host, until))

    @rule()
    def crash(self) -> None:
        assert self.made.frontier.release_all() == len(self.leased)
        self.queued |= {url_id: self._priority(url_id) for url_id in self.leased}
        self.leased.clear()

    @rule(seconds=st.floats(0, 5000))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    @invariant()
    def every_address_is_in_the_state_that_it_should_be_in(self) -> None:
        expected = dict.fromkeys(self.queued, "queued") | dict.fromkeys(self.leased, "leased") | dict.fromkeys(self.done, "done")
        assert {row["url_id"]: row["state"] for row in rows(self.db, "SELECT url_id, state FROM frontier")} == expected

    def teardown(self) -> None:
        """In the end everything that was queued is handed out: nothing starves."""
        self.clock.advance(days=30)
        left = {lease.url_id for lease in self.made.frontier.lease(1000, self.clock(), per_host=1000)}
        assert left == set(self.queued)
        self.db.close()


TestScheduling = Scheduling.TestCase
TestScheduling.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
