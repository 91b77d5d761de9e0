"""Nothing from a page commands a terminal."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.terminal import json_line, safe, safe_paragraphs, shorten

NAUGHTY = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hostile" / "blns.json"


def harmless(text: str) -> bool:
    """No controls (C0, DEL, C1), no marks of direction, no halves of signs."""
    return all(
        unicodedata.category(sign) not in ("Cc", "Cs") and unicodedata.bidirectional(sign) not in DIRECTIONS for sign in text
    )


DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "plain": "plain",
        "\x1b[31mred\x1b[0m": "red",
        "\x1b[2J\x1b[1;1Hclear": "clear",
        "\x1b]0;title\x07after": "after",
        "\x1b]52;c;aGFjaw==\x1b\\after": "after",
        "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\": "link",
        "\x9b31mred": "red",
        "\x9d0;title\x9cafter": "after",
        "\x1bPq#0\x1b\\after": "after",
        "\x1bcreset": "reset",
        "\x1b": "",
        "a\x00b\x07c\x08d\x7fe": "abcde",
        "one\ntwo\r\nthree\tfour": "one two three four",
        "over\rwritten": "over written",
        "a\x85b\u2028c\u2029d": "a b c d",
        "txt.\u202egpj.exe": "txt.gpj.exe",
        "\u2066x\u2069\u200f": "x",
        "\ud800x": "x",
        "  many   blanks ": "many blanks",
        "Путин и 金正恩 👩‍👩‍👧": "Путин и 金正恩 👩‍👩‍👧",
        "[31m is what a text may say": "[31m is what a text may say",
        "": "",
    }.items(),
)
def test_one_safe_line(text: str, expected: str) -> None:
    assert safe(text) == expected


def test_anything_can_be_shown() -> None:
    assert safe(None) == "None"
    assert safe(404) == "404"


def test_paragraphs_keep_their_lines() -> None:
    assert safe_paragraphs("one\x1b[31m\n\n two\u2028three") == "one\n\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("words are cut at a blank", 12, "words are…"),
        ("onewordwithoutblanks", 8, "oneword…"),
        ("a verylongwordbehind", 12, "a verylongw…"),
        ("\x1b[31mred and more words", 10, "red and…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_shortened(text: str, width: int, expected: str) -> None:
    assert shorten(text, width) == expected


@settings(deadline=None)
@given(st.text(), st.integers(0, 40))
def test_no_text_gets_through(text: str, width: int) -> None:
    assert harmless(safe(text))
    assert "\n" not in safe(text)
    assert harmless(safe_paragraphs(text).replace("\n", ""))
    assert len(shorten(text, width)) <= width


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
    )
)
def test_json_is_one_harmless_line_that_says_the_same(value: object) -> None:
    line = json_line(value)
    assert json.loads(line) == value
    assert len(line.splitlines()) == 1
    assert harmless(line)


def test_json_keeps_what_people_read() -> None:
    assert json_line({"title": "Путин 👩‍👩‍👧"}) == '{"title": "Путин 👩‍👩‍👧"}'
    assert json_line("\x1b[31m\x9b\u202e\x7f") == '"\\u001b[31m\\u009b\\u202e\\u007f"'


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the list of naughty strings is not here")
def test_naughty_strings() -> None:
    naughty = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    assert len(naughty) > 500
    for text in naughty:
        assert harmless(safe(text))
        assert harmless(safe_paragraphs(text).replace("\n", ""))
        assert json.loads(json_line(text)) == text
