"""Plain text and reStructuredText: what is a link, what is not, how a target is written."""

from __future__ import annotations

import pytest

from archive.documents import Replacement, rewrite
from tests.archive.documents import CAPTURE, NEW, appended, document, left, links_of, replaced

U = "https://paper.example.test/2019/04/24/kim-meets-putin"
LONG = "https://www.paper.example.test/2019/04/24/kim-and-putin-"


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f'See {U}. And ({U}), <{U}>, "{U}"', [U, U, U, U]),
        (f"{U}_(disambiguation) x", [U + "_(disambiguation)"]),
        ("www.paper.example.test/x", ["www.paper.example.test/x"]),
        (f"{LONG}\nmeet-in-vladivostok-a65347\nText", [f"{LONG}\nmeet-in-vladivostok-a65347"]),
        (f"> {LONG}\n> meet-in-vladivostok-a65347\n> Text", [f"{LONG}\n> meet-in-vladivostok-a65347"]),
        (f"1. {U}/\n2. {U}/\n3) x", [f"{U}/", f"{U}/"]),  # the next item is not the rest of the address
        (f"- {U}-\n- a-b\n", [f"{U}-"]),
        (f"{CAPTURE}{U}", [f"{CAPTURE}{U}"]),
        ("mail a@b.test, ftp://x.test/a, file:///x, /a/b", []),
    ],
)
def test_links_of_text(text: str, targets: list[str]) -> None:
    assert links_of("a.txt", text) == targets


def test_a_capture_is_meant_as_it_stands() -> None:
    (link,) = document("a.txt", CAPTURE + U).links
    assert link.url == CAPTURE + U
    assert U in link.candidates


def test_a_wrapped_address_is_replaced_whole() -> None:
    text = f"Original url:\n{LONG}\nmeet-in-vladivostok-a65347\n\nText"
    assert replaced("a.txt", text) == f"Original url:\n{NEW}\n\nText"


@pytest.mark.parametrize("by_capture", [True, False])
def test_a_wrapped_address_is_cut_to_the_reading_that_was_repaired(by_capture: bool) -> None:
    found = document("a.txt", f"{LONG}\nb/c\n")
    assert found.links[0].candidates[:3] == (f"{LONG}b/c", f"{LONG[:-1]}b/c", LONG)
    decision = Replacement(NEW, CAPTURE + LONG) if by_capture else Replacement(NEW, reading=LONG)
    assert rewrite(found, {"1": decision}).data.decode() == f"{decision.url}\nb/c\n"


def test_what_would_be_read_with_the_next_line_is_left() -> None:
    """`…/old` ends its line, `…/new/` would go on with `2019/a` below it: a second run would take that line away."""
    text = "https://paper.example.test/old\n2019/a\n"
    assert replaced("a.txt", text, "https://paper.example.test/2018/new/") == text
    assert list(left("a.txt", text, "replace", "https://paper.example.test/2018/new/")) == ["1"]


def test_append_to_text() -> None:
    assert appended("a.txt", f"See {U}, and\n{U}") == f"See {U} (archived: {CAPTURE}{U}), and\n{U} (archived: {CAPTURE}{U})"
    assert appended("a.txt", f"{U}", "https://x.test/a)") == f"{U} (archived: https://x.test/a%29)"


def test_a_new_address_beside_the_old_one() -> None:
    found = document("a.txt", f"See {U}.")
    data = rewrite(found, {"1": Replacement(NEW)}, "append").data
    assert data.decode() == f"See {U} (moved: {NEW})."
    assert [(link.url, link.archived) for link in document("a.txt", data.decode()).links] == [(U, NEW)]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f"See `words <{U}>`_, `words <{U}>`__.", [U, U]),
        (f"See `words\n<{U}>`_", [U]),
        (f"`w <{U}/\n  wrapped>`_", [f"{U}/\n  wrapped"]),
        (f".. _name: {U}\n.. _`a: b`: {U}\n.. __: {U}\n__ {U}", [U, U, U, U]),
        (f".. _name: {U}/\n   wrapped\n\ntext", [f"{U}/\n   wrapped"]),
        (f"bare {U}, ({U})", [U, U]),
        (f".. image:: https://img.example.test/x.png\n   :target: {U}\n", [U]),
        (f".. note:: {U}\n\n   {U}\n", [U, U]),
        (f".. [1] {U}\n", [U]),
        (f"- item::\n\n      literal {U}x\n\n  {U}\n", [U]),
        (f"..\n\n   {U}\n", [U]),  # an empty comment takes nothing with it
        (f":Source: {U}\n", [U]),
    ],
)
def test_links_of_rst(text: str, targets: list[str]) -> None:
    assert links_of("a.rst", text) == targets


@pytest.mark.parametrize(
    "text",
    [
        f"``{U}``",
        f"Literal::\n\n   {U}\n\n   {U}\n",
        f"::\n\n   {U}\n",
        f".. code-block:: sh\n   :caption: x\n\n   curl {U}\n",
        f".. a comment {U}\n   {U}\n",
        f"..\n   {U}\n",
        f">>> get('{U}')\n",
        f".. image:: {U}.png\n",
        f".. figure:: {U}.png\n",
        ".. _name: other_\n.. _here:\n`w <other_>`_",
    ],
)
def test_no_links_in_rst(text: str) -> None:
    assert links_of("a.rst", text) == []


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        (f"`w <{U}>`_", "https://x.test/a_", r"`w <https://x.test/a\_>`_"),
        (f".. _n: {U}\n", "https://x.test/a_", ".. _n: https://x.test/a\\_\n"),
        (f"{U} x", "https://x.test/a_", "https://x.test/a%5F x"),
        (f"{U} x", "https://x.test/*a`", "https://x.test/%2Aa%60 x"),
        (f"{U} x", "https://x.test/a&?b:?c=#d#e&", "https://x.test/a%26?b:%3Fc=#d%23e%26 x"),
        (f"`w <{U}/\n  wrapped>`_ {U}", "https://x.test/a", "`w <https://x.test/a>`_ https://x.test/a"),
    ],
)
def test_spelling_of_rst(text: str, url: str, written: str) -> None:
    assert replaced("a.rst", text, url) == written
    assert replaced("a.rst", written, url) == written


def test_append_to_rst() -> None:
    text = f"`w <{U}>`_ and name_, `a b`_ or {U}.\n\n.. _name: {U}\n.. _a b: {U}\n"
    beside = f" (`archived <{CAPTURE}{U}>`__)"
    written = f"`w <{U}>`_{beside} and name_{beside}, `a b`_{beside} or {U}{beside}.\n\n.. _name: {U}\n.. _a b: {U}\n"
    assert appended("a.rst", text) == written
    assert appended("a.rst", written) == written


@pytest.mark.parametrize(
    "text",
    [
        f"+-----+{'-' * 60}+\n| a   | {U:<59}|\n+-----+{'-' * 60}+\n",
        f"=====  {'=' * 60}\na      {U}\n=====  {'=' * 60}\n",
        f"{U}\n{'=' * 60}\n",
    ],
)
def test_columns_do_not_shift(text: str) -> None:
    """A longer cell breaks a table, and a title longer than its underline is an error."""
    assert replaced("a.rst", text) == text
    assert list(left("a.rst", text, "append")) == ["1"]
    same = "https://other.example.test/" + "x" * (len(U) - 27)
    assert replaced("a.rst", text, same) == text.replace(U, same)


def test_titles_of_rst() -> None:
    text = f"`Kim meets Putin again <{U}>`_ and `The First Summit of Kim`_\n\n.. _The first summit of Kim: {U}\n"
    assert [link.title for link in document("a.rst", text).links] == ["Kim meets Putin again", "The First Summit of Kim"]
