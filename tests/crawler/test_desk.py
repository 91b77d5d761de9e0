"""Questions to an index: read on through answers without rows, and parted by year where the index is."""

from __future__ import annotations

import asyncio

from archive.models import Capture, Outcome
from archive.repair import SearchIndex
from archive.repair.merging import merged
from archive.webarchives import IndexAnswer, IndexQuery, WebArchive
from crawler.ladder.desk import MAX_LEADS, MAX_PAGES, read_on
from tests.archive.ladder_world import ARCHIVE

QUERY = IndexQuery("www.example.com/", "prefix", (("kim", "putin"),))
ROW = Capture("com,example)/a", "20190425000000", "https://www.example.com/a", "text/html", 200, "D", 1, "wayback")
LEAD = IndexAnswer(Outcome.FOUND, (), "on")
ROWS = IndexAnswer(Outcome.FOUND, (ROW,), "on")


def asked(*answers: IndexAnswer) -> tuple[IndexAnswer, list[str | None]]:
    """What comes of an archive that answers so (the last one again and again), and the resume keys that it was asked with."""
    keys: list[str | None] = []

    async def ask(archive: WebArchive, query: IndexQuery) -> IndexAnswer:
        keys.append(query.resume_key)
        return answers[min(len(keys), len(answers)) - 1]

    return asyncio.run(read_on(ask, ARCHIVE, QUERY)), keys


def test_answers_without_rows_are_read_through() -> None:
    whole, keys = asked(LEAD, LEAD, IndexAnswer(Outcome.FOUND, (ROW,)))
    assert (whole.outcome, whole.captures, whole.complete) == (Outcome.FOUND, (ROW,), True)
    assert keys == [None, "on", "on"]


def test_nothing_in_any_of_them_is_a_no() -> None:
    whole, _ = asked(LEAD, LEAD, LEAD, IndexAnswer(Outcome.NONE))
    assert (whole.outcome, whole.complete) == (Outcome.NONE, True)


def test_reading_ends() -> None:
    whole, keys = asked(ROWS)
    assert (len(keys), whole.complete) == (MAX_PAGES, False)
    whole, keys = asked(LEAD)
    assert (len(keys), whole.complete) == (MAX_LEADS + 1, False)


def test_trouble_on_the_way_is_unknown_and_ends_it() -> None:
    whole, keys = asked(LEAD, IndexAnswer(Outcome.UNKNOWN, reason="it answered 503", retry_after=9.0))
    assert (whole.outcome, whole.retry_after, len(keys)) == (Outcome.UNKNOWN, 9.0, 2)


def want(word: str, around: str | None) -> SearchIndex:
    query = IndexQuery("www.example.com/", "prefix", ((word,),), once=True, around=around)
    return SearchIndex(ARCHIVE, query, query)


def test_searches_of_one_year_go_together() -> None:
    wants = [want("a", "20190101000000"), want("b", "20110601000000"), want("c", "20191231000000")]
    assert [(query.around, query.words) for query in merged(wants)] == [
        ("20110601000000", (("b",),)),
        ("20191231000000", (("a",), ("c",))),
    ]
    assert [query.words for query in merged([want("a", None), want("b", None)])] == [(("a",), ("b",))]
