"""The emulator answers as the Wayback Machine was recorded to answer: one row a cassette."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.internet.archive_org import CaptureIndex, Row, Wayback, cdx
from tests.internet.clock import Clock
from tests.internet.corpus import Captured, Host, Web
from tests.internet.messages import Answer, Request, encode
from tests.internet.recordings import FOLDER, Recorded, captures_of, recorded

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"the recordings of ../shared/data are not here ({FOLDER.name})")

# Of the transport, or of one year's front servers: the recordings themselves differ in them.
_PASSING = {"transfer-encoding", "content-length", "content-encoding", "connection", "vary", "x-cache-key"}
_PASSING |= {"x-archive-screenname", "x-archive-guessed-charset", "x-archive-guessed-content-type"}

_EXACT = "test_get_memento"
MEMENTOS = [  # cassette, how many exchanges of it are told apart
    (_EXACT, 1),
    ("test_get_memento_handles_non_utc_datetime", 1),
    ("test_get_memento_with_archive_url", 1),
    ("test_get_memento_with_cdx_record", 1),
    ("test_get_memento_with_mode_string", 1),
    ("test_get_memento_with_string_datetime", 1),
    ("test_get_memento_with_date_datetime", 2),
    ("test_get_memento_with_inexact_string_datetime", 2),
    ("test_get_memento_target_window", 2),
    ("test_get_memento_raises_when_memento_is_outside_target_window", 1),
    ("test_get_memento_returns_memento_with_accurate_url", 1),
    ("test_get_memento_with_redirects", 3),
    ("test_get_memento_with_path_based_redirects", 3),
    ("test_get_memento_with_schemeless_redirects", 3),
    ("test_get_memento_follows_historical_redirects", 4),
    ("test_get_memento_follow_redirects_does_not_follow_historical_redirects", 2),
    ("test_get_memento_raises_for_mementos_that_redirect_in_a_loop", 4),
    ("test_get_memento_works_on_archived_rate_limit_responses", 1),
    ("test_get_memento_raises_no_memento_error", 1),
]
SEARCHES = [  # cassette, exchanges
    ("test_search", 1),
    ("test_search_with_date", 3),
    ("test_search_multipage", 15),
    ("test_search_with_timezone", 1),
    ("test_search_does_not_repeat_results", 1),
    ("test_search_with_filter", 2),
    ("test_search_with_filter_list", 2),
    ("test_search_with_filter_tuple", 1),
    ("test_search_rate_limits", 9),
]


def machine(web: Web | None = None) -> Wayback:
    return Wayback(web or Web(), lambda request: None, Clock(datetime(2023, 10, 1, tzinfo=UTC)))


def request(url: str) -> Request:
    parts = urlsplit(url)
    return Request("GET", parts.scheme, parts.netloc, url.partition(parts.netloc)[2], {"accept-encoding": "gzip"})


def names(answer: Answer) -> set[str]:
    """The header names that would be on the wire."""
    head = encode(answer, request("https://web.archive.org/")).partition(b"\r\n\r\n")[0].decode("latin-1")
    return {line.partition(":")[0].lower() for line in head.split("\r\n")[1:]}


def header(answer: Answer, name: str) -> str | None:
    found = [value for key, value in answer.headers if key.lower() == name]
    return ", ".join(found) if found else None


def same_shape(answer: Answer, real: Recorded) -> None:
    """Status, reason and headers; what tells a memento from a page of the archive's own."""
    assert (answer.status, answer.reason or real.reason) == (real.status, real.reason)
    assert set(real.headers) - _PASSING <= names(answer)
    for name in ("memento-datetime", "location", "x-archive-redirect-reason"):
        assert header(answer, name) == real.header(name), name
    assert header(answer, "link") == real.header("link")
    for name in real.headers:
        if name.startswith("x-archive-orig-"):
            assert header(answer, name) == real.header(name)


@pytest.mark.parametrize(("cassette", "count"), MEMENTOS)
def test_replay(cassette: str, count: int) -> None:
    exchanges = recorded(cassette)
    assert len(exchanges) == count
    archive = machine(Web(captures=captures_of(exchanges)))
    for real in exchanges:
        answer = archive.answer(request(real.url))
        same_shape(answer, real)
        if real.is_memento:
            assert answer.plain == real.body
            assert (answer.type or "") == (real.header("content-type") or "")
        elif real.status == 302:
            assert (answer.body, answer.type) == (b"", real.header("content-type"))
        else:
            assert b"The Wayback Machine has not archived that URL." in answer.plain


def test_a_capture_that_is_listed_but_does_not_play() -> None:
    (real,) = recorded("test_get_memento_should_fail_for_non_playbackable_mementos")
    broken = Captured("20150509080314", "https://www.fws.gov/birds/", Answer(200, b"?"), playable=False)
    archive = machine(Web(captures=[broken, *captures_of((real,))]))
    same_shape(archive.answer(request(real.url)), real)
    assert "20150509080314" in cdx.answer(archive.index, cdx.Query.parse([("url", "fws.gov/birds")]))


def test_an_excluded_site_in_replay() -> None:
    (real,) = recorded("test_get_memento_raises_blocked_error")
    archive = machine(Web(hosts={"nationalpost.com": Host(live=True, excluded=True)}))
    archive.excluded_status = 200
    answer = archive.answer(request(real.url))
    same_shape(answer, real)
    words = b"This URL has been excluded from the Wayback Machine."
    assert words in real.body
    assert words in answer.plain
    archive.excluded_status = 403
    assert archive.answer(request(real.url)).status == 403


def test_an_excluded_site_in_the_index() -> None:
    (real,) = recorded("test_search_raises_for_blocked_urls")
    archive = machine(Web(hosts={"nationalpost.com": Host(live=True, excluded=True)}))
    answer = archive.answer(request(real.url))
    assert (answer.status, answer.plain, answer.type) == (403, real.body, real.header("content-type"))
    assert header(answer, "x-archive-wayback-runtime-error") == real.header("x-archive-wayback-runtime-error")


def test_view_mode() -> None:
    view, raw = recorded("test_get_memento_with_mode")
    archive = machine(Web(captures=captures_of((raw,))))
    shown = archive.answer(request(view.url))
    same_shape(shown, view)
    assert shown.type == view.header("content-type")
    assert header(shown, "x-archive-guessed-charset") == view.header("x-archive-guessed-charset")
    assert archive.answer(request(raw.url)).plain == raw.body
    for mark in (b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", b"<!-- END WAYBACK TOOLBAR INSERT -->", b"FILE ARCHIVED ON"):
        assert mark in view.body
        assert mark in shown.plain
    assert b"/web/20171124151315im_/https://www.fws.gov/birdhabitat/img/framework/logo.png" in shown.plain


def test_a_redirect_in_view_mode_is_a_page() -> None:
    real, *_ = recorded("test_get_memento_with_redirect_in_view_mode")
    archive = machine(Web(captures=captures_of(recorded("test_get_memento_with_path_based_redirects"))))
    answer = archive.answer(request(real.url))
    same_shape(answer, real)
    target = b'href="/web/20201027215555/https://www.whitehouse.gov/ostp/about/student/faqs">Impatient?'
    for mark in (b"Got an HTTP 301 response at crawl time", target):
        assert mark in real.body
        assert mark in answer.plain


def test_an_old_reason_phrase_is_kept_and_replay_is_not_limited_by_default() -> None:
    exchanges = recorded("test_memento_rate_limits")[1:]
    assert {real.reason for real in exchanges} == {"Document follows"}
    archive = machine(Web(captures=captures_of(exchanges)))
    for real in exchanges:
        same_shape(archive.answer(request(real.url)), real)


# -- the index --------------------------------------------------------------------------------------------------------


def rows_of(real: Recorded) -> tuple[list[str], str | None]:
    """The lines of a recorded answer, and the resume key after the blank one."""
    lines, _, key = real.body.decode().rstrip("\n").partition("\n\n")
    return lines.splitlines(), key or None


@pytest.mark.parametrize(("cassette", "count"), SEARCHES)
def test_search(cassette: str, count: int) -> None:
    """An index of the recorded rows gives each answer again: rows, order, duplicates, pages."""
    exchanges = [real for real in recorded(cassette) if "/cdx/" in real.url][:count]
    assert len(exchanges) == count
    pages = {real.url: rows_of(real)[0] for real in exchanges}  # the same question may have been asked twice
    archive = machine()
    archive.index = CaptureIndex(rows=[Row(*line.split(" ")) for lines in pages.values() for line in lines])
    for real in exchanges:
        answer = archive.answer(request(real.url))
        lines, key = rows_of(real)
        got, _, resume = answer.plain.decode().rstrip("\n").partition("\n\n")
        assert (got.splitlines(), bool(resume)) == (lines, key is not None)
        assert answer.type == real.header("content-type")
        assert set(real.headers) - _PASSING <= names(answer)


def test_the_next_page_begins_where_the_recorded_one_does() -> None:
    """With our own opaque key as with the recorded one, which the library sends encoded twice."""
    first, second, *_ = recorded("test_search_multipage")
    rows = [Row(*line.split(" ")) for real in (first, second) for line in rows_of(real)[0]]
    index = CaptureIndex(rows=rows)
    asked = [pair for pair in parse_qsl(urlsplit(first.url).query) if pair[0] != "resumeKey"]
    ours = cdx.answer(index, cdx.Query.parse(asked)).rstrip("\n").rpartition("\n")[2]
    recorded_key = dict(parse_qsl(urlsplit(second.url).query))["resumeKey"]
    for key in (ours, recorded_key):
        text = cdx.answer(index, cdx.Query.parse([*asked, ("resumeKey", key)]))
        assert text.splitlines()[:25] == rows_of(second)[0]


def test_every_cassette_has_its_row() -> None:
    named = {name for name, _ in [*MEMENTOS, *SEARCHES]} | {
        "test_get_memento_should_fail_for_non_playbackable_mementos",
        "test_get_memento_raises_blocked_error",
        "test_search_raises_for_blocked_urls",
        "test_get_memento_with_mode",
        "test_get_memento_with_redirect_in_view_mode",
        "test_memento_rate_limits",
    }
    assert {path.stem for path in FOLDER.glob("*.yaml")} == named
