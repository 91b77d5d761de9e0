"""Out and in again: a home exported as WACZ and imported into an empty one is the same, digest by digest, and pywb replays it."""

from __future__ import annotations

import http.client
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.extract import extract
from archive.models import Page, Role
from archive.store import Store
from archive.visits import Visit
from archive.warc.pack import payload_digest
from tests.archive.made import HTML, NOON, Clock, exchange, open_store, receipt, visit, with_article
from tests.archive.test_pywb import BIN, SERVER
from tests.crawler.conftest import Morgue
from tests.crawler.small_web import page, url

HOST, PAPER = "www.quay.example", "old.paper.example"
MEMENTO = f"https://web.archive.org/web/20210604120000/{url(PAPER, 5)}"
ARCHIVED = NOON - timedelta(days=2000)
ALL = {
    "articles": "SELECT url, canonical_url, title, authors, published, modified, site, language, description, image, text, origin, archive_url, "
    "captured FROM articles ORDER BY url",
    "versions": "SELECT a.url, v.captured, v.origin, v.archive_url, v.title, v.authors, v.published, v.text, v.text_sha256, v.note, "
    "v.id = a.version_id AS current, c.digest FROM versions v JOIN articles a ON a.id = v.article_id JOIN captures c ON c.id = v.capture_id "
    "ORDER BY a.url, v.captured, v.text_sha256",
    "captures": "SELECT urlkey, timestamp, original, mimetype, statuscode, digest, length, archive, archive_url, revisit, fetched, kind, mended, "
    "extracted FROM captures ORDER BY urlkey, timestamp, digest",
    "links": "SELECT a.url, l.url AS target, l.role, l.anchor FROM links l JOIN articles a ON a.id = l.article_id ORDER BY 1, 2",
}


def crawled(store: Store, address: str, html: str, **rest: object) -> None:
    """A visit whose page is read as a crawl reads it."""
    archive_url = rest.get("archive_url")
    captured = rest.get("captured", store.now())
    answer = exchange(str(archive_url or address), html.encode(), fetched=store.now(), headers=(HTML,))
    found: Page = extract(answer.body, answer.headers, address, captured)  # type: ignore[arg-type]
    assert found.article is not None
    with store.transaction():
        seen: Visit = visit(store, address, checked=store.now())
        how = {"archive": "wayback", "archive_url": archive_url, "captured": captured} if archive_url else {}
        kept = receipt(answer, seen.task.previous, target=address, kind=found.kind, **how)
        seen = replace(seen, receipts=(kept,))
        origin = {"origin": "wayback", "archive_url": archive_url, "captured": captured} if archive_url else {}
        store.record(with_article(seen, found.article, found.links, **origin))


def fill(home: Path) -> None:
    clock = Clock()
    store = open_store(home, clock)
    crawled(store, url(HOST, 1), page(HOST, 1, related=(("A baker of the parish", url(HOST, 2)),)))
    crawled(store, url(HOST, 2), page(HOST, 2))
    clock.advance(days=1)
    crawled(store, url(HOST, 1), page(HOST, 1, related=(("A baker of the parish", url(HOST, 2)),)))  # unchanged: a revisit
    crawled(store, url(HOST, 2), page(HOST, 2).replace("spoke of nothing else", "were silent"))
    clock.advance(days=1)
    crawled(
        store,
        url(HOST, 2),
        page(HOST, 3).split("<p>")[0] + "<p>" + "A stub of a page that is much too short, yet it is a text. " * 4,
    )
    crawled(store, url(PAPER, 5), page(PAPER, 5), archive_url=MEMENTO, captured=ARCHIVED)
    with store.transaction():
        gone = exchange(f"https://{HOST}/gone", b"<p>Not found", 404, fetched=clock())
        picture = exchange(f"https://{HOST}/i.png", b"\x89PNG", headers=(("Content-Type", "image/png"),), fetched=clock())
        answers = (receipt(gone), receipt(picture, extracted="not_html", reason="the body is an image"))
        store.record(visit(store, f"https://{HOST}/gone", receipts=answers))
    store.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home `first`, its export `all.wacz`, and the home `second` into which that was imported."""
    place = tmp_path_factory.mktemp("round")
    fill(place / "first")
    assert Morgue(place / "first").run("export", "--format", "wacz", "-o", place / "all.wacz").code == 0
    ended = Morgue(place / "second").run("import", "--workers", "2", place / "all.wacz")
    assert (ended.code, ended.err) == (0, "")
    return place


@pytest.mark.parametrize("name", ALL)
def test_the_second_home_is_the_first(folder: Path, name: str) -> None:
    first, second = (Morgue(folder / home).rows(ALL[name]) for home in ("first", "second"))
    differing = [
        (one, other) for one, other in zip(first, second, strict=False) if one | {"extracted": 0} != other | {"extracted": 0}
    ]
    assert (differing, len(first)) == ([], len(second))
    assert first


def test_it_has_all_kinds(folder: Path) -> None:
    """What makes the comparison worth something."""
    morgue = Morgue(folder / "first")
    assert morgue.rows("SELECT revisit, count(*) AS n FROM captures GROUP BY 1 ORDER BY 1") == [
        {"revisit": 0, "n": 7},
        {"revisit": 1, "n": 1},
    ]
    assert [row["note"][:8] for row in morgue.rows("SELECT note FROM versions WHERE note IS NOT NULL")] == ["shorter:"]
    assert Role.RELATED in {row["role"] for row in morgue.rows("SELECT role FROM links")}


def test_out_of_the_second_comes_the_same_again(folder: Path) -> None:
    again = folder / "again.wacz"
    Morgue(folder / "second").run("export", "--format", "wacz", "-o", again)
    ended = Morgue(folder / "first").run("import", again, "--json")
    assert (ended.code, ended.object["known"], ended.object["imported"]) == (0, 8, 0)


@pytest.mark.parametrize("name", ["jsonl", "csv"])
def test_texts_alone_make_the_same_articles(folder: Path, tmp_path: Path, name: str) -> None:
    Morgue(folder / "first").run("export", "--format", name, "-o", tmp_path / "out")
    ended = Morgue(tmp_path / "home").run("import", tmp_path / "out")
    assert (ended.code, ended.err) == (0, "")
    assert Morgue(tmp_path / "home").rows(ALL["articles"]) == Morgue(folder / "first").rows(ALL["articles"])


@pytest.mark.skipif(not (BIN / "wb-manager").exists(), reason="pywb is not installed: `make .venv-pywb/.installed`")
def test_pywb_replays_it(folder: Path) -> None:
    place = folder / "pywb"
    place.mkdir()
    for arguments in (["init", "home"], ["add", "--unpack-wacz", "home", str(folder / "all.wacz")]):
        subprocess.run([BIN / "wb-manager", *arguments], cwd=place, check=True, capture_output=True)
    (place / "config.yaml").write_text("enable_memento: true\nframed_replay: false\n")
    program = [BIN / "python", "-c", SERVER]
    with subprocess.Popen(program, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        said = next((line for line in server.stdout if line.startswith("port ")), "")
        assert said, "pywb did not start"
        try:
            connection = http.client.HTTPConnection("127.0.0.1", int(said.split()[1]), timeout=60)
            for capture in Morgue(folder / "first").rows(
                "SELECT timestamp, original, digest, statuscode FROM captures ORDER BY id"
            ):
                _replays(connection, **capture)
            connection.close()
        finally:
            server.kill()


def _replays(connection: http.client.HTTPConnection, timestamp: str, original: str, digest: str, statuscode: int) -> None:
    connection.request("GET", f"/home/{timestamp}id_/{original}", headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    assert (answer.status, payload_digest(answer.read())) == (statuscode, digest), original
