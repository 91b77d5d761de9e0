"""How surely a page is the article: titles, texts, addresses, dates; and pages that are nobody's article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.models import Article, Knowledge, Link, Page, Role
from archive.repair import containment, match, weigh
from archive.repair.unfit import unfit
from archive.repair.words import title_similarity, words

STORY = (
    "The harbour bridge will stay closed until spring, the council said on Monday after a night of talks. Engineers found "
    "cracks in two of its pillars in March, and a third was added last week. Ferries run every ten minutes until then."
)
URL = "https://www.example.com/2019/04/24/harbour-bridge-to-stay-closed-until-spring-a65357"
NEW = "https://www.example.com/news/harbour-bridge-to-stay-closed-until-spring-a65357"
TITLE = "Harbour Bridge to Stay Closed Until Spring"
OTHER = "Council Votes on New Budget for Schools"
OTHER_TEXT = "Schools will receive more money next year under a plan that the council passed with one vote against. " * 4


def page(title: str | None = TITLE, text: str = STORY, *, links: tuple[Link, ...] = (), **of: object) -> Page:
    fields: dict[str, object] = {"authors": (), "published": "2019-04-24", "modified": None, "site": "The Example"}
    fields |= {"language": "en", "description": None, "image": None, "canonical_url": None} | of
    article = Article(title=title, text=text, **fields)  # type: ignore[arg-type]
    return Page("ok", article=article, links=links, head_title=title, heading=title, text_length=len(text))


def known(url: str = URL, title: str | None = None, text: str | None = None, reference: str | None = "2019-04-25") -> Knowledge:
    return Knowledge(url, title, text, datetime.fromisoformat(reference).replace(tzinfo=UTC) if reference else None)


# -- levels -----------------------------------------------------------------------------------------------------------

ELSEWHERE = [  # what is known, the page, its address, accepted, why
    (known(text=STORY), page(OTHER, STORY), "https://www.example.com/x", True, "its text is the document's"),
    (known(text=STORY[:150]), page(text=STORY), "https://www.example.com/x", True, "its text is the document's"),
    (known(text=STORY), page(OTHER, OTHER_TEXT), NEW, False, "its text is another one"),
    (known(title=TITLE, text=STORY), page(text=OTHER_TEXT), NEW, True, "its title is the document's"),
    (known(title=TITLE), page(), "https://www.example.com/x", True, "its title is the document's"),
    (known(title=TITLE), page(published="2021-01-05"), "https://www.example.com/x", True, "its title is the document's"),
    (
        known("https://x.test/a", title="Weather for Sunday"),
        page("Weather for Sunday", published="2021-01-05"),
        NEW,
        False,
        "its title",
    ),
    (known(title=TITLE), page(OTHER), "https://www.example.com/x", False, "its title is another one"),
    (known(), page(), NEW, True, "same id, same words"),
    (known(), page("Ferries Instead of Cars"), NEW, True, "same id, same words"),
    (known(), page(OTHER, OTHER_TEXT), f"{URL}/council-votes-on-new-budget", False, "too little"),  # a folder of that name
    (known(title=TITLE), page(OTHER, OTHER_TEXT), NEW.replace("harbour", "x"), False, "its title is another one"),
    (known(), page(), NEW.replace("65357", "11111"), True, "same words in the address"),
    (known(), page(), NEW.replace("-a65357", ""), True, "same words in the address"),
    (
        known(),
        page("Bridge Closed", STORY),
        NEW.replace("-a65357", ""),
        True,
        "same words in the address",
    ),  # they are in the text
    (known(), page(OTHER, OTHER_TEXT), NEW.replace("-a65357", ""), False, "too little"),
    (known(), page(), "https://www.example.com/x", True, "its title holds the address's words"),
    (known(), page(published="2012-01-01"), "https://www.example.com/x", False, "too little"),
    (known(), page(OTHER), "https://www.example.com/x", False, "too little"),
]


@pytest.mark.parametrize(("of", "found", "url", "accepted", "why"), ELSEWHERE)
def test_under_another_address(of: Knowledge, found: Page, url: str, accepted: bool, why: str) -> None:
    evidence = weigh(of, found, url, same_address=False)
    assert (evidence.accepted, evidence.why[: len(why)]) == (accepted, why)


SAME = [
    (known(), page(), True),
    (known(title="read here"), page(), True),  # an anchor need not be the title
    (known(title=OTHER), page(), True),
    (known(text=STORY), page(OTHER, OTHER_TEXT), False),
    (known(), page("Ferries Every Ten Minutes"), True),  # renamed; the address's words are in its text
    (known(), page(OTHER, OTHER_TEXT), False),  # nothing of the address is there
    (known("https://www.example.com/story/12345"), page(OTHER, OTHER_TEXT), True),  # no words to miss
    (
        known("https://www.example.com/most-zakryt-do-vesny"),
        page("Мост закрыт до весны", "Мост в порту закрыт до весны. " * 9),
        True,
    ),
    (known("https://www.example.com/grosse-bruecke-fuer-kueste"), page("Größe der Brücke für die Küste", "Text " * 99), True),
    (known("https://www.example.com/lodz-zamkniety-most"), page("Łódź: zamknięty most", "Tekst " * 99), True),
]


@pytest.mark.parametrize(("of", "found", "accepted"), SAME)
def test_under_the_same_address(of: Knowledge, found: Page, accepted: bool) -> None:
    assert weigh(of, found, of.url, same_address=True).accepted is accepted


@pytest.mark.parametrize(
    ("of", "found", "url", "accepted"),
    [
        (known("https://www.example.com/story/1234567"), page(OTHER), "https://www.example.com/news/1234567", True),
        (known(), page("Bridge to Stay Closed Until Next Spring"), "https://www.example.com/n/77", True),
        (known("https://www.example.com/story/1234567"), page(OTHER), "https://www.example.com/news/7654321", False),
        (known(title=TITLE), page(OTHER, OTHER_TEXT), "https://www.example.com/x", False),
    ],
)
def test_where_the_link_led_once(of: Knowledge, found: Page, url: str, accepted: bool) -> None:
    assert weigh(of, found, url, same_address=False, redirected=True).accepted is accepted
    assert not weigh(of, page(OTHER, OTHER_TEXT), "https://www.example.com/x", same_address=False).accepted


FALSE_FRIENDS = [  # slug, title of another story
    ("inflation-rises-to-3-percent-in-may", "Inflation Rises to 3 Percent in June"),
    ("inflation-rises-to-3-percent-in-may", "Inflation Rises to 4 Percent in May"),
    (
        "first-putin-kim-summit-to-take-place-on-april-25-kremlin-confirms",
        "Putin-Kim Summit to Take Place in April, Kremlin Says",
    ),
    ("live-updates-day-12-of-the-harbour-trial", "Live Updates: Day 13 of the Harbour Trial"),
    ("what-we-know-about-the-storm-on-monday", "What We Know About the Storm on Tuesday"),
]


@pytest.mark.parametrize(("slug", "title"), FALSE_FRIENDS)
def test_one_number_or_month_makes_it_another_story(slug: str, title: str) -> None:
    of = known(f"https://www.example.com/2019/04/24/{slug}")
    other = page(title, OTHER_TEXT)
    assert not weigh(of, other, "https://www.example.com/2019/04/24/x", same_address=False).accepted
    right = page(slug.replace("-", " ").title(), OTHER_TEXT)
    assert weigh(of, right, "https://www.example.com/2019/04/24/x", same_address=False).accepted


ANOTHER_YEAR = [  # what is known, what is found under the same words two years later, accepted
    (known(URL.removesuffix("-a65357"), reference=None), page(published="2021-01-05"), True),  # noted by hand
    (known(reference=None), page(published="2021-01-05"), False),  # a whole address, of 2019
    (known(URL.replace("-to-stay-closed-until-spring-a65357", "-closed"), reference=None), page(published="2021-01-05"), False),
    (known(URL.replace("a65357", "part-2"), reference=None), page(published="2021-01-05"), False),
    (known(), page(published="2021-01-05"), False),  # the document does, too
    (known(title=TITLE), page(published="2021-01-05"), True),
    (known(title=TITLE), page(f"{TITLE} Again", published="2021-01-05"), False),
    (known(title=TITLE, reference=None), page(f"{TITLE} Again", published="2021-01-05"), False),
]


@pytest.mark.parametrize(("of", "found", "accepted"), ANOTHER_YEAR)
def test_what_comes_again_every_year(of: Knowledge, found: Page, accepted: bool) -> None:
    again = NEW.replace("65357", "99999")
    assert weigh(of, found, again, same_address=False).accepted is accepted


PARTS = [  # the link, the candidate, whether it may be the same
    ("harbour-bridge-trial-in-pictures-part-2", "harbour-bridge-trial-in-pictures-part-3-a65357", False),
    ("harbour-bridge-trial-live-day-12", "harbour-bridge-trial-live-day-13", False),
    ("harbour-bridge-trial-in-pictures-part-2", "harbour-bridge-trial-in-pictures-part-2-a65357", True),
    ("harbour-bridge-trial-in-pictures", "harbour-bridge-trial-in-pictures-2", True),
]


@pytest.mark.parametrize(("dead", "there", "accepted"), PARTS)
def test_parts_of_a_series(dead: str, there: str, accepted: bool) -> None:
    of = known(f"https://www.example.com/2019/04/24/{dead}", title="Harbour Bridge Trial in Pictures")
    found = page("Harbour Bridge Trial in Pictures", OTHER_TEXT)
    assert weigh(of, found, f"https://www.example.com/2019/04/24/{there}", same_address=False).accepted is accepted
    told = known(of.url, of.title, OTHER_TEXT)
    assert weigh(told, found, f"https://www.example.com/2019/04/24/{there}", same_address=False).accepted, "its text proves it"


@pytest.mark.parametrize("excerpt", ["bridge", "the harbour bridge will", "on Monday after a night of talks"])
def test_a_short_excerpt_proves_nothing(excerpt: str) -> None:
    assert (
        weigh(known("https://www.example.com/1", text=excerpt), page(OTHER), "https://x.test/", same_address=False).text is None
    )


def test_a_page_without_an_article_is_nothing() -> None:
    assert weigh(known(), Page("not_html"), URL, same_address=True).confidence == 0.0


@pytest.mark.parametrize(
    ("reference", "url", "published", "days"),
    [
        ("2019-04-25", "https://x.test/a", "2019-04-24", 1),
        ("2019-04-25", "https://x.test/a", "2019-04-24T23:59:00+03:00", 1),
        ("2024-04-25", "https://x.test/2019/04/20/a", "2019-04-24", 4),  # the nearer of both
        (None, "https://x.test/2019/04/20/a", "2019-04-24", 4),
        (None, "https://x.test/a", "2019-04-24", None),
        ("2019-04-25", "https://x.test/a", None, None),
        ("2019-04-25", "https://x.test/a", "2019", None),
    ],
)
def test_days(reference: str | None, url: str, published: str | None, days: int | None) -> None:
    assert weigh(known(url, reference=reference), page(published=published), url, same_address=True).days == days


def test_evidence_for_the_database_leaves_out_what_is_not_known() -> None:
    shown = weigh(known(title=TITLE), page(), NEW, same_address=False).as_dict()
    assert shown["title"] == 1.0
    assert "text" not in shown
    assert {"confidence", "why", "days", "same_id"} <= set(shown)


# -- words ------------------------------------------------------------------------------------------------------------

TITLES = [
    (TITLE, "HARBOUR BRIDGE to stay “closed” until spring", None, 1.0),
    (TITLE, f"{TITLE} | The Example", "The Example", 1.0),
    (TITLE, f"The Example: {TITLE}", "The Example", 0.92),
    ("Kim Arrives", "Kim Arrives - The Moscow Times", "The Moscow Times", 1.0),
    ("Kim Arrives", "Kim Arrives - The Moscow Times", "themoscowtimes", 1.0),
    ("Kim Arrives | World", "Kim Arrives", "The Moscow Times", 0.8),
    ("U.S. and N. Korea: what’s next", "US and N Korea: Whats Next", None, 1.0),
    ("Élection à Paris", "Election a Paris", None, 1.0),
    ("金正恩抵达俄罗斯", "金正恩抵达俄罗斯", None, 1.0),
    ("金正恩抵达俄罗斯", "普京会见土耳其总统", None, 0.0),
    (TITLE, OTHER, None, 0.0),
    ("Day 12 of the harbour trial in the city", "Day 13 of the harbour trial in the city", None, 0.85),
    ("", "Anything", None, 0.0),
]


@pytest.mark.parametrize(("one", "other", "site", "value"), TITLES)
def test_titles(one: str, other: str, site: str | None, value: float) -> None:
    assert title_similarity(one, other, site) == pytest.approx(value, abs=0.001)
    assert title_similarity(other, one, site) == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("North Korea's U.S. envoy — said: “no”", ["north", "koreas", "us", "envoy", "said", "no"]),
        ("東京 2020", ["東", "京", "2020"]),
        ("Straße, Łódź, Ærø", ["strasse", "lodz", "aero"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_text_with_hard_wraps_and_divided_words_is_contained() -> None:
    wrapped = STORY.replace(" ", "\n").replace("harbour", "har-\nbour", 1).replace("Engineers", "Engi-\nneers")
    assert containment(wrapped, STORY) == 1.0
    assert containment(STORY.replace("ten minutes", "ten-\nminutes"), STORY.replace("ten minutes", "ten-minutes")) == 1.0


def test_containment_is_of_the_known_text_in_the_other() -> None:
    assert containment(STORY[:120], STORY) > 0.9
    assert containment(STORY, STORY[:120]) < 0.6
    assert containment("", STORY) == 0.0
    assert containment("普京会见土耳其总统并讨论天然气价格", "昨天,普京会见土耳其总统并讨论天然气价格。") == 1.0


def test_match_is_by_text_then_by_title() -> None:
    article = page().article
    assert article is not None
    assert match(known(text=STORY, title=OTHER), article) == 1.0
    assert match(known(title=TITLE), article) == 1.0
    assert match(known(), article) is None


# -- nobody's article -------------------------------------------------------------------------------------------------


def listing(count: int = 30) -> tuple[Link, ...]:
    anchor = "Something happened somewhere yesterday"
    return tuple(
        Link(f"https://www.example.com/2019/04/{n}/some-story-of-that-day", Role.SECTION, anchor, n) for n in range(1, count)
    )


UNFIT = [
    (page("Page not found", "Sorry."), "not the page"),
    (page("Just a moment...", "Checking your browser."), "not the page"),
    (page("Before you continue to The Example", "We use cookies. " * 20), "a form"),
    (page("Cookie settings", "We use cookies. " * 20), "a form"),
    (page("Log in | The Example", "Please log in. " * 20), "a form"),
    (page("Sign in to continue", "Please sign in. " * 20), "a form"),
    (page("DPG Media Privacy Gate", "Wij gebruiken cookies. " * 20), "a form"),
    (page("Einwilligung", "Wir verwenden Cookies. " * 20), "a form"),
    (page("The Example", STORY), "its title is the site's name"),
    (page(canonical_url="https://www.example.com/"), "it calls the front page"),
    (page("World News", STORY, links=listing(), published=None), "a list of articles"),
    (Page("not_html"), "no article"),
    (None, "no page"),
]


@pytest.mark.parametrize(("found", "why"), UNFIT)
def test_a_page_that_is_nobodys_article(found: Page | None, why: str) -> None:
    assert (unfit(found, URL, None) or "")[: len(why)] == why


FIT = [
    page(),
    page("Cookies for Christmas: twelve recipes"),
    page("Login data of thousands found on the net"),
    page("Subscribe or else: how papers court their readers"),
    page("Consent in law and in life"),
    page("Page not found", STORY * 10),  # a long text under an odd title
    page(links=listing()),  # an article with many links has a date
    page("Error 404: the story of a number", STORY * 10),
]


@pytest.mark.parametrize("found", FIT)
def test_an_article_is_fit(found: Page) -> None:
    assert unfit(found, URL, None) is None


@pytest.mark.parametrize("url", ["https://www.example.com/", "https://www.example.com/index.html", "https://www.example.com/en"])
def test_a_front_page_is_nobodys_article(url: str) -> None:
    assert unfit(page(), url, None) == "a front page"
