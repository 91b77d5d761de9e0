"""The database as a stranger finds it: tables, keys, views and search that explain themselves."""

from __future__ import annotations

import re
import sqlite3 as system_sqlite
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from archive.models import Outcome, Repair, Role
from archive.rereading import LOOK_OF_CAPTURE
from archive.schema import APPLICATION_ID, connect, insert, migrations, rows, sqlite3
from archive.states import State
from archive.store import Store
from archive.visits import Search
from archive.webarchives.home import _CAPTURES
from tests.archive.made import Clock, article, document, keep, link, mention, open_store, visit

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"
DEAD, FOUND = "https://news.example/dead", "https://news.example/found-again"

# design.md, section 5: what scripts may rely on
PROMISED = {
    "articles": "url canonical_url title authors published modified site language text "
    "origin archive_url captured first_seen last_seen",
    "repairs": "url replacement archive_url method confidence state evidence",
    "checks": "url checked state rule statuscode final_url evidence",
    "captures": "urlkey timestamp original mimetype statuscode digest length archive",
    "lookups": "outcome expires_at",
}
TABLES = [
    "documents",
    "mentions",
    "urls",
    "frontier",
    "captures",
    "articles",
    "version_rows",
    "links",
    "checks",
    "lookups",
    "repairs",
]
TABLES += ["budgets", "runs", "probes", "sources", "listings"]
VIEWS = ["versions", "dead_links", "repaired_links", "timeline", "host_health"]


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = open_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def small(store: Store) -> Store:
    """An archive with one of everything."""
    clipping = document(mention(URL), mention(DEAD, Role.RELATED, start=200), name="kim.txt")
    with store.transaction():
        store.add_document(clipping)
        store.add_document(replace(clipping, name="other.txt", sha256="1" * 64))
    keep(store, URL, article(site="The News"), (link(DEAD), link("https://news.example/b", Role.INLINE, position=1)))
    keep(store, URL, article(text="Stub."))
    gone = Repair("https://news.example/moved-away", FOUND, None, None, "slug_search", 0.934, {"title": 1})
    with store.transaction():
        store.record(visit(store, DEAD, State.HARD_GONE, statuscode=404, search=Search(Outcome.NONE, "open")))
        found = visit(store, gone.url, State.SOFT404, search=Search(Outcome.FOUND, "accepted", gone))
        store.record(found)
        store.record(visit(store, "https://walled.example/a", State.BLOCKED, statuscode=403))
    return store


def test_the_promised_columns_are_there(store: Store) -> None:
    for table, columns in PROMISED.items():
        there = {row["name"] for row in rows(store.db, f"PRAGMA table_info({table})")}
        assert set(columns.split()) <= there, table
    assert set(TABLES) <= set(store.db.table_names())
    assert set(VIEWS) <= set(store.db.view_names())


def test_every_key_that_looks_foreign_is_declared_and_leads_somewhere(small: Store) -> None:
    for table in TABLES:
        declared = {row["from"]: row["table"] for row in rows(small.db, f"PRAGMA foreign_key_list({table})")}
        ids = {row["name"] for row in rows(small.db, f"PRAGMA table_info({table})") if row["name"].endswith("_id")}
        assert ids == set(declared), table
        assert set(declared.values()) <= set(TABLES), table
    assert rows(small.db, "PRAGMA foreign_key_check") == []
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        small.db.execute("INSERT INTO mentions(url_id, role, raw_text, candidates) VALUES (999, 'original', '', '[]')")


def test_every_column_that_is_joined_has_its_index(store: Store) -> None:
    """A delete or a join over a foreign key without an index reads the whole table."""
    wanted = {
        ("mentions", "url_id"),
        ("captures", "url_id"),
        ("version_rows", "article_id"),
        ("checks", "url_id"),
        ("urls", "article_id"),
    }
    for table, column in wanted:
        plan = rows(store.db, f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} = 1")
        assert "USING INDEX" in plan[0]["detail"], (table, column)


@pytest.mark.parametrize(
    "sql",
    [
        _CAPTURES,  # asked at every dead link
        LOOK_OF_CAPTURE,  # of every page without an article, when all are read again
        "SELECT c.url FROM checks c WHERE c.final_url = ?",  # archive.known.ended_at
    ],
)
def test_what_is_asked_often_reads_no_whole_table(store: Store, sql: str) -> None:
    plan = [row["detail"] for row in rows(store.db, f"EXPLAIN QUERY PLAN {sql}", *"xyz"[: 3 if "?3" in sql else 1])]
    assert not [step for step in plan if step.startswith("SCAN") and not step.startswith("SCAN (")], plan  # of a result


def test_a_current_text_is_stored_once(store: Store) -> None:
    """The version holds it only when it is no longer the article's; whoever changes the article, it stays as it was."""
    stored = "SELECT text IS NULL AS elsewhere FROM version_rows ORDER BY id"
    shown = "SELECT text FROM versions ORDER BY id"
    first, second = "The ferry sank at noon. " * 20, "The ferry sank at one. " * 30
    keep(store, URL, article(text=first))
    assert rows(store.db, stored) == [{"elsewhere": 1}]
    keep(store, URL, article(text=second))
    assert rows(store.db, stored) == [{"elsewhere": 0}, {"elsewhere": 1}]
    assert [row["text"] for row in rows(store.db, shown)] == [first, second]
    store.db.execute("UPDATE articles SET text = 'by hand'")
    store.db.execute("UPDATE articles SET version_id = 1")
    assert [row["text"] for row in rows(store.db, shown)] == [first, second]
    keep(store, URL, article(text=first))
    assert [row["text"] for row in rows(store.db, shown)] == [first, second]


def test_commits_are_on_the_disk_before_they_return(store: Store) -> None:
    settings = {
        name: rows(store.db, f"PRAGMA {name}")[0][name]
        for name in ("journal_mode", "synchronous", "foreign_keys", "application_id")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "application_id": APPLICATION_ID}


@pytest.mark.skipif(sys.platform != "linux", reason="pysqlite3 is asked for on Linux only")
def test_the_sqlite_in_use_has_no_wal_reset_bug() -> None:
    assert sqlite3.__name__.startswith("pysqlite3")
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_a_migration_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "VIEWS", migrations.VIEWS + "CREATE TABLE urls(id);")
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            connect(tmp_path / "morgue.db")
    half = system_sqlite.connect(tmp_path / "morgue.db")
    assert half.execute("SELECT name FROM sqlite_master WHERE name IN ('urls', 'articles')").fetchall() == []
    half.close()
    db = connect(tmp_path / "morgue.db")
    assert rows(db, "SELECT count(*) AS n FROM urls") == [{"n": 0}]
    db.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    before = (tmp_path / "morgue.db").read_bytes()
    open_store(tmp_path, Clock()).close()
    db = connect(tmp_path / "morgue.db")
    assert rows(db, "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = 'urls'") == [{"n": 1}]
    db.close()
    assert len((tmp_path / "morgue.db").read_bytes()) == len(before)


# -- views ------------------------------------------------------------------------------------------------------------


def test_dead_links_names_what_is_gone_and_who_mentions_it(small: Store) -> None:
    [row] = rows(small.db, "SELECT * FROM dead_links")
    assert (row["url"], row["state"], row["archives_say"]) == (DEAD, "hard_gone", "none")
    assert sorted(row["mentioned_in"].split(",")) == ["kim.txt", "other.txt"]


def test_repaired_links_show_what_stands_for_a_dead_link_until_it_lives_again(small: Store) -> None:
    [row] = rows(small.db, "SELECT url, was, method, confidence, replacement FROM repaired_links")
    assert row == {
        "url": "https://news.example/moved-away",
        "was": "soft404",
        "method": "slug_search",
        "confidence": 0.93,
        "replacement": FOUND,
    }
    for state, listed in [(State.TEMPORARY, 1), (State.ALIVE, 0)]:
        with small.transaction():
            small.now.advance(days=1)  # type: ignore[attr-defined]
            small.record(visit(small, "https://news.example/moved-away", state))
        assert len(rows(small.db, "SELECT * FROM repaired_links")) == listed


def test_the_timeline_shows_all_texts(small: Store) -> None:
    found = rows(small.db, "SELECT title, is_current, note, characters FROM timeline")
    assert [(row["is_current"], row["note"]) for row in found] == [(1, None), (0, "shorter: 5 characters against 480")]


def test_host_health_counts_by_host(small: Store) -> None:
    found = rows(small.db, "SELECT host, urls, alive, dead, blocked, unknown, articles FROM host_health")
    assert found == [
        {"host": "news.example", "urls": 3, "alive": 1, "dead": 2, "blocked": 0, "unknown": 0, "articles": 1},
        {"host": "walled.example", "urls": 1, "alive": 0, "dead": 0, "blocked": 1, "unknown": 0, "articles": 0},
    ]


def test_the_views_know_every_state(small: Store) -> None:
    for number, state in enumerate(State):
        with small.transaction():
            small.record(visit(small, f"https://states.example/{number}", state))
    found = rows(small.db, "SELECT state FROM dead_links WHERE url LIKE 'https://states.example/%'")
    assert {row["state"] for row in found} == {state for state in State if state.dead}
    [counted] = rows(small.db, "SELECT urls, alive, dead FROM host_health WHERE host = 'states.example'")
    living = [state for state in State if state.living]
    assert counted == {"urls": len(State), "alive": len(living), "dead": len(found)}


def test_the_last_check_is_the_last_even_within_a_second(small: Store) -> None:
    for state in (State.TEMPORARY, State.BLOCKED):
        with small.transaction():
            small.record(visit(small, DEAD, state))
    assert rows(small.db, "SELECT state FROM latest_checks WHERE url = ?", DEAD) == [{"state": "blocked"}]


HOT = {
    "latest_checks of one address": ("SELECT * FROM latest_checks WHERE url_id = 1", "checks_by_url"),
    "the last capture": (
        "SELECT digest FROM captures WHERE url_id = 1 AND archive = 'crawl' AND revisit = 0 ORDER BY timestamp DESC LIMIT 1",
        "captures_by_url",
    ),
    "where a file's committed part ends": (
        "SELECT warc_file, max(warc_offset + length) FROM captures GROUP BY warc_file",
        "COVERING INDEX captures_by_file",
    ),
    "is a page known": ("SELECT 1 FROM urls WHERE urlkey = 'x'", "urls_by_urlkey"),
    "when to look again": ("SELECT min(due) FROM frontier WHERE state = 'queued'", "COVERING INDEX frontier_by_due"),
}


@pytest.mark.parametrize("name", HOT)
def test_hot_statements_use_their_index(store: Store, name: str) -> None:
    sql, index = HOT[name]
    plan = [row["detail"] for row in rows(store.db, f"EXPLAIN QUERY PLAN {sql}")]
    assert any(index in step for step in plan), plan
    assert not any(step.startswith("SCAN") and "USING" not in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


# -- the index of words -----------------------------------------------------------------------------------------------


def index_is_sound(store: Store) -> None:
    store.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_the_index_follows_every_change(small: Store) -> None:
    keep(small, FOUND, article("東京の記事", "東京都知事が会見した。" * 9, authors=("山田太郎",)))
    index_is_sound(small)
    small.db.execute("UPDATE articles SET title = 'Changed by hand', last_seen = 'x'")
    index_is_sound(small)
    small.db.execute("UPDATE articles SET version_id = NULL, spaced_text = NULL")
    index_is_sound(small)
    small.db.execute("DELETE FROM links")
    small.db.execute("DELETE FROM menus")
    small.db.execute("UPDATE urls SET article_id = NULL")
    small.db.execute("UPDATE captures SET version_id = NULL")
    small.db.execute("DELETE FROM version_rows")
    small.db.execute("DELETE FROM articles WHERE title IS NOT NULL")
    index_is_sound(small)
    assert rows(small.db, "SELECT count(*) AS n FROM articles_fts WHERE articles_fts MATCH 'changed'") == [{"n": 0}]


def test_the_index_can_be_rebuilt_by_a_stranger(small: Store) -> None:
    small.db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
    index_is_sound(small)


def test_a_stranger_with_sqlite_utils_finds_the_way(small: Store, tmp_path: Path) -> None:
    path = tmp_path / "morgue.db"
    plain = sqlite_utils.Database(system_sqlite.connect(f"{path.as_uri()}?mode=ro", uri=True))  # the system's own SQLite
    assert plain["articles"].detect_fts() == "articles_fts"
    assert [row["url"] for row in plain["articles"].search("ferry")] == [URL]
    assert {key.other_table for key in plain["captures"].foreign_keys} == {"urls", "version_rows"}
    for view in VIEWS:
        list(plain[view].rows)
    plain.close()


def test_every_table_says_what_it_is(store: Store) -> None:
    """The comments live in the database: `.schema` is the manual."""
    kept = " ".join(row["sql"] or "" for row in rows(store.db, "SELECT sql FROM sqlite_master"))
    assert "base32 SHA-1 of the payload as received" in kept
    for table in TABLES:
        assert re.search(rf"CREATE TABLE {table} \(", migrations.TABLES), table


def test_a_row_of_any_length_goes_in(store: Store) -> None:
    first = insert(store.db, "runs", {"command": "x", "started": "x", "state": "x", "counts": "{}"})
    assert insert(store.db, "runs", {"command": "x", "started": "x", "state": "x", "counts": "{}"}) == first + 1
