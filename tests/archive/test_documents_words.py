"""Link text and dates as evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents.words import moment, telling


@pytest.mark.parametrize(
    "text",
    ["Kim meets Putin", "First Putin-Kim Summit to Take Place on April 25", "金正恩与普京首次会晤将举行", "ก่อนการประชุมสุดยอด"],
)
def test_telling(text: str) -> None:
    assert telling(text) == text


@pytest.mark.parametrize(
    "text", [None, "", "here", "Read more", "this article", "click here to read the full story", "BBC News", "1", "https://a.test/b c d", "www.a.test/x",
             "the original article on the website", "x" * 301]
)  # fmt: skip
def test_not_telling(text: str | None) -> None:
    assert telling(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2019-04-24", "2019-04-24 12:00"),
        ("2019-04-24T10:00:00+03:00", "2019-04-24 07:00"),
        ("2019-04-24 10:30", "2019-04-24 10:30"),
        ("20190424", "2019-04-24 12:00"),
        ("20190424101500", "2019-04-24 10:15"),
        ("24 April 2019", "2019-04-24 12:00"),
        ("April 24th, 2019", "2019-04-24 12:00"),
        ("24. März 2019", "2019-03-24 12:00"),
        ("24 de abril de 2019", "2019-04-24 12:00"),
        ("April 2019", "2019-04-01 12:00"),
        ("2019-04", "2019-04-01 12:00"),
        ("2019/04/24", "2019-04-24 12:00"),
    ],
)
def test_moments(text: str, said: str) -> None:
    assert str(moment(text))[:16] == said


@pytest.mark.parametrize(
    "text",
    [None, "", "04/05/2019", "31 February 2019", "yesterday", True, 7, ["2019-04-24"], "2019-13-01", "24 Foo 2019", "0000-00-00"],
)
def test_no_moments(text: object) -> None:
    assert moment(text) is None


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found, words = moment(text), telling(text)
    assert found is None or found.utcoffset() == timedelta(0)
    assert words is None or words == " ".join(text.split())
