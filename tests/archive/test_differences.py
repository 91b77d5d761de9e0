"""Differences word by word: what is told, that both texts come out of it whole, and that no input makes it slow."""

from __future__ import annotations

import random
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.differences import Piece, added_and_removed, count_words, differences, html_page, marked, words


def told(first: str, second: str) -> str:
    return marked(differences(first, second), full=True)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("The ferry sank.", "The ferry sank.", "The ferry sank."),
        ("The ferry sank.", "The old ferry sank.", "The {+old+} ferry sank."),
        ("The old ferry sank.", "The ferry sank.", "The [-old-] ferry sank."),
        ("12 were saved.", "13 were saved.", "[-12-]{+13+} were saved."),
        ("It's late.", "It's early.", "It's [-late-] {+early+}."),
        ("one two three", "three one two", "{+three+} one two [-three-]"),
        ("1,204 dead", "1,304 dead", "[-1,204-]{+1,304+} dead"),
        ("He sank.", "He sank!", "He sank[-.-]{+!+}"),
        ("", "All new", "{+All new+}"),
        ("All gone", "", "[-All gone-]"),
        ("", "", ""),
        ("two  blanks", "two blanks", "two blanks"),
        ("船は正午に沈んだ。12人が死亡。", "船は午後に沈んだ。13人が死亡。", "船は[-正-]午{+後+}に沈んだ。[-12-]{+13+}人が死亡。"),
        ("เรือจมแล้ว", "เรือจม", "เรือจม[-แล้ว-]"),
        ("One.\n\nTwo.", "One.\n\nA new one.\n\nTwo.", "One.\n\n{+A new one.+}\n\nTwo."),
        ("One.\n\nTwo.", "One. Two.", "One.\n\n Two."),
    ],
)  # fmt: skip
def test_what_is_told(first: str, second: str, shown: str) -> None:
    assert told(first, second) == shown


def test_words_in_common_by_chance_do_not_chop_up_a_new_sentence() -> None:
    first = "Rescuers searched the bay through the whole night with lamps and small boats."
    second = "Insurers have paid the owners of every cargo after a long trial in the city of Bergen."
    assert [piece.sign for piece in differences(first, second)] == ["-", "+", "="]


def test_unchanged_paragraphs_are_counted() -> None:
    first = "\n\n".join(f"Paragraph {number} stays." for number in range(5)) + "\n\nThe last changes."
    pieces = differences(first, first.replace("last changes", "end changed"))
    assert marked(pieces) == "… (5 unchanged paragraphs)\n\nThe [-last changes-] {+end changed+}."
    assert marked(differences("One.\n\nTwo.", "One.\n\nThree.")) == "… (1 unchanged paragraph)\n\n[-Two-]{+Three+}."


@pytest.mark.parametrize(
    ("text", "count"), [("The ferry sank.", 3), ("", 0), ("— … !", 0), ("船は沈んだ", 5), ("It's 1,204.5", 2)]
)
def test_words_are_counted(text: str, count: int) -> None:
    assert count_words(text) == count


def test_counts_of_a_change() -> None:
    assert added_and_removed(differences("a b c d e", "a x y c d")) == (2, 2)


# -- any texts --------------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(["the", "a", "of", "ferry", "sank", "船", "は", "\n", ".", ",", "-"]), max_size=400).map(" ".join),
)


def plain(text: str) -> str:
    """Without blanks, in form NFC: what a comparison promises to keep."""
    import unicodedata

    return "".join(unicodedata.normalize("NFC", text).split())


@given(TEXTS, TEXTS)
def test_both_texts_come_out_whole(first: str, second: str) -> None:
    pieces = differences(first, second)
    assert plain("".join(piece.text for piece in pieces if piece.sign != "+")) == plain(first)
    assert plain("".join(piece.text for piece in pieces if piece.sign != "-")) == plain(second)
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {piece.sign for piece in differences(text, text)} <= {"="}


@given(TEXTS, TEXTS)
def test_a_page_and_a_terminal_take_any_text(first: str, second: str) -> None:
    pieces = differences(first, second)
    assert marked(pieces).isprintable() or "\n" in marked(pieces) or not marked(pieces).isascii()
    assert html_page(first, {"Address": second}, pieces).count("<html>") == 1


WORDS = ["the", "a", "of", "and", "to", "in"]
LARGE = {
    "few words": lambda dice: " ".join(dice.choices(WORDS, k=25_000)),
    "one word": lambda dice: "a " * dice.randint(40_000, 50_000),
    "words of a language": lambda dice: " ".join(f"w{int(dice.paretovariate(0.6)) % 20_000}" for _ in range(17_000)),
    "no word twice": lambda dice: " ".join(f"w{dice.randint(0, 10**9)}" for _ in range(10_000)),
    "no blanks": lambda dice: "".join(dice.choices("船は正午に沈んだ人が死亡した", k=33_000)),
    "shuffled": lambda dice: " ".join(dice.sample([f"w{number}" for number in range(17_000)], 17_000)),
    "lines of signs": lambda dice: "".join(dice.choices("-.\n ", k=100_000)),
}  # fmt: skip


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_the_steps_are_linear_in_the_words_of_texts_of_100_kb(make: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words looked at for unique ones, and cells of exact tables: what the time goes into."""
    steps = {"looked at": 0, "cells": 0}
    unique, exact = words._unique, words._exact

    def counted_unique(first: list[str], second: list[str], where: words.Range) -> list[tuple[int, int]]:
        steps["looked at"] += where[1] - where[0] + where[3] - where[2]
        return unique(first, second, where)

    def counted_exact(first: list[str], second: list[str], where: words.Range) -> list[tuple[int, int]]:
        steps["cells"] += (where[1] - where[0]) * (where[3] - where[2])
        return exact(first, second, where)

    monkeypatch.setattr(words, "_unique", counted_unique)
    monkeypatch.setattr(words, "_exact", counted_exact)
    one, other = make(random.Random(1)), make(random.Random(2))  # type: ignore[operator]
    differences(one, other)
    total = len(list(words._words(one))) + len(list(words._words(other)))
    assert steps["looked at"] <= words.ROUNDS * total
    assert steps["cells"] <= words.EXACT**0.5 / 2 * total


# -- pages ------------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)> \"&' \x1b[31m \u202egnp </style></title>"


def test_a_page_is_inert_whatever_the_texts_say() -> None:
    page = html_page(EVIL, {EVIL: EVIL}, differences(f"{EVIL} one", f"{EVIL} two\n{EVIL}"))
    tags = Tags()
    tags.feed(page)
    assert {tag for tag, _ in tags.found} <= {
        *["html", "head", "meta", "title", "style", "body", "h1", "dl", "dt", "dd", "p", "del", "ins"]
    }
    assert not [
        name for _, attributes in tags.found for name in attributes if name.startswith("on") or name in ("src", "href", "style")
    ]
    assert not set("\x1b\u202e") & set(page)
    policy = next(a["content"] for _, a in tags.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert page.index("Content-Security-Policy") < page.index("<style>"), "before all that it governs"
    assert "unsafe" not in policy


def test_the_policy_names_the_style_sheet_that_is_there() -> None:
    import base64
    import hashlib
    import re

    page = html_page("A", {}, [Piece("-", "old"), Piece("+", "new")])
    style = re.search(r"<style>(.*)</style>", page, re.DOTALL)
    assert style is not None
    assert base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in page
    assert '<p dir="auto"><del>old</del><ins>new</ins></p>' in page
