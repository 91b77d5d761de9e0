"""How near two addresses are, with words lost, cut or misspelt."""

from __future__ import annotations

import re

import pytest

from archive.repair.likeness import distance, likeness, nearly
from archive.repair.rungs.slug_search import LIKE, queries
from archive.webarchives.cdx import words_regex
from tests.archive.ladder_world import NOW

BASE = "https://www.example.com/politics/"
SLUG = "harbour-bridge-closed-until-spring"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("bridge", "bridge", True),
        ("bridge", "brigde", True),  # two letters swapped
        ("bridge", "birdge", True),
        ("bridge", "bride", True),
        ("bridge", "bribe", False),
        ("presidency", "presi", True),  # cut
        ("presidency", "pre", False),
        ("until", "untill", True),
        ("kremlin", "cremlin", True),
        ("parliament", "parlaiment", True),
        ("parliament", "parlement", True),
        ("wind", "wine", False),  # short words differ by one letter too often
        ("65357", "65358", False),
        ("a65357", "a65358", False),
        ("für", "fur", False),
    ],
)
def test_spellings_of_a_word(one: str, other: str, expected: bool) -> None:
    assert nearly(one, other) is expected
    assert nearly(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("", "abc", 3), ("abc", "acb", 1), ("abcd", "badc", 2), ("kitten", "sitting", 3)]
)
def test_steps_from_one_word_to_another(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == distance(other, one) == steps


NEAR = [
    SLUG,
    f"{SLUG}-a65357",
    "harbor-bridge-closed-until-spring",
    "harbuor-bridge-closd-until-spring",
    "harbour-bridge-closed-until-spr",
]
FAR = ["harbour-festival-opened-in-spring", "council-votes-on-budget", "harbour"]


@pytest.mark.parametrize("slug", NEAR)
def test_worth_a_look(slug: str) -> None:
    assert likeness(BASE + slug, BASE + SLUG) >= LIKE


@pytest.mark.parametrize("slug", FAR)
def test_worth_none(slug: str) -> None:
    assert likeness(BASE + slug, BASE + SLUG) < LIKE


def test_nearer_is_liker() -> None:
    ranks = [likeness(BASE + slug, BASE + SLUG) for slug in (SLUG, NEAR[2], NEAR[3], FAR[0], FAR[1])]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == len(ranks)


def test_an_id_of_a_folder_says_nothing() -> None:
    one, other = f"{BASE}article410396860/{SLUG}", f"{BASE}article410396860/council-votes-on-budget"
    assert likeness(one, other) >= LIKE
    assert likeness(one, other, frozenset({"410396860", "article410396860"})) == 0.0


@pytest.mark.parametrize(
    ("noted", "true"),
    [
        ("harbour-bridge-closed-until-spring", "harbour-bridge-closed-until-spring-a65357"),
        ("harbuor-bridge-closed-until-spring", "harbour-bridge-closed-until-spring"),  # misspelt
        ("harbour-bridge-closed-spring", "harbour-bridge-closed-until-late-spring"),  # lost
        ("harbour-bridge-closed-until-spr", "harbour-bridge-closed-until-spring"),  # cut
        ("harbuor-bridge-closed", "harbour-bridge-closed"),  # of three words one
        ("harbour-brigde-closed", "harbour-bridge-closed"),
        ("harbour-bridge-clsoed", "harbour-bridge-closed"),
    ],
)
def test_the_widest_question_finds_it(noted: str, true: str) -> None:
    widest = queries(BASE + noted, NOW)[-1]
    assert re.fullmatch(words_regex(widest.words), f"com,example)/politics/{true}")
    assert not re.fullmatch(words_regex(widest.words), "com,example)/politics/harbour-festival-opened-in-spring")
