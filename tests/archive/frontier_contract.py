"""What every frontier must do; each back end runs these tests with its own `made` fixture.

A back end's test module has a fixture `made` that returns a `Made`, and says `from … import *`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from archive.frontier import BACKOFF, Frontier, Seed
from tests.archive.made import NOON

__all__ = ["Made", "TestFrontier"]


@dataclass(frozen=True, slots=True)
class Made:
    """A frontier, and how its back end learns of an address: `url_id(url)` makes the row that a seed points to."""

    frontier: Frontier
    url_id: Callable[[str], int]

    def add(self, host: str, name: str = "a", now: datetime = NOON, **rest: int) -> int:
        url_id = self.url_id(f"https://{host}/{name}")
        self.frontier.add(Seed(url_id, host, **rest), now)
        return url_id

    def leased(self, limit: int = 100, now: datetime = NOON, per_host: int = 100, **rest: object) -> list[str]:
        """Host and name of what is handed out."""
        found = self.frontier.lease(limit, now, per_host=per_host, **rest)  # type: ignore[arg-type]
        return [lease.url.removeprefix("https://") for lease in found]


class TestFrontier:
    """Everything that a scheduler and a store rely on."""

    def test_an_address_is_queued_once(self, made: Made) -> None:
        url_id = made.url_id("https://a.example/a")
        assert made.frontier.add(Seed(url_id, "a.example"), NOON)
        assert not made.frontier.add(Seed(url_id, "a.example"), NOON)
        assert made.frontier.count() == {"queued": 1}

    def test_a_lease_says_what_is_to_be_fetched(self, made: Made) -> None:
        parent = made.add("a.example", "parent")
        child = made.url_id("https://a.example/child")
        made.frontier.add(Seed(child, "a.example", depth=1, parent_id=parent, anchor="Read on"), NOON)
        lease = next(lease for lease in made.frontier.lease(10, NOON) if lease.url_id == child)
        assert (lease.url, lease.host, lease.depth, lease.tries) == ("https://a.example/child", "a.example", 1, 0)
        assert (lease.parent_id, lease.anchor) == (parent, "Read on")

    def test_a_run_may_ask_for_some_addresses_only(self, made: Made) -> None:
        wanted = made.add("a.example", "wanted")
        made.add("a.example", "other", priority=9)
        made.add("b.example", "other")
        later = made.add("c.example", "later", now=NOON + timedelta(hours=1))
        among = frozenset({wanted, later})
        assert made.leased(among=among) == ["a.example/wanted"]
        assert made.leased(among=frozenset()) == []
        assert made.frontier.next_due(NOON, among=among) == NOON + timedelta(hours=1)
        assert made.frontier.next_due(NOON, among=frozenset({wanted})) is None
        assert sorted(made.leased()) == ["a.example/other", "b.example/other"]

    def test_nothing_is_leased_twice(self, made: Made) -> None:
        made.add("a.example")
        assert made.leased() == ["a.example/a"]
        assert made.leased() == []
        assert made.frontier.count() == {"leased": 1}

    def test_what_is_done_stays_done(self, made: Made) -> None:
        url_id = made.add("a.example")
        made.leased()
        made.frontier.done(url_id)
        made.add("a.example")
        assert made.leased() == []
        assert made.frontier.count() == {"done": 1}

    def test_a_done_address_can_be_asked_for_again_and_a_leased_one_cannot(self, made: Made) -> None:
        url_id = made.add("a.example")
        made.leased()
        made.frontier.requeue(url_id, NOON)
        assert made.leased() == []
        made.frontier.done(url_id)
        made.frontier.requeue(url_id, NOON)
        assert made.leased() == ["a.example/a"]

    def test_failures_in_a_row_wait_longer_and_longer(self, made: Made) -> None:
        url_id, now = made.add("a.example"), NOON
        for tries, wait in enumerate([*BACKOFF, BACKOFF[-1]], start=1):
            [lease] = made.frontier.lease(1, now)
            assert lease.tries == tries - 1
            due = made.frontier.retry(url_id, now)
            assert due == now + wait
            assert made.leased(now=due - timedelta(seconds=1)) == []
            now = due
        [_] = made.frontier.lease(1, now)
        made.frontier.done(url_id)
        made.frontier.requeue(url_id, now)
        [lease] = made.frontier.lease(1, now)
        assert lease.tries == 0

    def test_a_wait_that_a_server_asked_for_is_not_cut_by_a_part_of_a_second(self, made: Made) -> None:
        url_id = made.add("a.example")
        now = NOON + timedelta(seconds=0.9)
        made.leased(now=now)
        due = made.frontier.retry(url_id, now, timedelta(seconds=30))
        assert now + timedelta(seconds=30) <= due < now + timedelta(seconds=31)
        assert made.leased(now=now + timedelta(seconds=29.9)) == []
        assert made.leased(now=due) == ["a.example/a"]

    def test_leases_of_a_dead_process_are_given_back(self, made: Made) -> None:
        made.add("a.example", "a")
        made.add("a.example", "b")
        made.leased(limit=1)
        assert made.frontier.release_all() == 1
        assert made.frontier.release_all() == 0
        assert sorted(made.leased()) == ["a.example/a", "a.example/b"]

    def test_a_paused_host_is_left_alone_until_its_time(self, made: Made) -> None:
        made.add("a.example")
        made.add("b.example")
        until = NOON + timedelta(minutes=5)
        made.frontier.pause_host("a.example", until, "429")
        assert made.leased() == ["b.example/a"]
        assert made.leased(now=until - timedelta(seconds=1)) == []
        made.frontier.pause_host("a.example", NOON + timedelta(minutes=1), "503")  # no shorter than it was promised
        assert made.leased(now=until - timedelta(seconds=1)) == []
        assert made.leased(now=until) == ["a.example/a"]

    def test_within_a_host_the_higher_priority_goes_first_then_the_longest_due(self, made: Made) -> None:
        made.add("a.example", "late", NOON, priority=1)
        made.add("a.example", "early", NOON - timedelta(hours=1), priority=1)
        made.add("a.example", "linked", NOON - timedelta(hours=2))
        made.add("a.example", "asked", NOON, priority=10)
        assert made.leased(limit=3) == [f"a.example/{name}" for name in ("asked", "early", "late")]
        assert made.leased() == ["a.example/linked"]

    def test_being_asked_for_makes_a_linked_address_nearer_and_sooner(self, made: Made) -> None:
        made.add("a.example", "first", priority=1)
        made.add("a.example", "linked", depth=3)
        made.add("a.example", "linked", priority=10, depth=0)
        made.add("a.example", "linked", priority=0, depth=2)
        [lease, _] = made.frontier.lease(10, NOON, per_host=10)
        assert (lease.url, lease.depth) == ("https://a.example/linked", 0)

    def test_hosts_take_turns(self, made: Made) -> None:
        for number in range(50):
            made.add("big.example", f"{number:02}", priority=10)
        made.add("small.example")
        assert made.leased(limit=10, per_host=2) == ["big.example/00", "big.example/01", "small.example/a"]
        assert len(made.leased(limit=10, per_host=100)) == 10

    def test_the_turn_goes_on_behind_the_last_host(self, made: Made) -> None:
        for host in ("a.example", "b.example", "c.example"):
            for name in "xyz":
                made.add(host, name)
        assert made.leased(limit=2, per_host=1, after="a.example") == ["b.example/x", "c.example/x"]
        assert made.leased(limit=2, per_host=1, after="c.example") == ["a.example/x", "b.example/y"]
        assert made.leased(limit=9, per_host=1, after="zzz") == ["a.example/y", "b.example/z", "c.example/y"]

    def test_a_busy_host_sits_out(self, made: Made) -> None:
        made.add("a.example")
        made.add("b.example")
        assert made.leased(busy=frozenset({"a.example", "odd\"'host"})) == ["b.example/a"]
        assert made.leased() == ["a.example/a"]

    @pytest.mark.parametrize("limit", [1, 2, 3, 7])
    def test_no_more_than_the_limit(self, made: Made, limit: int) -> None:
        for host in ("a.example", "b.example", "c.example"):
            made.add(host, "x")
            made.add(host, "y", priority=5)
        found = made.leased(limit=limit)
        assert len(found) == min(limit, 6)
        assert found[0] == "a.example/y"

    def test_what_was_reached_on_the_way_is_spared_unless_somebody_asked_for_it(self, made: Made) -> None:
        linked, asked, leased = (
            made.add("a.example", "linked"),
            made.add("b.example", "asked", priority=10),
            made.add("c.example"),
        )
        made.leased(busy=frozenset({"a.example", "b.example"}))
        for url_id in (linked, asked, leased, made.url_id("https://d.example/never-queued")):
            made.frontier.spare(url_id)
        assert made.frontier.count() == {"done": 1, "queued": 1, "leased": 1}
        assert made.leased() == ["b.example/asked"]

    def test_the_next_due_time_is_that_of_the_earliest_address_that_waits_for_it(self, made: Made) -> None:
        frontier, hour = made.frontier, timedelta(hours=1)
        assert frontier.next_due(NOON) is None
        made.add("a.example", "a", NOON + 2 * hour)
        made.add("a.example", "b", NOON + hour)
        assert frontier.next_due(NOON) == NOON + hour
        assert frontier.next_due(NOON + hour) == NOON + 2 * hour, "what is due waits for its host, not for a time"
        made.leased(now=NOON + 3 * hour)
        assert frontier.next_due(NOON) is None
