"""Common Crawl: from the list of crawls over an index to a range of a WARC file, answer by answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.models import Exchange, Outcome
from archive.warc import pack
from archive.webarchives import ArchiveRequest, IndexQuery, ReplayAnswer, WebArchive
from archive.webarchives.commoncrawl import CommonCrawl, Crawl
from tests.archive.exchanges import TROUBLE, answer, failure, rows

PROTOCOL: WebArchive = CommonCrawl()
PAGE = "https://news.example/2019/04/27/kim-a1"
AT = "20190427101500"
FILE = "crawl-data/CC-MAIN-2019-22/segments/1558232254253.31/warc/CC-MAIN-20190519061520-00001.warc.gz"
IDS = ("CC-MAIN-2019-18", "CC-MAIN-2019-22", "CC-MAIN-2019-26", "CC-MAIN-2019-30", "CC-MAIN-2019-09")
ENDS = ("20190426160000", "20190527000000", "20190627000000", "20190724000000", "20190224000000")
CRAWLS = tuple(Crawl(name, end) for name, end in zip(IDS, ENDS, strict=True))
COLLINFO = json.dumps(
    [
        {"id": "CC-MAIN-2019-26", "timegate": "x", "cdx-api": "y", "from": "2019-06-15T22:09:07", "to": "2019-06-27T00:00:00"},
        {"id": "CC-MAIN-2019-22", "from": "2019-05-19T00:00:00", "to": "2019-05-27T00:00:00"},
        {"id": "CC-MAIN-2008-2009", "name": "2008 - 2009 ARC Files"},
        {"id": "../../etc"},
        "odd",
    ]
)
ROW = {"urlkey": "k", "timestamp": "20190520101500", "url": PAGE, "mime": "text/html", "status": "200", "length": "700",
       "offset": "71720", "filename": FILE}  # fmt: skip
NONE = '{"message": "No Captures found for: https://news.example/2019/04/27/kim-a1"}'


def record(status: int = 200, body: bytes = b"<p>hello", **headers: str) -> bytes:
    """A record as Common Crawl stores it: the payload decoded."""
    date = datetime(2019, 5, 20, 10, 15, tzinfo=UTC)
    pairs = (("Content-Type", "text/html"), ("X-Crawl-Content-Encoding", "gzip"), *headers.items())
    return pack(Exchange(PAGE, (), status, pairs, body, date), target=PAGE, date=date).response


def index(request: ArchiveRequest, *found: dict[str, object]) -> Exchange:
    return rows(request.url, *found) if found else answer(request.url, 404, NONE, content_type="application/json; charset=utf-8")


def follow(archive: CommonCrawl, said: ReplayAnswer) -> ArchiveRequest:
    assert said.location is not None, said
    return archive.follow(said.location)


def test_from_the_list_of_crawls_to_the_page() -> None:
    archive = CommonCrawl()
    request = archive.replay(PAGE, AT)
    assert request.url.partition("#")[0] == "https://index.commoncrawl.org/collinfo.json"
    request = follow(archive, archive.read_replay(answer(request.url, 200, COLLINFO)))
    assert request.url.startswith("https://index.commoncrawl.org/CC-MAIN-2019-22-index?url=https%3A%2F%2Fnews.example")
    data = record()
    request = follow(archive, archive.read_replay(index(request, ROW | {"length": str(len(data))})))
    assert request.url.partition("#")[0] == f"https://data.commoncrawl.org/{FILE}"
    assert ("Range", f"bytes=71720-{71720 + len(data) - 1}") in request.headers
    assert request.service == "commoncrawl-data"
    found = archive.read_replay(answer(request.url, 206, data))
    assert found.memento is not None
    assert (found.memento.original, found.memento.timestamp, found.memento.status) == (PAGE, "20190520101500", 200)
    assert found.exchange is not None
    assert (found.exchange.body, found.exchange.status) == (b"<p>hello", 200)
    assert found.memento.archive_url == f"https://index.commoncrawl.org/CC-MAIN-2019-22/20190520101500/{PAGE}"
    assert archive.replay(PAGE, AT).url.startswith("https://index.commoncrawl.org/CC-MAIN-2019-22-index")  # the list is known now


def test_the_three_crawls_after_the_date_and_then_none() -> None:
    archive = CommonCrawl(CRAWLS)
    request, asked = archive.replay(PAGE, AT), []
    for _ in range(3):
        asked.append(urlsplit(request.url).path)
        said = archive.read_replay(index(request))
        if said.location:
            request = archive.follow(said.location)
    assert asked == ["/CC-MAIN-2019-22-index", "/CC-MAIN-2019-26-index", "/CC-MAIN-2019-30-index"]
    assert said.outcome is Outcome.NONE


def test_after_the_last_crawl_the_newest_ones_are_asked() -> None:
    assert CommonCrawl(CRAWLS).around("20260101000000") == ("CC-MAIN-2019-30", "CC-MAIN-2019-26", "CC-MAIN-2019-22")


def test_a_page_is_better_than_a_redirect_and_nearer_than_another() -> None:
    archive = CommonCrawl(CRAWLS)
    request = archive.replay(PAGE, AT)
    listed = [
        ROW | {"status": "301", "timestamp": AT, "offset": "1"},
        ROW | {"timestamp": "20190526000000", "offset": "2"},
        ROW | {"offset": "3"},
        ROW | {"status": "404", "timestamp": AT, "offset": "4"},
    ]
    assert "offset=3" in (archive.read_replay(index(request, *listed)).location or "")
    assert "offset=1" in (archive.read_replay(index(request, *listed[:1])).location or "")
    assert "CC-MAIN-2019-26-index" in (archive.read_replay(index(request, listed[3])).location or "")


@pytest.mark.parametrize(
    "bad",
    [
        {"filename": "crawl-data/CC-MAIN-2019-22/../../x.warc.gz"},
        {"filename": "//evil.example/x.warc.gz"},
        {"filename": FILE + "?x"},
        {"length": "0"},
        {"length": str(1 << 40)},
        {"offset": "-5"},
        {"offset": None},
    ],
)
def test_a_row_that_names_no_place_is_passed_over(bad: dict[str, object]) -> None:
    archive = CommonCrawl(CRAWLS[2:3])
    assert archive.read_replay(index(archive.replay(PAGE, AT), ROW | bad)).outcome is Outcome.NONE


def ranged(data: bytes, status: int = 206, length: int | None = None) -> ReplayAnswer:
    url = f"https://data.commoncrawl.org/{FILE}#offset=71720&length={len(data) if length is None else length}"
    return CommonCrawl(CRAWLS).read_replay(answer(url, status, data))


def test_an_archived_redirect() -> None:
    memento = ranged(record(301, b"", Location="/new")).memento
    assert memento is not None
    assert (memento.status, memento.redirects_to) == (301, "https://news.example/new")


def test_a_range_that_is_not_what_was_asked_is_unknown() -> None:
    data = record()
    request = pack(Exchange(PAGE, (), 200, (), b"", datetime(2019, 5, 20, tzinfo=UTC)), target=PAGE,
                   date=datetime(2019, 5, 20, tzinfo=UTC)).request  # fmt: skip
    flipped = data[:200] + bytes([data[200] ^ 1]) + data[201:]
    for said in (ranged(data, 200), ranged(data, 404), ranged(data[:-9], 206, len(data)), ranged(data[:-9]), ranged(flipped),
                 ranged(request), ranged(b"not gzip"), ranged(b"")):  # fmt: skip
        assert (said.outcome, said.memento) == (Outcome.UNKNOWN, None)


@pytest.mark.parametrize(("status", "body", "kind"), TROUBLE)
@pytest.mark.parametrize("known", [(), CRAWLS])
def test_trouble_is_unknown(known: tuple[Crawl, ...], status: int, body: str, kind: str) -> None:
    archive = CommonCrawl(known)
    said = archive.read_replay(answer(archive.replay(PAGE, AT).url, status, body, content_type=kind))
    assert (said.outcome, said.location) == (Outcome.UNKNOWN, None)
    query = archive.search(IndexQuery("https://news.example/2019/04/", "prefix"))
    assert archive.read_search(answer(query.url, status, body, content_type=kind)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("known", [(), CRAWLS])
def test_no_answer_is_unknown(known: tuple[Crawl, ...]) -> None:
    archive = CommonCrawl(known)
    assert archive.read_replay(failure(archive.replay(PAGE, AT).url)).outcome is Outcome.UNKNOWN
    assert archive.read_search(failure(archive.search(IndexQuery(PAGE)).url)).outcome is Outcome.UNKNOWN


def test_a_search_goes_through_the_rows_of_each_crawl_in_turn() -> None:
    archive = CommonCrawl()
    answers = [[ROW, ROW | {"timestamp": "20190521000000"}], [ROW, ROW | {"timestamp": "20190521000000"}], []]
    key, found, asked = None, [], []
    for _ in range(9):
        query = IndexQuery("https://news.example/2019/04/", "prefix", (("kim",),), limit=2, resume_key=key)
        request = archive.search(query)
        asked.append(urlsplit(request.url).path)
        is_list = request.url.startswith("https://index.commoncrawl.org/collinfo.json")
        said = archive.read_search(answer(request.url, 200, COLLINFO) if is_list else index(request, *answers.pop(0)))
        found += said.captures
        key = said.resume_key
        if key is None:
            break
    assert asked == ["/collinfo.json", "/CC-MAIN-2019-22-index", "/CC-MAIN-2019-22-index", "/CC-MAIN-2019-26-index"]
    assert [row.timestamp for row in found] == ["20190520101500", "20190521000000"]


def test_a_search_asks_for_what_pywb_understands() -> None:
    url = CommonCrawl(CRAWLS).search(IndexQuery("https://news.example/2019/04/", "prefix", (("kim",),))).url
    asked = parse_qs(urlsplit(url).query)
    assert "~urlkey:.*kim.*" in asked["filter"]
    assert asked["output"] == ["json"]


def test_a_person_is_shown_the_crawl_of_that_time() -> None:
    archive = CommonCrawl(CRAWLS)
    query = archive.search(IndexQuery(PAGE))
    capture = archive.read_search(index(query, ROW)).captures[0]
    assert archive.archive_url(capture) == f"https://index.commoncrawl.org/CC-MAIN-2019-22/20190520101500/{PAGE}"
