"""What a store does when the disk, another program, a kill or hostile data get in its way."""

from __future__ import annotations

import random
import signal
import sqlite3 as system_sqlite
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from archive.cli.base import ask
from archive.errors import DamagedArchive, DiskFull, HomeLocked, MorgueError, UsageError
from archive.home import Home
from archive.models import Outcome, Verdict
from archive.query.base import open_home
from archive.query.filters import Filters
from archive.query.search import search
from archive.query.show import show
from archive.query.status import status
from archive.schema import connect_readonly, rows, sqlite3
from archive.states import State
from archive.store import Store
from archive.visits import Lookup
from archive.warc import verify
from tests.archive.made import (
    Clock,
    article,
    document,
    dump,
    exchange,
    full_disk,
    keep,
    link,
    mention,
    open_store,
    receipt,
    visit,
    with_article,
)

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"


def filled(folder: Path) -> Path:
    """A home with three articles, closed."""
    store = open_store(folder)
    for number in range(3):
        keep(store, f"{URL}{number}", article(f"Story {number}", f"Told at length, number {number}. " * 20))
    store.close()
    return folder


def urls(folder: Path) -> list[str]:
    db = connect_readonly(folder / "morgue.db")
    found = [row["url"] for row in rows(db, "SELECT url FROM articles ORDER BY id")]
    db.close()
    return found


# -- killed -----------------------------------------------------------------------------------------------------------

CHILD = """
import os, signal, sys
from pathlib import Path
from archive.warc import WarcWriter
from tests.archive.made import article, keep, open_store

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

point, folder, url = sys.argv[1:]
store = open_store(Path(folder))
keep(store, url + "-kept", article("Kept"))
print("ACK", flush=True)
real_append, real_sync = WarcWriter.append, WarcWriter.sync

def torn(self, packed):
    file = self._open()
    file.write(packed.request + packed.response[:-9])
    file.flush()
    die()

def synced(self):
    real_sync(self)
    die()

if point == "torn":
    WarcWriter.append = torn
if point == "appended":
    WarcWriter.sync = die
if point == "synced":
    WarcWriter.sync = synced
keep(store, url, article("Last"))
die()
"""


@pytest.mark.parametrize(("point", "known"), [("torn", 1), ("appended", 1), ("synced", 1), ("committed", 2)])
def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path, point: str, known: int) -> None:
    child = subprocess.run([sys.executable, "-c", CHILD, point, str(tmp_path), URL], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stdout) == (-signal.SIGKILL, "ACK\n"), child.stderr
    assert len(urls(tmp_path)) == known  # a reader needs no recovery first
    store = open_store(tmp_path)
    assert [list(verify(path)) for path in (tmp_path / "warc").iterdir()] == [[]]
    assert any("unfinished record removed" in line for line in store.recovered) == (point == "torn")
    assert rows(store.db, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    keep(store, URL, article("Last"))
    assert len(rows(store.db, "SELECT 1 FROM articles")) == 2
    store.close()
    assert [list(verify(path)) for path in (tmp_path / "warc").iterdir()] == [[]]


def test_the_leases_and_the_run_of_a_killed_process_are_taken_back(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.transaction():
        store.begin_run("crawl")
        store.add_url(URL)
        assert len(store.lease(10)) == 1
    store.close()
    store = open_store(tmp_path)
    assert store.recovered == ["1 pages were being fetched when the last run ended: queued again"]
    assert rows(store.db, "SELECT state, finished FROM runs") == [{"state": "killed", "finished": None}]
    with store.transaction():
        assert [found.lease.url for found in store.lease(10)] == [URL]
        store.end_run(1, "complete", 0, {"pages": 1})
    assert rows(store.db, "SELECT state, exit_code, counts FROM runs") == [
        {"state": "complete", "exit_code": 0, "counts": '{"pages": 1}'}
    ]
    store.close()


def test_a_database_restored_from_an_older_copy_does_not_cost_the_newer_pages(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    keep(store, URL, article())
    store.close()
    older = (tmp_path / "morgue.db").read_bytes()
    store = open_store(tmp_path)
    keep(store, URL + "-newer", article("Newer"))
    store.close()
    before = dump(tmp_path)
    (tmp_path / "morgue.db").write_bytes(older)
    store = open_store(tmp_path)
    keep(store, URL + "-newest", article("Newest"))
    store.close()
    for name, data in dump(tmp_path).items():
        assert data.startswith(before[name])
        assert list(verify(tmp_path / "warc" / name)) == []


# -- the disk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 100, 5_000, 20_000])
def test_a_full_disk_is_said_and_costs_nothing_that_was_committed(tmp_path: Path, room: int) -> None:
    filled(tmp_path)
    store = open_store(tmp_path)
    before, kept = dump(tmp_path), urls(tmp_path)
    size = max(len(data) for data in before.values())
    with full_disk(size + room), pytest.raises(DiskFull, match=r"cannot (write|use) .*free some space"):
        keep(store, URL + "-lost", article("Lost", "Lost to a full disk, at great length. " * 4000))
    assert (dump(tmp_path), urls(tmp_path)) == (before, kept)
    assert rows(store.db, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    keep(store, URL + "-later", article("Later"))
    store.close()
    assert urls(tmp_path) == [*kept, URL + "-later"]


def test_a_missing_folder_of_warc_files_is_said(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "warc").rename(tmp_path / "elsewhere")
    with pytest.raises(DiskFull, match=r"cannot use .*warc \(No such file"):
        Store(Home(tmp_path), Clock())


def test_a_missing_warc_file_is_said_and_the_crawl_goes_on_in_another(tmp_path: Path) -> None:
    filled(tmp_path)
    [name] = dump(tmp_path)
    (tmp_path / "warc" / name).unlink()
    store = open_store(tmp_path)
    assert store.recovered == [f"{name} is missing, with pages that were kept: restore a copy of it"]
    keep(store, URL + "-later", article("Later"))
    store.close()
    assert [list(verify(path)) for path in (tmp_path / "warc").iterdir()] == [[]]


# -- the database -----------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "morgue.db").write_bytes(b"no database " * 1000)
    with pytest.raises(DamagedArchive, match=r"morgue\.db is damaged \(file is not a database\): restore a copy"):
        open_store(tmp_path)
    with pytest.raises(DamagedArchive, match="restore a copy"):
        open_home(Home(tmp_path))


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    other = system_sqlite.connect(tmp_path / "morgue.db")
    other.execute("CREATE TABLE recipes(id)")
    other.close()
    before = (tmp_path / "morgue.db").read_bytes()
    for opening in (open_store, lambda folder: open_home(Home(folder))):
        with pytest.raises(UsageError, match=r"database of another program.*--home"):
            opening(tmp_path)
    assert (tmp_path / "morgue.db").read_bytes() == before


def test_a_program_that_holds_the_database_is_said(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    other = sqlite3.connect(str(tmp_path / "morgue.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store.db.execute("PRAGMA busy_timeout = 0")
    with pytest.raises(HomeLocked, match=r"locked by another program .*close what has it open"):
        keep(store, URL, article())
    other.execute("ROLLBACK")
    other.close()
    keep(store, URL, article())
    store.close()


def test_a_bug_is_not_explained_away(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.db.execute("INSERT INTO checks(url_id) VALUES (1)")
    store.close()


@pytest.mark.parametrize("seed", range(12))
def test_any_damage_to_the_database_ends_in_an_answer_or_a_line(tmp_path: Path, seed: int) -> None:
    filled(tmp_path)
    noise = random.Random(seed)
    data = bytearray((tmp_path / "morgue.db").read_bytes())
    for _ in range(3):
        place = noise.randrange(16, len(data) - 200)
        data[place : place + 200] = noise.randbytes(200)
    (tmp_path / "morgue.db").write_bytes(data[: len(data) - noise.choice([0, 4096, 10_000])])
    for attempt in (read_all, write_one):
        try:
            attempt(tmp_path)
        except MorgueError as error:
            assert str(tmp_path) in str(error)  # noqa: PT017 - it may also go well


def read_all(folder: Path) -> None:
    ask(folder, lambda db: search(db, Filters("told")))
    ask(folder, status)
    ask(folder, lambda db: [show(db, row["url"]) for row in rows(db, "SELECT url FROM articles")])


def write_one(folder: Path) -> None:
    store = open_store(folder)
    try:
        keep(store, URL, article())
    finally:
        store.close()


# -- hostile values ---------------------------------------------------------------------------------------------------


def test_no_text_is_too_strange_to_keep(tmp_path: Path) -> None:
    strange = "a\0b\ud800c\udfffd\x1b[31m\u202e\U0001f600"
    store = open_store(tmp_path)
    found = article(strange, strange * 50, authors=(strange,), site=strange, description=strange, canonical_url=None)
    clipping = document(mention(URL, title=strange, raw_text=strange), text=strange, name=strange, title=strange)
    with store.transaction():
        store.add_document(clipping)
        seen = visit(store, URL, State.ALIVE, statuscode=2**70, lookups=(Lookup(strange, "s", strange, Outcome.NONE, strange),))
        seen = replace(
            seen, verdict=Verdict(State.ALIVE, strange, {strange: strange}), related=(link(URL + "-b", anchor=strange),)
        )
        seen = replace(
            seen, receipts=(receipt(exchange(URL, headers=(("Content-Type", strange),)), extracted="error", reason=strange),)
        )
        store.record(with_article(seen, found, (link(URL + "-b", anchor=strange),)))
    shown = show(store.db, URL)
    assert shown["title"] == "a\ufffdb\ufffdc\ufffdd\x1b[31m\u202e\U0001f600"
    assert len(shown["text"]) == len(strange * 50)
    [row] = rows(store.db, "SELECT length(text) AS n, start, end FROM documents JOIN mentions ON document_id = documents.id")
    assert row["n"] == len(strange)
    assert rows(store.db, "SELECT statuscode FROM checks") == [{"statuscode": 2**63 - 1}]
    assert search(store.db, Filters("a\ufffdb"))
    store.close()


def test_a_book_is_kept_whole(tmp_path: Path) -> None:
    text = "Chapter one of a very long text. " * 300_000  # 10 MB
    store = open_store(tmp_path)
    keep(store, URL, article("Book", text))
    assert show(store.db, URL)["text"] == text
    assert [hit["title"] for hit in search(store.db, Filters("chapter"))] == ["Book"]
    store.close()


def test_a_capture_of_an_address_that_we_would_write_otherwise_is_filed_under_ours(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    original = URL.replace("https://news", "HTTP://News") + "?utm_source=feed"
    with store.transaction():
        kept = receipt(exchange("https://web.archive.org/web/2019id_/" + original), target=original, archive="wayback")
        store.record(visit(store, URL, State.HARD_GONE, receipts=(kept,)))
    [row] = rows(store.db, "SELECT c.original, u.url FROM captures c JOIN urls u ON u.id = c.url_id")
    assert row == {"original": original, "url": URL.replace("https", "http")}
    store.close()
