"""When to look again, and whether a source has gone silent: tables of pure decisions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.schedule import SourceState, Yield, after_failure, judge_source, next_interval, until_next_look
from archive.schedule.intervals import LONGEST, LONGEST_FAILURE, SHORTEST
from archive.schedule.revisits import CYCLE, DEAD_CYCLE
from archive.schedule.watching import usual_gap

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


# -- listings ---------------------------------------------------------------------------------------------------------


def test_one_new_article_is_what_a_look_is_for() -> None:
    assert next_interval(4 * HOUR, 1, listed=20) == 4 * HOUR


def test_more_of_them_are_looked_for_sooner_and_none_later() -> None:
    assert next_interval(4 * HOUR, 3, listed=20) < 4 * HOUR < next_interval(4 * HOUR, 0, listed=20)


def test_a_listing_that_is_half_new_may_have_lost_something() -> None:
    assert next_interval(4 * HOUR, 12, listed=20) < next_interval(4 * HOUR, 3, listed=20)


def test_a_listing_of_one_is_no_sign_of_loss() -> None:
    assert next_interval(4 * HOUR, 1, listed=1) == 4 * HOUR


@pytest.mark.parametrize(("pace", "least"), [(None, SHORTEST), (6 * HOUR, 6 * HOUR), (30 * DAY, LONGEST)])
def test_the_pace_that_a_listing_asks_for_is_kept(pace: timedelta | None, least: timedelta) -> None:
    interval = 4 * HOUR
    for _ in range(30):
        interval = next_interval(interval, 9, listed=10, pace=pace)
    assert interval == least


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=60))
def test_an_interval_stays_within_its_bounds(looks: list[tuple[int, int]]) -> None:
    interval = 2 * HOUR
    for new, listed in looks:
        interval = next_interval(interval, min(new, listed), listed=listed)
        assert SHORTEST <= interval <= LONGEST


def test_an_article_that_lives_for_a_day_is_seen_when_a_run_was_missed() -> None:
    assert LONGEST + 2 * HOUR < DAY


@pytest.mark.parametrize(
    ("tries", "asked", "wait"),
    [
        (1, None, HOUR),
        (2, None, 2 * HOUR),
        (4, None, 8 * HOUR),
        (50, None, LONGEST_FAILURE),
        (1, 5 * HOUR, 5 * HOUR),
        (3, HOUR, 4 * HOUR),
    ],
)
def test_failures_are_waited_out_ever_longer(tries: int, asked: timedelta | None, wait: timedelta) -> None:
    assert after_failure(HOUR, tries, asked) == wait


def test_a_listing_that_is_read_rarely_is_tried_again_soon() -> None:
    assert [after_failure(16 * HOUR, tries) for tries in (1, 2, 3)] == [4 * HOUR, 8 * HOUR, 16 * HOUR]


# -- articles ---------------------------------------------------------------------------------------------------------


def test_an_article_is_looked_at_often_when_young_and_rarely_when_old() -> None:
    ages, age = [], timedelta()
    while age < 400 * DAY:
        age += until_next_look(age, changed=False, living=True)
        ages.append(age)
    assert ages[:4] == [6 * HOUR, DAY, 4 * DAY, 16 * DAY]
    assert len(ages) < 10


def test_one_that_changes_is_looked_at_sooner() -> None:
    assert until_next_look(2 * DAY, changed=True, living=True) * 2 == until_next_look(2 * DAY, changed=False, living=True)


@pytest.mark.parametrize(("living", "wait"), [(True, CYCLE), (False, DEAD_CYCLE)])
def test_a_link_is_checked_on_a_long_cycle(living: bool, wait: timedelta) -> None:
    assert until_next_look(3000 * DAY, changed=False, living=living) == wait


# -- sources ----------------------------------------------------------------------------------------------------------


def daily(days: int, *, until: datetime = NOON) -> tuple[datetime, ...]:
    return tuple(until - DAY * number for number in range(days))


def of(**given: object) -> Yield:
    return Yield(**({"arrived": daily(20), "looked": NOON} | given))  # type: ignore[arg-type]


def test_a_source_that_does_as_always_is_well() -> None:
    health = judge_source(of())
    assert (health.state, health.reason, health.usual_gap) == (SourceState.OK, None, DAY)


@pytest.mark.parametrize("hours", [0, 24, 36, 48])  # 48: a day's only article was taken down before it was seen
def test_a_pause_that_is_usual_is_no_silence(hours: int) -> None:
    assert judge_source(of(looked=NOON + hours * HOUR)).state is SourceState.OK


@pytest.mark.parametrize("hours", [49, 480])
def test_silence_is_told_within_two_of_its_intervals(hours: int) -> None:
    health = judge_source(of(looked=NOON + hours * HOUR))
    assert health.state is SourceState.SILENT
    assert "usually within 24 hours" in (health.reason or "")


def test_the_nights_of_a_wire_are_usual() -> None:
    wire = tuple(NOON - DAY * day - HOUR * hour for day in range(5) for hour in range(12))
    assert usual_gap(wire) == 13 * HOUR
    assert judge_source(of(arrived=wire, looked=NOON + 14 * HOUR)).state is SourceState.OK
    assert judge_source(of(arrived=wire, looked=NOON + 27 * HOUR)).state is SourceState.SILENT


def test_a_wire_of_a_day_has_not_shown_its_nights() -> None:
    wire = tuple(NOON - HOUR * hour for hour in range(14))
    assert judge_source(of(arrived=wire, looked=NOON + 10 * HOUR)).state is SourceState.OK


def test_what_was_not_looked_for_is_not_missing() -> None:
    assert judge_source(of(looked=NOON)).state is SourceState.OK
    assert judge_source(of(looked=None)).state is SourceState.OK


@pytest.mark.parametrize("arrived", [(), daily(4), (NOON,) * 30])
def test_a_source_of_few_articles_cannot_be_silent(arrived: tuple[datetime, ...]) -> None:
    assert judge_source(of(arrived=arrived, looked=NOON + 90 * DAY)).state is SourceState.NEW


@pytest.mark.parametrize(("failures", "state"), [(2, SourceState.OK), (3, SourceState.FAILING), (None, SourceState.OK)])
def test_listings_that_fail_are_told_after_the_third_time(failures: int | None, state: SourceState) -> None:
    health = judge_source(of(failures=failures, reason="it answered 503"))
    assert health.state is state
    assert ("it answered 503" in (health.reason or "")) is (state is SourceState.FAILING)


@pytest.mark.parametrize(
    ("readable", "state"),
    [
        ((False,) * 6 + (True,) * 4 + (True,) * 20, SourceState.UNREADABLE),
        ((False,) * 10, SourceState.UNREADABLE),
        ((False,) * 5 + (True,) * 5 + (True,) * 20, SourceState.OK),
        ((False,) * 40, SourceState.OK),  # a source of pictures
        ((False,) * 4, SourceState.OK),
        ((), SourceState.OK),
    ],
)
def test_a_layout_that_stopped_extracting_is_told(readable: tuple[bool, ...], state: SourceState) -> None:
    assert judge_source(of(readable=readable)).state is state


@pytest.mark.parametrize(
    ("lately", "usually", "state"),
    [(2, 12.0, SourceState.DROPPED), (3, 12.0, SourceState.OK), (0, 3.0, SourceState.OK), (0, None, SourceState.OK)],
)
def test_a_drop_is_told(lately: int, usually: float | None, state: SourceState) -> None:
    assert judge_source(of(lately=lately, usually=usually)).state is state
