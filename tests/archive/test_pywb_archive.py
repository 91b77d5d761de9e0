"""A real pywb over WARC files of ours: the adapter finds, replays, lists and tells "none" from an error."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.models import Exchange, Outcome
from archive.warc import Previous, WarcWriter, cdxj, pack
from archive.webarchives import ArchiveRequest, IndexQuery, Memento, ReplayAnswer
from archive.webarchives.memento import MementoArchive
from archive.webarchives.pywb import query_url

PYTHON = Path(__file__).resolve().parents[2] / ".venv-pywb" / "bin" / "python"
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="pywb is not installed: make .venv-pywb/.installed")

STORY = "https://news.example/2019/04/27/kim-meets-putin-a65400"
CYRILLIC = "https://news.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%BA%D0%B8%D0%BC?b=1&a=2"
HTML = b"<html><title>Kim</title><body>met Putin</body></html>"
TYPE = ("Content-Type", "text/html; charset=utf-8")

# Binds first and then says where: nobody has to guess a free port or ask until somebody answers.
RUNNER = """
import gevent.monkey; gevent.monkey.patch_all()
from gevent.pywsgi import WSGIServer
from pywb.apps.frontendapp import FrontEndApp
from pywb.utils.geventserver import RequestURIWSGIHandler
server = WSGIServer(("127.0.0.1", 0), FrontEndApp(), handler_class=RequestURIWSGIHandler, log=None)
server.start(); print(server.server_port, flush=True); server.serve_forever()
"""
CONFIGS = {"as installed": "", "redirecting": "framed_replay: false\nredirect_to_exact: true\n"}


def write_warc(folder: Path) -> None:
    """The captures of a small paper."""
    writer = WarcWriter(folder, now=lambda: datetime(2026, 11, 25, tzinfo=UTC))

    def put(url: str, when: str, status: int, body: bytes, *headers: tuple[str, str], previous: Previous | None = None) -> str:
        date = datetime.strptime(when, "%Y%m%d").replace(hour=10, minute=15, tzinfo=UTC)
        packed = pack(Exchange(url, (), status, headers or (TYPE,), body, date), target=url, date=date, previous=previous)
        writer.append(packed)
        return packed.digest

    digest = put(STORY, "20190427", 200, HTML)
    put(STORY, "20190527", 200, HTML, previous=Previous(digest, STORY, datetime(2019, 4, 27, 10, 15, tzinfo=UTC)))
    put(STORY, "20190627", 404, b"<html>gone</html>")
    put("https://news.example/moved", "20190627", 301, b"", ("Location", STORY), TYPE)
    put("https://news.example/near", "20190627", 302, b"", ("Location", "/2019/04/27/kim-meets-putin-a65400"), TYPE)
    put("https://news.example/busy", "20190627", 429, b"slow", ("Retry-After", "6"), TYPE)
    put("https://news.example/packed", "20190627", 200, gzip.compress(HTML), ("Content-Encoding", "gzip"), TYPE)
    put(CYRILLIC, "20190627", 200, HTML)
    put("https://blocked.example/a", "20190627", 200, HTML)
    put("https://news.example/2019/04/28/other-a65401", "20190627", 200, HTML)
    writer.sync()
    writer.committed()
    writer.close()


def make_home(home: Path, config: str) -> Path:
    collection = home / "collections" / "news"
    for name in ("archive", "indexes", "acl"):
        (collection / name).mkdir(parents=True)
    write_warc(collection / "archive")
    lines = sorted(line for path in (collection / "archive").iterdir() for line in cdxj(path))
    (collection / "indexes" / "index.cdxj").write_text("\n".join(lines) + "\n")
    (collection / "acl" / "access-rules.aclj").write_text('example,blocked)/ - {"access": "block"}\n')
    (home / "config.yaml").write_text(config)
    return home


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Both start at the same time: importing pywb takes seconds."""
    with ExitStack() as stack:
        servers = {}
        for name, config in CONFIGS.items():
            home = make_home(tmp_path_factory.mktemp("pywb"), config)
            server = subprocess.Popen([PYTHON, "-c", RUNNER], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            servers[name] = stack.enter_context(server)
            stack.callback(server.terminate)
        yield {name: server.stdout.readline().decode().strip() for name, server in servers.items() if server.stdout}


@pytest.fixture(params=CONFIGS)
def archive(request: pytest.FixtureRequest, ports: dict[str, str]) -> MementoArchive:
    assert ports[request.param], "pywb did not start"
    base = f"http://127.0.0.1:{ports[request.param]}/news"
    return MementoArchive(
        "pywb", f"{base}/{{timestamp}}id_/{{url}}", cdx_at=f"{base}/cdx", timemap_at=f"{base}/timemap/link/{{url}}"
    )


def send(request: ArchiveRequest) -> Exchange:
    """As the crawler does: the address without its fragment, nothing followed."""
    parts = urlsplit(request.url)
    connection = HTTPConnection(parts.netloc, timeout=30)
    try:
        target = request.url.partition(parts.netloc)[2].partition("#")[0]
        connection.request("GET", target, headers=dict(request.headers))
        response = connection.getresponse()
        headers = tuple(response.getheaders())
        return Exchange(request.url, (), response.status, headers, response.read(), datetime(2026, 11, 25, tzinfo=UTC))
    finally:
        connection.close()


def ask(archive: MementoArchive, url: str, timestamp: str) -> tuple[ReplayAnswer, Exchange]:
    """A replay, following the archive to the capture that it has."""
    request = archive.replay(url, timestamp)
    for _ in range(4):
        exchange = send(request)
        answer = archive.read_replay(exchange)
        if answer.location is None:
            return answer, exchange
        request = archive.follow(answer.location)
    raise AssertionError("sent round in circles")


def memento(archive: MementoArchive, url: str, timestamp: str) -> Memento:
    answer, _ = ask(archive, url, timestamp)
    assert answer.outcome is Outcome.FOUND, answer
    assert answer.memento is not None
    return answer.memento


@pytest.mark.parametrize(
    ("asked", "timestamp", "status"),
    [
        ("20190501000000", "20190427101500", 200),
        ("20190527101500", "20190527101500", 200),  # a revisit, replayed with the body that it refers to
        ("20191224000000", "20190627101500", 404),  # captured as gone: a memento, not "never archived"
    ],
)
def test_the_nearest_capture(archive: MementoArchive, asked: str, timestamp: str, status: int) -> None:
    answer, exchange = ask(archive, STORY, asked)
    assert answer.memento is not None
    assert (answer.memento.timestamp, answer.memento.status, answer.memento.original) == (timestamp, status, STORY)
    assert answer.memento.archive_url == archive.replay_at.replace("{timestamp}id_/{url}", f"{timestamp}/{STORY}")
    assert exchange.body == (HTML if status == 200 else b"<html>gone</html>")


@pytest.mark.parametrize("url", ["https://news.example/moved", "https://news.example/near"])
def test_an_archived_redirect_leads_to_the_web_of_then(archive: MementoArchive, url: str) -> None:
    assert memento(archive, url, "20190701000000").redirects_to == STORY


def test_an_archived_429_is_a_memento(archive: MementoArchive) -> None:
    found = memento(archive, "https://news.example/busy", "20190701000000")
    assert found.status == 429
    assert ("retry-after", "6") in [(name.lower(), value) for name, value in found.headers]


def test_a_body_comes_as_its_headers_say(archive: MementoArchive) -> None:
    """pywb unpacks it and says so by leaving the coding out."""
    answer, exchange = ask(archive, "https://news.example/packed", "20190701000000")
    assert exchange.body == HTML
    assert answer.memento is not None
    assert "content-encoding" not in [name.lower() for name, _ in answer.memento.headers]


def test_an_address_in_another_script_and_with_a_query(archive: MementoArchive) -> None:
    assert memento(archive, CYRILLIC, "20190701000000").original == CYRILLIC


def test_none_is_told_from_a_misspelt_collection(archive: MementoArchive) -> None:
    never, _ = ask(archive, "https://news.example/never?x=1&y=2", "20190701000000")
    assert never.outcome is Outcome.NONE
    misspelt = MementoArchive("pywb", archive.replay_at.replace("/news/", "/noose/"))
    answer, _ = ask(misspelt, STORY, "20190701000000")
    assert answer.outcome is Outcome.UNKNOWN
    assert answer.reason is not None
    assert "is its replay address right?" in answer.reason


def test_a_frame_around_the_page_is_no_memento(archive: MementoArchive) -> None:
    """Without `id_` pywb answers 200 with Memento-Datetime for pages that it never had."""
    framed = MementoArchive("pywb", archive.replay_at.replace("id_", ""))
    answer, _ = ask(framed, "https://news.example/never", "20190701000000")
    assert answer.outcome is not Outcome.FOUND


def test_a_blocked_page_is_excluded(archive: MementoArchive) -> None:
    answer, _ = ask(archive, "https://blocked.example/a", "20190701000000")
    assert answer.outcome is Outcome.EXCLUDED
    listed = archive.read_search(send(archive.search(IndexQuery("https://blocked.example/a"))))
    assert listed.outcome is Outcome.EXCLUDED


def test_the_index_lists_pages_and_revisits(archive: MementoArchive) -> None:
    listed = archive.read_search(send(archive.search(IndexQuery(STORY))))
    assert [(row.timestamp, row.mimetype) for row in listed.captures] == [
        ("20190427101500", "text/html"),
        ("20190527101500", "warc/revisit"),
    ]
    assert len({row.digest for row in listed.captures}) == 1
    assert listed.complete


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((("kim", "putin"),), [STORY]),
        ((("putin", "kim"),), []),
        ((("other",), ("kim-meets",)), [STORY, "https://news.example/2019/04/28/other-a65401"]),
    ],
)
def test_slugs_under_a_prefix(archive: MementoArchive, words: tuple[tuple[str, ...], ...], found: list[str]) -> None:
    query = IndexQuery("https://news.example/2019/", "prefix", words, once=True)
    listed = archive.read_search(send(archive.search(query)))
    assert [row.original for row in listed.captures] == found
    assert listed.outcome is (Outcome.FOUND if found else Outcome.NONE)


def test_words_of_another_script(archive: MementoArchive) -> None:
    query = IndexQuery("https://news.example/", "prefix", (("новости", "ким"),))
    listed = archive.read_search(send(archive.search(query)))
    assert [row.original for row in listed.captures] == [CYRILLIC]


def test_a_long_list_is_read_to_its_end(archive: MementoArchive) -> None:
    """pywb knows no resume key: more is asked for, and what was read is passed over."""
    whole = archive.read_search(send(archive.search(IndexQuery("https://news.example/", "host"))))
    assert len(whole.captures) > 3
    captures, key, questions = [], None, 0
    while questions == 0 or key:
        listed = archive.read_search(send(archive.search(IndexQuery("https://news.example/", "host", limit=2, resume_key=key))))
        captures += listed.captures
        key, questions = listed.resume_key, questions + 1
    assert tuple(captures) == whole.captures
    assert questions == len(whole.captures) // 2 + 1


def test_a_refused_query_is_unknown(archive: MementoArchive) -> None:
    broken = query_url(archive.cdx_at or "", IndexQuery(STORY), filters=("~urlkey:(",))
    assert archive.read_search(send(ArchiveRequest(broken, "pywb", "pywb-cdx"))).outcome is Outcome.UNKNOWN


def test_the_timemap_lists_captures_where_there_is_no_index(archive: MementoArchive) -> None:
    without = MementoArchive("pywb", archive.replay_at, timemap_at=archive.timemap_at)
    listed = without.read_search(send(without.search(IndexQuery(STORY))))
    assert [row.timestamp for row in listed.captures] == ["20190427101500", "20190527101500", "20190627101500"]
    assert {row.original for row in listed.captures} == {STORY}
    never = without.read_search(send(without.search(IndexQuery("https://news.example/never"))))
    assert never.outcome is Outcome.NONE


def test_the_timegate_by_accept_datetime(archive: MementoArchive) -> None:
    """Where pywb puts no frame around pages, its TimeGate leads to the capture; a frame is seen for what it is."""
    gate = MementoArchive("pywb", archive.replay_at.replace("{timestamp}id_/", ""))
    answer, exchange = ask(gate, STORY, "20190501000000")
    if answer.outcome is Outcome.UNKNOWN:
        assert b"wb_frame.js" in exchange.body
    else:
        assert answer.memento is not None
        assert (answer.memento.timestamp, answer.memento.original) == ("20190427101500", STORY)
    never, _ = ask(gate, "https://news.example/never", "20190501000000")
    assert never.outcome is Outcome.NONE
