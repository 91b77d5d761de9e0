"""Verdicts in the light of earlier looks: what confirms a death, and when failures become one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.health.history import CYCLE, leads_elsewhere, look_again, shared_landing, weighed
from archive.models import Look, Verdict
from archive.states import State
from tests.archive.made import NOON


def look(days: float, state: State = State.TEMPORARY, rule: str = "status_503") -> Look:
    """So many days ago."""
    return Look(NOON - timedelta(days=days), state, rule)


def judged(rule: str, state: State, *looks: Look) -> Verdict:
    return weighed(Verdict(state, rule, {"status": 1}), looks, NOON)


GONE = [look(1, State.HARD_GONE, "status_404")]
BEFORE = {
    "never seen before": ([], False),
    "seen an hour before": ([look(0.04, State.HARD_GONE, "status_404")], False),
    "seen a day before": (GONE, True),
    "seen otherwise dead before": ([look(2, State.SOFT404, "title_says_gone")], True),
    "a failure between": ([look(0.5), *GONE], True),
    "a refusal between": ([look(0.5, State.BLOCKED, "status_403"), *GONE], True),
    "alive between": ([look(0.5, State.ALIVE, "answered"), *GONE], False),
    "a paywall between": ([look(0.5, State.PAYWALLED, "paywall"), *GONE], False),
    "alive before": ([look(9, State.ALIVE, "answered")], False),
    "failed before": ([look(9)], False),
}


@pytest.mark.parametrize(("looks", "confirmed"), BEFORE.values(), ids=BEFORE)
def test_a_death_is_confirmed_by_an_earlier_look(looks: list[Look], confirmed: bool) -> None:
    verdict = judged("status_404", State.HARD_GONE, *looks)
    assert (verdict.state, verdict.rule) == (State.HARD_GONE, "status_404")
    assert verdict.evidence["confirmed"] is confirmed
    assert verdict.evidence["status"] == 1


def test_it_is_dead_since_the_first_of_the_looks_that_agree() -> None:
    verdict = judged("status_404", State.HARD_GONE, *GONE, look(5, State.SOFT404, "x"), look(9, State.ALIVE, "answered"))
    assert verdict.evidence["since"] == "2026-11-20T12:00:00Z"
    assert judged("status_404", State.HARD_GONE).evidence["since"] == "2026-11-25T12:00:00Z"


@pytest.mark.parametrize(("rule", "state"), [("status_410", State.HARD_GONE), ("host_gone", State.DNS_GONE)])
def test_what_is_proof_at_once(rule: str, state: State) -> None:
    assert judged(rule, state).evidence["confirmed"] is True


@pytest.mark.parametrize("state", [state for state in State if not state.dead and state is not State.TEMPORARY])
def test_other_verdicts_are_left_as_they_are(state: State) -> None:
    assert judged("any", state, *GONE) == Verdict(state, "any", {"status": 1})


FAILURES = {
    "the first": ([], False),
    "the second": ([look(3)], False),
    "the third": ([look(3), look(6)], True),
    "too close": ([look(2.9), look(5.8)], False),
    "close ones count once": ([look(0.1), look(3), look(3.1), look(5.9)], False),
    "close ones between do not harm": ([look(0.1), look(3), look(3.1), look(6)], True),
    "alive between": ([look(3), look(4, State.ALIVE, "answered"), look(6)], False),
    "refused between": ([look(3), look(4, State.BLOCKED, "status_403"), look(6)], False),
    "asked to wait between": ([look(3), look(4, rule="status_429"), look(6)], True),
    "timeouts count": ([look(3, rule="timeout"), look(6, rule="refused")], True),
    "too many requests do not": ([look(3, rule="status_429"), look(6, rule="status_429")], False),
    "our own errors do not": ([look(3, rule="error"), look(6, rule="too_large")], False),
    "once gone, gone until it answers": ([look(0.1, State.HARD_GONE, "temporary_for_long"), look(3.1), look(6.1)], True),
}


@pytest.mark.parametrize(("looks", "dead"), FAILURES.values(), ids=FAILURES)
def test_failures_become_a_death(looks: list[Look], dead: bool) -> None:
    verdict = judged("status_503", State.TEMPORARY, *looks)
    assert verdict.state is (State.HARD_GONE if dead else State.TEMPORARY)
    assert verdict.rule == ("temporary_for_long" if dead else "status_503")


def test_the_strikes_are_its_evidence() -> None:
    assert judged("timeout", State.TEMPORARY, look(4), look(8)).evidence == {
        "status": 1,
        "last": "timeout",
        "strikes": ["2026-11-17T12:00:00Z", "2026-11-21T12:00:00Z", "2026-11-25T12:00:00Z"],
        "confirmed": True,
        "since": "2026-11-25T12:00:00Z",
    }


@pytest.mark.parametrize("rule", ["status_429", "status_405", "error", "too_large", "dns_unknown", "paused", "protocol"])
def test_what_says_nothing_of_the_page_is_never_a_death(rule: str) -> None:
    assert judged(rule, State.TEMPORARY, look(3), look(6), look(9)).state is State.TEMPORARY


def test_when_to_look_again() -> None:
    assert look_again(State.HARD_GONE, confirmed=False) == timedelta(days=1)
    assert look_again(State.HARD_GONE, confirmed=True) == CYCLE
    assert look_again(State.TEMPORARY, confirmed=True) == timedelta(days=3)
    assert look_again(State.ALIVE, confirmed=True) == CYCLE


# -- where others end, too --------------------------------------------------------------------------------------------

STORY = "https://a.example/2021/03/12/storm-gates-close"
LANDING = "https://a.example/summer-special/"
MOVED = Verdict(State.MOVED, "redirected", {"final_url": LANDING})

ELSEWHERE = {
    LANDING: True,
    "https://a.example/news/storm-gates-close": False,
    "https://a.example/news/gates": False,
    "https://b.example/harbour-news/": True,
}


@pytest.mark.parametrize(("final", "expected"), ELSEWHERE.items())
def test_addresses_with_nothing_in_common(final: str, expected: bool) -> None:
    assert leads_elsewhere(STORY, final) is expected


OTHERS = {
    "nobody": ([], False),
    "one other": (["https://a.example/2020/01/02/choir-sings"], False),
    "two others": (["https://a.example/2020/01/02/choir-sings", "https://a.example/2020/01/03/baker-bakes"], True),
    "two spellings of one": (["https://a.example/2020/01/02/choir-sings", "https://m.a.example/old/choir-sings"], False),
    "spellings of this one": ([f"{STORY}?page=2", STORY.replace("//", "//m.")], False),
}


@pytest.mark.parametrize(("others", "shared"), OTHERS.values(), ids=OTHERS)
def test_different_stories_that_end_on_one_page(others: list[str], shared: bool) -> None:
    verdict = shared_landing(MOVED, STORY, others)
    assert verdict.rule == ("shared_landing" if shared else "redirected")
    assert verdict.state.dead is shared
    if shared:
        assert verdict.evidence == {"final_url": LANDING, "shared": sorted(others)}
