"""Each fault as a client sees it, and which requests it meets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.internet import Corpus, Internet
from tests.internet.client import CDX, WEB, get
from tests.internet.faults import WORDS, Fault, parse

URL = "https://www.paper.test/2020/01/01/story-100"
BODY = "<html><body>" + "<p>A paragraph of a story.</p>" * 40 + "</body></html>"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    corpus = Corpus()
    corpus.live(URL, BODY)
    corpus.live("https://other.test/", BODY)
    corpus.live("http://plain.test/", BODY)
    corpus.capture(URL, "20200101120000", BODY)
    with Internet([corpus.write(tmp_path_factory.mktemp("corpus"))]) as net:
        yield net


@pytest.fixture
def net(serving: Internet) -> Iterator[Internet]:
    yield serving
    serving.faults.clear()


PAGES = [  # fault, address, status, Retry-After, part of the body
    ("cdx:429", CDX, 429, None, "429 Too Many Requests"),
    ("cdx:429=17", CDX, 429, "17", "429 Too Many Requests"),
    ("replay:503", f"{WEB}/2020id_/{URL}", 503, None, "503 Service Unavailable"),
    ("live:503=5", URL, 503, "5", "503"),
    ("cdx:504", CDX, 504, None, "504 Gateway Time-out"),
    ("live:500", URL, 500, None, "500"),
    ("availability:html", "https://archive.org/wayback/available?url=x", 200, None, "Temporarily Offline"),
    ("robots:429", "https://www.paper.test/robots.txt", 429, None, "429"),
    ("replay:excluded", f"{WEB}/2020id_/{URL}", 403, None, "has been excluded"),
    ("cdx:excluded", f"{CDX}?url={URL}", 403, None, "Blocked Site Error"),
    ("host=www.paper.test:excluded", f"{CDX}?url=https://paper.test/2020/", 200, None, ""),
    ("host=www.paper.test:excluded", f"{CDX}?url={URL}", 403, None, "Blocked Site Error"),
    ("replay:empty", f"{WEB}/20200101120000id_/{URL}", 404, None, "has not archived that URL"),
    ("*:503", "https://other.test/", 503, None, "503"),
    ("url=/2020/01/:503", URL, 503, None, "503"),
    ("url=/2020/02/:503", URL, 200, None, "A paragraph"),
    ("live,host=other.test:503", URL, 200, None, "A paragraph"),
]


@pytest.mark.parametrize(("fault", "url", "status", "retry", "words"), PAGES)
def test_faults_that_are_pages(net: Internet, fault: str, url: str, status: int, retry: str | None, words: str) -> None:
    net.faults.add(fault)
    answer = get(net, url)
    assert (answer.status_code, answer.headers.get("retry-after")) == (status, retry)
    assert words in answer.text
    assert "memento-datetime" not in answer.headers
    assert net.log[-1].status == status


def test_nothing_found_although_there_is(net: Internet) -> None:
    for fault in ("cdx:empty", "availability:empty"):
        net.faults.add(fault)
    rows, found = get(net, CDX, params={"url": URL}), get(net, f"https://archive.org/wayback/available?url={URL}")
    assert (rows.status_code, rows.text) == (200, "")
    assert found.json()["archived_snapshots"] == {}
    net.faults.clear()
    assert get(net, CDX, params={"url": URL}).text.count("\n") == 1


SILENCE = [  # fault, what the client's library raises
    ("live:reset", requests.ConnectionError, "without response"),  # so says CPython's ssl of a reset inside TLS
    ("live:closed", requests.ConnectionError, "without response"),
    ("live:hang", requests.ReadTimeout, "timed out"),
    ("live:truncated", requests.exceptions.ChunkedEncodingError, "IncompleteRead"),
    ("host=www.paper.test:refused", requests.exceptions.ProxyError, "503"),
    ("*:refused", requests.exceptions.ProxyError, "503"),
]


@pytest.mark.parametrize(("fault", "error", "words"), SILENCE)
def test_faults_of_the_connection(net: Internet, fault: str, error: type[Exception], words: str) -> None:
    net.faults.add(fault)
    with pytest.raises(error, match=words):
        get(net, URL, timeout=0.5)
    assert net.log[-1].status in (0, 200, 503)
    net.faults.clear()
    assert get(net, URL).status_code == 200, "the next connection is served"


def test_a_reset_is_one(net: Internet) -> None:
    net.faults.add("live:reset")
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        get(net, "http://plain.test/")


def test_a_slow_body_arrives_whole(net: Internet) -> None:
    net.faults.add("live:slow=4000")
    answer = get(net, URL, Accept_Encoding="identity")
    assert answer.text == BODY
    net.faults.clear()
    net.faults.add("live:slow=1")
    with pytest.raises(requests.RequestException, match="timed out"):
        get(net, URL, timeout=0.05)


def test_the_first_requests_only(net: Internet) -> None:
    fault = net.faults.add("live:503*2")
    assert [get(net, URL).status_code for _ in range(3)] == [503, 503, 200]
    assert fault.hits == 2


def test_the_first_fault_that_fits_counts_and_can_be_removed(net: Internet) -> None:
    first = net.faults.add("live:503")
    net.faults.add(Fault("500", bucket="live"))
    assert get(net, URL).status_code == 503
    net.faults.remove(first)
    assert get(net, URL).status_code == 500


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ("cdx:429", Fault("429", bucket="cdx")),
        ("replay:hang*3", Fault("hang", bucket="replay", count=3)),
        ("host=WWW.x.test:503=9*2", Fault("503", host="www.x.test", value=9, count=2)),
        ("url=https://a.test/b:slow=10", Fault("slow", url="https://a.test/b", value=10)),
        ("replay,url=/2019/:reset", Fault("reset", bucket="replay", url="/2019/")),
        ("*:closed", Fault("closed")),
    ],
)
def test_how_a_fault_is_written(spec: str, fault: Fault) -> None:
    assert parse(spec) == fault


@pytest.mark.parametrize("spec", ["", "cdx", "cdx:", "cdx:nonsense", "nowhere:429", "cdx:999", "cdx:refused"])
def test_what_is_no_fault(spec: str) -> None:
    with pytest.raises(ValueError, match=r"fault|bucket|CONNECT"):
        parse(spec)


def test_every_kind_is_tried_here() -> None:
    tried = {parse(spec).kind for spec, *_ in PAGES} | {parse(spec).kind for spec, *_ in SILENCE} | {"slow"}
    assert tried >= WORDS


def test_faults_from_the_start(tmp_path: Path) -> None:
    corpus = Corpus()
    corpus.live(URL, BODY)
    with Internet([corpus.write(tmp_path)], faults=["live:503*1"]) as net:
        assert [get(net, URL).status_code for _ in range(2)] == [503, 200]
