"""Any Memento archive by its addresses: what its answers mean, and that trouble is never "none"."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Exchange, Outcome
from archive.webarchives import IndexQuery, Memento, WebArchive
from archive.webarchives.arquivo import Arquivo
from archive.webarchives.cdx import capture_of, read_row, words_regex
from archive.webarchives.commoncrawl import CommonCrawl, Crawl
from archive.webarchives.memento import MementoArchive
from archive.webarchives.rfc7089 import relations, timemap_rows
from tests.archive.exchanges import TROUBLE, answer, failure, rows

ARCHIVE = MementoArchive(
    "lib",
    "https://archive.example/coll/{timestamp}id_/{url}",
    cdx_at="https://archive.example/coll/cdx",
    timemap_at="https://archive.example/coll/timemap/link/{url}",
)
LISTED = MementoArchive("lib", ARCHIVE.replay_at, timemap_at=ARCHIVE.timemap_at)
GATE = MementoArchive("gate", "https://gate.example/timegate/{url}")
PAGE = "https://news.example/2019/kim-a1"
AT = f"https://archive.example/coll/20190501000000id_/{PAGE}"
WHEN = "Sat, 27 Apr 2019 10:15:00 GMT"
PROTOCOL: WebArchive = ARCHIVE


def replayed(url: str = AT, status: int = 200, body: str = "<p>hello", **headers: str) -> Memento:
    found = ARCHIVE.read_replay(answer(url, status, body, memento_datetime=WHEN, **headers))
    assert found.memento is not None, found
    return found.memento


def test_a_replay_is_asked_raw_and_as_a_request_line_can_hold_it() -> None:
    request = ARCHIVE.replay("https://news.example/a b?x=é", "20190501000000")
    assert request.url == "https://archive.example/coll/20190501000000id_/https://news.example/a%20b?x=%C3%A9"
    assert (request.archive, request.service) == ("lib", "lib-replay")


def test_a_memento_says_when_and_of_what() -> None:
    link = f'<{PAGE}>; rel="original", <https://archive.example/coll/20180101000000mp_/{PAGE}>; rel="first prev memento"'
    memento = replayed(link=link, X_Archive_Orig_Last_Modified="then", content_type="text/html")
    assert (memento.original, memento.timestamp, memento.status) == (PAGE, "20190427101500", 200)
    assert memento.archive_url == f"https://archive.example/coll/20190427101500/{PAGE}"
    assert (memento.previous, memento.first, memento.next) == ("20180101000000", "20180101000000", None)
    assert ("Last-Modified", "then") in memento.headers


def test_the_address_is_taken_from_where_the_archive_says_it_is() -> None:
    """Without a Link header; a fuzzy match answers under another address than was asked."""
    assert replayed().original == PAGE
    there = "https://archive.example/coll/20190427101500id_/https://news.example/other"
    assert replayed(content_location=there).original == "https://news.example/other"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://archive.example/coll/20190427101500id_/https://news.example/new", "https://news.example/new"),
        ("/coll/20190427101500/https://news.example/new", "https://news.example/new"),
        ("//archive.example/coll/20190427101500mp_/https://news.example/new", "https://news.example/new"),
        ("https://other.example/new", "https://other.example/new"),
        ("/new", "https://news.example/new"),
        ("mailto:a@news.example", None),
        ("http://[", "http://["),  # no address: canonicalize() will say so
    ],
)
def test_archived_redirects_in_every_form(location: str, target: str | None) -> None:
    link = f'<{PAGE}>; rel="original"'
    assert replayed(status=302, link=link, location=location).redirects_to == target


@pytest.mark.parametrize("status", [404, 429, 503])
def test_an_archived_error_is_a_memento(status: int) -> None:
    assert replayed(status=status).status == status


def test_sent_on_to_the_capture_that_it_has() -> None:
    there = "https://archive.example/coll/20190427101500/https://news.example/2019/kim-a1"
    found = ARCHIVE.read_replay(answer(AT, 307, location=there))
    assert found.location == there.replace("20190427101500/", "20190427101500id_/")
    for location in ("https://login.example/", AT):
        assert ARCHIVE.read_replay(answer(AT, 302, location=location)).outcome is Outcome.UNKNOWN


def test_a_frame_around_the_page_is_told_from_the_page() -> None:
    """pywb without `id_`: 200 and Memento-Datetime for whatever is asked. A raw page may well have such a frame in it."""
    body = "<script src='https://archive.example/static/wb_frame.js'> </script>"
    framed = MementoArchive("lib", "https://archive.example/coll/{timestamp}/{url}")
    said = framed.read_replay(answer(AT.replace("id_", ""), 200, body, memento_datetime=WHEN))
    assert (said.outcome, "id_" in (said.reason or "")) == (Outcome.UNKNOWN, True)
    assert replayed(body=body).original == PAGE


NEVER = "<h4>URL Not Found</h4><p>The url <b>{}</b> could not be found in this collection."


@pytest.mark.parametrize(
    "body",
    [
        NEVER.format(PAGE),
        NEVER.format("http://www.news.example/2019/kim-a1/"),
        f"Not in Archive: {PAGE}.",
    ],
)
def test_never_archived_names_the_address(body: str) -> None:
    assert ARCHIVE.read_replay(answer(AT, 404, body, content_type="text/html")).outcome is Outcome.NONE


def test_never_archived_by_the_original_in_a_link_header() -> None:
    """RFC 7089, 4.5: a TimeGate's 404 may name it; another page's name is no answer."""
    for archive in (ARCHIVE, GATE):
        url = archive.replay(PAGE, "20190501000000").url
        assert archive.read_replay(answer(url, 404, "", link=f'<{PAGE}>; rel="original"')).outcome is Outcome.NONE
        assert archive.read_replay(answer(url, 404, "", link='<https://x.example/>; rel="original"')).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        "<p>Collection not found: <b>coll</b></p>",  # pywb: a misspelt collection
        f"The requested URL /coll/20190501000000id_/{PAGE} was not found on this server.",  # Apache: a wrong path
        f"Cannot GET {AT}",
        NEVER.format("https://news.example/"),
        "",
    ],
)
def test_another_404_is_unknown(body: str) -> None:
    found = ARCHIVE.read_replay(answer(AT, 404, body, content_type="text/html"))
    assert (found.outcome, "is its replay address right?" in (found.reason or "")) == (Outcome.UNKNOWN, True)


@pytest.mark.parametrize(("status", "body", "kind"), TROUBLE)
@pytest.mark.parametrize("archive", [ARCHIVE, LISTED, GATE])
def test_trouble_is_unknown(archive: MementoArchive, status: int, body: str, kind: str) -> None:
    url = archive.replay(PAGE, "20190501000000").url
    found = archive.read_replay(answer(url, status, body, content_type=kind, retry_after="7"))
    assert (found.outcome, found.retry_after) == (Outcome.UNKNOWN, 7.0)
    if archive.lists_captures:
        listed = archive.read_search(answer(archive.search(IndexQuery(PAGE)).url, status, body, content_type=kind))
        assert listed.outcome is Outcome.UNKNOWN


def test_no_answer_or_half_of_one_is_unknown() -> None:
    assert ARCHIVE.read_replay(failure(AT)).retry_after == 30.0
    assert ARCHIVE.read_search(failure(AT)).outcome is Outcome.UNKNOWN
    cut = answer(AT, 404, NEVER.format(PAGE), truncated="disconnect")
    assert ARCHIVE.read_replay(cut).outcome is Outcome.UNKNOWN
    half = answer(AT, 200, "<p>hel", truncated="disconnect", memento_datetime=WHEN)
    assert ARCHIVE.read_replay(half).outcome is Outcome.UNKNOWN
    broken = answer(AT, 404, NEVER.format(PAGE), content_encoding="br")
    assert ARCHIVE.read_replay(broken).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "said",
    [
        answer(AT, 451, "Access Blocked"),
        answer(AT, 403, "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"),
        answer(AT, 403, "", x_archive_wayback_runtime_error="RobotAccessControlException: Blocked By Robots"),
    ],
)
def test_excluded(said: Exchange) -> None:
    assert ARCHIVE.read_replay(said).outcome is Outcome.EXCLUDED


def test_a_timegate_is_asked_by_date_and_may_lead_to_another_host() -> None:
    request = GATE.replay(PAGE, "20190501000000")
    assert request.url == f"https://gate.example/timegate/{PAGE}"
    assert request.headers == (("Accept-Datetime", "Wed, 01 May 2019 00:00:00 GMT"),)
    there = "https://mementos.example/abc"
    found = GATE.read_replay(answer(request.url, 302, location=there, vary="accept-datetime"))
    assert found.location == there
    said = answer(there, 200, "<p>", memento_datetime=WHEN, link=f'<{PAGE}>; rel="original"')
    memento = GATE.read_replay(said).memento
    assert memento is not None
    assert (memento.archive_url, memento.original, memento.timestamp) == (there, PAGE, "20190427101500")
    assert GATE.read_replay(answer(there, 200, "<p>", memento_datetime=WHEN)).outcome is Outcome.UNKNOWN


def test_a_query_in_pywbs_dialect() -> None:
    url = ARCHIVE.search(IndexQuery("https://news.example/2019/", "prefix", (("kim", "putin"), ("a.b",)), once=True)).url
    asked = parse_qs(urlsplit(url).query)
    assert asked["matchType"] == ["prefix"]
    assert asked["filter"][0] == "~urlkey:.*(kim.*putin|a.{1,3}b).*"
    assert "!~status:[345]" in asked["filter"]
    assert (asked["limit"], urlsplit(url).fragment) == (["1000"], "once=1")


ROW = {"urlkey": "example,news)/2019/kim-a1", "timestamp": "20190427101500", "url": PAGE, "mime": "text/html", "status": "200"}


def test_rows_of_an_index() -> None:
    revisit = ROW | {"timestamp": "20190527101500", "mime": "warc/revisit", "status": "-", "digest": "sha1:" + "A" * 32}
    said = rows(ARCHIVE.search(IndexQuery(PAGE)).url, ROW, ROW, revisit, ROW | {"url": "mailto:x"})
    listed = ARCHIVE.read_search(said)
    assert [(row.timestamp, row.statuscode, row.digest) for row in listed.captures] == [
        ("20190427101500", 200, None),
        ("20190527101500", None, "A" * 32),
    ]


def test_an_index_that_was_cut_short_or_went_wrong_half_way() -> None:
    url = ARCHIVE.search(IndexQuery(PAGE)).url
    whole = rows(url, ROW).body
    for body in (whole[:-1], whole + b"<html>504", whole + b"null\n", whole + b'{"message": "Internal Error"}\n'):
        assert ARCHIVE.read_search(answer(url, 200, body, content_type="text/x-ndjson")).outcome is Outcome.UNKNOWN


def test_the_next_rows_are_had_by_passing_over_the_first() -> None:
    query = IndexQuery("https://news.example/", "prefix", limit=2)
    several = [ROW | {"timestamp": f"2019042710150{digit}"} for digit in range(3)]
    first = ARCHIVE.read_search(rows(ARCHIVE.search(query).url, *several[:2]))
    assert not first.complete
    further = ARCHIVE.search(IndexQuery("https://news.example/", "prefix", limit=2, resume_key=first.resume_key))
    assert parse_qs(urlsplit(further.url).query)["limit"] == ["4"]
    second = ARCHIVE.read_search(rows(further.url, *several))
    assert [row.timestamp for row in second.captures] == ["20190427101502"]
    assert second.complete


def test_an_index_may_not_show_what_it_lists() -> None:
    blocked = rows(ARCHIVE.search(IndexQuery(PAGE)).url, ROW | {"access": "block"})
    assert ARCHIVE.read_search(blocked).outcome is Outcome.EXCLUDED


def test_a_timemap() -> None:
    text = (
        f'<{PAGE}>; rel="original",\n'
        f'<https://archive.example/coll/timemap/link/{PAGE}>; rel="self"; type="application/link-format",\n'
        f'<https://archive.example/coll/1/{PAGE}>; rel="first memento"; datetime="{WHEN}",\n'
        f'<https://archive.example/coll/2/{PAGE}>; datetime="Mon, 27 May 2019 10:15:00 GMT"; rel=memento; license="a, b; c"\n'
    )
    assert [row.timestamp for row in timemap_rows(text, "lib")] == ["20190427101500", "20190527101500"]
    url = LISTED.search(IndexQuery(PAGE)).url
    assert not LISTED.has_index
    assert LISTED.read_search(answer(url, 200, text, content_type="application/link-format")).outcome is Outcome.FOUND
    assert LISTED.read_search(answer(url, 404, "", content_type="application/link-format")).outcome is Outcome.NONE
    assert LISTED.read_search(answer(url, 404, "", link=f'<{PAGE}>; rel="original"')).outcome is Outcome.NONE
    assert LISTED.read_search(answer(url, 404, "", link='<https://x.example/>; rel="original"')).outcome is Outcome.UNKNOWN
    assert LISTED.read_search(answer(url, 200, "", content_type="application/link-format")).outcome is Outcome.UNKNOWN


def test_relations_of_a_link_header() -> None:
    header = (
        '<http://a.example/?x=1&amp;y=2>; rel="original", <http://x/timemap>; rel="timemap"; type="application/link-format", '
        '<http://x/1>; rel="first memento"; datetime="Sat, 27 Apr 2019 10:15:00 GMT", '
        '<http://x/2>; rel="next last memento", <http://x/3>; rel="memento"'
    )
    found = relations(header)
    assert found["original"] == "http://a.example/?x=1&y=2"
    assert (found["first memento"], found["next memento"], found["last memento"]) == ("http://x/1", "http://x/2", "http://x/2")
    assert found["memento"] == "http://x/3"


@pytest.mark.parametrize(
    ("line", "original", "timestamp"),
    [
        ("com,example)/ 20190427101500 http://example.com:80/ text/html 200 - 12", "http://example.com/", "20190427101500"),
        ("gov,nasa)/ 20000800241623 http://nasa.gov/ text/html 200 - - x y", "http://nasa.gov/", "20000824162300"),
    ],
)
def test_a_row_of_the_text_dialect(line: str, original: str, timestamp: str) -> None:
    capture = read_row(line, "wayback")
    assert capture is not None
    assert (capture.original, capture.timestamp) == (original, timestamp)


def test_what_is_no_row() -> None:
    bad = [
        "",
        "a b c",
        "k 2019 mailto:x text/html 200 - -",
        "k x http://e.com/ text/html 200 - -",
        "k 20190427 http://[ - 200 - -",
    ]
    assert [read_row(line, "wayback") for line in bad] == [None] * 5
    assert capture_of({"timestamp": "20190427", "url": "https://a@news.example/"}, "lib") is None


def test_words_as_keys_have_them() -> None:
    assert words_regex((("Kim", "Путин"),)) == ".*kim.*%d0%bf%d1%83%d1%82%d0%b8%d0%bd.*"


# -- whatever comes ---------------------------------------------------------------------------------------------------

READERS = (ARCHIVE, LISTED, GATE, Arquivo(), CommonCrawl(), CommonCrawl((Crawl("CC-MAIN-2019-22", "20190527000000"),)))
HEADERS = st.dictionaries(
    st.sampled_from(["link", "location", "content_type", "content_location", "content_encoding", "retry_after", "vary"]),
    st.text(max_size=60) | st.sampled_from(["gzip", "text/x-ndjson", "<>; rel=original", "accept-datetime", AT, "http://["]),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    archive=st.sampled_from(READERS),
    status=st.sampled_from([200, 206, 301, 302, 400, 403, 404, 451, 500, 503]),
    body=st.binary(max_size=200)
    | st.text(max_size=200)
    | st.sampled_from(["{}", "[]", '{"timestamp": []}\n', "null", "[[", "\x1f\x8b"]),
    headers=HEADERS,
    memento=st.none() | st.text(max_size=40) | st.just(WHEN),
)
def test_reading_never_raises_and_never_takes_noise_for_a_none(
    archive: WebArchive, status: int, body: bytes | str, headers: dict[str, str], memento: str | None
) -> None:
    """An empty list is one under a list's content type, or under link-format with a 404."""
    if memento is not None:
        headers = headers | {"memento_datetime": memento}
    data = body.encode() if isinstance(body, str) else body
    assert (
        archive.read_replay(answer(archive.replay(PAGE, "20190501000000").url, status, data, **headers)).outcome
        is not Outcome.NONE
    )
    listed = archive.read_search(answer(archive.search(IndexQuery(PAGE)).url, status, data, **headers))
    assert listed.outcome is not Outcome.NONE or headers.get("content_type") == "text/x-ndjson"
