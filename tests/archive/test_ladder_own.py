"""Our own captures on the ladder, and archives whose mementos name no neighbours: what is asked, and what a repair says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.models import Knowledge, Outcome
from archive.repair import FindOwn, ListCaptures
from archive.webarchives import Memento
from tests.archive.ladder_world import GONE, FakeArchive, Shot, World, page

URL = "https://www.example.com/2019/04/24/harbour-bridge-to-stay-closed-until-spring-a65357"
STORY = page("Harbour Bridge to Stay Closed Until Spring", published="2019-04-24")
KNOWN = Knowledge(URL, reference=datetime(2019, 4, 25, tzinfo=UTC))


def kept(timestamp: str, *, public: bool) -> Memento:
    address = f"https://wayback.test/web/{timestamp}/{URL}" if public else None
    return Memento(address, URL, timestamp, 200, (), "wayback" if public else "crawl")


def test_a_memento_that_was_kept_costs_no_request() -> None:
    world = World(own=[kept("20190501000000", public=True)], own_page=STORY)
    repair = world.climb(KNOWN).repair
    assert repair is not None
    assert (repair.method, repair.archive_url) == ("own_capture", f"https://wayback.test/web/20190501000000/{URL}")
    assert world.count() == {}


def test_our_own_page_stands_when_no_archive_has_it() -> None:
    world = World(own=[kept("20190501000000", public=False)], own_page=STORY)
    result = world.climb(KNOWN)
    assert result.repair is not None
    assert (result.repair.method, result.repair.archive_url, result.repair.replacement) == ("own_capture", None, None)
    assert result.memento is not None
    assert result.memento.archive == "crawl"
    assert isinstance(world.asked[-1], FindOwn), "after everything that has a public address"


def test_a_public_capture_goes_before_our_own() -> None:
    world = World(shots=[Shot(URL, "20190601000000", STORY)], own=[kept("20190501000000", public=False)], own_page=STORY)
    repair = world.climb(KNOWN).repair
    assert repair is not None
    assert (repair.method, repair.archive_url) == ("memento", f"https://wayback.test/web/20190601000000/{URL}")


def test_while_an_archive_cannot_be_asked_our_own_settles_nothing() -> None:
    world = World(own=[kept("20190501000000", public=False)], own_page=STORY, replay_fails={"": Outcome.UNKNOWN})
    assert world.climb(KNOWN).outcome is Outcome.UNKNOWN


def test_a_copy_beside_a_blocked_page_is_never_our_own() -> None:
    assert World(own=[kept("20190501000000", public=False)], own_page=STORY).climb(KNOWN, blocked=True).repair is None


def test_what_we_captured_when_it_was_gone_is_walked_past() -> None:
    own = [kept("20190425000000", public=False)]
    assert World(own=own, own_page=GONE).climb(KNOWN).outcome is Outcome.NONE


# -- archives that name no neighbours -----------------------------------------------------------------------------------

LISTING = FakeArchive(lists_captures=True)
BAD = Shot(URL, "20190425000000", GONE)


def test_without_neighbours_the_list_is_asked_once() -> None:
    shots = [BAD, Shot(URL, "20190701000000", GONE), Shot(URL, "20190601000000", STORY)]
    world = World(shots=shots, archive=LISTING, neighbours=False)
    repair = world.climb(KNOWN).repair
    assert repair is not None
    assert (repair.method, repair.timestamp) == ("memento", "20190601000000")
    lists = [want.query for want in world.asked if isinstance(want, ListCaptures)]
    assert [(query.url, query.match) for query in lists] == [(URL, "exact")]
    assert [stamp for _, stamp in world.replays][1:] == ["20190601000000"]


@pytest.mark.parametrize("shots", [[], [Shot(URL, "20190425000000", STORY)]])
def test_no_list_where_none_is_needed(shots: list[Shot]) -> None:
    world = World(shots=shots, archive=LISTING, neighbours=False)
    world.climb(KNOWN)
    assert not any(isinstance(want, ListCaptures) for want in world.asked)


def test_an_archive_that_names_neighbours_is_not_asked_for_a_list() -> None:
    world = World(shots=[BAD, Shot(URL, "20190426000000", STORY)], archive=LISTING)
    assert world.climb(KNOWN).repair is not None
    assert not any(isinstance(want, ListCaptures) for want in world.asked)


def test_a_list_that_cannot_be_had_is_not_a_no() -> None:
    world = World(shots=[BAD], archive=LISTING, neighbours=False, index_fails={URL: Outcome.UNKNOWN})
    assert world.climb(KNOWN).outcome is Outcome.UNKNOWN


def test_an_index_parted_by_time_is_told_when() -> None:
    world = World(archive=FakeArchive(index_by_time=True))
    world.climb(KNOWN)
    assert {query.around for query in world.queries} == {"20190425000000"}
    plain = World()
    plain.climb(KNOWN)
    assert {query.around for query in plain.queries} == {None}
