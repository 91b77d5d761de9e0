"""The order of what is found, and how common words and deep pages are dealt with: archive.query.ranking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.query import ranking
from archive.query.filters import Filters
from archive.query.search import search
from archive.schema import connect, insert
from archive.spacing import spaced

FILLER = "Nothing of note was said at the meeting of the council. "


def filled(*articles: dict[str, Any]) -> Any:
    """A database in memory; ids count from 1."""
    db = connect(Path(":memory:"))
    for number, values in enumerate(articles, 1):
        empty = {"url": f"https://news.example/{number}", "title": "", "text": FILLER, "authors": "[]", "origin": "live"}
        times = dict.fromkeys(("captured", "first_seen", "last_seen"), "2026-11-25T12:00:00Z")
        row = empty | times | values
        insert(db, "articles", row | {f"spaced_{name}": spaced(row[name]) for name in ("title", "text")})
    return db


def ids(db: Any, words: str, **rest: Any) -> list[int]:
    filters = {name: rest.pop(name) for name in ("site", "author", "title_only", "since", "origin") if name in rest}
    return [hit["id"] for hit in search(db, Filters(words, **filters), **rest)]


FERRIES = (
    {"title": "Ferry", "text": "One line."},
    {"title": "The old ferry and the new harbour of the town", "text": "ferry " * 50},
    {"title": "Harbour", "text": "ferry " * 20 + FILLER},
    {"title": "Harbour", "text": "ferry " + FILLER * 9},
    {"title": "Nothing", "text": FILLER},
    {"title": "Ferry", "text": "One line."},
)


def test_titles_come_first_then_the_texts_that_speak_most_of_it() -> None:
    assert ids(filled(*FERRIES), "ferry") == [6, 1, 2, 3, 4]  # equal ones: the newest first


def test_all_words_in_the_title_come_before_some_of_them() -> None:
    db = filled({"title": "Storm", "text": "gates " * 90}, {"title": "Storm gates close"}, {"text": "storm gates"})
    assert ids(db, "storm gates") == [2, 1, 3]


def test_a_phrase_in_a_title_comes_first() -> None:
    db = filled({"title": "Gates of storm"}, {"text": "storm gates " * 9}, {"title": "The storm gates"}, {"text": "gates storm"})
    assert ids(db, '"storm gates"') == [3, 2]
    assert ids(db, '"storm gates"', title_only=True) == [3]


def test_pages_follow_each_other() -> None:
    db = filled(*FERRIES)
    whole = ids(db, "ferry")
    assert [ids(db, "ferry", limit=2, offset=place) for place in (0, 2, 4, 6)] == [whole[:2], whole[2:4], whole[4:], []]


def test_by_date_the_latest_comes_first_and_those_without_one_last() -> None:
    dated = ({"published": day, "title": "Ferry"} for day in ("2020", None, "2021-03-04T10:00:00Z", "2021-03"))
    db = filled(*dated, {"published": "2024", "title": "Harbour"})
    assert ids(db, "ferry", sort="date") == [3, 4, 1, 2]
    assert ids(db, "", sort="relevance") == [5, 3, 4, 1, 2]
    assert ids(db, "-harbour", sort="relevance", limit=2, offset=1) == [4, 1]


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the archive were large."""
    for name, value in (("COMMON", 40), ("MOST", 30), ("SAMPLE", 8)):
        monkeypatch.setattr(ranking, name, value)


LARGE = [{"text": "the tide turned", "title": "Tide"} for _ in range(30)] + [
    {"text": "the moon rose " * (n % 9)} for n in range(70)
]


@pytest.mark.usefixtures("small_limits")
def test_common_words_alone_bring_the_newest() -> None:
    db = filled(*LARGE)
    assert ids(db, "the", limit=3) == [100, 99, 98]
    assert ids(db, "moon the", limit=3) == [100, 99, 98]


@pytest.mark.usefixtures("small_limits")
def test_a_common_word_must_be_there_and_does_not_count() -> None:
    db = filled(*LARGE, {"text": "tide " + "council " * 9}, {"text": "tide the " + "council " * 9}, {"text": "tide the"})
    assert ids(db, "the tide", limit=3) == [30, 29, 28]  # no title holds both; "tide" in theirs decides
    assert set(ids(db, "the tide", limit=90)) == {*range(3, 31), 102, 103}  # the newest thirty that hold both


@pytest.mark.usefixtures("small_limits")
def test_filters_are_asked_before_the_newest_are_cut() -> None:
    db = filled({"site": "Old Paper", "text": "the moon"}, *LARGE)
    assert ids(db, "the moon", site="old paper") == [1]
    assert ids(db, "moon", site="old paper") == [1]
    assert ids(db, "moon", origin="wayback") == []


@pytest.mark.usefixtures("small_limits")
def test_excluded_words_and_authors_hold_in_titles_and_texts() -> None:
    db = filled(*LARGE, {"title": "Tide", "text": "wave", "authors": '["Ana Ruiz"]'}, {"title": "Tide", "text": "rock"})
    assert ids(db, "tide -wave", limit=1) == [102]
    assert ids(db, "tide", author="ruiz") == [101]
    assert ids(db, "tide -turned") == [102, 101]


def test_scripts_without_blanks_are_found_in_titles_and_texts() -> None:
    db = filled({"text": "他在东京大学读书"}, {"title": "东京大学"}, {"title": "ข่าวรถไฟ"}, {"text": "รถไฟฟ้า"}, {"title": "ศาลา"})
    assert ids(db, "东京") == [2, 1]
    assert ids(db, "东京*") == [2, 1]
    assert ids(db, '"京大"') == [2, 1]
    assert ids(db, '"东大"') == []
    assert ids(db, "东京 -读书") == [2]
    assert ids(db, "รถไฟ") == [3, 4]
    assert ids(db, "รถไฟ*", title_only=True) == [3]
