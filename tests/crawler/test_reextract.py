"""morgue reextract: today's reading of what is kept becomes the current text, and nothing that was read before is lost."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.errors import MorgueError
from archive.models import Kind
from archive.schema import connect, connect_readonly, rows
from archive.states import State
from archive.store import Store
from archive.visits import Finding
from crawler.cli import cli
from crawler.jobs import reextract as doing
from crawler.workers.pool import Workers
from tests.archive.made import NOON, Clock, article, exchange, open_store, receipt, visit, with_article
from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import page, story, url
from tests.crawler.test_workers import SLOW

HOST = "paper.example"
MISREAD = "A reading of former days, with the menu in it. " * 20
LIVE, MEMENTO, REVISIT, LONG, NEW, WALLED, BROKEN, OTHER = (url(HOST, number) for number in range(1, 9))
EMPTY = b"<html><title>Cookies</title><p>Cookies and consent: our vendors use cookies. Privacy.</p></html>"


def stored(store: Store, address: str, body: bytes, text: str = MISREAD, **rest: Any) -> None:
    """A page that was fetched, and the text that was read from it then."""
    with store.transaction():
        seen = with_article(visit(store, address), article(story(1).title, text), kind=Kind.ARTICLE, **rest)
        captured, origin = rest.get("captured", store.now()), rest.get("origin", "live").replace("live", "crawl")
        answer = exchange(address, body, fetched=store.now())
        kept = receipt(answer, seen.task.previous, captured=captured, archive=origin, archive_url=rest.get("archive_url"))
        assert isinstance(seen.finding, Finding)
        store.record(replace(seen, receipts=(kept,), finding=replace(seen.finding, receipt=0)))


def fill(store: Store, clock: Clock) -> None:
    """One capture of each sort, two of the one that is revisited."""
    body = {number: page(HOST, number).encode() for number in range(1, 9)}
    stored(store, LIVE, body[1])
    memento = f"https://web.archive.org/web/20210304101500/{MEMENTO}"
    stored(store, MEMENTO, body[2], origin="wayback", archive_url=memento, captured=NOON - timedelta(days=2000))
    stored(store, LONG, body[4], MISREAD * 20)
    with store.transaction():  # nothing was read from this one
        answer = receipt(exchange(NEW, body[5], fetched=clock()), extracted="empty")
        store.record(visit(store, NEW, receipts=(answer,)))
    with store.transaction():  # nor from this one, which was dead
        answer = receipt(exchange(f"{NEW}-gone", body[5], fetched=clock()), extracted="empty")
        store.record(visit(store, f"{NEW}-gone", State.SOFT404, receipts=(answer,)))
    stored(store, WALLED, EMPTY)
    for _ in range(2):
        clock.advance(days=1)
        stored(store, REVISIT, body[3])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder, clock = tmp_path / "home", Clock()
    store = open_store(folder, clock)
    fill(store, clock)
    store.close()
    return folder


@pytest.fixture
def morgue(home: Path) -> Morgue:
    return Morgue(home)


def text_of(morgue: Morgue, address: str) -> str:
    return str(morgue.value("SELECT text FROM articles WHERE url = ?", address))


def again(morgue: Morgue, *arguments: object) -> Ended:
    """The command, in this process: starting another takes most of such a test's time."""
    done = CliRunner().invoke(cli, ["reextract", "--home", str(morgue.home), "--workers", "1", *map(str, arguments)])
    if isinstance(done.exception, MorgueError):
        return Ended(done.exception.exit_code, done.stdout, str(done.exception))
    return Ended(done.exit_code, done.stdout, done.stderr)


COUNTS = {"same": 1, "changed": 3, "details": 0, "worse": 1, "found": 1, "former": 0, "lost": 1, "none": 1, "failed": 0, "damaged": 0}  # fmt: skip


def test_what_is_read_otherwise_becomes_the_current_text_and_the_former_reading_stays(morgue: Morgue) -> None:
    assert morgue.value("SELECT count(*) FROM captures WHERE revisit") == 1
    done = again(morgue, "--json")
    assert done.code == 0, done.err
    assert done.object == {"read": 8, "left": 0, "articles": 5, "dry_run": False} | COUNTS
    for number, address in ((1, LIVE), (2, MEMENTO), (3, REVISIT)):
        assert text_of(morgue, address).startswith(story(number).paragraphs[0])
        versions = morgue.rows(
            "SELECT v.text = ? AS misread, v.note, v.shown, v.id = a.version_id AS current, v.origin FROM versions v "
            "JOIN articles a ON a.id = v.article_id WHERE a.url = ? ORDER BY v.id",
            MISREAD,
            address,
        )
        assert [(row["misread"], row["note"], row["shown"], row["current"]) for row in versions] == [
            (1, None, 1, 0),
            (0, "re-extracted", 1, 1),
        ]
        assert versions[0]["origin"] == versions[1]["origin"]
    assert morgue.value("SELECT origin FROM articles WHERE url = ?", MEMENTO) == "wayback"
    assert morgue.value("SELECT count(DISTINCT version_id) FROM captures WHERE original = ?", REVISIT) == 1


def test_nothing_worse_stands_and_nothing_is_lost(morgue: Morgue) -> None:
    again(morgue)
    assert text_of(morgue, LONG) == MISREAD * 20
    note = morgue.value("SELECT note FROM versions WHERE note LIKE 're-extracted;%'")
    assert note.startswith("re-extracted; shorter: ")
    assert text_of(morgue, WALLED) == MISREAD


def test_a_living_page_that_is_read_now_is_an_article_and_a_dead_one_is_not(morgue: Morgue) -> None:
    again(morgue)
    assert text_of(morgue, NEW).startswith(story(5).paragraphs[0])
    assert morgue.rows("SELECT url FROM articles WHERE url LIKE '%-gone'") == []
    assert morgue.value("SELECT count(*) FROM urls WHERE article_id IS NOT NULL AND url = ?", NEW) == 1


def test_a_second_reading_finds_nothing_to_change(morgue: Morgue) -> None:
    again(morgue)
    versions = morgue.rows("SELECT * FROM versions")
    done = again(morgue)
    assert morgue.rows("SELECT * FROM versions") == versions
    assert done.out.splitlines() == [
        "8 captures read again",
        "       5  as before",
        "       1  read worse than the current text: kept beside it",
        "       1  no longer read as articles: their text stays",
        "       1  not of an article",
    ]


def test_the_index_follows(morgue: Morgue) -> None:
    again(morgue)
    assert morgue.run("search", "street", "7", "spoke", "nothing").code == 0
    db = connect(morgue.home / "morgue.db")
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    db.close()


def state(morgue: Morgue) -> Iterator[Any]:
    for table in ("articles", "versions", "captures", "links", "runs", "urls"):
        yield morgue.rows(f"SELECT * FROM {table}")


def test_a_dry_run_counts_the_same_and_leaves_no_trace(morgue: Morgue) -> None:
    before = list(state(morgue))
    done = again(morgue, "--dry-run", "--json")
    assert done.object == {"read": 8, "left": 0, "articles": 5, "dry_run": True} | COUNTS
    assert list(state(morgue)) == before


def test_a_limited_run_is_gone_on_with_and_the_run_after_that_begins_anew(morgue: Morgue) -> None:
    read = [again(morgue, "--limit", 3, "--json").object for _ in range(3)]
    assert [(one["read"], one["left"]) for one in read] == [(3, 5), (3, 2), (2, 0)]
    assert sum(one["changed"] for one in read) == COUNTS["changed"]
    assert again(morgue, "--json").object["read"] == 8
    assert [row["state"] for row in morgue.rows("SELECT state FROM runs")] == ["limited", "limited", "complete", "complete"]


def test_where_it_had_come_to_is_no_count(morgue: Morgue) -> None:
    again(morgue, "--limit", 3)
    shown = morgue.run("runs").out
    assert "5 left" in shown
    assert "cursor" not in shown


def test_another_scope_does_not_go_on_with_it(morgue: Morgue) -> None:
    again(morgue, "--limit", 3)
    assert again(morgue, "--json", "--site", HOST).object["read"] == 8
    assert again(morgue, "--json").object["read"] == 5


@pytest.mark.parametrize(
    ("arguments", "code", "read"),
    [
        (["--site", HOST], 0, 8),
        (["--site", "elsewhere.example"], 4, None),
        (["--since", "2026-11-26"], 0, 2),
        (["--since", "2026-11-27T12:00:01"], 4, None),
        (["--since", "yesterday"], 2, None),
    ],
)
def test_a_part_of_it(morgue: Morgue, arguments: list[str], code: int, read: int | None) -> None:
    done = again(morgue, *arguments, "--json")
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    assert read is None or done.object["read"] == read


def test_no_archive_no_reading(tmp_path: Path) -> None:
    done = Morgue(tmp_path / "none").run("reextract")
    assert (done.code, "there is no archive in" in done.err, (tmp_path / "none").exists()) == (4, True, False)


def test_a_damaged_record_is_told_and_the_others_go_on(morgue: Morgue) -> None:
    row = morgue.rows("SELECT warc_file, warc_offset, length FROM captures WHERE original = ?", MEMENTO)[0]
    file = morgue.home / "warc" / row["warc_file"]
    data = bytearray(file.read_bytes())
    data[row["warc_offset"] + row["length"] // 2] ^= 0xFF
    file.write_bytes(data)
    done = again(morgue, "--json")
    assert (done.code, done.object["damaged"], done.object["changed"]) == (9, 1, 2)
    assert f"{MEMENTO} (20210604120000)" in done.err
    assert row["warc_file"] in done.err
    assert text_of(morgue, MEMENTO) == MISREAD


def test_a_page_that_cannot_be_extracted_is_told(morgue: Morgue, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(doing, "Run", _Strict)
    store = open_store(morgue.home)
    stored(store, OTHER, SLOW)
    store.close()
    code = doing.reextract(morgue.home, doing.Scope(), workers=1, as_json=True)
    told = capsys.readouterr()
    assert (code, json.loads(told.out)["failed"], json.loads(told.out)["changed"]) == (3, 1, 3)
    assert f"morgue: {OTHER}" in told.err
    assert "more than 0.3 s of CPU" in told.err
    assert text_of(morgue, OTHER) == MISREAD
    assert morgue.value("SELECT count(*) FROM captures WHERE extracted = 'timeout'") == 0


class _Strict(doing.Run):
    """Its workers have little time for a page."""

    def __init__(self, *given: Any, **rest: Any) -> None:
        super().__init__(*given, **rest)
        self.workers = Workers(1, cpu_seconds=0.3)


@pytest.mark.parametrize(
    ("sign", "code", "state"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 130, "interrupted"), (signal.SIGKILL, -9, "killed")],
)
def test_an_ended_run_is_gone_on_with(morgue: Morgue, sign: int, code: int, state: str) -> None:
    """Each batch holds one capture; the run is ended after its second."""
    code_of_it = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom crawler.jobs import reextract as doing\nfrom crawler.cli import cli, main\n"
        "doing.BATCH = 1\nwrite, seen = doing._write, []\n"
        "async def ending(*given):\n"
        "    await write(*given)\n    seen.append(1)\n"
        f"    if len(seen) == 2: os.kill(os.getpid(), {int(sign)})\n"
        "doing._write = ending\nsys.argv[1:] = ['reextract', '--workers', '1']\nmain()\n"
    )
    ended = python(morgue, code_of_it)
    assert ended == code
    done = again(morgue, "--json")
    assert done.code == 0, done.err
    assert done.object["read"] in (5, 6), "the one that was under way may be written or not"
    assert morgue.rows("SELECT state FROM runs ORDER BY id")[0]["state"] == state
    assert morgue.value("SELECT count(*) FROM versions WHERE note = 're-extracted'") == 3


def python(morgue: Morgue, code: str) -> int:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=morgue.env() | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        capture_output=True,
        text=True,
        check=False,
        cwd=morgue.home.parent,
        timeout=100,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def test_a_held_home_is_left_alone(morgue: Morgue) -> None:
    from archive.home import Home, HomeLock

    with HomeLock(Home(morgue.home), "another", NOON):
        assert again(morgue).code == 7
        assert again(morgue, "--dry-run").code == 0


def test_a_refused_reading_that_was_wrong_stands_now(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path / "home", clock)
    stored(store, LIVE, page(HOST, 1).encode())
    clock.advance(days=1)
    stored(store, LIVE, page(HOST, 2).encode(), "Read too little.")
    store.close()
    morgue = Morgue(tmp_path / "home")
    assert text_of(morgue, LIVE) == MISREAD
    done = again(morgue, "--json")
    assert (done.object["changed"], done.object["former"]) == (2, 0)
    assert text_of(morgue, LIVE).startswith(story(2).paragraphs[0])


def test_readers_are_not_in_the_way(home: Path) -> None:
    db = connect_readonly(home / "morgue.db")
    assert rows(db, "SELECT count(*) AS n FROM versions") == [{"n": 5}]
    assert again(Morgue(home)).code == 0
    assert rows(db, "SELECT count(*) AS n FROM versions") == [{"n": 10}]
    db.close()
