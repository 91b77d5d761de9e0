"""The budgets of archive services: no window sees more than the limit, whatever arrives, over runs and clocks set wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.budgets import LIMITS, LONGEST_PAUSE, LONGEST_QUEUE, Budgets, Limit
from archive.schema import connect

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
CDX = "wayback-cdx"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return connect(tmp_path / "morgue.db")


def most_in_a_window(moments: list[float], seconds: float) -> int:
    """The most that any half-open window of that length holds."""
    moments = sorted(moments)
    return max((sum(start <= other < start + seconds - 1e-6 for other in moments) for start in moments), default=0)


limits = st.one_of(
    st.sampled_from(list(LIMITS.values())),
    st.builds(lambda n, s, b: Limit(n, s, min(n, b)), st.integers(1, 40), st.sampled_from([1, 10, 60]), st.integers(1, 8)),
)
arrivals = st.lists(st.floats(0, 90, allow_nan=False), max_size=60)


@settings(max_examples=60, deadline=None)
@given(limits, arrivals, st.integers(1, 20))
def test_no_window_sees_more_than_the_limit(limit: Limit, gaps: list[float], reopen: int) -> None:
    """Any pattern of arrivals; the database is closed and opened in between."""
    with TemporaryDirectory() as folder:
        sent: list[float] = []
        clock = 0.0
        budgets = Budgets(connect(Path(folder) / "morgue.db"), {"s": limit})
        for number, gap in enumerate(gaps):
            clock += gap if number % 3 == 0 else 0.0  # three at a time
            permit = budgets.reserve("s", at(clock))
            assert permit.wait <= LONGEST_QUEUE + limit.seconds
            if not permit.blocked:
                sent.append(clock + permit.wait)
            if number % reopen == 0:
                budgets = Budgets(connect(Path(folder) / "morgue.db"), {"s": limit})
        assert most_in_a_window(sent, limit.seconds) <= limit.requests


@pytest.mark.parametrize("service", LIMITS)
def test_a_crowd_at_one_moment(service: str, db: Database) -> None:
    """Who would have to wait too long is told so and takes no place: the queue never grows beyond what it holds."""
    budgets, limit = Budgets(db), LIMITS[service]
    permits = [budgets.reserve(service, START) for _ in range(2000)]
    sent = [permit.wait for permit in permits if not permit.blocked]
    assert sent[: limit.burst] == pytest.approx([0.0] * limit.burst, abs=1e-5)
    assert most_in_a_window(sent, limit.seconds) == limit.requests
    assert max(sent) <= LONGEST_QUEUE
    if len(sent) < len(permits):
        assert permits[-1].reason == "too many are waiting for it"
    held = list(db.query("SELECT used, next_allowed FROM budgets"))
    assert held[0]["used"] == len(sent)
    assert held[0]["next_allowed"] - START.timestamp() <= LONGEST_QUEUE + limit.seconds


def test_two_services_do_not_share(db: Database) -> None:
    budgets = Budgets(db)
    for _ in range(10):
        budgets.reserve(CDX, START)
    assert budgets.reserve("wayback-replay", START).wait == 0.0


def test_a_quiet_time_allows_a_burst_again(db: Database) -> None:
    budgets = Budgets(db)
    for _ in range(24):
        budgets.reserve(CDX, START)
    waits = [budgets.reserve(CDX, at(600)).wait for _ in range(5)]
    assert waits[:4] == pytest.approx([0.0] * 4, abs=1e-5)
    assert waits[4] > 1


# -- pauses -------------------------------------------------------------------------------------------------------------


def test_the_pause_doubles_with_each_refusal_up_to_an_hour(db: Database) -> None:
    budgets, clock, waits = Budgets(db), 0.0, []
    for _ in range(9):
        waits.append(budgets.pause(CDX, at(clock), None, "it answered 429"))
        clock += waits[-1] + 1
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_pause_does_not_overflow(db: Database) -> None:
    budgets = Budgets(db)
    budgets.pause(CDX, START, None, "x")
    db.execute("UPDATE budgets SET strikes = 5000")
    assert budgets.pause(CDX, at(100), None, "x") == 3600


def test_a_proper_answer_starts_again_from_the_shortest_pause(db: Database) -> None:
    budgets = Budgets(db)
    budgets.pause(CDX, START, None, "it answered 429")
    budgets.pause(CDX, at(61), None, "it answered 429")
    budgets.answered(CDX)
    assert budgets.pause(CDX, at(500), None, "it answered 429") == 60


def test_nothing_is_sent_during_a_pause(db: Database, tmp_path: Path) -> None:
    """Also in the next run; and the place is not taken."""
    Budgets(db).pause(CDX, START, None, "it answered 429")
    permit = Budgets(connect(tmp_path / "morgue.db")).reserve(CDX, at(20))
    assert (permit.blocked, permit.wait, permit.reason) == (True, pytest.approx(40), "it answered 429")
    assert not Budgets(db).reserve(CDX, at(60)).blocked


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(5.0, 60.0), (90.0, 90.0), (7200.0, 7200.0), (86400.0, 86400.0), (1e9, LONGEST_PAUSE), (0.0, 60.0), (-3.0, 60.0)],
)
def test_a_service_that_says_how_long_is_believed(asked: float, kept: float, db: Database) -> None:
    """At least our own shortest pause, at most a day."""
    budgets = Budgets(db)
    assert budgets.pause(CDX, START, asked, "it answered 503") == kept
    assert budgets.reserve(CDX, at(kept - 1)).blocked
    assert not budgets.reserve(CDX, at(kept)).blocked


def test_refusals_that_were_on_their_way_do_not_count(db: Database) -> None:
    """And never shorten a pause."""
    budgets = Budgets(db)
    budgets.pause(CDX, START, 3600.0, "it answered 503")
    assert budgets.pause(CDX, at(1), None, "connection refused") == pytest.approx(3599)
    assert budgets.pause(CDX, at(2), 7200.0, "it answered 503") == pytest.approx(7200)
    assert budgets.pause(CDX, at(7203), None, "it answered 429") == 120


# -- clocks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [400, 3600, 86400 * 400])
def test_a_clock_set_back_does_not_stop_us_for_long(back: float, db: Database) -> None:
    budgets = Budgets(db)
    for _ in range(30):
        budgets.reserve(CDX, START)
    assert not budgets.reserve(CDX, at(-back)).blocked
    budgets.pause(CDX, START, None, "it answered 429")
    assert budgets.reserve(CDX, at(-back)).wait <= LONGEST_PAUSE


def test_a_pause_from_a_time_that_is_not_yet_is_void(db: Database) -> None:
    """The clock was a year ahead."""
    budgets = Budgets(db)
    budgets.pause(CDX, at(86400 * 365), None, "it answered 429")
    assert not budgets.reserve(CDX, START).blocked
    assert budgets.pause(CDX, START, None, "it answered 429") == 120


def test_a_clock_set_forward_gives_a_burst_and_no_more(db: Database) -> None:
    budgets, limit = Budgets(db), LIMITS[CDX]
    waits = [budgets.reserve(CDX, at(86400)).wait for _ in range(limit.requests + 1)]
    assert most_in_a_window(waits, limit.seconds) <= limit.requests
