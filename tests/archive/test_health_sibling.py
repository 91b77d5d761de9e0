"""The random sibling: which pages are suspected, what address cannot exist, and when two answers are the same."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.health.sibling import FEWEST, Fingerprint, fingerprint, same_as_missing, shape, sibling, similarity, suspicion
from archive.models import Hop, Kind, Observation, Page, Verdict
from archive.states import State
from archive.urls import canonicalize, host
from tests.archive.made import article

STORY = "https://a.example/2021/03/12/storm-gates-close-for-first-time-h20431.html"
ALIVE, MOVED = Verdict(State.ALIVE, "answered"), Verdict(State.MOVED, "redirected")


def seen(page: Page | None, *hops: str) -> Observation:
    return Observation(STORY, tuple(Hop(url, 200) for url in hops or (STORY,)), page=page)


OWN = {"canonical_url": STORY}
DATED = {"published": "2021-03-12", "published_from": "json-ld"}
PAGES = {
    "no article": (Page("not_article"), 1.0),
    "an article without marks": (Page("ok", article=article()), 1.0),
    "its own address": (Page("ok", article=article(**OWN)), 0.5),
    "another's address": (Page("ok", article=article(canonical_url="https://a.example/")), 1.0),
    "its day": (Page("ok", article=article(**DATED)), 0.5),
    "a day that only the address has": (Page("ok", article=article(**DATED | {"published_from": "address"})), 1.0),
    "its own address and its day": (Page("ok", article=article(**OWN, **DATED)), 0.0),
    "a door": (Page("not_article", kind=Kind.CONSENT), 0.0),
    "an error that says so": (Page("not_article", kind=Kind.ERROR), 0.0),
    "a picture": (Page("not_html"), 0.0),
    "too large": (Page("too_large"), 0.0),
    "none": (None, 0.0),
}


@pytest.mark.parametrize(("page", "doubt"), PAGES.values(), ids=PAGES)
def test_which_pages_are_suspected(page: Page | None, doubt: float) -> None:
    assert suspicion(seen(page), ALIVE) == doubt


def test_a_redirect_to_something_else_is_suspected_whatever_it_shows() -> None:
    page = Page("ok", article=article(canonical_url="https://a.example/summer-special", **DATED))
    assert suspicion(seen(page, STORY, "https://a.example/summer-special"), MOVED) == 1.0
    moved = "https://a.example/news/storm-gates-close"
    page = Page("ok", article=article(canonical_url=moved, **DATED))
    assert suspicion(seen(page, STORY, moved), MOVED) == 0.0


@pytest.mark.parametrize("state", [state for state in State if not state.living])
def test_what_is_not_alive_needs_no_test(state: State) -> None:
    assert suspicion(seen(Page("not_article")), Verdict(state, "any")) == 0.0


@pytest.mark.parametrize("url", ["https://a.example/", "https://a.example/news/", "https://a.example/about"])
def test_pages_that_are_no_articles_need_no_test(url: str) -> None:
    assert suspicion(Observation(url, (Hop(url, 200),), page=Page("not_article")), ALIVE) == 0.0


# -- addresses --------------------------------------------------------------------------------------------------------

SIBLINGS = {
    STORY: r"https://a\.example/2021/03/12/[a-z]{5}-[a-z]{5}-[a-z]{5}-[a-z]{3}-[a-z]{5}-[a-z]{4}-[a-z]\d{5}\.html",
    "https://a.example/News/Short.HTML": r"https://a\.example/News/[A-Z][a-z]{24}\.HTML",
    "https://a.example/story/": r"https://a\.example/[a-z]{25}/",
    "https://a.example/news/1234567": r"https://a\.example/news/\d{25}",
    "https://a.example/news/1234567/storm": r"https://a\.example/news/\d{13}/[a-z]{25}",
    "https://a.example/a-65347/storm": r"https://a\.example/[a-z]-\d{5}[a-z]{6}/[a-z]{25}",
    "https://a.example/%C3%BCber": r"https://a\.example/[a-z]{25}",
    "https://a.example/article.php?id=51": r"https://a\.example/article\.php\?id=\d{8}",
    "https://a.example/?p=51&x=Ab": r"https://a\.example/\?p=\d{8}&x=[A-Z][a-z]{7}",
    "https://a.example/storm-gates-close.php?ref=rss": r"https://a\.example/[a-z]{5}-[a-z]{5}-[a-z]{13}\.php\?ref=[a-z]{9}",
    "https://a.example/storm-gates?page=2": r"https://a\.example/[a-z]{5}-[a-z]{19}\?page=\d{7}",
}


@pytest.mark.parametrize(("url", "pattern"), SIBLINGS.items())
def test_a_sibling_has_another_name_of_the_same_kind(url: str, pattern: str) -> None:
    made = sibling(url, "2026-48")
    assert re.fullmatch(pattern, made), made
    assert made == sibling(url, "2026-48") != sibling(url, "2026-49")


@given(st.from_regex(r"https://a\.example(/[A-Za-z0-9%._~-]{0,30}){1,4}(\?[a-z=&0-9]{0,20})?", fullmatch=True))
def test_a_sibling_of_any_address_is_one_of_the_same_host_and_shape(url: str) -> None:
    address = canonicalize(url)
    made = sibling(address, "x")
    assert host(canonicalize(made)) == host(address)
    assert isinstance(shape(made), str)


SHAPES = [
    ("https://a.example/2021/03/12/storm-gates-close.html", "https://a.example/2019/11/01/choir-sings.html", True),
    ("https://a.example/2021/03/12/storm-gates-close.html", "https://a.example/2021/03/12/storm-gates-close", False),
    ("https://a.example/sport/one-two-three", "https://a.example/news/one-two-three", False),
    ("https://a.example/storm-gates-close/page.html", "https://a.example/choir-sings-again/page.html", True),
    ("https://a.example/article.php?id=51", "https://a.example/article.php?id=7", True),
    ("https://a.example/article.php?id=51", "https://a.example/article.php?nr=51", False),
]


@pytest.mark.parametrize(("one", "other", "same"), SHAPES)
def test_shapes(one: str, other: str, same: bool) -> None:
    assert (shape(one) == shape(other)) is same


# -- answers ----------------------------------------------------------------------------------------------------------

WORDS = " ".join(f"sentence number {number} of a friendly page" for number in range(60))
ELSE = " ".join(f"the {number}th herring was counted by night" for number in range(60))


def shown(text: str, url: str = STORY, *, title: str = "A Friendly Page", final: str | None = None) -> Fingerprint:
    body = f"<html><style>p {{ x }}</style><script>if (a<b) {{ {url} }}</script><p>{text}</p></html>".encode()
    page = Page("not_article", head_title=title)
    hops = (Hop(url, 200),) if final is None else (Hop(url, 301), Hop(final, 200))
    return fingerprint(Observation(url, hops, page=page), body)


OTHER = "https://a.example/2021/03/12/qwert.html"


def test_the_same_text_is_the_same_page() -> None:
    evidence = same_as_missing(shown(f"{WORDS} {ELSE} Not {STORY}"), shown(f"{WORDS} {ELSE} Not {OTHER}", OTHER))
    assert evidence is not None
    assert (evidence["same"], evidence["sibling"]) == ("text", OTHER)
    assert evidence["similarity"] >= 0.9


def test_scripts_and_styles_are_no_text() -> None:
    assert shown(WORDS).size == len(WORDS)
    assert similarity(shown(WORDS), shown(WORDS, OTHER)) == 1.0


DIFFERENT = {
    "another text": (shown(WORDS), shown(ELSE, OTHER)),
    "half of it another": (shown(WORDS + ELSE), shown(WORDS, OTHER)),
    "another title": (shown(WORDS, title="Storm Gates Close"), shown(WORDS, OTHER)),
    "a shell without text": (shown("x" * (FEWEST - 1)), shown("x" * (FEWEST - 1), OTHER)),
    "nothing": (shown(""), shown("", OTHER)),
    "an honest 404": (shown(WORDS), replace(shown(WORDS, OTHER), status=404)),
    "no answer": (shown(WORDS), replace(shown(WORDS, OTHER), status=None)),
    "another host": (shown(WORDS), shown(WORDS, "https://b.example/x")),
}


@pytest.mark.parametrize(("page", "missing"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_is_not_proof(page: Fingerprint, missing: Fingerprint) -> None:
    assert same_as_missing(page, missing) is None


def test_all_lead_to_one_page() -> None:
    special = "https://a.example/summer-special"
    evidence = same_as_missing(shown(WORDS, final=special), shown(ELSE, OTHER, final=special, title="Other"))
    assert evidence == {"final_url": special, "sibling": OTHER, "same": "final_url"}


def test_a_page_that_a_sibling_leads_to_is_still_there() -> None:
    """A server that goes by an id it guesses sends the sibling to the page itself."""
    assert same_as_missing(shown(ELSE), shown(WORDS, OTHER, final=STORY)) is None


@pytest.mark.parametrize("body", [b"<" * 200_000, b"<script" * 40_000, b"<script>" * 40_000, b"\x00" * 200_000])
def test_hostile_bodies_are_read_in_one_pass(body: bytes) -> None:
    assert len(fingerprint(Observation(STORY, (Hop(STORY, 200),)), body).sketch) <= 256
