"""pywb, the field's own replay system, as an independent witness: it indexes and replays what we wrote."""

from __future__ import annotations

import gzip
import http.client
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.states import State
from archive.store import Store
from archive.warc import cdxj
from tests.archive.made import HTML, NOON, Clock, exchange, open_store, receipt, visit

BIN = Path(__file__).resolve().parents[2] / ".venv-pywb" / "bin"
pytestmark = pytest.mark.skipif(not (BIN / "wb-manager").exists(), reason="pywb is not installed: `make .venv-pywb/.installed`")

# Says which port it has when it listens: nobody has to wait or guess.
SERVER = """
from gevent.pywsgi import WSGIServer
from pywb.apps.frontendapp import FrontEndApp
server = WSGIServer(("127.0.0.1", 0), FrontEndApp(), log=None)
server.start()
print("port", server.server_port, flush=True)
server.serve_forever()
"""

PAGE = b"<!doctype html><title>Ferry</title><p>The ferry sank at noon. \xc3\xa9"
LIVE, OLD, CODED = "https://news.example/live", "https://news.example/old", "https://news.example/coded"
MOVED, GONE, LATIN = "https://news.example/moved", "https://news.example/gone", "https://news.example/latin"
ARCHIVED = NOON - timedelta(days=2000)


def fill(store: Store, clock: Clock) -> None:
    """Each kind of answer, the live page twice and unchanged."""
    memento = f"https://web.archive.org/web/{ARCHIVED:%Y%m%d%H%M%S}id_/{OLD}"
    answers = [
        receipt(exchange(LIVE, PAGE)),
        receipt(exchange(memento, PAGE * 2), target=OLD, captured=ARCHIVED, archive="wayback", archive_url=memento),
        receipt(exchange(CODED, gzip.compress(PAGE), headers=(HTML, ("Content-Encoding", "gzip")))),
        receipt(exchange(MOVED, b"", 301, headers=(HTML, ("Location", LIVE)))),
        receipt(exchange(GONE, b"<p>Not found", 404)),
        receipt(exchange(LATIN, PAGE, headers=(HTML, ("X-Note", "caf\xe9"), ("X-Evil", "a\r\nContent-Length: 1")))),
    ]
    with store.transaction():
        store.record(visit(store, LIVE, State.ALIVE, receipts=tuple(answers)))
    clock.advance(days=1)
    with store.transaction():
        again = visit(store, LIVE)
        store.record(visit(store, LIVE, receipts=(receipt(exchange(LIVE, PAGE, fetched=clock()), again.task.previous),)))


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[http.client.HTTPConnection]:
    """A pywb that serves one collection, `home`, made from our WARC file."""
    folder, clock = tmp_path_factory.mktemp("pywb"), Clock()
    store = open_store(folder / "home", clock)
    fill(store, clock)
    store.close()
    [warc] = (folder / "home" / "warc").iterdir()
    for arguments in (["init", "home"], ["add", "home", str(warc)]):
        subprocess.run([BIN / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True)
    (folder / "config.yaml").write_text("enable_memento: true\nframed_replay: false\n")
    with subprocess.Popen(
        [BIN / "python", "-c", SERVER], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        said = next((line for line in server.stdout if line.startswith("port ")), "")
        assert said, "pywb did not start"
        connection = http.client.HTTPConnection("127.0.0.1", int(said.split()[1]), timeout=60)
        yield connection
        connection.close()
        server.kill()


def get(replay: http.client.HTTPConnection, path: str, coding: str = "identity") -> tuple[int, bytes, http.client.HTTPResponse]:
    replay.request("GET", path, headers={"Accept-Encoding": coding})
    answer = replay.getresponse()
    return answer.status, answer.read(), answer


def raw(url: str, moment: str = "2026") -> str:
    return f"/home/{moment}id_/{url}"


def test_a_live_page_replays_byte_for_byte(replay: http.client.HTTPConnection) -> None:
    status, body, answer = get(replay, raw(LIVE, "20261125120000"))
    assert (status, body) == (200, PAGE)
    assert answer.headers["Memento-Datetime"] == "Wed, 25 Nov 2026 12:00:00 GMT"


def test_a_revisit_replays_with_the_body_that_it_refers_to(replay: http.client.HTTPConnection) -> None:
    status, body, answer = get(replay, raw(LIVE, "20261126120000"))
    assert (status, body) == (200, PAGE)
    assert answer.headers["Memento-Datetime"] == "Thu, 26 Nov 2026 12:00:00 GMT"


def test_a_memento_replays_as_its_page_at_its_time(replay: http.client.HTTPConnection) -> None:
    status, body, answer = get(replay, raw(OLD, f"{ARCHIVED:%Y%m%d%H%M%S}"))
    assert (status, body) == (200, PAGE * 2)
    assert answer.headers["Memento-Datetime"] == ARCHIVED.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_a_coded_body_replays_as_received_or_decoded_as_the_client_asks(replay: http.client.HTTPConnection) -> None:
    assert get(replay, raw(CODED))[:2] == (200, PAGE)
    status, body, answer = get(replay, raw(CODED), "gzip")
    assert (status, gzip.decompress(body), answer.headers["Content-Encoding"]) == (200, PAGE, "gzip")


def test_a_redirect_and_an_error_replay_as_such(replay: http.client.HTTPConnection) -> None:
    status, _, answer = get(replay, raw(MOVED, "20261125120000"))
    assert status == 301
    assert answer.headers["Location"].endswith(LIVE)
    assert get(replay, raw(GONE, "20261125120000"))[:2] == (404, b"<p>Not found")


def test_hostile_headers_do_no_harm(replay: http.client.HTTPConnection) -> None:
    status, body, _ = get(replay, raw(LATIN))
    assert (status, body) == (200, PAGE)


def test_what_we_did_not_keep_is_not_there(replay: http.client.HTTPConnection) -> None:
    assert get(replay, raw("https://news.example/never"))[0] == 404


def test_its_index_and_ours_agree(replay: http.client.HTTPConnection, tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, clock)
    fill(store, clock)
    store.close()
    [warc] = (tmp_path / "warc").iterdir()
    theirs = subprocess.run([BIN / "cdx-indexer", "-j", "-s", str(warc)], check=True, capture_output=True, text=True).stdout
    ours = sorted(cdxj(warc))
    assert [line.split(" ")[:2] for line in ours] == [line.split(" ")[:2] for line in theirs.splitlines()[-len(ours) :]]
    assert len(ours) == 7
