"""Our parsers read each real answer of the Wayback Machine that was recorded (facts/web-archives, section 4.1)."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import pytest

from archive.models import Exchange, Outcome
from archive.webarchives import IndexQuery, ReplayAnswer
from archive.webarchives.wayback import Wayback, read_row
from tests.internet.recordings import FOLDER, Recorded, recorded

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason=f"the recordings of ../shared/data are not here ({FOLDER.name})")

WAYBACK = Wayback()
ARCHIVE = "https://web.archive.org/web/"
BIRDS = "https://www.fws.gov/birds/"
EPA = "https://www.epa.gov/"
FAQS = "https://www.whitehouse.gov/ostp/about/student/faqs"
SPRINGER = "https://link.springer.com/article/10.1007/s00382-012-1331-2"
IDP = f"https://idp.springer.com/authorize?response_type=cookie&client_id=springerlink&redirect_uri={SPRINGER}"

M = "memento"
S = "sent on"
THE_BIRDS = (M, "20171124151315", BIRDS, 200, "20170929002712", "20171228222143", None)
TO_THE_BIRDS = (S, "20171124151315", BIRDS)
TO_CLIMATE = (S, "20200201023757", EPA + "climatechange")
SIGNPOST = EPA + "sites/production/files/signpost/cc.html"
CLIMATE = (M, "20200201023757", EPA + "climatechange", 301, "20200201020358", "20200201024403", SIGNPOST)
FACTS = EPA + "ghgreporting/proposed-rule-fact-sheet-greenhouse-gas-reporting-program-addition-global-warming"

# What each exchange of a cassette is: a memento (timestamp, original, status, previous, next, redirects to), an address in
# the archive that we are sent on to (timestamp, original), or an outcome.
REPLAYS: dict[str, list[tuple[object, ...]]] = {
    "test_get_memento": [THE_BIRDS],
    "test_get_memento_handles_non_utc_datetime": [THE_BIRDS],
    "test_get_memento_with_archive_url": [THE_BIRDS],
    "test_get_memento_with_cdx_record": [THE_BIRDS],
    "test_get_memento_with_mode_string": [THE_BIRDS],
    "test_get_memento_with_string_datetime": [THE_BIRDS],
    "test_get_memento_with_date_datetime": [TO_THE_BIRDS, THE_BIRDS],
    "test_get_memento_with_inexact_string_datetime": [TO_THE_BIRDS, THE_BIRDS],
    "test_get_memento_target_window": [TO_THE_BIRDS, THE_BIRDS],
    "test_get_memento_raises_when_memento_is_outside_target_window": [TO_THE_BIRDS],
    # listed, but does not play: the nearest one that does, under its own address
    "test_get_memento_should_fail_for_non_playbackable_mementos": [(S, "20150503090125", "http://www.fws.gov/birds/")],
    "test_get_memento_returns_memento_with_accurate_url": [
        (M, "20171124143728", "https://www.fws.gov/", 200, "20171124143727", "20171124232038", None)
    ],
    "test_get_memento_with_mode": [THE_BIRDS, THE_BIRDS],
    "test_get_memento_with_redirects": [
        (M, "20180808094144", EPA + "ghgreporting/san5779-factsheet", 301, "20180807093520", "20180809102441", FACTS),
        (S, "20180808104500", FACTS),
        (M, "20180808104500", FACTS, 200, "20180807105844", "20180809112339", None),
    ],
    "test_get_memento_with_path_based_redirects": [
        (
            *(M, "20201027215555", "https://www.whitehouse.gov/administration/eop/ostp/about/student/faqs", 301),
            *("20201026212550", "20201028224313", FAQS),
        ),
        (S, "20201027220743", FAQS),
        (M, "20201027220743", FAQS, 404, "20201026213635", "20201028225518", None),
    ],
    "test_get_memento_with_schemeless_redirects": [
        (
            *(M, "20201102232816", "https://www.census.gov/geography/gss-initiative.html", 301),
            *("20201101215426", "20201104000002", "https://www.census.gov/geo/gssi/"),
        ),
        (S, "20201102233026", "https://www.census.gov/geo/gssi/"),
        (M, "20201102233026", "https://www.census.gov/geo/gssi/", 404, "20201101215632", "20201104000219", None),
    ],
    # in view mode a redirect is a page of the archive's own: it says nothing that we may rely on
    "test_get_memento_with_redirect_in_view_mode": [
        (Outcome.UNKNOWN,),
        (S, "20201027220743", FAQS),
        (M, "20201027220743", FAQS, 404, "20201026213635", "20201028225518", None),
    ],
    "test_get_memento_follows_historical_redirects": [
        TO_CLIMATE,
        CLIMATE,
        (S, "20200201024405", SIGNPOST),
        (M, "20200201024405", SIGNPOST, 200, "20200131034551", "20200201030423", None),
    ],
    "test_get_memento_follow_redirects_does_not_follow_historical_redirects": [TO_CLIMATE, CLIMATE],
    "test_get_memento_raises_for_mementos_that_redirect_in_a_loop": [
        (M, "20200925075402", SPRINGER, 303, "20200925075359", "20200925075440", IDP),
        (S, "20200925075411", IDP),
        (M, "20200925075411", IDP, 302, "20200924070527", "20200926080807", SPRINGER),
        (S, "20200925075402", SPRINGER),
    ],
    "test_get_memento_raises_blocked_error": [(Outcome.EXCLUDED,)],
    "test_get_memento_raises_no_memento_error": [(Outcome.NONE,)],
    # an archived refusal is a memento: it says nothing of the archive
    "test_get_memento_works_on_archived_rate_limit_responses": [
        (M, "20150129034904", "http://www.reddit.com/r/PokemonGiveaway", 429, "20141209120144", "20150208032710", None)
    ],
    "test_memento_rate_limits": [(M, "19970427191925", "http://www.zew.de/", 200, None, "19970707142028", None)] * 20,
}

# Of each answer: rows in the text, captures read (the rest repeats others), whether there are more.
SEARCHES: dict[str, list[tuple[int, int, bool]]] = {
    "test_search": [(3, 1, False)],
    "test_search_with_date": [(1000, 997, True), (1000, 994, True), (245, 243, False)],
    "test_search_multipage": [*((25, kept, True) for kept in (7, 7, 7, 7, 7, 7, 8, 6, 6, 6, 7, 7, 7, 7)), (0, 0, False)],
    "test_search_with_timezone": [(1000, 484, True), (1000, 485, True)],
    "test_search_does_not_repeat_results": [(15, 15, False)],
    "test_search_with_filter": [(10, 10, True), (10, 10, True)],
    "test_search_with_filter_list": [(10, 10, True), (6, 6, False)],
    "test_search_with_filter_tuple": [(6, 6, False)],
    "test_search_rate_limits": [(1000, 991, True)] * 9,  # among them a captured e-mail address, http://NAME@zew.de/
}


def exchange(real: Recorded, *, packed: bool = True) -> Exchange:
    """As it was on the wire: cassettes hold what the library's client had decoded of the transfer, gzip kept."""
    headers = [(name, value) for name, values in real.headers.items() for value in values]
    is_packed = packed and ("content-encoding", "gzip") in headers
    body = gzip.compress(real.body, mtime=0) if is_packed else real.body
    return Exchange(real.url, (), real.status, tuple(headers), body, datetime(2026, 5, 1, tzinfo=UTC))


def shown(answer: ReplayAnswer) -> tuple[object, ...]:
    if answer.location is not None:
        timestamp, _, original = answer.location.removeprefix(ARCHIVE).partition("id_/")
        return S, timestamp, original
    if answer.memento is None:
        return (answer.outcome,)
    memento = answer.memento
    assert memento.archive_url == f"{ARCHIVE}{memento.timestamp}/{memento.original}"
    return (
        *(M, memento.timestamp, memento.original, memento.status),
        *(memento.previous, memento.next, memento.redirects_to),
    )


@pytest.mark.parametrize("cassette", REPLAYS)
def test_replay(cassette: str) -> None:
    exchanges = [real for real in recorded(cassette) if "/web/" in real.url]
    assert [shown(WAYBACK.read_replay(exchange(real))) for real in exchanges] == REPLAYS[cassette]


def test_the_headers_of_a_memento_are_the_pages_own() -> None:
    """Its type and coding as replayed, everything else as it was, nothing of the archive's."""
    (real,) = recorded("test_get_memento")
    memento = WAYBACK.read_replay(exchange(real)).memento
    assert memento is not None
    headers = {name.lower(): value for name, value in memento.headers}
    assert (headers["content-type"], headers["content-encoding"]) == ("text/html", "gzip")
    assert headers["date"] == real.header("x-archive-orig-date")
    assert not {name for name in headers if name.startswith(("x-archive", "memento", "link", "transfer"))}


def test_the_location_of_an_archived_redirect_is_the_pages_own() -> None:
    real = recorded("test_get_memento_with_schemeless_redirects")[0]
    memento = WAYBACK.read_replay(exchange(real)).memento
    assert memento is not None
    assert dict(memento.headers)["location"] == "https://www.census.gov/geo/gssi/"


def test_the_first_capture_is_known() -> None:
    memento = WAYBACK.read_replay(exchange(recorded("test_get_memento")[0])).memento
    assert memento is not None
    assert memento.first == "20050323155300"


# -- the index --------------------------------------------------------------------------------------------------------


def lists(cassette: str) -> list[Recorded]:
    return [real for real in recorded(cassette) if "/cdx/" in real.url]


def rows(real: Recorded) -> list[str]:
    return real.body.decode().partition("\n\n")[0].splitlines()


@pytest.mark.parametrize("cassette", SEARCHES)
def test_search(cassette: str) -> None:
    got = []
    for real in lists(cassette):
        answer = WAYBACK.read_search(exchange(real))
        assert answer.outcome is (Outcome.FOUND if rows(real) else Outcome.NONE)
        assert answer.complete is (answer.resume_key is None)
        got.append((len(rows(real)), len(answer.captures), not answer.complete))
    assert got == SEARCHES[cassette]


def test_rows_of_a_search() -> None:
    """Revisits have no status; what redirects has the type `unk`; the default port is no part of an address."""
    captures = [capture for real in lists("test_search_with_date") for capture in WAYBACK.read_search(exchange(real)).captures]
    revisits = [capture for capture in captures if capture.mimetype == "warc/revisit"]
    assert revisits
    assert all(capture.statuscode is None and capture.digest for capture in revisits)
    assert {capture.statuscode for capture in captures if capture.mimetype == "unk"} == {301}
    (capture,) = WAYBACK.read_search(exchange(lists("test_search")[0])).captures
    assert capture.original == "http://www.nasa.gov/"
    assert (capture.timestamp, capture.statuscode, capture.length, capture.archive) == ("19961231235847", 200, 1811, "wayback")


def test_a_revisit_has_the_digest_of_the_page_it_repeats() -> None:
    captures = WAYBACK.read_search(exchange(lists("test_search_does_not_repeat_results")[0])).captures
    pages = {capture.digest for capture in captures if capture.statuscode == 200}
    assert any(capture.statuscode is None and capture.digest in pages for capture in captures)


def test_odd_keys_are_kept() -> None:
    captures = WAYBACK.read_search(exchange(lists("test_search_with_filter")[1])).captures
    assert any("%c2%a0" in capture.urlkey for capture in captures)
    assert any("%20" in capture.urlkey for capture in captures)
    assert all(capture.statuscode == 404 for capture in captures)


def test_an_excluded_site_in_the_index() -> None:
    (real,) = lists("test_search_raises_for_blocked_urls")
    assert WAYBACK.read_search(exchange(real)).outcome is Outcome.EXCLUDED


def pages() -> Iterator[tuple[Recorded, Recorded]]:
    for cassette in ("test_search_multipage", "test_search_with_date"):
        exchanges = lists(cassette)
        yield from pairwise(exchanges)


def test_resume_keys_are_sent_back_as_they_were_recorded() -> None:
    """Opaque: percent-encoded once more, whatever they hold; `9` counted on to `:` among them."""
    keys = []
    for before, after in pages():
        key = WAYBACK.read_search(exchange(before)).resume_key
        assert key is not None
        asked = WAYBACK.search(IndexQuery("cnn.com", resume_key=key)).url
        assert asked.rpartition("&")[2] == after.url.rpartition("&")[2]
        assert dict(parse_qsl(urlsplit(asked).query))["resumeKey"] == key
        keys.append(key)
    assert "com%2Ccnn%29%2F+2001041400593%3A" in keys


def test_the_newer_kind_of_resume_key_is_as_opaque() -> None:
    """Of May 2026, in the tutorial's recording (zlib in base64)."""
    row = lists("test_search")[0].body.decode().splitlines()[0]
    answer = WAYBACK.read_rows(f"{row}\n\neJxLzy_TyUss1tTXMrAyMLA0MDcwMDU3AgBAJQYJ==\n")
    assert answer.resume_key == "eJxLzy_TyUss1tTXMrAyMLA0MDcwMDU3AgBAJQYJ=="
    assert WAYBACK.search(IndexQuery("nasa.gov", resume_key=answer.resume_key)).url.endswith("QYJ%3D%3D")


def test_every_cassette_has_its_row() -> None:
    named = {*REPLAYS, *SEARCHES, "test_search_raises_for_blocked_urls"}
    assert {path.stem for path in FOLDER.glob("*.yaml")} == named


# -- samples of odd rows ----------------------------------------------------------------------------------------------


def sample(name: str) -> list[str]:
    return (FOLDER.parent / "test_files" / name).read_text(encoding="utf-8").splitlines()


def test_malformed_rows_are_dropped_and_the_others_kept() -> None:
    lines = sample("malformed_cdx.txt")
    captures = [capture for line in lines if (capture := read_row(line, "wayback"))]
    assert [capture.original for capture in captures] == ["https://www.epa.gov/"] * 2
    assert [capture.timestamp for capture in captures] == ["20200418003811", "20200418005903"]
    assert WAYBACK.read_rows("\n".join(lines) + "\n").captures == tuple(captures)


def test_an_unknown_length_is_none() -> None:
    captures = [read_row(line, "wayback") for line in sample("zero_length_cdx.txt")]
    assert [capture.length if capture else 0 for capture in captures] == [24186, 24028, 24116, 24217, None]


def test_months_and_days_of_00_are_mended() -> None:
    captures = [read_row(line, "wayback") for line in sample("bad_timestamp_cdx.txt")]
    assert [capture.timestamp if capture else "" for capture in captures] == [
        *("20011120210446", "20000125210430", "20000311052312"),
        *("20001217044900", "20000824162300"),
    ]
