"""The ladder as a table: a small world, a dead link, what comes of it, and what it cost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.models import FailureKind, Knowledge, Outcome
from archive.repair import FindKnown, LadderResult
from archive.repair.rungs.slug_search import MAX_QUERIES
from archive.repair.wants import FetchPage, KnownAnswer
from tests.archive.ladder_world import GONE, Shot, World, page

SITE = "https://www.example.com"
TITLE = "Harbour Bridge to Stay Closed Until Spring"
SLUG = "harbour-bridge-to-stay-closed-until-spring"
URL = f"{SITE}/2019/04/24/{SLUG}-a65357"
STORY = page(TITLE, published="2019-04-24")
OTHER = page("Council Votes on New Budget for Schools", published="2019-04-24")


def known(url: str = URL, title: str | None = None, reference: str | None = "2019-04-25", text: str | None = None) -> Knowledge:
    return Knowledge(url, title, text, datetime.fromisoformat(reference).replace(tzinfo=UTC) if reference else None)


def shown(result: LadderResult) -> tuple[object, ...]:
    """Method, replacement and timestamp of what was found; the outcome when nothing was."""
    if result.repair is None:
        return (result.outcome,)
    assert result.page is not None
    return result.repair.method, result.repair.replacement, result.repair.timestamp


# -- captures of the link itself ----------------------------------------------------------------------------------------


def bad(timestamp: str, *, kind: str = "soft404", url: str = URL) -> Shot:
    if kind == "home":
        return Shot(url, timestamp, location=f"{SITE}/")
    if kind == "404":
        return Shot(url, timestamp, GONE, status=404)
    pages = {"soft404": GONE, "other": OTHER, "bare": None}
    return Shot(url, timestamp, pages[kind])


def good(timestamp: str, url: str = URL) -> Shot:
    return Shot(url, timestamp, STORY)


NEAREST = [
    ("one", [good("20190424101500")], "20190424101500"),
    ("the nearest to the reference date", [good("20190401"), good("20190426000000"), good("20220101")], "20190426000000"),
    ("before it", [good("20190420000000"), bad("20190425000000")], "20190420000000"),
    ("after it", [bad("20190424230000"), good("20190427000000")], "20190427000000"),
    ("the nearer side", [good("20190401000000"), bad("20190425000000"), good("20190426000000")], "20190426000000"),
    (
        "past a soft-404 and a redirect home",
        [bad("20190425000000"), bad("20190426000000", kind="home"), good("20190427")],
        "20190427",
    ),
    ("past a 404 on either side", [good("20190420"), bad("20190424", kind="404"), bad("20190425"), bad("20190426")], "20190420"),
    ("past another page", [bad("20190425000000", kind="other"), good("20190501000000")], "20190501000000"),
    ("past a page without an article", [bad("20190425000000", kind="bare"), good("20190501000000")], "20190501000000"),
]


@pytest.mark.parametrize(("name", "shots", "taken"), NEAREST)
def test_the_good_capture_nearest_to_the_reference_date(name: str, shots: list[Shot], taken: str) -> None:
    assert shown(World(shots=shots).climb(known())) == ("memento", None, taken)


def test_long_after_its_death_the_first_capture_is_tried_soon() -> None:
    """The document is of 2026: thirty captures of a soft-404 lie between."""
    shots = [good("20190424101500"), *(bad(f"202{year}{month:02d}01000000") for year in (0, 1, 2) for month in range(1, 11))]
    world = World(shots=shots)
    assert shown(world.climb(known(reference="2026-01-01"))) == ("memento", None, "20190424101500")
    assert len(world.replays) == 3


def test_without_a_reference_the_date_in_the_address_counts() -> None:
    world = World(shots=[good("20190424101500"), good("20260101000000")])
    assert shown(world.climb(known(reference=None))) == ("memento", None, "20190424101500")
    undated = f"{SITE}/news/{SLUG}"
    world = World(shots=[good("20190424101500", undated), good("20260101000000", undated)])
    assert shown(world.climb(known(undated, reference=None))) == ("memento", None, "20260101000000")


def test_a_listed_capture_that_does_not_replay_is_walked_past() -> None:
    """The archive sends us back to where we were: the other side and what lies beyond it come next."""
    unplayable = Shot(URL, "20190426000000", STORY, plays=False)
    far = [good("20190301000000"), bad("20190425000000"), unplayable]
    assert shown(World(shots=far).climb(known())) == ("memento", None, "20190301000000")
    beyond = [bad("20190425000000"), unplayable, good("20190428000000")]
    assert shown(World(shots=beyond).climb(known())) == ("memento", None, "20190428000000")


def test_a_capture_that_cannot_be_asked_leaves_the_others() -> None:
    world = World(shots=[bad("20190425000000"), good("20190426000000"), good("20190420000000")])
    world.replay_fails = {"20190426000000": Outcome.UNKNOWN, "20190427000000": Outcome.UNKNOWN}
    assert shown(world.climb(known())) == ("memento", None, "20190420000000")


def test_only_so_many_captures_are_looked_at() -> None:
    world = World(shots=[bad(f"2019{month:02d}{day:02d}000000") for month in range(1, 13) for day in range(1, 28)])
    result = world.climb(known(), may_search=False)
    assert result.outcome is Outcome.NONE
    assert len([url for url, _ in world.replays if url == URL]) == 5
    assert len(result.tried) == 5


def test_content_speaks_against_a_capture() -> None:
    """The document's own text is known, and the capture shows another one."""
    text = (
        "Something quite different stood in the clipping that was saved in those days by a reader of the paper: how the mayor "
        "of another town opened a museum of clocks, and that none of them showed the same time when the ribbon was cut."
    )
    assert World(shots=[good("20190425000000")]).climb(known(text=text), may_search=False).outcome is Outcome.NONE


# -- archived redirects -------------------------------------------------------------------------------------------------

MOVED = f"{SITE}/news/archive/{SLUG}"


def test_an_archived_redirect_to_a_living_page() -> None:
    world = World(live={MOVED: STORY}, shots=[Shot(URL, "20200101000000", location=MOVED)])
    assert shown(world.climb(known())) == ("redirect", MOVED, None)
    assert world.count() == {"FetchMemento": 1, "FetchPage": 1}


def test_an_archived_redirect_to_a_page_that_is_archived() -> None:
    shots = [Shot(URL, "20200101000000", location=MOVED), good("20200102000000", MOVED)]
    assert shown(World(shots=shots).climb(known())) == ("redirect", MOVED, "20200102000000")


def test_an_archived_redirect_of_two_steps() -> None:
    shots = [Shot(URL, "20200101000000", location=f"{SITE}/x/1"), Shot(f"{SITE}/x/1", "20200101000000", location=MOVED)]
    shots.append(good("20200102000000", MOVED))
    assert shown(World(shots=shots).climb(known())) == ("redirect", MOVED, "20200102000000")


def test_archived_redirects_in_a_circle_end() -> None:
    shots = [Shot(URL, "20200101000000", location=MOVED), Shot(MOVED, "20200101000000", location=URL)]
    world = World(shots=shots)
    assert world.climb(known()).outcome is Outcome.NONE
    assert len(world.replays) < 10


@pytest.mark.parametrize("target", [f"{SITE}/", f"{SITE}/2019/04/24/", f"{SITE}/2019/", "mailto:desk@example.com"])
def test_an_archived_redirect_home_or_to_a_section_costs_nothing(target: str) -> None:
    world = World(live={target: STORY}, shots=[Shot(URL, "20200101000000", location=target)])
    assert world.climb(known(), may_search=False).outcome is Outcome.NONE
    assert world.count()["FetchPage"] == 0


def test_an_archived_redirect_to_another_story_is_not_taken() -> None:
    world = World(live={MOVED: OTHER}, shots=[Shot(URL, "20200101000000", location=MOVED)])
    assert world.climb(known(title=TITLE), may_search=False).outcome is Outcome.NONE


def test_a_redirect_to_its_own_other_spelling_is_walked_past() -> None:
    shots = [Shot("http://example.com" + URL.removeprefix(SITE), "20190425000000", location=URL), good("20190425000001")]
    world = World(shots=shots)
    assert shown(world.climb(known())) == ("memento", None, "20190425000001")
    assert world.count() == {"FetchMemento": 2}


# -- other readings -----------------------------------------------------------------------------------------------------

KEPT, DROPPED = (
    f"{SITE}/2019/04/24/harbour-bridge-closed-until-next-spring",
    f"{SITE}/2019/04/24/harbour-bridge-closed-untilnext-spring",
)
WRAPPED = page("Harbour Bridge Closed Until Next Spring", published="2019-04-24")


@pytest.mark.parametrize("other", [KEPT, DROPPED])
def test_the_reading_that_lives_decides(other: str) -> None:
    first = KEPT if other == DROPPED else DROPPED
    assert shown(World(live={other: WRAPPED}).climb(known(first), other)) == ("cleaned", other, None)


@pytest.mark.parametrize("other", [KEPT, DROPPED])
def test_the_reading_that_is_archived_decides(other: str) -> None:
    first = KEPT if other == DROPPED else DROPPED
    world = World(shots=[Shot(other, "20190425000000", WRAPPED)])
    assert shown(world.climb(known(first), other)) == ("memento", other, "20190425000000")


def test_readings_of_a_mangled_string_are_found_without_help() -> None:
    world = World(shots=[good("20190425000000")])
    assert shown(world.climb(known(URL + ").")))[1:] == (URL, "20190425000000")


def test_a_reading_that_lives_but_is_another_page_is_not_taken() -> None:
    assert World(live={KEPT: OTHER}).climb(known(DROPPED, title="Harbour Bridge"), KEPT, may_search=False).outcome is Outcome.NONE


def test_another_spelling_is_archived() -> None:
    mobile = f"https://m.example.com/2019/04/24/{SLUG}-a65357"
    world = World(shots=[good("20190425000000")])
    assert shown(world.climb(known(mobile))) == ("variant", URL, "20190425000000")
    assert world.count() == {"FetchMemento": 2}


# -- slug search --------------------------------------------------------------------------------------------------------

FOUNDING_URL = "https://www.themoscowtimes.com/2024/04/27/first-putin-kim-summit-to-take-place-on-april-25-kremlin-confirms"
FOUNDING_TRUE = (
    "https://www.themoscowtimes.com/2019/04/23/first-putin-kim-summit-to-take-place-on-april-25-kremlin-confirms-a65347"
)
FOUNDING_TITLE = "First Putin-Kim Summit to Take Place on April 25, Kremlin Confirms"
NEAR_MISSES = [
    "Putin-Kim Summit to Take Place Before End of April, Kremlin Says",
    "Kim Jong Un to Visit Russia in April, Kremlin Confirms",
    "First Putin-Kim Summit Ends Without Joint Statement",
    "Kremlin Confirms Putin Will Take Part in Beijing Summit on April 26",
]


def founding_rows() -> list[Shot]:
    rows = []
    for number, title in enumerate([*NEAR_MISSES, *(f"Story {n} of the Month of April" for n in range(200))]):
        slug = title.lower().replace(",", "").replace(" ", "-")
        url = f"https://www.themoscowtimes.com/2019/04/{number % 28 + 1:02d}/{slug}-a{65000 + number}"
        rows.append(Shot(url, "20190425120000", page(title, published="2019-04-24")))
    return rows


def test_the_founding_case() -> None:
    """A wrong date, years off, and a lost id: found by its slug, verified by its title, in one query."""
    story = Shot(FOUNDING_TRUE, "20190423164512", page(FOUNDING_TITLE, published="2019-04-23"))
    world = World(shots=[*founding_rows(), story])
    result = world.climb(known(FOUNDING_URL, FOUNDING_TITLE))
    assert shown(result) == ("slug_search", FOUNDING_TRUE, "20190423164512")
    assert [query.url for query in world.queries] == ["www.themoscowtimes.com/2019/04/"]
    assert world.count()["FetchMemento"] <= 6


def test_the_founding_case_when_the_story_lives() -> None:
    story = Shot(FOUNDING_TRUE, "20190423164512", page(FOUNDING_TITLE))
    world = World(live={FOUNDING_TRUE: page(FOUNDING_TITLE)}, shots=[story])
    result = world.climb(known(FOUNDING_URL, FOUNDING_TITLE))
    assert shown(result) == ("slug_search", FOUNDING_TRUE, None)
    assert result.repair is not None
    assert result.repair.archive_url == f"https://wayback.test/web/20190423164512/{FOUNDING_TRUE}"


@pytest.mark.parametrize("title", [FOUNDING_TITLE, None])
def test_near_misses_are_not_taken(title: str | None) -> None:
    world = World(shots=founding_rows())
    assert world.climb(known(FOUNDING_URL, title)).outcome is Outcome.NONE
    assert [query.url for query in world.queries] == ["www.themoscowtimes.com/2019/04/", "www.themoscowtimes.com/"]


def at(path: str, timestamp: str = "20190425000000", *, title: str = TITLE, published: str = "2019-04-24") -> Shot:
    return Shot(f"{SITE}{path}", timestamp, page(title, published=published))


MANGLED = [  # the link, where the story is listed
    ("a lost id", f"/2019/04/24/{SLUG}", f"/2019/04/24/{SLUG}-a65357"),
    ("a wrong day", f"/2019/04/02/{SLUG}", f"/2019/04/24/{SLUG}-a65357"),
    ("a wrong month", f"/2019/09/24/{SLUG}", f"/2019/04/24/{SLUG}-a65357"),
    ("a wrong year", f"/2024/04/24/{SLUG}", f"/2019/04/24/{SLUG}"),
    ("a renamed section", f"/world/{SLUG}", f"/news/europe/{SLUG}"),
    ("a date that was dropped", f"/2019/04/24/{SLUG}", f"/{SLUG}"),
    ("an extension", f"/2019/04/24/{SLUG}.html", f"/archive/{SLUG}.php"),
    ("a slug cut short", "/2019/04/24/harbour-bridge-to-stay-closed-unt", f"/2019/04/24/{SLUG}-a65357"),
    ("a word lost", "/2019/04/24/harbour-bridge-to-stay-until-spring", f"/2019/04/24/{SLUG}-a65357"),
    ("a word noted wrongly", "/2019/04/24/harbuor-bridge-to-stay-closed-until-spring", f"/2019/04/24/{SLUG}-a65357"),
    ("a changed id", f"/2019/04/24/{SLUG}-a65357", f"/2019/04/24/{SLUG}-b77001"),
    ("an id without words", "/story/12345678", f"/2019/04/24/{SLUG}-12345678"),
    (
        "underscores",
        "/2019/04/24/harbour_bridge_to_stay_closed_until_spring",
        "/2019/04/24/harbour_bridge_to_stay_closed_until_spring_1",
    ),
]


@pytest.mark.parametrize(("name", "link", "listed"), MANGLED)
def test_a_link_that_was_noted_wrongly(name: str, link: str, listed: str) -> None:
    world = World(shots=[at(listed), at("/2019/04/24/council-votes-on-new-budget", title="Council Votes on New Budget")])
    result = world.climb(known(SITE + link, TITLE))
    method = "date" if name == "a wrong year" else "slug_search"
    assert shown(result) == (method, SITE + listed, "20190425000000")
    assert len(world.queries) <= MAX_QUERIES


def test_an_address_in_another_script() -> None:
    slug = "%D0%BC%D0%BE%D1%81%D1%82-%D0%B2-%D0%BF%D0%BE%D1%80%D1%82%D1%83-%D0%B7%D0%B0%D0%BA%D1%80%D1%8B%D1%82"
    shots = [Shot(f"{SITE}/2019/04/{slug}-77/", "20190425000000", page("Мост в порту закрыт", published="2019-04-24"))]
    result = World(shots=shots).climb(known(f"{SITE}/2019/05/{slug}", "Мост в порту закрыт"))
    assert shown(result) == ("slug_search", shots[0].url, "20190425000000")


@pytest.mark.parametrize(
    "path", ["/2019/04/24/bridge", "/2019/04/24/a-b-c", "/2019/04/24/", "/news/123", "/?p=1", "/2019/04/24/42"]
)
def test_what_names_no_story_is_not_searched(path: str) -> None:
    world = World(shots=founding_rows())
    assert world.climb(known(SITE + path)).outcome is Outcome.NONE
    assert all(query.words and all(len("".join(words)) > 4 for words in query.words) for query in world.queries)
    assert not world.queries or path == "/2019/04/24/a-b-c"


def test_links_that_nobody_asked_for_do_not_search_the_index() -> None:
    world = World(shots=[at(f"/2019/04/24/{SLUG}-a65357")])
    assert world.climb(known(f"{SITE}/2019/04/24/{SLUG}", TITLE), may_search=False).outcome is Outcome.NONE
    assert not world.queries


def test_one_page_under_many_queries_is_one_candidate() -> None:
    """Their equal bodies are no sign of an error page, and three of them do not hide the next story."""
    shots = [Shot(f"{SITE}/2019/04/24/{SLUG}-a65357?utm_source={n}", "20190425000000", STORY, digest="SAME") for n in range(5)]
    world = World(shots=shots)
    result = world.climb(known(f"{SITE}/2019/04/24/{SLUG}", TITLE))
    assert shown(result) == ("slug_search", f"{SITE}/2019/04/24/{SLUG}-a65357", "20190425000000")
    assert world.count()["FetchPage"] == 1


def test_a_body_under_many_slugs_is_looked_at_last() -> None:
    walls = [
        Shot(f"{SITE}/2019/04/24/{SLUG}-{word}", "20190425000000", page("Subscribe to continue"), digest="WALL")
        for word in ("a", "b", "c", "d")
    ]
    world = World(shots=[*walls, at(f"/2019/04/24/{SLUG}-zzz")])
    assert shown(world.climb(known(f"{SITE}/2019/04/24/{SLUG}", TITLE)))[1] == f"{SITE}/2019/04/24/{SLUG}-zzz"


def test_two_stories_that_fit_equally_well_are_left_to_a_person() -> None:
    """The same words in two years, and no title, text or date tells them apart."""
    rows = [
        Shot(f"{SITE}/a/{SLUG}", "20120425000000", page(TITLE, "Of the year in which the storm came. " * 30)),
        Shot(f"{SITE}/b/{SLUG}", "20150425000000", page(TITLE, "When the ice broke its pillars at last. " * 30)),
    ]
    result = World(shots=rows).climb(known(f"{SITE}/c/{SLUG}", reference=None))
    assert result.outcome is Outcome.NONE
    assert result.tried[-1].outcome == "several stories fit equally well"


def test_of_two_stories_the_one_of_the_same_day_is_taken() -> None:
    rows = [at(f"/2018/04/24/{SLUG}-1", published="2018-04-24"), at(f"/2019/04/24/{SLUG}-2")]
    result = World(shots=rows).climb(known(f"{SITE}/2019/04/24/{SLUG}", reference=None))
    assert shown(result)[1] == f"{SITE}/2019/04/24/{SLUG}-2"


def test_an_incomplete_answer_is_read_on_within_the_four_requests() -> None:
    rows = [at(f"/a{n:03d}/{SLUG}-and-more-{n}x", title=f"Harbour Bridge: Part Nr {n}") for n in range(250)]
    world = World(shots=[*rows, at(f"/z/{SLUG}-1")], page_size=100)
    assert shown(world.climb(known(f"{SITE}/gone/{SLUG}", TITLE)))[1] == f"{SITE}/z/{SLUG}-1"
    assert [query.resume_key for query in world.queries] == [None, None, "100", "200"]


def test_what_was_not_read_to_its_end_is_noted() -> None:
    rows = [at(f"/a{n:03d}/{SLUG}-and-more-{n}x", title=f"Harbour Bridge: Part Nr {n}") for n in range(50)]
    result = World(shots=rows, page_size=10).climb(known(f"{SITE}/gone/{SLUG}", TITLE))
    assert result.tried[-1].outcome == "the index lists more than was read"


# -- unknown, excluded, blocked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replay", "index", "outcome"),
    [
        ({"": Outcome.UNKNOWN}, {}, Outcome.UNKNOWN),
        ({"m.example": Outcome.UNKNOWN}, {}, Outcome.UNKNOWN),
        ({}, {"": Outcome.UNKNOWN}, Outcome.UNKNOWN),
        ({}, {"/2019/": Outcome.UNKNOWN}, Outcome.UNKNOWN),
        ({"": Outcome.EXCLUDED}, {}, Outcome.EXCLUDED),
        ({}, {"": Outcome.EXCLUDED}, Outcome.EXCLUDED),
        ({"": Outcome.EXCLUDED}, {"": Outcome.UNKNOWN}, Outcome.EXCLUDED),  # the index is not asked
        ({}, {}, Outcome.NONE),
    ],
)
def test_unknown_is_not_no(replay: dict[str, Outcome], index: dict[str, Outcome], outcome: Outcome) -> None:
    result = World(replay_fails=replay, index_fails=index).climb(known())
    assert result.outcome is outcome
    assert bool(result.reasons) is (outcome is Outcome.UNKNOWN)
    assert bool(result.retry_after) is (outcome is Outcome.UNKNOWN)


def test_a_refusal_of_the_index_ends_its_questions() -> None:
    world = World(index_fails={"": Outcome.UNKNOWN})
    world.climb(known())
    assert len(world.queries) == 1


def test_an_excluded_site_is_not_asked_for_twice() -> None:
    world = World(replay_fails={"": Outcome.EXCLUDED})
    world.climb(known(), KEPT, DROPPED)
    assert world.count()["FetchMemento"] == 1
    assert not world.queries


def test_what_is_found_in_spite_of_a_failure_is_found() -> None:
    world = World(shots=[at(f"/2019/04/24/{SLUG}-a65357")], replay_fails={f"{SLUG}/amp": Outcome.UNKNOWN})
    result = world.climb(known(f"{SITE}/2019/04/24/{SLUG}", TITLE))
    assert result.outcome is Outcome.FOUND
    assert result.reasons == ("it answered 429",)


@pytest.mark.parametrize("failure", [503, 429, FailureKind.TIMEOUT, FailureKind.DNS_UNKNOWN])
def test_a_reading_that_cannot_be_asked_leaves_the_link_open(failure: int | FailureKind) -> None:
    """It may be the address that was meant."""
    result = World(live={KEPT: failure}).climb(known(DROPPED), KEPT)
    assert result.outcome is Outcome.UNKNOWN
    assert KEPT in result.reasons[0]


@pytest.mark.parametrize(("failure", "outcome"), [(503, Outcome.UNKNOWN), (404, Outcome.NONE)])
def test_another_edition_that_cannot_be_asked_leaves_the_link_open(failure: int, outcome: Outcome) -> None:
    """A person might have been offered it."""
    edition = f"https://m.example.com/2019/04/24/{SLUG}-a65357"
    world = World(live={edition: failure}, known=KnownAnswer(addresses=(edition,)))
    result = world.climb(known(f"{SITE}/2019/04/24/{SLUG}", TITLE))
    assert any(isinstance(want, FetchPage) and want.url == edition for want in world.asked)
    assert result.outcome is outcome


@pytest.mark.parametrize("answer", [404, 410, 403, FailureKind.DNS])
def test_a_reading_that_is_not_there_does_not(answer: int | FailureKind) -> None:
    assert World(live={KEPT: answer}).climb(known(DROPPED), KEPT).outcome is Outcome.NONE


def test_a_blocked_page_gets_a_copy_beside_it_and_nothing_else() -> None:
    """No other address is looked for, no index is asked."""
    world = World(live={MOVED: STORY}, shots=[at(f"/2019/04/25/{SLUG}-1"), good("20190425000000")])
    assert shown(world.climb(known(), blocked=True)) == ("memento", None, "20190425000000")
    world = World(shots=[at(f"/2019/04/25/{SLUG}-1")])
    assert world.climb(known(), blocked=True).outcome is Outcome.NONE
    assert set(world.count()) == {"FetchMemento"}


def test_nothing_is_asked_twice() -> None:
    world = World(shots=[*founding_rows(), *(bad(f"2019040{n}000000") for n in range(1, 9))])
    world.climb(known(FOUNDING_URL), URL, KEPT)
    asked = [want for want in world.asked if not isinstance(want, FindKnown)]  # our own list may have grown meanwhile
    assert len(asked) == len(set(asked))
