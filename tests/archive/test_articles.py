"""The current text of an article and its versions: nothing good is overwritten, nothing is kept twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from archive.articles import save_article
from archive.models import Article, Role
from archive.query.show import show
from archive.schema import connect, rows
from archive.store import Store
from archive.visits import Finding
from tests.archive.made import NOON, Clock, article, keep, link, open_store

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"
A, B = "The ferry sank at noon. " * 20, "The ferry was raised today. " * 20
STUB = "Subscribe to read on."
FROM_ARCHIVE = {
    "captured": NOON - timedelta(days=2000),
    "origin": "wayback",
    "archive_url": f"https://web.archive.org/web/2021/{URL}",
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Any:
    made = open_store(tmp_path, clock)
    yield made
    made.close()


def current(store: Store) -> dict[str, Any]:
    [row] = rows(store.db, "SELECT * FROM articles")
    return row


def versions(store: Store) -> list[tuple[str, str | None]]:
    return [(row["text"], row["note"]) for row in rows(store.db, "SELECT text, note FROM versions ORDER BY id")]


def test_a_new_article_has_one_version_and_its_origin(store: Store) -> None:
    found = article(
        text=A,
        authors=("Ana Ivić", "Bo"),
        published="2026-11-25",
        modified="2026-11-25T10:00:00Z",
        site="The News",
        language="en",
    )
    keep(store, URL, found)
    row = current(store)
    assert (row["url"], row["title"], row["authors"], row["text"]) == (URL, "Ferry sinks", '["Ana Ivić", "Bo"]', A)
    assert (row["published"], row["modified"], row["site"], row["language"]) == (
        "2026-11-25",
        "2026-11-25T10:00:00Z",
        "The News",
        "en",
    )
    assert (row["origin"], row["archive_url"], row["captured"]) == ("live", None, "2026-11-25T12:00:00Z")
    [version] = rows(store.db, "SELECT * FROM versions")
    assert (version["id"], version["article_id"], version["note"]) == (row["version_id"], row["id"], None)
    assert version["capture_id"] is not None


def test_a_new_text_becomes_current_and_the_old_one_stays(store: Store, clock: Clock) -> None:
    keep(store, URL, article(text=A))
    clock.advance(days=1)
    keep(store, URL, article("Ferry raised", text=B))
    row = current(store)
    assert (row["title"], row["text"], row["captured"]) == ("Ferry raised", B, "2026-11-26T12:00:00Z")
    assert versions(store) == [(A, None), (B, None)]


def test_a_worse_text_is_kept_beside_and_says_why(store: Store, clock: Clock) -> None:
    keep(store, URL, article(text=A))
    for _ in range(2):
        clock.advance(days=1)
        keep(store, URL, article(text=STUB))
    assert current(store)["text"] == A
    assert current(store)["last_seen"] == "2026-11-27T12:00:00Z"
    assert versions(store) == [(A, None), (STUB, f"shorter: {len(STUB)} characters against {len(A)}")]


def test_an_older_capture_is_kept_beside_and_says_why(store: Store) -> None:
    keep(store, URL, article(text=A))
    keep(store, URL, article(text=B), **FROM_ARCHIVE)
    assert (current(store)["text"], current(store)["origin"]) == (A, "live")
    assert versions(store) == [(A, None), (B, "older than the current text")]


def test_an_older_capture_of_the_whole_text_replaces_a_stub(store: Store) -> None:
    keep(store, URL, article(text=STUB))
    keep(store, URL, article(text=A), **FROM_ARCHIVE)
    keep(store, URL, article(text=STUB))
    assert (current(store)["text"], current(store)["origin"]) == (A, "wayback")
    assert versions(store)[:2] == [(STUB, None), (A, None)]


def test_a_live_text_replaces_that_of_an_archive(store: Store) -> None:
    keep(store, URL, article(text=A), **FROM_ARCHIVE)
    assert (current(store)["origin"], current(store)["captured"]) == ("wayback", "2021-06-04T12:00:00Z")
    keep(store, URL, article(text=B))
    assert (current(store)["origin"], current(store)["archive_url"], current(store)["text"]) == ("live", None, B)


def test_a_page_that_goes_back_to_a_former_text_shows_that_version_again(store: Store, clock: Clock) -> None:
    for text in (A, B, A, B, A):
        keep(store, URL, article(text=text))
        clock.advance(days=1)
    assert current(store)["text"] == A
    assert versions(store) == [(A, None), (B, None)]
    assert rows(store.db, "SELECT characters, is_current FROM timeline ORDER BY captured") == [
        {"characters": len(A), "is_current": 1},
        {"characters": len(B), "is_current": 0},
    ]


def test_a_text_that_was_refused_and_becomes_current_gets_a_version_without_that_note(store: Store, clock: Clock) -> None:
    keep(store, URL, article(text=A))
    keep(store, URL, article(text=B), **FROM_ARCHIVE)
    clock.advance(days=1)
    keep(store, URL, article(text=B))
    assert current(store)["text"] == B
    assert versions(store) == [(A, None), (B, "older than the current text"), (B, None)]
    [shown] = rows(store.db, "SELECT note FROM timeline WHERE is_current")
    assert shown["note"] is None


def test_only_the_words_make_a_version(store: Store, clock: Clock) -> None:
    keep(store, URL, article(text="One  two\nthree " * 9))
    clock.advance(days=1)
    keep(store, URL, article(text="One two three " * 9, modified="2026-11-26"))
    assert len(versions(store)) == 1


# -- one article, many addresses --------------------------------------------------------------------------------------


def test_an_article_lives_where_its_publisher_says(store: Store) -> None:
    for alias in ("https://news.example/story?id=1&ref=home", "https://m.news.example/story?id=1", URL):
        keep(store, alias, article(canonical_url=URL))
    assert current(store)["url"] == URL
    assert len(rows(store.db, "SELECT 1 FROM urls WHERE article_id IS NOT NULL")) == 3
    assert show(store.db, "https://m.news.example/story?id=1")["url"] == URL


@pytest.mark.parametrize("declared", ["https://other.example/story", "https://news.example/", "https://news.example/index.html"])
def test_a_declared_address_that_cannot_be_believed_is_noted_only(store: Store, declared: str) -> None:
    keep(store, URL, article(canonical_url=declared))
    assert (current(store)["url"], current(store)["canonical_url"]) == (URL, declared)


def test_a_site_that_declares_one_address_for_all_its_pages_keeps_its_articles_apart(store: Store, clock: Clock) -> None:
    declared = "https://news.example/articles"
    pages = {f"https://news.example/story-{number}": f"Story {number}" for number in range(3)}
    for _ in range(2):
        for url, title in pages.items():
            keep(store, url, article(title, f"{title} told at length. " * 20, canonical_url=declared))
        clock.advance(days=1)
    assert len(rows(store.db, "SELECT 1 FROM articles")) == 3
    assert [show(store.db, url)["title"] for url in pages] == list(pages.values())
    assert show(store.db, declared)["title"] == "Story 0"
    assert len(show(store.db, "https://news.example/story-1")["captures"]) == 2


def test_an_edited_headline_does_not_make_a_second_article(store: Store, clock: Clock) -> None:
    alias = "https://news.example/story?id=1"
    keep(store, alias, article("Ferry sinks", A, canonical_url=URL))
    clock.advance(days=1)
    keep(store, alias, article("Ferry sinks; 12 saved", A, canonical_url=URL))
    assert (current(store)["title"], current(store)["url"]) == ("Ferry sinks; 12 saved", URL)
    assert len(versions(store)) == 2


def test_an_address_is_stored_in_its_canonical_form(store: Store) -> None:
    keep(store, URL, article(), final_url="http://news.example:80/2026/11/25/ferry-sinks-at-noon-a1234?utm_source=x")
    stored = {row["url"] for row in rows(store.db, "SELECT url FROM urls WHERE article_id IS NOT NULL")}
    assert stored == {URL, URL.replace("https", "http")}


# -- links ------------------------------------------------------------------------------------------------------------


def test_links_are_those_of_the_current_text(store: Store, clock: Clock) -> None:
    first = (link("https://news.example/b", anchor="B"), link("https://news.example/c", Role.INLINE, "C", 1))
    keep(store, URL, article(text=A), first)
    clock.advance(days=1)
    keep(store, URL, article(text=STUB), (link("https://news.example/paywall"),))
    assert [row["url"] for row in rows(store.db, "SELECT url FROM links ORDER BY position")] == [one.url for one in first]
    keep(store, "https://news.example/c", article("C"))
    keep(store, URL, article(text=B), (link("https://news.example/c", anchor="C"), link("https://news.example/d", position=1)))
    [row] = rows(store.db, "SELECT l.*, u.url AS known FROM links l JOIN urls u ON u.url = l.url")
    assert (row["url"], row["known"], row["anchor"], row["role"]) == (
        "https://news.example/c",
        "https://news.example/c",
        "C",
        "related",
    )


# -- any history ------------------------------------------------------------------------------------------------------


class Histories(RuleBasedStateMachine):
    """Live fetches and captures in any order: the promises of `articles` and `versions` hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.store = connect(Path(":memory:"))
        self.versions: list[dict[str, Any]] = []

    @rule(text=st.sampled_from([A, B, STUB, A + B]), days=st.integers(0, 3))
    def fetch(self, text: str, days: int) -> None:
        self.clock.advance(days=days)
        self._save(article(text=text))

    @rule(text=st.sampled_from([A, B, STUB]), days=st.integers(1, 4000))
    def find_capture(self, text: str, days: int) -> None:
        self._save(article(text=text), captured=NOON - timedelta(days=days), origin="wayback")

    def _save(self, found: Article, **rest: Any) -> None:
        values = {"origin": "live", "captured": self.clock(), "address": URL, "final_url": URL, "links": ()} | rest
        with self.store.atomic():
            save_article(self.store, Finding(article=found, **values), None, self.clock())

    @invariant()
    def versions_are_never_changed(self) -> None:
        found = rows(self.store, "SELECT * FROM versions ORDER BY id")
        assert found[: len(self.versions)] == self.versions
        self.versions = found

    @invariant()
    def the_current_text_is_a_version_without_objection(self) -> None:
        for row in rows(
            self.store, "SELECT a.text AS shown, v.text, v.note FROM articles a JOIN versions v ON v.id = a.version_id"
        ):
            assert (row["shown"], row["note"]) == (row["text"], None)

    @invariant()
    def no_text_is_kept_twice_for_the_same_reason(self) -> None:
        kept = [(row["text_sha256"], row["note"] is None) for row in self.versions]
        assert len(kept) == len(set(kept))

    @invariant()
    def a_stub_never_replaces_a_whole_text(self) -> None:
        shown = rows(self.store, "SELECT text FROM articles")
        assert not shown or shown[0]["text"] != STUB or all(version["text"] == STUB for version in self.versions)

    @invariant()
    def the_index_agrees(self) -> None:
        self.store.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")

    def teardown(self) -> None:
        self.store.close()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
