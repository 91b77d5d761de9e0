"""The write side: what a visit leaves behind, and that it is all or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.models import Outcome, Repair, Role, Verdict
from archive.schema import rows
from archive.states import State
from archive.store import Store
from archive.visits import Lookup, Search
from archive.warc import read_record, verify
from tests.archive.made import (
    NOON,
    Clock,
    article,
    document,
    dump,
    exchange,
    keep,
    link,
    mention,
    open_store,
    receipt,
    task,
    visit,
    with_article,
)

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Any:
    made = open_store(tmp_path, clock)
    yield made
    made.close()


def one(store: Store, sql: str, *parameters: Any) -> Any:
    """The only value of the only row."""
    [row] = rows(store.db, sql, *parameters)
    [value] = row.values()
    return value


def tables(store: Store) -> dict[str, int]:
    names = (
        "documents",
        "urls",
        "mentions",
        "frontier",
        "captures",
        "articles",
        "versions",
        "links",
        "checks",
        "lookups",
        "repairs",
    )
    return {name: one(store, f"SELECT count(*) FROM {name}") for name in names}


def state_of(store: Store, url: str) -> str | None:
    found = rows(store.db, "SELECT state FROM frontier JOIN urls ON urls.id = url_id WHERE url = ?", url)
    return found[0]["state"] if found else None


# -- transactions -----------------------------------------------------------------------------------------------------


def fail(store: Store) -> None:
    with store.transaction():
        store.record(replace(visit(store, URL), receipts=(receipt(exchange(URL, b"new")),)))
        store.add_url("https://other.example/a")
        raise ZeroDivisionError


def test_a_job_that_fails_leaves_nothing(store: Store, tmp_path: Path) -> None:
    keep(store, URL, article())
    before, bytes_before = tables(store), dump(tmp_path)
    with pytest.raises(ZeroDivisionError):
        fail(store)
    assert (tables(store), dump(tmp_path)) == (before, bytes_before)
    keep(store, URL, article(text="Another text, after the failure. " * 20))
    assert [list(verify(path)) for path in (tmp_path / "warc").iterdir()] == [[]]


def test_a_failed_first_job_leaves_a_file_without_captures(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail(store)
    assert set(tables(store).values()) == {0}
    assert [list(verify(path)) for path in (tmp_path / "warc").iterdir()] == [[]]


def test_statements_inside_do_not_commit_by_themselves(store: Store, tmp_path: Path) -> None:
    """sqlite-utils 4 commits after a raw execute() outside of a transaction."""
    with store.transaction():
        store.add_url(URL)
        reader = open_store_readonly(tmp_path)
        assert rows(reader, "SELECT count(*) AS n FROM urls") == [{"n": 0}]
    assert rows(reader, "SELECT count(*) AS n FROM urls") == [{"n": 1}]
    reader.close()


def open_store_readonly(folder: Path) -> Any:
    from archive.schema import connect_readonly

    return connect_readonly(folder / "morgue.db")


def test_done_comes_with_the_records(store: Store) -> None:
    keep(store, URL, article())
    assert state_of(store, URL) == "done"
    with store.transaction():
        store.record(visit(store, URL, State.TEMPORARY, retry=timedelta()))
    assert state_of(store, URL) == "queued"


# -- captures ---------------------------------------------------------------------------------------------------------


def test_a_capture_points_to_its_record(store: Store, tmp_path: Path) -> None:
    keep(store, URL, article())
    [row] = rows(store.db, "SELECT * FROM captures")
    stored = read_record(tmp_path / "warc", row["warc_file"], row["warc_offset"], row["length"])
    assert (stored.target, stored.digest) == (URL, row["digest"])
    assert (row["original"], row["timestamp"], row["archive"], row["statuscode"]) == (URL, "20261125120000", "crawl", 200)
    assert (row["mimetype"], row["urlkey"], row["revisit"]) == (
        "text/html",
        "example,news)/2026/11/25/ferry-sinks-at-noon-a1234",
        0,
    )


def test_the_same_capture_is_kept_once(store: Store) -> None:
    memento = "https://web.archive.org/web/20190424000000id_/" + URL
    kept = receipt(exchange(memento), target=URL, captured=NOON - timedelta(days=2000), archive="wayback", archive_url=memento)
    for address in (URL, "https://news.example/dead-link-to-the-same-story"):
        with store.transaction():
            store.record(visit(store, address, State.HARD_GONE, receipts=(kept,)))
    assert one(store, "SELECT count(*) FROM captures") == 1


def test_an_unchanged_page_is_a_revisit_and_no_new_version(store: Store, clock: Clock) -> None:
    for _ in range(3):
        keep(store, URL, article())
        clock.advance(days=1)
    assert rows(store.db, "SELECT revisit, timestamp FROM captures ORDER BY id") == [
        {"revisit": 0, "timestamp": "20261125120000"},
        {"revisit": 1, "timestamp": "20261126120000"},
        {"revisit": 1, "timestamp": "20261127120000"},
    ]
    assert tables(store)["versions"] == 1
    assert one(store, "SELECT last_seen FROM articles") == "2026-11-27T12:00:00Z"
    assert one(store, "SELECT first_seen FROM articles") == "2026-11-25T12:00:00Z"


def test_a_redirect_is_kept_hop_by_hop(store: Store) -> None:
    target = "https://news.example/new-home-of-the-story"
    hops = (receipt(exchange(URL, b"", 301, headers=(("Location", target),))), receipt(exchange(target)))
    with store.transaction():
        seen = visit(store, URL, State.MOVED, receipts=hops)
        [saved] = store.record(with_article(seen, article(), final_url=target))
    found = rows(store.db, "SELECT url, article_id FROM urls ORDER BY url")
    assert found == [{"url": URL, "article_id": saved.article_id}, {"url": target, "article_id": saved.article_id}]
    assert one(store, "SELECT url FROM articles") == target


# -- checks, lookups, repairs -----------------------------------------------------------------------------------------


def test_every_look_is_kept_with_its_evidence(store: Store) -> None:
    with store.transaction():
        seen = replace(visit(store, URL), verdict=Verdict(State.SOFT404, "title", {"said": "Not found"}), statuscode=None)
        store.record(seen)
    [row] = rows(store.db, "SELECT * FROM checks")
    assert (row["state"], row["rule"], row["statuscode"], row["url"]) == ("soft404", "title", None, URL)
    assert json.loads(row["evidence"]) == {"said": "Not found"}


def test_a_no_stands_for_a_month_a_yes_for_ever_and_unknown_not_at_all(store: Store) -> None:
    asked = [Lookup("wayback", "wayback-cdx", URL, outcome, "why") for outcome in Outcome]
    with store.transaction():
        store.record(visit(store, URL, State.HARD_GONE, lookups=tuple(asked)))
    assert {row["outcome"]: row["expires_at"] for row in rows(store.db, "SELECT * FROM lookups")} == {
        "found": None,
        "none": "2026-12-25T12:00:00Z",
        "excluded": "2026-12-25T12:00:00Z",
        "unknown": "2026-11-25T12:00:00Z",
    }


def search(store: Store, outcome: Outcome, state: str, replacement: str | None = None) -> None:
    repair = Repair(URL, replacement, None, None, "slug_search", 0.9, {"title": 1.0}) if replacement else None
    with store.transaction():
        store.record(visit(store, URL, State.HARD_GONE, search=Search(outcome, state, repair, {"tried": []})))


def held(store: Store) -> dict[str, Any]:
    [row] = rows(store.db, "SELECT id, outcome, state, replacement, evidence FROM repairs")
    return row


def test_a_search_that_found_nothing_can_be_followed_by_one_that_did(store: Store) -> None:
    search(store, Outcome.UNKNOWN, "open")
    search(store, Outcome.NONE, "open")
    first = held(store)
    assert (first["outcome"], first["replacement"], first["evidence"]) == ("none", None, '{"tried": []}')
    search(store, Outcome.FOUND, "accepted", "https://news.example/true")
    assert held(store) == {
        "id": first["id"],
        "outcome": "found",
        "state": "accepted",
        "replacement": "https://news.example/true",
        "evidence": '{"title": 1.0}',
    }


@pytest.mark.parametrize("outcome", [Outcome.NONE, Outcome.UNKNOWN, Outcome.EXCLUDED])
def test_what_was_proven_stays_when_an_archive_cannot_show_it_today(store: Store, outcome: Outcome) -> None:
    search(store, Outcome.FOUND, "accepted", "https://news.example/true")
    before = held(store)
    search(store, outcome, "open")
    assert held(store) == before


def test_a_copy_beside_a_blocked_page_does_not_replace_a_proven_repair(store: Store) -> None:
    search(store, Outcome.FOUND, "supplement", "https://news.example/copy")
    search(store, Outcome.FOUND, "accepted", "https://news.example/true")
    search(store, Outcome.FOUND, "supplement", "https://news.example/copy")
    assert held(store)["replacement"] == "https://news.example/true"
    search(store, Outcome.FOUND, "accepted", "https://news.example/truer")
    assert held(store)["replacement"] == "https://news.example/truer"


def test_a_link_that_lives_again_has_its_repair_open_until_it_dies_again(store: Store) -> None:
    search(store, Outcome.FOUND, "accepted", "https://news.example/true")
    for state, expected in [
        (State.TEMPORARY, "accepted"),
        (State.ALIVE, "open"),
        (State.TEMPORARY, "open"),
        (State.SOFT404, "accepted"),
        (State.PAYWALLED, "open"),
    ]:
        with store.transaction():
            store.record(visit(store, URL, state))
        assert (held(store)["state"], held(store)["replacement"]) == (expected, "https://news.example/true")


def test_a_lease_says_how_the_address_was(store: Store) -> None:
    assert store.lease(1) == []
    for state in (State.TEMPORARY, State.SOFT404):
        store.now.advance(days=1)  # type: ignore[attr-defined]
        with store.transaction():
            store.record(visit(store, URL, state))
    with store.transaction():
        store.frontier.requeue(store.url_id(URL), store.now())
        [task] = store.lease(1)
    assert [(look.state, look.checked.day) for look in task.looks] == [(State.SOFT404, 27), (State.TEMPORARY, 26)]


# -- related links ----------------------------------------------------------------------------------------------------


def test_related_links_are_queued_one_step_further(store: Store) -> None:
    other = "https://news.example/2026/11/24/divers-reach-the-wreck-a1200"
    with store.transaction():
        seen = replace(visit(store, URL), related=(link(other, anchor="Divers reach the wreck"),))
        store.record(with_article(seen, article(), seen.related))
    [row] = rows(store.db, "SELECT * FROM frontier JOIN urls ON urls.id = url_id WHERE url = ?", other)
    assert (row["state"], row["priority"], row["depth"], row["anchor"]) == ("queued", 0, 1, "Divers reach the wreck")
    assert row["parent_id"] == store.url_id(URL)
    assert one(store, "SELECT u.id FROM links JOIN urls u USING (url)") == store.url_id(other)


@pytest.mark.parametrize(
    "other",
    [
        "http://www.news.example/2026/11/25/Ferry-sinks-at-noon-a1234/",
        "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234",
        "https://news.example//2026/11/25/ferry-sinks-at-noon-a1234",
    ],
)
def test_another_spelling_of_a_known_page_is_not_queued(store: Store, other: str) -> None:
    keep(store, URL, article())
    with store.transaction():
        seen = replace(visit(store, "https://news.example/b"), related=(link(other),))
        store.record(with_article(seen, article("Other")))
    assert state_of(store, other) == ("done" if other == URL else None)


def test_a_page_reached_by_way_of_another_needs_no_visit_unless_somebody_asked_for_it(store: Store) -> None:
    canonical, asked = "https://news.example/the-true-address", "https://news.example/asked-for"
    with store.transaction():
        seen = visit(store, "https://news.example/start")
        linked = replace(seen, related=(link(canonical), link(asked)))
        store.record(with_article(linked, article("Start"), linked.related))
        store.add_url(asked)
    keep(store, URL, article("Other", canonical_url=canonical))
    keep(store, URL + "-b", article("Asked", canonical_url=asked))
    assert (state_of(store, canonical), state_of(store, asked)) == ("done", "queued")


# -- documents and what is asked for ----------------------------------------------------------------------------------


def test_a_document_and_its_mentions_are_kept_once(store: Store) -> None:
    clipping = document(
        mention(URL, title="Ferry sinks", candidates=(URL, URL + "x")),
        mention("https://news.example/b", Role.RELATED, start=90),
        reference=NOON,
        title="Clip",
    )
    with store.transaction():
        ids = store.add_document(clipping)
        assert store.add_document(replace(clipping, name="again.txt")) == ids
    counts = tables(store)
    assert (counts["documents"], counts["mentions"], counts["urls"], counts["frontier"]) == (1, 2, 2, 2)
    [first, second] = rows(store.db, "SELECT * FROM mentions ORDER BY id")
    assert (first["role"], first["start"], first["end"], first["title"]) == ("original", 0, len(URL), "Ferry sinks")
    assert json.loads(first["candidates"]) == [URL, URL + "x"]
    assert (second["role"], second["title"]) == ("related", None)
    assert rows(store.db, "SELECT name, reference FROM documents") == [
        {"name": "clipping.txt", "reference": "2026-11-25T12:00:00Z"}
    ]
    assert [row["depth"] for row in rows(store.db, "SELECT depth FROM frontier ORDER BY url_id")] == [0, 1]


def test_a_newer_reader_may_read_another_address_in_the_same_place(store: Store) -> None:
    with store.transaction():
        [before] = store.add_document(document(mention(URL)))
    with store.transaction():
        [after] = store.add_document(document(replace(mention(URL), candidates=(URL + "-b", URL))))
    assert before == after
    assert one(store, "SELECT url FROM mentions JOIN urls ON urls.id = url_id") == URL + "-b"


def test_an_address_named_twice_on_the_command_line_is_one_mention(store: Store) -> None:
    with store.transaction():
        first = store.add_url(URL)
        assert store.add_url("HTTPS://news.example:443" + URL.removeprefix("https://news.example") + "#top") == first
        document_ids = store.add_document(document(mention(URL)))
    assert document_ids != [first]
    assert tables(store)["mentions"] == 2


def test_what_was_fetched_today_is_not_fetched_again_unless_asked(store: Store, clock: Clock) -> None:
    keep(store, URL, article())
    for wait, refresh, expected in [(timedelta(hours=23), False, "done"), (timedelta(0), True, "queued")]:
        clock.moment += wait
        with store.transaction():
            store.add_url(URL, refresh=refresh)
        assert state_of(store, URL) == expected
    keep(store, URL, article())
    clock.advance(days=1, seconds=1)
    with store.transaction():
        store.add_url(URL)
    assert state_of(store, URL) == "queued"


def test_naming_a_page_again_does_not_cut_the_wait_that_its_server_asked_for(store: Store) -> None:
    with store.transaction():
        store.record(visit(store, URL, State.TEMPORARY, retry=timedelta(hours=2)))
        store.add_url(URL)
    assert one(store, "SELECT due FROM frontier") == "2026-11-25T14:00:00Z"


def test_a_leased_page_says_what_is_known_of_it(store: Store) -> None:
    related = "https://news.example/b"
    clipping = document(
        replace(mention(URL), candidates=(URL, URL + "x")),
        mention(related, Role.RELATED, start=90, title="Divers reach the wreck"),
        text="The ferry sank",
        title="Ferry sinks",
        reference=NOON,
    )
    with store.transaction():
        store.add_document(clipping)
        original, other = sorted(store.lease(10), key=lambda leased: leased.lease.depth)
    known = original.knowledge
    assert (known.url, known.title, known.text, known.reference) == (URL, "Ferry sinks", "The ferry sank", NOON)
    assert (original.candidates, original.asked, original.previous) == ((URL + "x",), True, None)
    known = other.knowledge
    assert (known.title, known.text, known.reference) == ("Divers reach the wreck", None, NOON)


def test_a_linked_page_is_known_by_its_link_and_by_when_that_page_looked_so(store: Store) -> None:
    other = "https://news.example/2026/11/24/divers-reach-the-wreck-a1200"
    with store.transaction():
        seen = replace(visit(store, URL), related=(link(other, anchor="Divers"),))
        found = with_article(seen, article(), seen.related, captured=NOON - timedelta(days=900), origin="wayback")
        store.record(found)
        [leased] = store.lease(10)
    assert (leased.knowledge.title, leased.asked) == ("Divers", False)
    assert leased.knowledge.reference == NOON - timedelta(days=900)


def test_the_last_capture_with_a_body_is_what_an_unchanged_page_refers_to(store: Store, clock: Clock) -> None:
    keep(store, URL, article())
    first = task(store, URL).previous
    clock.advance(days=1)
    keep(store, URL, article())
    assert task(store, URL).previous == first
    clock.advance(days=1)
    keep(store, URL, article(text="Another text. " * 40))
    previous = task(store, URL).previous
    assert previous is not None
    assert (previous.target, previous.date) == (URL, NOON + timedelta(days=2))
