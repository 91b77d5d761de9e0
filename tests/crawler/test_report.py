"""One word for what stands for an address, and lines that a person understands."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from archive.states import State
from crawler.report import FIELDS, MEANINGS, exit_code, nothing_due, public, summary, verdict_of

VERDICTS = [
    (None, None, None, "unknown"),
    ("alive", None, None, "alive"),
    ("moved", None, None, "alive"),
    ("alive", "found", None, "alive"),
    ("blocked", None, None, "blocked"),
    ("blocked", "found", None, "blocked"),
    ("blocked", "none", None, "blocked"),
    ("temporary", None, None, "unknown"),
    ("temporary", "found", None, "unknown"),
    ("tls_failure", None, None, "unknown"),
    ("hard_gone", None, None, "unknown"),
    ("hard_gone", "unknown", None, "unknown"),
    ("hard_gone", "none", None, "none"),
    ("soft404", "excluded", None, "excluded"),
    ("dns_gone", "found", None, "archived"),
    ("drifted", "found", None, "archived"),
    ("redirect_home", "found", "https://paper.example/new", "replaced"),
    ("redirect_section", "none", None, "none"),
    ("parked", "found", None, "archived"),
    ("paywalled", None, None, "alive"),
    ("paywalled", "found", None, "alive"),
]


@pytest.mark.parametrize(("state", "outcome", "replacement", "verdict"), VERDICTS)
def test_one_word_for_each_state_of_things(state: str | None, outcome: str | None, replacement: str | None, verdict: str) -> None:
    assert verdict_of(state, outcome, replacement) == verdict
    assert verdict in MEANINGS


def test_every_state_has_a_word() -> None:
    assert {state for state, *_ in VERDICTS} - {None} == {str(state) for state in State}


def outcome(**how: Any) -> dict[str, Any]:
    blank = dict.fromkeys([*FIELDS, "title", "state", "detail", "due"])
    return blank | {"url": "https://paper.example/a", "role": "original", "verdict": "unknown", "rule": "not_fetched"} | how


def told(**how: Any) -> str:
    return "\n".join(summary([outcome(**how)], Counter(pages=1, stored=0), (), "home"))


LINES = [
    (
        {"state": "temporary", "rule": "status_503", "due": "2026-11-25T10:00:00Z"},
        "it answered 503; due again 2026-11-25T10:00:00Z",
    ),
    ({"state": "temporary", "rule": "timeout", "detail": "took longer than 60 seconds"}, "did not answer in time (took longer"),
    ({"state": "temporary", "rule": "protocol", "detail": "robots.txt: answered 503"}, "(robots.txt: answered 503)"),
    ({"state": "tls_failure", "rule": "tls"}, "its certificate is not valid"),
    ({"state": "hard_gone", "rule": "status_404"}, "gone (404); the web archive could not be asked"),
    ({"rule": "not_fetched", "due": "2026-11-25T10:00:00Z"}, "not looked at yet; the next run will"),
    ({"verdict": "blocked", "state": "blocked", "rule": "status_403"}, "refused (403)"),
    ({"verdict": "blocked", "state": "blocked", "rule": "robots_txt"}, "its robots.txt asks us to stay out"),
    (
        {"verdict": "blocked", "state": "blocked", "rule": "unsafe", "detail": "x is in a private network"},
        "not asked for (x is in",
    ),
    ({"verdict": "none", "state": "dns_gone", "rule": "host_gone"}, "gone (its host does not exist any more)"),
    ({"verdict": "alive", "state": "alive", "rule": "answered"}, "there is no article on this page"),
    (
        {"verdict": "alive", "state": "alive", "rule": "answered", "article": 1, "match": 0.98},
        "fetched, matches the clipping 98%",
    ),
]


@pytest.mark.parametrize(("how", "words"), LINES)
def test_what_came_of_it_in_words(how: dict[str, Any], words: str) -> None:
    assert words in told(**how)


def test_nothing_of_a_page_commands_the_terminal() -> None:
    shown = told(
        title="Harmless\x1b]0;title\x07\u202e\nSecond line", url="https://paper.example/a", detail="\x1b[2J", rule="timeout"
    )
    assert not any(sign in shown for sign in ("\x1b]", "\x07", "\u202e", "\x1b[2J"))


def test_the_counts_name_only_what_occurs() -> None:
    lines = summary(
        [outcome(), outcome(verdict="none", state="hard_gone", rule="status_404")], Counter(pages=2, stored=7), ("x",), "home"
    )
    counted = [line for line in lines if line.startswith("     1  ")]
    assert counted == [f"     1  {MEANINGS['none']}", f"     1  {MEANINGS['unknown']}"]
    assert "2 asked for, 1 inputs could not be read" in lines
    assert lines[-1] == "2 addresses looked at; 7 articles in home"


def test_the_public_object_has_the_promised_keys_in_order() -> None:
    assert list(public(outcome())) == FIELDS


def test_when_there_is_nothing_to_do() -> None:
    assert nothing_due(None, "home") == ["nothing is due in home: give a FILE or a URL"]
    assert "2026-11-26" in nothing_due("2026-11-26T09:00:00Z", "home")[0]


CODES = [
    ([], (), False, 0),
    (["alive", "archived", "replaced", "blocked", "none", "excluded"], (), False, 0),
    (["alive", "unknown"], (), False, 3),
    (["alive"], ("x: is empty",), False, 3),
    (["unknown"], ("x: is empty",), True, 5),
]


@pytest.mark.parametrize(("verdicts", "problems", "archive_unknown", "code"), CODES)
def test_exit_codes_tell_the_truth(verdicts: list[str], problems: tuple[str, ...], archive_unknown: bool, code: int) -> None:
    assert exit_code([outcome(verdict=verdict) for verdict in verdicts], problems, archive_unknown=archive_unknown) == code
