"""links, sql and the formats of show, as a person and as a script meet them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.errors import MorgueError, UsageError
from archive.models import Role
from archive.states import State
from crawler.cli import cli
from tests.archive.made import article, document, keep, link, mention, open_store, visit

URL, OTHER = "https://news.example/a", "https://news.example/b"
LINKS = (link(OTHER, anchor="Alive"), link("https://news.example/dead", Role.INLINE, "Dead"), link("https://news.example/new"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asking")
    store = open_store(folder)
    with store.transaction():
        store.add_document(document(mention(URL, title="As told"), name="kim.txt"))
    keep(store, OTHER, article("Other"))
    keep(store, URL, article("Ferry <b>", "One.\nTwo & three.", authors=("Ana", "Zoë"), published="2021-03"), LINKS)
    with store.transaction():
        store.record(visit(store, "https://news.example/dead", State.HARD_GONE, statuscode=404))
    store.close()
    return folder


def ran(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--home", str(home)])


def lines(home: Path, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran(home, *arguments, "--json").stdout.splitlines()]


def test_links_say_what_is_known_of_each(home: Path) -> None:
    found = [(row["url"], row["role"], row["verdict"], row["article"]) for row in lines(home, "links", URL)]
    assert found == [
        (OTHER, "related", "alive", 1),
        ("https://news.example/dead", "inline", "dead", None),
        ("https://news.example/new", "related", "unknown", None),
    ]
    shown = ran(home, "links", "2").stdout
    assert "dead     inline   Dead (hard_gone, 2026-11-25)" in shown
    assert "unknown  related  More" in shown


def test_who_links_to_an_address(home: Path) -> None:
    assert [(row["kind"], row["article"], row["source"]) for row in lines(home, "links", OTHER, "--to")] == [("article", 2, URL)]
    assert [row["source"] for row in lines(home, "links", "--to", "https://news.example/new")] == [URL]
    assert [(row["kind"], row["source"], row["anchor"]) for row in lines(home, "links", "2", "--to")] == [
        ("document", "kim.txt", "As told")
    ]
    for arguments, told in ((("1",), "no links are kept of 1"), (("https://x.example/", "--to"), "links to https://x.example/")):
        error = ran(home, "links", *arguments).exception
        assert isinstance(error, MorgueError)
        assert (error.exit_code, told in str(error)) == (4, True)


def test_sql_answers_as_table_json_and_csv(home: Path) -> None:
    question = "SELECT id, title, NULL AS id, x'00ff' AS raw FROM articles ORDER BY id"
    table = ran(home, "sql", question).stdout.splitlines()
    assert table == [
        "id  title      id_2  raw",
        "--  ---------  ----  ----",
        "1   Other            00ff",
        "2   Ferry <b>        00ff",
    ]
    assert lines(home, "sql", question)[1] == {"id": 2, "title": "Ferry <b>", "id_2": None, "raw": "00ff"}
    assert list(csv.reader(ran(home, "sql", question, "--csv").stdout.splitlines()))[:2] == [
        ["id", "title", "id_2", "raw"],
        ["1", "Other", "", "00ff"],
    ]
    assert ran(home, "sql", "SELECT title FROM articles WHERE 0").stdout.splitlines() == ["title", "-----"]
    found = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'title:ferry'"
    assert lines(home, "sql", found) == [{"rowid": 2}]
    assert lines(home, "sql", "SELECT name FROM pragma_table_info('runs') LIMIT 1") == [{"name": "id"}]


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM articles", "UPDATE articles SET title = ''", "CREATE TABLE x(y)", "DROP TABLE articles", "VACUUM",
        "CREATE TEMP TABLE x(y)", "ATTACH 'other.db' AS other", "DETACH main", "PRAGMA query_only = OFF", "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = 1", "PRAGMA wal_checkpoint", "BEGIN", "SAVEPOINT x", "REINDEX", "ANALYZE",
        "INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')", "SELECT load_extension('x')", "VACUUM INTO 'copy.db'",
        "SELECT 1; SELECT 2", "SELECT", "nonsense", "", "/* only a comment */", "SELECT * FROM nowhere", "SELECT ?", "SELECT '\x00'",
    ],
)  # fmt: skip
def test_what_is_no_question_is_one_line(home: Path, question: str) -> None:
    before = (home / "morgue.db").read_bytes()
    error = ran(home, "sql", question).exception
    assert isinstance(error, UsageError), question
    assert "\n" not in str(error)
    assert (home / "morgue.db").read_bytes() == before


def test_a_question_without_end_is_stopped(home: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    error = ran(home, "sql", endless, "--timeout", "0").exception
    assert isinstance(error, MorgueError)
    assert str(error) == "the question took longer than 0 seconds: ask for less, or allow more with --timeout"
    assert isinstance(ran(home, "sql", endless.replace("count(*)", "x"), "--json", "--timeout", "0.01").exception, MorgueError)


def test_an_article_in_each_format(home: Path) -> None:
    assert ran(home, "show", "2", "--format", "text").stdout == ran(home, "show", "2").stdout
    assert ran(home, "show", "2", "--format", "json").stdout == ran(home, "show", "2", "--json").stdout
    assert ran(home, "show", "2", "--format", "md").stdout.startswith('---\ntitle: "Ferry <b>"\n')
    page = ran(home, "show", "2", "--format", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert "<h1>Ferry &lt;b&gt;</h1>" in page
    assert "<p>One.</p>\n<p>Two &amp; three.</p>" in page
    assert "default-src 'none'" in page


def test_the_query_language_on_the_command_line(home: Path) -> None:
    def titles(*arguments: str) -> list[object]:
        return [row["title"] for row in lines(home, "search", *arguments)]

    assert titles("fer*", "-sank") == ["Ferry <b>"]
    assert titles("-ferry") == titles("--", "-ferry") == []
    assert titles("two & three", "one") == ["Ferry <b>"]
    assert titles("three two", "one") == []
    assert titles("--author", "zoe") == titles("--since", "2021", "--until", "2021-03") == ["Ferry <b>"]
    assert titles("sank", "--in", "title") == []
    assert isinstance(ran(home, "search", "--sinc", "2021").exception, SystemExit)
    bad = ran(home, "search", "x", "--since", "soon").exception
    assert str(bad) == "'soon' is no date: write 2026, 2026-11 or 2026-11-25"
