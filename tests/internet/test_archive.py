"""The emulator's dialect where no recording shows it: CDX parameters, replay's choices, availability, timemaps, save."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.internet import Clock, Corpus, Internet
from tests.internet.archive_org.limits import FIRST_BLOCK, REAL, Limits
from tests.internet.client import CDX, WEB, cdx, get, session

SITE = "https://www.paper.test"
A, B = f"{SITE}/2019/04/a-story-a100", f"{SITE}/2019/05/b-story-a200"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def corpus(folder: Path) -> Path:
    made = Corpus()
    made.host("www.paper.test", missing="<h1>Not found</h1>")
    made.live(f"{SITE}/new", "<html><body><h1>New</h1></body></html>")
    made.live(f"{SITE}/gone", "<h1>gone</h1>", status=404)
    made.capture(A, "20190401120000", "<html><head></head><body>first</body></html>", headers={"ETag": '"1"'})
    made.capture(A, "20190402120000", "<html><head></head><body>first</body></html>")
    made.capture(A, "20200101000000", "<h1>Not found</h1>", status=404)
    made.capture(A, "20210101000000", status=301, location="/2019/05/b-story-a200")
    made.capture(A, "20220101000000", "listed only", unplayable=True)
    made.capture(A.replace("https://www.", "http://"), "20190401180000", "<p>other</p>")
    made.capture(B, "20190501000000", '<html><head></head><body><img src="x.png"><a href="/c">c</a></body></html>')
    made.capture("https://blog.paper.test/b", "20190601000000", "<p>blog</p>")
    made.capture("https://only.test/broken", "20190601000000", "<p>broken</p>", unplayable=True)
    made.host("hidden.test", archive="excluded")
    made.capture("https://hidden.test/a", "20190601000000", "<p>hidden</p>")
    return made.write(folder)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    with Internet([corpus(tmp_path_factory.mktemp("corpus"))], clock=Clock(NOW)) as serving:
        yield serving


ALL = "20190401120000 20190401180000 20190402120000 20200101000000 20210101000000 20220101000000"
QUERIES = [  # parameters, timestamps of the rows in order
    ({"url": A}, ALL),
    ({"url": "paper.test/2019/04/A-STORY-a100/"}, ALL),
    ({"url": A, "from": "2020", "to": "2021"}, "20200101000000 20210101000000"),
    ({"url": A, "limit": "1"}, "20190401120000"),
    ({"url": A, "limit": "-2"}, "20210101000000 20220101000000"),
    ({"url": A, "limit": "-1"}, "20220101000000"),
    ({"url": A, "limit": "1", "offset": "2"}, "20190402120000"),
    ({"url": A, "sort": "reverse", "limit": "1"}, "20220101000000"),
    ({"url": A, "sort": "closest", "closest": "20190402", "limit": "2"}, "20190402120000 20190401180000"),
    ({"url": A, "filter": "statuscode:200"}, "20190401120000 20190401180000 20220101000000"),
    ({"url": A, "filter": "statuscode:20"}, ""),
    ({"url": A, "filter": "!statuscode:(200|-)"}, "20200101000000 20210101000000"),
    ({"url": A, "filter": "~original:http://"}, "20190401180000"),
    ({"url": A, "filter": "!~original:https"}, "20190401180000"),
    ({"url": A, "filter": ["statuscode:200", "original:https.*"]}, "20190401120000 20220101000000"),
    ({"url": A, "filter": "4:301"}, "20210101000000"),
    ({"url": A, "filter": "nofield:.* 404 .*"}, "20200101000000"),
    ({"url": A, "collapse": "timestamp:4"}, "20190401120000 20200101000000 20210101000000 20220101000000"),
    ({"url": A, "collapse": ["timestamp:8", "statuscode"]}, ALL.replace("20190401180000 ", "")),
    ({"url": "www.paper.test/2019/05/", "matchType": "prefix"}, "20190501000000"),
    ({"url": "www.paper.test/2019/05/*"}, "20190501000000"),
    ({"url": "paper.test", "matchType": "host", "collapse": "urlkey"}, "20190401120000 20190501000000"),
    ({"url": "paper.test", "matchType": "domain", "from": "201905", "to": "2019"}, "20190501000000 20190601000000"),
    ({"url": "*.paper.test", "from": "201906", "to": "2019"}, "20190601000000"),
    ({"url": "paper.test/nothing"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "timestamps"), QUERIES)
def test_cdx_queries(net: Internet, parameters: dict[str, object], timestamps: str) -> None:
    assert [row[1] for row in cdx(net, **parameters)] == timestamps.split()


def test_cdx_rows_and_revisits(net: Internet) -> None:
    rows = cdx(net, url=A, resolveRevisits="true")
    key = "test,paper)/2019/04/a-story-a100"
    assert rows[0][:5] == [key, "20190401120000", A, "text/html", "200"]
    assert rows[2][3:6] == ["warc/revisit", "-", rows[0][5]]
    assert rows[4][3:6] == ["unk", "301", "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"]


def test_cdx_json_and_fields(net: Internet) -> None:
    answer = get(net, CDX, params={"url": B, "output": "json", "fl": "timestamp,statuscode"})
    assert answer.json() == [["timestamp", "statuscode"], ["20190501000000", "200"]]
    assert get(net, CDX, params={"url": "nothing.test", "output": "json"}).json() == []
    more = get(net, CDX, params={"url": A, "output": "json", "fl": "timestamp", "limit": "1", "showResumeKey": "true"})
    assert more.json()[:3] == [["timestamp"], ["20190401120000"], []]
    assert get(net, CDX, params={"url": A, "showNumPages": "true"}).text == "1\n"
    assert get(net, CDX, params={"url": A, "page": "1"}).text == ""


def test_cdx_pages_of_a_resumed_query(net: Internet) -> None:
    asked = {"url": A, "limit": "4", "showResumeKey": "true"}
    first, blank, key = get(net, CDX, params=asked).text.splitlines()[-3:]
    assert (blank, zlib.decompress(urlsafe_b64decode(key)).decode()) == ("", "test,paper)/2019/04/a-story-a100 20200101000001")
    rest = get(net, CDX, params=asked | {"resumeKey": key}).text.splitlines()
    assert [line.split(" ")[1] for line in rest] == ["20210101000000", "20220101000000"]
    assert first not in rest


@pytest.mark.parametrize(
    "parameters", [{}, {"url": A, "limit": "x"}, {"url": A, "filter": "urlkey:("}, {"url": A, "from": "May"}]
)
def test_a_query_that_is_none(net: Internet, parameters: dict[str, str]) -> None:
    assert get(net, CDX, params=parameters).status_code == 400


REPLAYS = [  # path after /web/, status, Location or body
    (f"20190401120000id_/{A}", 200, b"<html><head></head><body>first</body></html>"),
    (f"20190401180000id_/{A}", 200, b"<p>other</p>"),
    (f"20200101000000id_/{A}", 404, b"<h1>Not found</h1>"),
    (f"20210101000000id_/{A}", 301, f"/web/20210101000000id_/{B}"),
    (f"20210101000000js_/{A}", 301, f"/web/20210101000000js_/{B}"),
    (f"20190401120001id_/{A}", 302, f"{WEB}/20190401120000id_/{A}"),
    (f"2018id_/{A}", 302, f"{WEB}/20190401120000id_/{A}"),
    (f"2019id_/{A}", 302, f"{WEB}/20200101000000id_/{A}"),
    (f"2/{A}", 302, f"{WEB}/20210101000000/{A}"),
    (f"0id_/{A}", 302, f"{WEB}/20190401120000id_/{A}"),
    (f"20220101000000id_/{A}", 302, f"{WEB}/20210101000000id_/{A}"),
    (A, 302, f"{WEB}/20210101000000/{A}"),
    (f"20190401120000id_/{A.removeprefix('https://')}", 200, b"<html><head></head><body>first</body></html>"),
    ("20190601000000id_/https://only.test/broken", 404, b"Hrm."),
    (f"20190601000000id_/{SITE}/never", 404, b"The Wayback Machine has not archived that URL."),
    ("20190601000000id_/https://hidden.test/a", 403, b"This URL has been excluded from the Wayback Machine."),
    ("20190601000000id_/https://www.hidden.test/a", 403, b"has been excluded"),
]


@pytest.mark.parametrize(("path", "status", "expected"), REPLAYS)
def test_replay(net: Internet, path: str, status: int, expected: str | bytes) -> None:
    answer = get(net, f"{WEB}/{path}")
    assert answer.status_code == status
    if isinstance(expected, str):
        assert answer.headers["location"] == expected
    else:
        assert expected in answer.content
    own_word = status in (403, 302) or b"Hrm" in answer.content or b"not archived" in answer.content
    assert ("memento-datetime" in answer.headers) is not own_word


def test_replay_headers_and_neighbours(net: Internet) -> None:
    answer = get(net, f"{WEB}/20190401120000id_/{A}")
    assert answer.headers["memento-datetime"] == "Mon, 01 Apr 2019 12:00:00 GMT"
    assert answer.headers["x-archive-orig-etag"] == '"1"'
    relations = {link["rel"]: link["url"] for link in _links(answer.headers["link"])}
    assert relations["next memento"].startswith(f"{WEB}/20190401180000/http://paper.test/")
    assert "prev memento" not in relations
    assert relations["last memento"].startswith(f"{WEB}/20220101000000/")


def _links(header: str) -> list[dict[str, str]]:
    import requests

    return requests.utils.parse_header_links(header)


def test_the_timegate_chooses_by_accept_datetime(net: Internet) -> None:
    answer = get(net, f"{WEB}/{A}", Accept_Datetime="Wed, 01 Jan 2020 00:00:00 GMT")
    assert answer.headers["location"] == f"{WEB}/20200101000000/{A}"


def test_rewriting_modes(net: Internet) -> None:
    view = get(net, f"{WEB}/20190501000000/{B}").text
    frame = get(net, f"{WEB}/20190501000000if_/{B}").text
    for page in (view, frame):
        assert f'src="/web/20190501000000im_/{SITE}/2019/05/x.png"' in page
        assert f'href="/web/20190501000000/{SITE}/c"' in page
    assert "BEGIN WAYBACK TOOLBAR" in view
    assert "BEGIN WAYBACK TOOLBAR" not in frame


def test_timemaps(net: Internet) -> None:
    link = get(net, f"{WEB}/timemap/link/{A}")
    assert link.headers["content-type"] == "application/link-format"
    assert link.text.count("memento") == 6
    table = get(net, f"{WEB}/timemap/json/{A}").json()
    assert [row[1] for row in table] == ["timestamp", *(row[1] for row in cdx(net, url=A))]
    assert len(get(net, f"{WEB}/timemap/cdx", params={"url": A}).text.splitlines()) == 6
    hidden = get(net, f"{WEB}/timemap/cdx", params={"url": "hidden.test/a"})
    assert (hidden.status_code, hidden.content) == (403, b"")
    assert "AdministrativeAccessControlException" in hidden.headers["x-archive-wayback-runtime-error"]
    assert {record.bucket for record in net.requests() if "/timemap/" in record.url} == {"cdx"}


@pytest.mark.parametrize(
    ("parameters", "timestamp"),
    [
        ({"url": A, "timestamp": "2018"}, "20190401120000"),
        ({"url": "paper.test/2019/04/a-story-a100"}, "20220101000000"),
        ({"url": "hidden.test/a"}, None),
        ({"url": "never.test"}, None),
    ],
)
def test_availability(net: Internet, parameters: dict[str, str], timestamp: str | None) -> None:
    found = get(net, "https://archive.org/wayback/available", params=parameters).json()["archived_snapshots"]
    assert found.get("closest", {}).get("timestamp") == timestamp


@pytest.fixture
def saving_net(tmp_path: Path) -> Iterator[Internet]:
    """One for each test: what is saved is in the index afterwards."""
    with Internet([corpus(tmp_path)], clock=Clock(NOW)) as serving:
        yield serving


SAVES = [  # address, status of the job, HTTP status or kind of error
    (f"{SITE}/new", "success", 200),
    (f"{SITE}/gone", "error", "error:not-found"),
    ("https://hidden.test/a", "error", "error:blocked-url"),
    ("https://unknown.test/", "error", "error:invalid-host-resolution"),
]


@pytest.mark.parametrize(("url", "status", "detail"), SAVES)
def test_save(saving_net: Internet, url: str, status: str, detail: object) -> None:
    with session(saving_net) as client:
        client.headers["Authorization"] = "LOW key:secret"
        job = client.post("https://web.archive.org/save", data={"url": url}).json()["job_id"]
        poll = f"https://web.archive.org/save/status/{job}"
        assert client.get(poll).json()["status"] == "pending"
        done = client.get(poll).json()
        assert client.get(poll).json() == done
    assert done["status"] == status
    assert detail in (done.get("http_status"), done.get("status_ext"))
    if status == "success":
        assert done["timestamp"] == "20261124090000"
        assert [row[1] for row in cdx(saving_net, url=url)] == ["20261124090000"]
        assert b"<h1>New</h1>" in get(saving_net, f"{WEB}/20261124090000id_/{url}").content


def test_save_wants_keys(net: Internet) -> None:
    assert get(net, "https://web.archive.org/save/status/user").status_code == 401
    assert get(net, "https://web.archive.org/save/status/user", Authorization="LOW key").status_code == 401
    assert get(net, "https://web.archive.org/save/status/user", Authorization="LOW a:b").json()["available"] == 8


# -- limits -----------------------------------------------------------------------------------------------------------


def test_the_limits_of_a_minute(tmp_path: Path) -> None:
    with Internet([corpus(tmp_path)], clock=Clock(NOW), limits="real") as net, session(net) as client:
        asked = {"url": A, "limit": "1"}
        statuses = [client.get(CDX, params=asked).status_code for _ in range(31)]
        assert statuses == [200] * 30 + [429]
        refused = client.get(f"{WEB}/timemap/json/{A}")
        assert refused.status_code == 429
        assert "retry-after" not in refused.headers
        assert "429 Too Many Requests" in refused.text
        assert client.get(f"{WEB}/20190401120000id_/{A}").status_code == 200, "replay is a service of its own"
        net.clock.advance(61)
        assert client.get(CDX, params=asked).status_code == 200


def test_who_does_not_listen_is_locked_out(tmp_path: Path) -> None:
    import requests

    with Internet([corpus(tmp_path)], clock=Clock(NOW), limits="real") as net, session(net) as client:
        for _ in range(122):  # one a second: every other one is over the limit
            if net.wayback.blocked():
                break
            client.get(CDX, params={"url": A})
            net.clock.advance(1)
        assert net.wayback.blocked()
        for url in (f"{WEB}/20190401120000id_/{A}", "https://archive.org/wayback/available?url=x"):
            with pytest.raises(requests.ConnectionError):
                client.get(url)
        assert net.log[-1].bucket == "refused"
        assert client.get(f"{SITE}/new").status_code == 200, "only the archive has shut its door"
        net.clock.advance(FIRST_BLOCK)
        assert client.get(CDX, params={"url": A}).status_code == 200


def test_a_second_block_lasts_twice_as_long() -> None:
    limits, now = Limits({"cdx": 1}), 0.0
    lengths = []
    for _ in range(2):
        while not limits.blocked(now):
            limits.admits("cdx", now)
            now += 1
        lengths.append(limits.blocked_until - now + 1)
        now = limits.blocked_until
    assert lengths == [FIRST_BLOCK, 2 * FIRST_BLOCK]
    assert REAL == {"cdx": 30, "replay": 600}


def test_a_clock_that_was_set_stands_still() -> None:
    clock = Clock(NOW)
    assert clock.now() == NOW
    clock.advance(90)
    assert clock.now() == NOW + timedelta(seconds=90)
