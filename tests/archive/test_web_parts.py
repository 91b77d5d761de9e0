"""What the pages are made of: words, sizes, bars and rows. Pure."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.differences import Piece, differences
from archive.web.charts import bars
from archive.web.fitting import fitting, parts, weight
from archive.web.pages.search import pieces
from archive.web.sides import Row, side_by_side
from archive.web.words import day, language_tag, moment, number, plural, said, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-11-25T18:30:00Z", "25 November 2026"),
        ("2026-11-25", "25 November 2026"),
        ("2026-11", "November 2026"),
        ("2026", "2026"),
        ("20190424101500", "24 April 2019"),
        ("2026-13-01", "2026"),
        ("<b>", "<b>"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_day_is_told_as_precisely_as_it_is_known(text: str | None, shown: str) -> None:
    assert day(text) == shown


def test_a_moment_has_its_time_to_the_minute() -> None:
    assert moment("2026-11-25T18:30:59Z") == "25 November 2026, 18:30 UTC"
    assert moment("20190424101559") == "24 April 2019, 10:15 UTC"
    assert moment("2026-11-25T18:30:59+09:00") == "25 November 2026, 18:30"
    assert moment("2026-11-25") == "25 November 2026"
    assert moment(None) == ""


def test_numbers_are_read_at_a_glance() -> None:
    assert [number(12), number(1234567)] == ["12", "1\u202f234\u202f567"]
    assert [plural(1, "page"), plural(2, "page"), plural(0, "address", "addresses")] == [
        "1\xa0page",
        "2\xa0pages",
        "0\xa0addresses",
    ]


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("https://a.example/", True), ("HTTP://a.example", True), ("javascript:alert(1)", False), ("//a.example", False),
     ("data:text/html,x", False), ("https:///x", False), ("https:// x", False), ("", False), (None, False)],
)  # fmt: skip
def test_only_addresses_of_the_web_become_links(url: str | None, is_one: bool) -> None:
    assert bool(web_address(url)) is is_one


@pytest.mark.parametrize(
    ("tag", "kept"), [("en", "en"), ("zh-Hant-TW", "zh-Hant-TW"), ('en">', ""), ("", ""), (None, ""), ("x" * 99, "")]
)
def test_a_language_is_named_when_its_tag_is_one(tag: str | None, kept: str) -> None:
    assert language_tag(tag) == kept


def test_a_word_that_we_do_not_know_stays() -> None:
    assert [said({"a_b": "A"})(word) for word in ("a_b", "c_d", None)] == ["A", "c d", "other"]


# -- what fits --------------------------------------------------------------------------------------------------------


@given(st.text(alphabet=st.sampled_from('a<&"\n é漢')), st.integers(100, 400))
@settings(max_examples=200, deadline=None)
def test_a_parted_text_is_whole_and_each_part_fits(text: str, budget: int) -> None:
    pages = parts(text, budget)
    assert "".join("".join("".join(page) for page in pages).split()) == "".join(text.split())
    assert all(sum(map(weight, page)) <= budget for page in pages)
    assert all(pages[1:]), "no part but an only one is empty"


def test_only_what_fits_is_taken() -> None:
    assert fitting(["aaaa", "bbbb", "c"], 20) == ["aaaa"]  # in quotes, which take six bytes each
    assert fitting(["<" * 10], 40) == []  # as it is escaped
    assert fitting([], 0) == []


# -- bars -------------------------------------------------------------------------------------------------------------


def test_bars_are_on_one_scale_and_end_to_end() -> None:
    [long, short, none] = bars({"x": Counter(alive=3, gone=1), "y": Counter(gone=2), "z": Counter()}, ("alive", "gone"))
    assert [(part.name, part.count, part.start, part.length) for part in long.parts] == [("alive", 3, 0, 75), ("gone", 1, 75, 25)]
    assert [(part.start, part.length) for part in short.parts] == [(0, 50)]
    assert (none.parts, none.total, long.total) == ((), 0, 4)
    assert bars({}, ("alive",)) == []


# -- snippets and sides -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("snippet", "found"),
    [
        ("a \x02ferry\x03 b", [("a ", False), ("ferry", True), (" b", False)]),
        ("\x02ferry\x03", [("ferry", True)]),
        ("none", [("none", False)]),
        ("", []),
        ("torn \x02ferry", [("torn ", False), ("ferry", True)]),
        ("\x03stray", [("\x03stray", False)]),
    ],
)
def test_hits_are_told_from_the_text_around_them(snippet: str, found: list[tuple[str, bool]]) -> None:
    assert list(pieces(snippet)) == found


def test_paragraphs_stand_beside_each_other_and_the_same_ones_are_counted() -> None:
    first = "One.\nTwo.\nThree.\nFour.\nFive.\nSix."
    rows = side_by_side(differences(first, first.replace("Five", "Cinq")))
    assert [row.skipped for row in rows] == [3, 0, 0, 0]
    assert ["".join(piece.text for piece in row.left) for row in rows[1:]] == ["Four.", "Five.", "Six."]
    assert ["".join(piece.text for piece in row.right) for row in rows[1:]] == ["Four.", "Cinq.", "Six."]


def test_broken_lines_are_no_change() -> None:
    rows = side_by_side(differences("One line\nthat is broken.\nNext.", "One line that is broken.\nNext."))
    assert rows == [Row(skipped=2)]


def test_nothing_and_nothing_are_the_same() -> None:
    assert side_by_side([]) == [Row(skipped=1)]
    assert side_by_side([Piece("+", "All new.")]) == [Row(right=(Piece("+", "All new."),))]


@given(st.text(alphabet=st.sampled_from("ab \n.")), st.text(alphabet=st.sampled_from("ab \n.")))
@settings(max_examples=200, deadline=None)
def test_both_sides_hold_their_texts(first: str, second: str) -> None:
    rows = side_by_side(differences(first, second), around=1000)
    if not any(row.skipped for row in rows):
        left = "".join(piece.text for row in rows for piece in row.left)
        right = "".join(piece.text for row in rows for piece in row.right)
        assert ("".join(left.split()), "".join(right.split())) == ("".join(first.split()), "".join(second.split()))
