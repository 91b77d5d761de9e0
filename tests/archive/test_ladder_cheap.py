"""What is tried so that the index need not be asked: moves that other sites made, other years, the link as it was written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.models import Knowledge, Outcome
from archive.repair import FetchPage, KnownAnswer
from archive.repair.rules import moved_alike
from archive.repair.rungs.exact import tracked
from archive.repair.rungs.other_years import in_other_years
from tests.archive.ladder_world import NOW, Shot, World, page

SITE = "https://www.example.com"
TITLE = "Harbour Bridge to Stay Closed Until Spring"
SLUG = "harbour-bridge-to-stay-closed-until-spring"
STORY = page(TITLE, published="2019-04-24")
OTHER = page("Council Votes on New Budget for Schools", published="2019-04-24")


def known(url: str, reference: str | None = "2019-04-25") -> Knowledge:
    return Knowledge(url, None, None, datetime.fromisoformat(reference).replace(tzinfo=UTC) if reference else None)


# -- as other sites moved ------------------------------------------------------------------------------------------------


def pair(name: str, story: str, new: str = "news/archive/{}") -> tuple[str, str]:
    return f"https://www.{name}/2019/04/{story}.html", f"https://www.{name}/{new.format(story)}"


ONE, TWO = pair("one.example", "ferry-returns"), pair("two.example", "budget-voted")


@pytest.mark.parametrize(
    ("pairs", "url", "guesses"),
    [
        ([ONE, TWO], f"{SITE}/politics/{SLUG}", [f"{SITE}/news/archive/{SLUG}"]),
        ([ONE, TWO], f"{SITE}/politics/{SLUG}/", [f"{SITE}/news/archive/{SLUG}"]),
        ([ONE], f"{SITE}/politics/{SLUG}", []),  # one relaunch is no custom
        ([ONE, pair("one.example", "budget-voted")], f"{SITE}/politics/{SLUG}", []),
        ([ONE, pair("blog.one.example", "budget-voted")], f"{SITE}/politics/{SLUG}", []),  # the same publisher
        ([ONE, (TWO[0], TWO[1].replace("www.", "old."))], f"{SITE}/politics/{SLUG}", []),  # to another host: nobody else's
        ([ONE, TWO], f"{SITE}/news/archive/{SLUG}", []),  # it is there already
        ([pair("one.example", "a-b", "{}/"), pair("two.example", "c-d", "{}/")], f"{SITE}/politics/x-y", [f"{SITE}/x-y/"]),
    ],
)
def test_a_move_that_two_sites_made(pairs: list[tuple[str, str]], url: str, guesses: list[str]) -> None:
    assert moved_alike(url, pairs) == guesses


def test_such_a_move_costs_no_archive_anything() -> None:
    url, new = f"{SITE}/politics/{SLUG}", f"{SITE}/news/archive/{SLUG}"
    world = World(live={new: STORY}, known=KnownAnswer(elsewhere=(ONE, TWO)))
    repair = world.climb(known(url)).repair
    assert repair is not None
    assert (repair.method, repair.replacement, repair.archive_url) == ("rule", new, None)
    assert world.queries == []


def test_a_guess_is_judged_by_its_content() -> None:
    url, new = f"{SITE}/politics/{SLUG}", f"{SITE}/news/archive/{SLUG}"
    world = World(live={new: OTHER}, known=KnownAnswer(elsewhere=(ONE, TWO)))
    assert world.climb(known(url)).outcome is Outcome.NONE
    assert FetchPage(new) in world.asked
    assert world.queries, "the index is asked all the same"


# -- another year --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "years"),
    [
        (f"{SITE}/2028/04/24/{SLUG}", [2026, 2025, 2024, 2023, 2022]),  # still to come: any of the last ones
        (f"{SITE}/2027/12/24/{SLUG}", [2025, 2024, 2023, 2022]),  # Christmas of 2026 is still to come, too
        (f"{SITE}/2018/04/24/{SLUG}", [2017, 2019]),
        (f"{SITE}/2025/12/24/{SLUG}", [2024]),
        (f"{SITE}/politics/{SLUG}", []),
        (f"{SITE}/2024/02/29/{SLUG}", []),  # no such day in the years beside it
    ],
)
def test_the_years_that_may_be_meant(url: str, years: list[int]) -> None:
    assert [guess.split("/")[3] for guess in in_other_years(url, NOW)] == [str(year) for year in years]


def test_a_year_is_corrected_by_replay() -> None:
    url, true = f"{SITE}/2028/04/24/{SLUG}", f"{SITE}/2024/04/24/{SLUG}"
    world = World(shots=[Shot(true, "20240425000000", page(TITLE, published="2024-04-24"))])
    repair = world.climb(known(url, None)).repair
    assert repair is not None
    assert (repair.method, repair.replacement, repair.timestamp) == ("date", true, "20240425000000")
    assert world.queries == []


def test_another_story_of_another_year_is_not_taken() -> None:
    """A guess is no capture of the link itself: its words must be there."""
    url, true = f"{SITE}/2018/04/24/{SLUG}", f"{SITE}/2019/04/24/{SLUG}"
    world = World(shots=[Shot(true, "20190425000000", OTHER)])
    assert world.climb(known(url, None)).outcome is Outcome.NONE
    assert (true, "20180424120000") in world.replays


def test_with_a_date_no_other_year_is_guessed() -> None:
    world = World()
    world.climb(known(f"{SITE}/2019/04/24/{SLUG}", "2019-04-25"))
    assert not [url for url, _ in world.replays if "/2018/" in url or "/2020/" in url]


# -- as it was written ---------------------------------------------------------------------------------------------------

PLAIN = f"{SITE}/politics/{SLUG}/"
TRACKED = f"{PLAIN}?utm_source=RSS&utm_medium=RSS"


@pytest.mark.parametrize(
    ("written", "url", "found"),
    [
        (TRACKED, PLAIN, TRACKED),
        (f"{TRACKED}).", PLAIN, TRACKED),
        (TRACKED.replace("&", "&amp;"), PLAIN, TRACKED),
        (TRACKED.replace("source", "sou\n  rce"), PLAIN, TRACKED),  # hard-wrapped
        (PLAIN, PLAIN, None),
        (f"{PLAIN}?page=2&utm_source=RSS", f"{PLAIN}?page=2", f"{PLAIN}?page=2&utm_source=RSS"),
        (f"{PLAIN}?page=2", f"{PLAIN}?page=2", None),
        (f"https://l.example/?u={PLAIN}", PLAIN, None),  # the query of something else
    ],
)
def test_tracking_is_put_back(written: str, url: str, found: str | None) -> None:
    assert tracked(written, url) == found


def test_a_capture_under_the_address_with_its_tracking() -> None:
    world = World(shots=[Shot(TRACKED, "20190425000000", STORY)])
    result = world.climb(known(PLAIN), written=TRACKED)
    assert result.repair is not None
    assert (result.repair.method, result.repair.replacement, result.repair.timestamp) == ("variant", None, "20190425000000")
    assert result.repair.archive_url is not None
    assert result.repair.archive_url.endswith(TRACKED)
    assert world.queries == []
