"""Answers of the Wayback Machine that were never recorded, made by hand: every failure is unknown, never "none"."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.models import Exchange, Failure, FailureKind, Headers, Outcome
from archive.webarchives import IndexQuery, retry_after
from archive.webarchives.wayback import Wayback, words_regex

WAYBACK = Wayback()
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ASKED = "https://web.archive.org/web/20190424120000id_/https://www.example.com/a-story"
CDX = "https://web.archive.org/cdx/search/cdx?url=example.com"
ROW = "com,example)/a-story 20190424101500 https://www.example.com/a-story text/html 200 AAAA 1234\n"
LIST = (("Content-Type", "text/plain;charset=UTF-8"),)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
ERROR = "org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.{}: Blocked"
PAGE_503 = b"<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n"
PAGE_429 = b"<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests.\n</body></html>\n"
OFFLINE = b"<!doctype html><title>Temporarily Offline</title><h1>Temporarily Offline</h1>"
HRM = b"<h2>Hrm.</h2><p>The Wayback Machine has not archived that URL.</p>"
EXCLUDED = b"<p>Sorry.</p><p>This URL has been excluded from the Wayback Machine.</p>"
IN_VIEW_MODE = b"<p>Got an HTTP 301 response at crawl time</p><p>Redirecting to...</p>"


def answer(status: int, body: bytes = b"", headers: Headers = (), *, url: str = ASKED, cut: str | None = None) -> Exchange:
    return Exchange(url, (), status, headers, body, NOW, cut)


def packed(body: bytes, length: int | None = None) -> tuple[bytes, Headers]:
    return gzip.compress(body, mtime=0)[:length], (("Content-Encoding", "gzip"),)


def memento(status: int = 200, headers: Headers = (), *, cut: str | None = None, url: str = ASKED) -> Exchange:
    date = ("Memento-Datetime", "Wed, 24 Apr 2019 12:00:00 GMT")
    return answer(status, b"<p>text</p>", (date, *headers), url=url, cut=cut)


# -- failures of both services ------------------------------------------------------------------------------------------

FAILURES = {
    "429": answer(429, PAGE_429, HTML),
    "429 without a body": answer(429),
    "503": answer(503, PAGE_503, HTML),
    "504": answer(504, b"<h1>504 Gateway Time-out</h1>", HTML),
    "HTML with 200": answer(200, OFFLINE, HTML),
    "HTML with 200 called text": answer(200, OFFLINE, LIST),
    "empty HTML with 200": answer(200, b"", HTML),
    "empty 200 of no type": answer(200, b""),
    "404 without Hrm": answer(404, b"<h1>404 Not Found</h1>", HTML),
    "400": answer(400, b"Bad request\n", LIST),
    "cut gzip": answer(200, *packed(ROW.encode(), 40)),
    "broken gzip": answer(404, b"\x1f\x8b garbage", (("Content-Encoding", "gzip"),)),
    "cut short": answer(200, ROW.encode(), LIST, cut="disconnect"),
    "timeout": Failure(ASKED, FailureKind.TIMEOUT, "no answer in 90 s"),
    "paused": Failure(ASKED, FailureKind.PAUSED, "wayback-cdx is paused: it answered 429", 77.0),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_unknown_and_says_why(name: str) -> None:
    for read in (WAYBACK.read_replay(FAILURES[name]), WAYBACK.read_search(FAILURES[name])):
        assert read.outcome is Outcome.UNKNOWN
        assert read.reason


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 7200.0),
        ("Wed, 25 Nov 2026 11:00:00 -0000", 7200.0),
        ("Wed, 25 Nov 2020 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
        ("Wed, 99 Nov 99999 11:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(status: int, value: str, seconds: float | None) -> None:
    """In seconds, or as a date; 429 does not carry it in reality (2023), but may."""
    refused = answer(status, PAGE_429, (*HTML, ("Retry-After", value)))
    assert retry_after(refused) == seconds
    assert WAYBACK.read_replay(refused).retry_after == seconds
    assert WAYBACK.read_search(refused).retry_after == seconds


def test_a_paused_service_says_for_how_long() -> None:
    assert WAYBACK.read_replay(FAILURES["paused"]).retry_after == 77.0


@pytest.mark.parametrize("kind", ["AdministrativeAccessControlException", "RobotAccessControlException"])
@pytest.mark.parametrize("body", [b"", ERROR.encode()])
def test_excluded_by_its_header(kind: str, body: bytes) -> None:
    """The timemap answers so without a body (edgi issue 34)."""
    refused = answer(403, body, (("X-Archive-Wayback-Runtime-Error", ERROR.format(kind)),))
    assert WAYBACK.read_replay(refused).outcome is Outcome.EXCLUDED
    assert WAYBACK.read_search(refused).outcome is Outcome.EXCLUDED


@pytest.mark.parametrize("status", [200, 403])
def test_excluded_in_replay(status: int) -> None:
    assert WAYBACK.read_replay(answer(status, EXCLUDED, HTML)).outcome is Outcome.EXCLUDED


def test_excluded_by_the_text_of_the_index() -> None:
    assert WAYBACK.read_search(answer(403, b"Blocked By Robots\n", LIST)).outcome is Outcome.EXCLUDED


# -- replay -------------------------------------------------------------------------------------------------------------


def test_hrm_is_none() -> None:
    assert WAYBACK.read_replay(answer(404, HRM, HTML)).outcome is Outcome.NONE


@pytest.mark.parametrize("status", [200, 503])
def test_hrm_with_another_status_is_unknown(status: int) -> None:
    assert WAYBACK.read_replay(answer(status, HRM, HTML)).outcome is Outcome.UNKNOWN


def test_a_redirect_in_view_mode_is_unknown() -> None:
    assert WAYBACK.read_replay(answer(200, IN_VIEW_MODE, HTML)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "location", ["https://archive.org/sorry", "/save/_embed/https://www.example.com/", "", ASKED, "http://[bad"]
)
def test_a_redirect_out_of_the_archive_is_unknown(location: str) -> None:
    read = WAYBACK.read_replay(answer(302, b"", (("Location", location),)))
    assert (read.outcome, read.location) == (Outcome.UNKNOWN, None)


@pytest.mark.parametrize(
    "location",
    [
        "https://web.archive.org/web/20190501000000id_/https://www.example.com/a?b=c/d",
        "http://web.archive.org/web/20190501000000/https://www.example.com/a?b=c/d",
        "//web.archive.org/web/20190501000000if_/https://www.example.com/a?b=c/d",
        "/web/20190501000000/https://www.example.com/a?b=c/d",
    ],
)
def test_sent_to_another_capture(location: str) -> None:
    read = WAYBACK.read_replay(answer(302, b"", (("Location", location),)))
    assert read.location == "https://web.archive.org/web/20190501000000id_/https://www.example.com/a?b=c/d"


@pytest.mark.parametrize("status", [200, 403, 404, 410, 429, 503])
def test_a_memento_is_one_whatever_its_status(status: int) -> None:
    read = WAYBACK.read_replay(memento(status))
    assert (read.outcome, read.retry_after) == (Outcome.FOUND, None)
    assert read.memento is not None
    assert (read.memento.status, read.memento.timestamp) == (status, "20190424120000")


def test_a_memento_that_came_cut_short_is_unknown() -> None:
    assert WAYBACK.read_replay(memento(cut="disconnect")).outcome is Outcome.UNKNOWN


def test_a_memento_that_is_too_long_for_us_is_judged_by_its_start() -> None:
    """It will be as long the next time: unknown would be asked again for ever."""
    assert WAYBACK.read_replay(memento(cut="length")).outcome is Outcome.FOUND


def test_the_time_of_a_memento_is_what_its_header_says() -> None:
    read = WAYBACK.read_replay(memento(url=ASKED.replace("20190424120000id_", "2019")))
    assert read.memento is not None
    assert read.memento.timestamp == "20190424120000"
    assert read.memento.archive_url == "https://web.archive.org/web/20190424120000/https://www.example.com/a-story"


def test_relations_of_a_link_header_may_share_an_address() -> None:
    """RFC 7089, 2.2.3: `first prev memento`."""
    at = "https://web.archive.org/web/{}/https://www.example.com:443/a?b=1&amp;c=2"
    link = ", ".join(
        [
            '<https://www.example.com:443/a?b=1&amp;c=2>; rel="original"',
            f'<{at.format("20180101000000")}>; rel="first prev memento"; datetime="Mon, 01 Jan 2018 00:00:00 GMT"',
            f'<{at.format("20190424120000")}>; rel="memento"; datetime="Wed, 24 Apr 2019 12:00:00 GMT"',
            f'<{at.format("20200101000000")}>; rel="next last memento"; datetime="Wed, 01 Jan 2020 00:00:00 GMT"',
        ]
    )
    read = WAYBACK.read_replay(memento(headers=(("Link", link),)))
    assert read.memento is not None
    shown = (read.memento.previous, read.memento.next, read.memento.first, read.memento.original)
    assert shown == ("20180101000000", "20200101000000", "20180101000000", "https://www.example.com/a?b=1&c=2")


def test_a_memento_without_neighbours() -> None:
    read = WAYBACK.read_replay(memento())
    assert read.memento is not None
    assert (read.memento.previous, read.memento.next, read.memento.first) == (None, None, None)


def test_the_address_of_a_replay_is_as_captured_but_fit_for_a_request() -> None:
    assert WAYBACK.replay("https://www.example.com/%D0%BC?a=1&b=c|d", "20190424").url.endswith("/%D0%BC?a=1&b=c|d")
    assert WAYBACK.replay("http://www.example.com/ünï#top x", "20190424").url.endswith("/%C3%BCn%C3%AF%23top%20x")


# -- the index ----------------------------------------------------------------------------------------------------------


def index(body: str | bytes, status: int = 200, headers: Headers = LIST) -> Exchange:
    return answer(status, body if isinstance(body, bytes) else body.encode(), headers, url=CDX)


def test_an_empty_list_is_none() -> None:
    """As recorded: 200, text/plain, gzip of nothing. Of another type it is unknown: front servers send empty pages, too."""
    body, coding = packed(b"")
    assert WAYBACK.read_search(index(b"")).outcome is Outcome.NONE
    assert WAYBACK.read_search(index(body, headers=(*LIST, *coding))).outcome is Outcome.NONE


@pytest.mark.parametrize(
    "text",
    [
        ROW + ROW[:60],
        ROW.strip(),
        "[",
        ROW + "<html><body>504 Gateway Time-out</body></html>\n",
        '[["urlkey","timestamp"],\n["com,exam',
        "no captures\n",
        f"{ROW}\nan error of the server\n",
    ],
)
def test_a_list_that_breaks_off_is_unknown(text: str) -> None:
    assert WAYBACK.read_search(index(text)).outcome is Outcome.UNKNOWN


def test_rows_that_name_an_exclusion_are_rows() -> None:
    row = ROW.replace("a-story", "blocked-site-error").replace("Blocked Site Error", "x")
    read = WAYBACK.read_search(index(row + ROW.replace("/a-story", "/Blocked%20By%20Robots")))
    assert (read.outcome, len(read.captures)) == (Outcome.FOUND, 2)


def test_extra_fields_and_repeated_rows() -> None:
    read = WAYBACK.read_search(index(ROW + ROW.strip() + " 3 0 20190424\n"))
    assert len(read.captures) == 1


def test_a_list_of_nothing_that_we_want_is_none() -> None:
    """Proper rows, but of mail addresses only."""
    read = WAYBACK.read_search(index(ROW.replace("https://www.example.com/", "mailto:desk@example.com/")))
    assert (read.outcome, read.captures) == (Outcome.NONE, ())


def test_a_key_without_rows_means_that_there_are_more() -> None:
    read = WAYBACK.read_search(index("\ncom%2Cexample%29%2F+20190424101501\n"))
    assert (read.outcome, read.captures, read.resume_key) == (Outcome.FOUND, (), "com%2Cexample%29%2F+20190424101501")


def parameters(query: IndexQuery) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(WAYBACK.search(query).url).query, keep_blank_values=True)


def test_a_query() -> None:
    """Revisits are asked for: `statuscode:200` alone would hide them."""
    asked = parameters(IndexQuery("www.example.com/2019/", "prefix", (("a-story",),), limit=50, once=True))
    assert dict(asked) | {"filter": ""} == {
        "url": "www.example.com/2019/",
        "matchType": "prefix",
        "limit": "50",
        "collapse": "urlkey",
        "showResumeKey": "true",
        "filter": "",
    }
    assert [value for name, value in asked if name == "filter"] == [
        "urlkey:.*a-story.*",
        "statuscode:(200|-)",
        "mimetype:(text/html|application/xhtml.xml|warc/revisit|unk)",
    ]


@pytest.mark.parametrize(
    ("words", "key", "fits"),
    [
        ((("first-summit",),), "com,example)/2019/04/23/first-summit-a65347", True),
        ((("first-summit",),), "com,example)/2019/04/23/second-summit-a1", False),
        ((("kim", "summit"), ("kim", "kremlin")), "com,example)/kim-meets-kremlin", True),
        ((("kim", "summit"), ("kim", "kremlin")), "com,example)/kremlin-meets-kim", False),
        ((("what's-new",),), "com,example)/what%27s-new-2", True),
        ((("what's-new",),), "com,example)/what's-new-2", True),
        ((("a.b",),), "com,example)/a.b", True),
        ((("Встреча",),), "com,example)/%d0%b2%d1%81%d1%82%d1%80%d0%b5%d1%87%d0%b0", True),
        ((("встреча", "ким"),), "com,example)/%d0%b2%d1%81%d1%82%d1%80%d0%b5%d1%87%d0%b0", False),
        ((("a(b[c|d*",),), "com,example)/xa(b[c|d*x", True),
        ((("c++",),), "com,example)/c%2b%2b", True),
        ((("65347",),), "com,example)/news-65347", True),
    ],
)
def test_words_in_a_key(words: tuple[tuple[str, ...], ...], key: str, fits: bool) -> None:
    assert (re.fullmatch(words_regex(words), key) is not None) is fits


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_words_make_a_regular_expression_that_they_fit(words: list[str]) -> None:
    key = "com,example)/" + "-".join(word.lower() for word in words if word.isascii())
    pattern = words_regex((tuple(words),))
    assert pattern.isascii()
    if all(re.fullmatch("[a-z0-9]+", word) for word in words):
        assert re.fullmatch(pattern, key)


# -- whatever comes -----------------------------------------------------------------------------------------------------

names = st.sampled_from(["Content-Type", "Location", "Link", "Memento-Datetime", "Retry-After", "Content-Encoding"])
values = st.one_of(st.text(max_size=40), st.sampled_from(["text/plain", "gzip", "/web/2019id_/http://a/", "<x>; rel=first"]))


@given(
    st.sampled_from([200, 301, 302, 403, 404, 429, 503]),
    st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode), st.just(ROW.encode())),
    st.lists(st.tuples(names, values), max_size=5),
    st.sampled_from([ASKED, CDX, "https://web.archive.org/web/99999999999999id_/x", "https://web.archive.org/"]),
)
def test_reading_never_raises(status: int, body: bytes, headers: list[tuple[str, str]], url: str) -> None:
    """And a "none" is never made of anything but the two answers that mean it."""
    sent = answer(status, body, tuple(headers), url=url)
    replay, found = WAYBACK.read_replay(sent), WAYBACK.read_search(sent)
    assert replay.outcome is not Outcome.NONE
    if found.outcome is Outcome.NONE:
        assert status == 200
        assert not body.strip() or b" " in body
