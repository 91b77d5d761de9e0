"""How a site moved its pages, learnt from pairs of old and new address."""

from __future__ import annotations

import pytest

from archive.repair.rules import moved

W = "https://www.paper.test"
PAIRS = {
    "into one folder": (f"{W}/2019/04/24/bridge-closed.html", f"{W}/news/archive/bridge-closed"),
    "a section renamed": (f"{W}/politics/budget-voted", f"{W}/uk-politics/budget-voted"),
    "to another host": (f"{W}/2019/04/24/bridge-closed", "https://archive.paper.test/2019/04/24/bridge-closed"),
    "the date moved": (f"{W}/2019/04/24/bridge-closed", f"{W}/news/2019/04/bridge-closed"),
    "an id appended": (f"{W}/2019/04/24/bridge-closed", f"{W}/news/bridge-closed-a123"),
    "not moved": (f"{W}/a/b", f"{W}/a/b"),
}


@pytest.mark.parametrize(
    ("pair", "url", "first"),
    [
        ("into one folder", f"{W}/2020/11/02/ferry-returns.html", f"{W}/news/archive/ferry-returns"),
        ("into one folder", f"{W}/sport/cup-final.html", f"{W}/news/archive/cup-final"),  # by the rule for any folder
        ("into one folder", "https://blog.paper.test/2020/11/02/ferry-returns", None),
        ("a section renamed", f"{W}/politics/harbour-tax", f"{W}/uk-politics/harbour-tax"),
        ("to another host", f"{W}/2020/11/02/ferry-returns", "https://archive.paper.test/2020/11/02/ferry-returns"),
        ("the date moved", f"{W}/2020/11/02/ferry-returns", f"{W}/news/2020/11/ferry-returns"),
        ("the date moved", f"{W}/politics/harbour-tax", None),
        ("an id appended", f"{W}/2020/11/02/ferry-returns", None),
        ("not moved", f"{W}/a/c", None),
    ],
)
def test_a_rule_is_applied_to_other_links(pair: str, url: str, first: str | None) -> None:
    assert next(iter(moved(url, [PAIRS[pair]])), None) == first


def test_what_was_seen_more_often_comes_first() -> None:
    pairs = [(f"{W}/2019/0{n}/24/story-{n}", f"{W}/story-{n}") for n in range(1, 4)]
    pairs.insert(0, (f"{W}/2018/01/01/other", f"{W}/old/other"))
    assert moved(f"{W}/2020/11/02/ferry", pairs)[:2] == [f"{W}/ferry", f"{W}/old/ferry"]
