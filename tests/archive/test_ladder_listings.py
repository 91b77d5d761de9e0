"""Archived front and section pages that list the story, and searches in the text of old pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.models import Capture, Knowledge, Link, Outcome, Page, Role
from archive.repair import FetchIndexPage, FetchPage, FindListed, ListedAnswer, SearchText
from archive.repair.rungs.index_pages import listings
from archive.sources.base import Entry
from archive.urls import urlkey
from archive.webarchives import TextAnswer, TextHit
from tests.archive.ladder_world import ARCHIVE, FakeTextArchive, Shot, World, page

SITE = "https://www.example.com"
TITLE = "Harbour Bridge to Stay Closed Until Spring"
SLUG = "harbour-bridge-to-stay-closed-until-spring"
URL = f"{SITE}/politics/2019/04/27/{SLUG}"
TRUE = f"{SITE}/politics/2019/04/24/bridge-shut-a65357"  # of its words one is left: no index finds it by them
STORY = page(TITLE, published="2019-04-24")
OTHER = page("Council Votes on New Budget for Schools", published="2019-04-24")
AT = "20190425000000"


def known(url: str = URL, title: str | None = TITLE, reference: str | None = "2019-04-25") -> Knowledge:
    return Knowledge(url, title, None, datetime.fromisoformat(reference).replace(tzinfo=UTC) if reference else None)


def listing(*links: tuple[str, str]) -> Page:
    found = tuple(Link(url, Role.SECTION, anchor, place) for place, (url, anchor) in enumerate(links))
    return replace(page("The Example"), links=found)


ELSEWHERE = (f"{SITE}/politics/2019/04/24/council-votes-on-budget", "Council Votes on Budget")
LISTED = listing(ELSEWHERE, (TRUE, "Harbour bridge to stay closed until spring"))


@pytest.mark.parametrize("where", [f"{SITE}/", f"{SITE}/politics/", f"{SITE}/politics/2019/04/27/"])
def test_a_page_of_then_names_the_true_address(where: str) -> None:
    world = World(shots=[Shot(where, "20190424060000", LISTED), Shot(TRUE, AT, STORY)])
    repair = world.climb(known()).repair
    assert repair is not None
    assert (repair.method, repair.replacement, repair.timestamp) == ("index_page", TRUE, AT)
    assert (ELSEWHERE[0], AT) not in world.replays


def test_what_lives_is_better_than_its_capture() -> None:
    world = World(live={TRUE: STORY}, shots=[Shot(f"{SITE}/", "20190424060000", LISTED), Shot(TRUE, AT, STORY)])
    repair = world.climb(known()).repair
    assert repair is not None
    assert (repair.replacement, repair.archive_url) == (TRUE, None)


def test_a_link_is_judged_by_what_is_behind_it() -> None:
    world = World(shots=[Shot(f"{SITE}/", "20190424060000", LISTED), Shot(TRUE, AT, OTHER)])
    assert world.climb(known()).outcome is Outcome.NONE
    assert any(url == TRUE for url, _ in world.replays)


OTHER_HOST = listing((TRUE.replace("www.", "archiv."), TITLE))


@pytest.mark.parametrize(
    ("shots", "why"),
    [
        ([Shot(f"{SITE}/", "20210424060000", LISTED)], "two years later"),
        ([Shot(f"{SITE}/", "20190424060000", OTHER_HOST)], "another edition"),
        ([Shot(f"{SITE}/", "20190424060000", listing(ELSEWHERE))], "other stories"),
        ([Shot(f"{SITE}/", "20190424060000", listing((URL, TITLE)))], "the link itself"),
    ],
)
def test_links_that_are_worth_no_look(shots: list[Shot], why: str) -> None:
    world = World(shots=[*shots, Shot(TRUE, AT, STORY), Shot(TRUE.replace("www.", "archiv."), AT, STORY)])
    assert world.climb(known()).outcome is Outcome.NONE, why
    assert not [url for url, _ in world.replays if "bridge-shut" in url]


@pytest.mark.parametrize("subject", [known(f"{SITE}/politics/{SLUG}", reference=None), known(f"{SITE}/doc/7715044", None)])
def test_nothing_is_asked_without_a_date_or_words(subject: Knowledge) -> None:
    world = World()
    assert world.climb(subject).outcome is Outcome.NONE
    assert not [want for want in world.asked if isinstance(want, FetchIndexPage)]


def test_links_of_one_week_want_the_same_page() -> None:
    asked = []
    for day in ("2019-04-22", "2019-04-25", "2019-04-28", "2019-04-29"):
        world = World()
        world.climb(known(reference=day))
        asked.append([want for want in world.asked if isinstance(want, FetchIndexPage)])
    assert asked[0] == asked[1] == asked[2]
    assert len(asked[0]) == 3
    assert not set(asked[0]) & set(asked[3])


def test_an_archive_in_trouble_leaves_it_open() -> None:
    world = World(replay_fails={f"{SITE}/politics/2019/04/27/": Outcome.UNKNOWN}, shots=[])
    world.replay_fails = {"20190424120000 https://www.example.com/": Outcome.UNKNOWN}
    result = world.climb(known())
    assert (result.outcome, result.retry_after) == (Outcome.UNKNOWN, 90.0)


@pytest.mark.parametrize(
    ("url", "pages"),
    [
        (f"{SITE}/politics/2019/04/24/{SLUG}", ["/politics/2019/04/24/", "/politics/", "/"]),
        (f"{SITE}/politics/{SLUG}", ["/politics/", "/"]),
        (f"{SITE}/nyheter/81348547/{SLUG}", ["/nyheter/81348547/", "/nyheter/", "/"]),
        (f"{SITE}/{SLUG}", ["/"]),
        (f"{SITE}/a/b/2019-04/{SLUG}/", ["/a/b/2019-04/", "/a/b/", "/"]),
    ],
)
def test_pages_that_may_list_a_story(url: str, pages: list[str]) -> None:
    assert listings(url) == [SITE + path for path in pages]


# -- what the living site lists -------------------------------------------------------------------------------------------

NEW = f"{SITE}/archive/harbour-bridge-stays-closed"


def test_a_sitemap_knows_the_new_address() -> None:
    entries = (Entry(ELSEWHERE[0]), Entry(NEW, TITLE), Entry(URL, TITLE))
    world = World(live={NEW: STORY}, listed=ListedAnswer(entries))
    repair = world.climb(known()).repair
    assert repair is not None
    assert (repair.method, repair.replacement, repair.archive_url) == ("site_list", NEW, None)
    assert FindListed(URL, "2019-04") in world.asked
    assert FetchPage(ELSEWHERE[0]) not in world.asked
    assert world.queries == []


def test_without_titles_the_addresses_words_tell() -> None:
    new = f"{SITE}/archive/{SLUG}"
    world = World(live={new: STORY}, listed=ListedAnswer((Entry(ELSEWHERE[0]), Entry(new))))
    repair = world.climb(known(title=None)).repair
    assert repair is not None
    assert repair.replacement == new


@pytest.mark.parametrize(
    "listed", [Entry(NEW, TITLE), Entry(NEW.replace("www.", "archiv."), TITLE), Entry(ELSEWHERE[0], "Council")]
)
def test_what_a_site_lists_is_judged_by_its_content(listed: Entry) -> None:
    world = World(live={listed.url: OTHER}, listed=ListedAnswer((listed,)))
    assert world.climb(known()).outcome is Outcome.NONE


# -- by the words of the text ---------------------------------------------------------------------------------------------

TEXTS = FakeTextArchive(name="arquivo", has_index=False)


def hit(url: str, title: str | None, timestamp: str = AT) -> TextHit:
    return TextHit(Capture(urlkey(url), timestamp, url, "text/html", None, None, None, "arquivo"), title)


def found(*hits: TextHit) -> TextAnswer:
    return TextAnswer(Outcome.FOUND, hits)


def test_a_title_finds_its_story() -> None:
    world = World(archive=TEXTS, texts=found(hit(ELSEWHERE[0], "Council Votes on Budget"), hit(TRUE, f"{TITLE} | The Example")))
    world.shots = [Shot(TRUE, AT, STORY)]
    repair = world.climb(known()).repair
    assert repair is not None
    assert (repair.method, repair.replacement, repair.timestamp) == ("text_search", TRUE, AT)
    (want,) = [want for want in world.asked if isinstance(want, SearchText)]
    assert (want.query.text, want.query.site, want.query.first) == (TITLE, "example.com", "20190325")
    assert ELSEWHERE[0] not in [url for url, _ in world.replays]


def test_a_story_that_a_text_search_found_alive() -> None:
    world = World(archive=TEXTS, texts=found(hit(TRUE, TITLE)), live={TRUE: STORY})
    repair = world.climb(known()).repair
    assert repair is not None
    assert (repair.replacement, repair.archive_url) == (TRUE, TEXTS.archive_url(hit(TRUE, TITLE).capture))


def test_words_of_the_address_when_there_is_no_title() -> None:
    world = World(archive=TEXTS)
    world.climb(known(title=None))
    (want,) = [want for want in world.asked if isinstance(want, SearchText)]
    assert want.query.text == SLUG.replace("-", " ")


@pytest.mark.parametrize(
    ("texts", "shown", "outcome"),
    [
        (found(hit(TRUE, TITLE)), OTHER, Outcome.NONE),  # something else is there
        (found(hit(ELSEWHERE[0], "Council Votes on Budget")), STORY, Outcome.NONE),
        (found(hit(URL, TITLE)), STORY, Outcome.NONE),  # the link itself, which was looked at
        (TextAnswer(Outcome.NONE), STORY, Outcome.NONE),
        (TextAnswer(Outcome.UNKNOWN, reason="it answered 500", retry_after=60.0), STORY, Outcome.UNKNOWN),
    ],
)
def test_what_a_text_search_does_not_prove(texts: TextAnswer, shown: Page, outcome: Outcome) -> None:
    world = World(archive=TEXTS, texts=texts, shots=[Shot(TRUE, AT, shown), Shot(ELSEWHERE[0], AT, shown)])
    assert world.climb(known()).outcome is outcome


def test_other_archives_are_not_asked_for_texts() -> None:
    world = World(archive=ARCHIVE)
    world.climb(known())
    assert not [want for want in world.asked if isinstance(want, SearchText)]
