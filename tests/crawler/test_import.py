"""`morgue import` as people start it: what comes of each kind of file, twice, killed, and with things broken in it."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.errors import MorgueError
from archive.models import Exchange
from archive.store import Store
from archive.warc import Previous, pack, verify
from archive.warc.pack import payload_digest, record
from crawler.commands.import_ import import_
from crawler.importing import pages
from crawler.importing.pages import Concluded
from crawler.importing.pipeline import Pipeline
from tests.archive.made import HTML
from tests.crawler import small_web
from tests.crawler.conftest import ROOT, Ended, Morgue

HOST = "www.quay.example"
DATE = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def body(number: int) -> bytes:
    return small_web.page(HOST, number).encode()


def url(number: int) -> str:
    return small_web.url(HOST, number)


def response(address: str, content: bytes, status: int = 200, date: datetime = DATE, **rest: Any) -> bytes:
    headers = rest.pop("headers", (HTML,))
    return pack(Exchange(address, (), status, headers, content, date), target=address, date=date, **rest).response


def info(text: str) -> bytes:
    return record("warcinfo", (("WARC-Date", "2020-01-01T00:00:00Z"),), text.encode(), "application/warc-fields")


CC_NEWS = info("isPartOf: CC-NEWS\r\npublisher: Common Crawl\r\nsoftware: StormCrawler 1.5.2\r\n")


def written(folder: Path, *records: bytes, name: str = "a.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(b"".join(records))
    return path


def bring(morgue: Morgue, *arguments: object) -> Ended:
    """In this process: what a page does to its worker does not reach it."""
    done = CliRunner().invoke(import_, ["--workers", "1", "--home", str(morgue.home), *map(str, arguments)])
    if isinstance(done.exception, MorgueError):
        return Ended(done.exception.exit_code, done.stdout, f"{done.stderr}{done.exception}")
    assert isinstance(done.exception, SystemExit | None), done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)


def told(ended: Ended) -> dict[str, Any]:
    return ended.object


STATE = {
    "articles": "SELECT url, title, text, origin, archive_url, captured FROM articles ORDER BY url",
    "versions": "SELECT a.url, v.captured, v.origin, v.text_sha256, v.note FROM versions v JOIN articles a ON a.id = v.article_id ORDER BY 1, 2, 4",
    "captures": "SELECT urlkey, timestamp, original, statuscode, digest, archive, archive_url, revisit, extracted FROM captures ORDER BY 1, 2, 5",
    "checks": "SELECT url, checked, state, rule, final_url FROM checks ORDER BY 1, 2",
}


def state(morgue: Morgue) -> dict[str, list[dict[str, Any]]]:
    return {name: morgue.rows(sql) for name, sql in STATE.items()}


def whole(morgue: Morgue) -> bool:
    return [problem for file in sorted((morgue.home / "warc").iterdir()) for problem in verify(file)] == []


# -- WARC -------------------------------------------------------------------------------------------------------------


def test_cc_news_becomes_articles_of_that_name(morgue: Morgue, tmp_path: Path) -> None:
    warc = written(
        tmp_path, CC_NEWS, response(url(1), body(1)), response(url(2), body(2)), response(f"https://{HOST}/gone", b"<p>no", 404)
    )
    ended = bring(morgue, warc, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert {"imported": 2, "not_an_article": 1, "failed": 0}.items() <= told(ended).items()
    assert morgue.rows("SELECT title, origin, archive_url, captured FROM articles ORDER BY url")[0] == {
        "title": small_web.story(1).title, "origin": "cc-news", "archive_url": None, "captured": "2020-01-02T03:04:05Z"}  # fmt: skip
    assert {row["state"] for row in morgue.rows("SELECT state FROM checks")} == {"alive", "hard_gone"}
    assert morgue.value("SELECT count(*) FROM frontier") == 0
    assert whole(morgue)


def test_the_record_is_kept_byte_for_byte(morgue: Morgue, tmp_path: Path) -> None:
    one = response(url(1), body(1))
    bring(morgue, written(tmp_path, gzip.decompress(CC_NEWS), gzip.decompress(one), name="plain.warc"))
    [row] = morgue.rows("SELECT warc_file, warc_offset, length FROM captures")
    data = (morgue.home / "warc" / row["warc_file"]).read_bytes()[row["warc_offset"] :][: row["length"]]
    assert gzip.decompress(data) == gzip.decompress(one)


def test_the_same_again_is_known_in_any_packing(morgue: Morgue, tmp_path: Path) -> None:
    records = [CC_NEWS, response(url(1), body(1)), response(url(2), body(2))]
    bring(morgue, written(tmp_path, *records))
    before = state(morgue)
    again = bring(morgue, written(tmp_path, gzip.compress(b"".join(map(gzip.decompress, records))), name="b"), "--json")
    assert (again.code, told(again)["known"], told(again)["imported"]) == (0, 2, 0)
    assert state(morgue) == before


def test_a_revisit_has_the_text_of_what_it_refers_to(morgue: Morgue, tmp_path: Path) -> None:
    later = datetime(2021, 1, 2, tzinfo=UTC)
    revisit = response(url(1), body(1), date=later, previous=Previous(payload_digest(body(1)), url(1), DATE))
    warc = written(tmp_path, CC_NEWS, response(url(1), body(1)), response(url(2), body(2)), revisit)
    assert told(bring(morgue, warc, "--json"))["imported"] == 3
    assert [row["revisit"] for row in morgue.rows("SELECT revisit FROM captures ORDER BY id")] == [0, 0, 1]
    assert morgue.value("SELECT count(*) FROM versions") == 2


def test_a_revisit_without_its_page_fails_alone_and_is_taken_up_later(morgue: Morgue, tmp_path: Path) -> None:
    revisit = response(
        url(1), body(1), date=datetime(2021, 1, 2, tzinfo=UTC), previous=Previous(payload_digest(body(1)), url(1), DATE)
    )
    warc = written(tmp_path, CC_NEWS, revisit, response(url(2), body(2)))
    first = bring(morgue, warc, "--json")
    assert (first.code, told(first)["failed"], told(first)["imported"]) == (3, 1, 1)
    assert "a revisit of a page that is not here" in first.err
    bring(morgue, written(tmp_path, CC_NEWS, response(url(1), body(1)), name="other"))
    assert (bring(morgue, warc).code, morgue.value("SELECT count(*) FROM captures")) == (0, 3)


def test_redirects_lead_to_their_page_as_in_a_crawl(morgue: Morgue, tmp_path: Path) -> None:
    old, older = f"https://{HOST}/old", f"http://{HOST}/older"
    hops = [
        response(start, b"", 301, headers=(HTML, ("Location", end)))
        for start, end in ((older, "/old".join(("https://" + HOST, ""))), (old, url(1)))
    ]
    bring(morgue, written(tmp_path, CC_NEWS, *hops, response(url(1), body(1))))
    assert morgue.rows("SELECT url, state, final_url FROM checks") == [{"url": older, "state": "moved", "final_url": url(1)}]
    assert morgue.value("SELECT count(*) FROM urls WHERE article_id = 1") == 2


def test_a_broken_record_costs_itself(morgue: Morgue, tmp_path: Path) -> None:
    broken = bytearray(response(url(1), body(1)))
    broken[200] ^= 0xFF
    ended = bring(
        morgue, written(tmp_path, CC_NEWS, bytes(broken), response(url(2), body(2)), response(url(3), body(3))[:-9]), "--json"
    )
    assert (ended.code, told(ended)["imported"], told(ended)["failed"]) == (3, 1, 2)
    assert len(ended.err.splitlines()) == 2
    assert "a.warc.gz, offset" in ended.err


def test_a_page_that_ends_its_worker_is_kept_without_an_article(morgue: Morgue, tmp_path: Path) -> None:
    deep = b"<!doctype html>" + b"<div>" * 60_000
    ended = bring(morgue, written(tmp_path, CC_NEWS, response(url(1), deep), response(url(2), body(2))), "--json")
    assert (ended.code, told(ended)["imported"], told(ended)["not_an_article"]) == (0, 1, 1)


def test_an_older_capture_does_not_replace_a_newer_text(morgue: Morgue, tmp_path: Path) -> None:
    new = body(1).replace(b"The ferry", b"The bridge").replace(b"A baker", b"A miller")
    bring(morgue, written(tmp_path, CC_NEWS, response(url(1), new, date=datetime(2022, 1, 1, tzinfo=UTC))))
    bring(morgue, written(tmp_path, CC_NEWS, response(url(1), body(1)), name="older"))
    assert morgue.value("SELECT captured FROM articles") == "2022-01-01T00:00:00Z"
    assert {row["note"] for row in morgue.rows("SELECT note FROM versions")} == {None, "older than the current text"}


# -- other formats ----------------------------------------------------------------------------------------------------


def test_a_folder_of_saved_pages_and_much_else(morgue: Morgue, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.html").write_bytes(body(1))
    (folder / "sub" / "b.htm").write_bytes(f"<!-- saved from url=(0042){url(2)} -->\n".encode() + body(2))
    (folder / "lost.html").write_text("<!doctype html><p>No address")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / "rows.jsonl").write_text(
        json.dumps({"url": url(3), "text": "A text of its own. " * 20, "title": "Third", "date": "2026-01-02"})
    )
    ended = bring(morgue, folder, "--json")
    assert ended.code == 3
    assert {"imported": 3, "failed": 1, "left": 1, "formats": ["html", "json"]}.items() <= told(ended).items()
    assert {row["origin"] for row in morgue.rows("SELECT origin FROM articles")} == {"import"}
    os.utime(folder / "a.html", (1, 1))  # copied: another time, the same page
    assert told(bring(morgue, folder, "--json"))["known"] == 3
    assert whole(morgue)


def test_bookmarks_and_bare_addresses_are_queued_once(morgue: Morgue, tmp_path: Path) -> None:
    bookmarks = written(
        tmp_path,
        f'<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="{url(1)}">The ferry sank at noon</A></DL>'.encode(),
        name="b",
    )
    table = written(tmp_path, f"url,title\n{url(1)},x\n{url(2)},A title of some words\n".encode(), name="t")
    first = bring(morgue, bookmarks, table, "--json")
    assert (first.code, [one["queued"] for one in first.objects], [one["known"] for one in first.objects]) == (0, [1, 1], [0, 1])
    assert [one["queued"] for one in bring(morgue, bookmarks, table, "--json").objects] == [0, 0]
    assert morgue.rows("SELECT state, count(*) AS n FROM frontier GROUP BY state") == [{"state": "queued", "n": 2}]
    assert {row["title"] for row in morgue.rows("SELECT title FROM mentions")} == {
        "The ferry sank at noon",
        "A title of some words",
    }


# -- how it ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda folder: folder / "nowhere", 2, "there is no such file or folder"),
        (lambda folder: written(folder, b"\x89PNG", name="x.warc"), 3, "is of no format that can be imported"),
        (lambda folder: written(folder, CC_NEWS), 4, ""),
        (lambda folder: written(folder, b"PK\x03\x04"), 3, "the ZIP file: cannot be read"),
    ],
)
def test_exit_codes_are_true(morgue: Morgue, tmp_path: Path, make: Callable[[Path], Path], code: int, words: str) -> None:
    ended = bring(morgue, make(tmp_path))
    assert (ended.code, words in ended.err, "Traceback" in ended.err) == (code, True, False)


def test_a_dry_run_writes_nothing_and_counts_the_same(morgue: Morgue, tmp_path: Path) -> None:
    warc = written(
        tmp_path,
        CC_NEWS,
        response(url(1), body(1)),
        response(f"https://{HOST}/i.png", b"x", headers=(("Content-Type", "image/png"),)),
        b"junk",
    )
    ended = bring(morgue, warc, "--dry-run", "--json")
    assert (ended.code, morgue.home.exists()) == (3, False)
    counted = told(ended)
    assert (counted["imported"], counted["left"], counted["failed"]) == (1, 1, 1)
    real = told(bring(morgue, warc, "--json"))
    assert {name: real[name] for name in ("imported", "left", "failed")} == {
        name: counted[name] for name in ("imported", "left", "failed")
    }
    assert told(bring(morgue, warc, "--dry-run", "--json"))["known"] == 1


def test_the_summary_is_for_people(morgue: Morgue, tmp_path: Path) -> None:
    warc = written(tmp_path, CC_NEWS, response(url(1), body(1)), response(f"https://{HOST}/gone", b"<p>no", 404))
    assert bring(morgue, warc).out.splitlines() == [
        f"{warc} (warc): 1 imported; 1 kept without an article (1 hard gone)",
        f"1 articles, 1 versions and 2 captures are new; 1 articles are in {morgue.home} now",
    ]


def test_interrupted_it_says_so_and_goes_on_when_run_again(
    morgue: Morgue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = written(tmp_path, CC_NEWS, response(url(1), body(1)), response(url(2), body(2)))
    with monkeypatch.context() as patch:

        async def interrupt(_: Pipeline) -> None:
            raise KeyboardInterrupt

        patch.setattr(Pipeline, "drain", interrupt)
        first = bring(morgue, warc)
    assert (first.code, "run it again" in first.err) == (130, True)
    assert morgue.value("SELECT state FROM runs") == "interrupted"
    again = told(bring(morgue, warc, "--json"))
    assert again["imported"] + again["known"] == 2
    assert morgue.value("SELECT count(*) FROM captures") == 2


def test_what_the_store_cannot_take_costs_that_item(morgue: Morgue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(store: Store, made: Concluded) -> None:
        if made.answer.url == url(1):
            raise ValueError("made up")
        real(store, made)

    real = pages.write
    monkeypatch.setattr("crawler.importing.pipeline.write", write)
    ended = bring(morgue, written(tmp_path, CC_NEWS, response(url(1), body(1)), response(url(2), body(2))), "--json")
    assert (ended.code, told(ended)["failed"], told(ended)["imported"]) == (3, 1, 1)
    assert "please report it: ValueError: made up" in ended.err


@pytest.mark.parametrize("point", ["half", "record", "synced", "committed"])
def test_killed_and_run_again_nothing_is_there_twice(tmp_path: Path, point: str) -> None:
    morgue, other = Morgue(tmp_path / "home"), Morgue(tmp_path / "other")
    warc = written(tmp_path, CC_NEWS, *(response(url(number), body(number)) for number in range(1, 25)))
    count = random.Random(point).randint(1, 20) if point in ("half", "record") else 1
    command = ["import", "--workers", "1", str(warc)]
    program = [sys.executable, "-m", "tests.crawler.killing", point, str(count), *command]
    killed = subprocess.run(
        program, env=morgue.env() | {"PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (bring(morgue, warc).code, bring(other, warc).code) == (0, 0)
    assert state(morgue) == state(other)
    assert len(state(morgue)["captures"]) == 24
    assert whole(morgue)
