"""Markdown and saved pages: the page's own address, links with their words, related blocks, the body."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.clippings import read_document
from archive.models import Document, Role

A = "https://a.example/2021/03/12"


def read(text: str, name: str = "-") -> Document:
    document = read_document(name, text.encode())
    for mention in document.mentions:
        assert document.text[mention.start : mention.end] == mention.raw_text
    return document


def roles(document: Document) -> list[tuple[str, str | None, str]]:
    return [(mention.role.value, mention.title, mention.url) for mention in document.mentions]


# -- Markdown ---------------------------------------------------------------------------------------------------------

NOTE = f"""---
title: "Storm Gates Close"
source: {A}/gates
image: https://a.example/picture.jpg
author: https://a.example/people/marit
published: 2021-03-12
created: 2026-11-24
---
# Another heading

The gates closed, as [the council had said before]({A}/council-vote) and ![a picture](https://a.example/x.jpg) shows.

See [the ferry is back again][2] and <{A}/auto>.

## Related

- [Night Ferry Returns Again]({A}/ferry)
- [Island School Reopens Today](<{A}/school> "title")
- [more]({A}/more)

[2]: {A}/second "Second of the Stories"
"""


def test_a_note_with_front_matter() -> None:
    document = read(NOTE, "note.md")
    assert document.format == "markdown"
    assert document.title == "Storm Gates Close"
    assert document.reference == datetime(2021, 3, 12, 12, tzinfo=UTC)
    assert roles(document) == [
        ("original", None, f"{A}/gates"),
        ("inline", None, f"{A}/council-vote"),
        ("inline", None, f"{A}/auto"),
        ("related", "Night Ferry Returns Again", f"{A}/ferry"),
        ("related", "Island School Reopens Today", f"{A}/school"),
        ("related", None, f"{A}/more"),
        ("inline", "Second of the Stories", f"{A}/second"),
    ]
    assert "The gates closed, as the council had said before and  shows." in document.body
    assert "picture" not in document.body
    assert "a.example" not in document.body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"# Head\n\nProse is here, enough of it.\n\nSource: [The Harbour Gazette]({A}/b)\n",
            ("original", "The Harbour Gazette", f"{A}/b"),
        ),
        (f"# Head\n\nProse is here, enough of it.\n\nOriginal url: <{A}/b>\n", ("original", None, f"{A}/b")),
        (f"# Head\n\nProse is here, enough of it.\n\n{A}/b-\nc\n", ("original", None, f"{A}/b-c")),
        (f"+++\nurl = '{A}/b'\n+++\nProse is here, enough of it.\n", ("original", None, f"{A}/b")),
        (f"---\nOriginal URL: {A}/b\n---\nProse is here, enough of it.\n", ("original", None, f"{A}/b")),
    ],
)
def test_the_original_of_a_note(text: str, expected: tuple[str, str | None, str]) -> None:
    document = read(text, "a.md")
    assert roles(document) == [expected]
    assert document.body.replace("Head\n\n", "") == "Prose is here, enough of it."


def test_what_stands_alone_below_the_front_matters_original_is_related() -> None:
    document = read(f"---\nurl: {A}/b\n---\nProse is here, enough of it.\n\n{A}/c\n", "a.md")
    assert [mention.role for mention in document.mentions] == [Role.ORIGINAL, Role.RELATED]


def test_markdown_is_known_without_its_name() -> None:
    assert read(f"# Head\n\nProse is what stands here.\n\n{A}/b").format == "markdown"
    assert read(f"Prose with [a link]({A}/b) is here.").format == "markdown"
    assert read(f"Prose [1] with an address {A}/b is here.").format == "text"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Head of it\n==========\n\nProse.", "Head of it"),
        ("## Head ##\n\nProse.", "Head"),
        ("Prose.", None),
        ("---\ntitle: 'T'\n---\n", "T"),
    ],
)
def test_titles_of_notes(text: str, title: str | None) -> None:
    assert read(text, "a.md").title == title


# -- saved pages ------------------------------------------------------------------------------------------------------


def page(head: str = "", body: str = "", before: str = "") -> Document:
    return read(f"<!DOCTYPE html>{before}<html><head>{head}</head><body>{body}</body></html>", "a.html")


CANONICAL = f"<link rel='canonical' href='{A}/gates'>"
SAVED = f"\n<!-- saved from url=(0046){A}/saved -->\n"

OWN = {
    "canonical": (CANONICAL, "", "gates"),
    "canonical in other words": (f"<LINK REL='shortlink Canonical' HREF={A}/gates>", "", "gates"),
    "og:url": (f'<meta property="og:url" content="{A}/gates">', "", "gates"),
    "noted by the browser": ("", SAVED, "saved"),
    "declared before noted": (CANONICAL, SAVED, "gates"),
    "a front page is none": ("<link rel=canonical href='https://a.example/'>", SAVED, "saved"),
    "entities": (f"<link rel=canonical href='{A}/gates?a=1&amp;b=2'>", "", "gates?a=1&b=2"),
    "parameters that look like entities": (
        f"<link rel=canonical href='{A}/gates?a=1&section=2&copy=3'>",
        "",
        "gates?a=1&section=2&copy=3",
    ),
}


@pytest.mark.parametrize(("head", "before", "expected"), OWN.values(), ids=OWN.keys())
def test_the_pages_own_address(head: str, before: str, expected: str) -> None:
    assert roles(page(head, "<p>x</p>", before)) == [("original", None, f"{A}/{expected}")]


@pytest.mark.parametrize(
    "head", ["", "<link rel=canonical href='https://a.example/'>", "<link rel=canonical href='javascript:x'>"]
)
def test_a_page_that_does_not_say_where_it_is_from(head: str) -> None:
    assert page(head, "<p>x</p>").mentions == ()


TITLE = "Council Approves Repairs"
STORY = "/2021/03/09/council-approves-repairs"

LINKS = {
    "in prose": (f"<p>As <a href='https://a.example{STORY}'>the council said before</a>.</p>", "inline", None),
    "relative": (f"<p>As <a href='{STORY}'>before</a>.</p>", "inline", None),
    "with entities": (f"<p>As <a href='https://a.example{STORY}&#x2e;html'>before</a>.</p>", "inline", None),
    "in a related block": (f"<div class='article_related'><a href='{STORY}'>{TITLE}</a></div>", "related", TITLE),
    "in an aside": (f"<aside id=read-more><ul><li><a href='{STORY}'>{TITLE}</a></ul></aside>", "related", TITLE),
    "under a heading": (f"<h3>See also</h3><ul><li><a href='{STORY}'>{TITLE}</a></ul>", "related", TITLE),
    "behind a lead": (f"<p>Lesen Sie auch: <a href='{STORY}'>{TITLE}</a></p>", "related", TITLE),
    "with words that are no title": (f"<p class=related><a href='{STORY}'>here</a></p>", "related", None),
    "in a menu": (f"<nav><ul><li><a href='{STORY}'>x</a></ul></nav>", None, None),
    "in a footer": (f"<footer><p><a href='{STORY}'>x</a></p></footer>", None, None),
    "to a section": ("<p><a href='/harbour/'>Harbour</a></p>", None, None),
    "to a picture": ("<p><a href='/2021/03/09/council-approves-repairs.jpg'>x</a></p>", None, None),
    "to a place on the page": ("<p><a href='#council-approves-repairs-to-gates'>x</a></p>", None, None),
    "to a script": ("<p><a href='javascript:council-approves-repairs-to-gates()'>x</a></p>", None, None),
}  # fmt: skip


@pytest.mark.parametrize(("body", "role", "title"), LINKS.values(), ids=LINKS.keys())
def test_links_of_a_page(body: str, role: str | None, title: str | None) -> None:
    found = roles(page(CANONICAL, body))[1:]
    assert [(found_role, found_title) for found_role, found_title, _ in found] == ([(role, title)] if role else [])
    assert all(url.removesuffix(".html") == f"https://a.example{STORY}" for _, _, url in found)


def test_relative_links_refer_to_the_base() -> None:
    body = f"<p>As <a href='{STORY[1:]}'>before</a>.</p>"
    assert page("<base href='https://b.example/x/'>", body).mentions[0].url == f"https://b.example/x{STORY}"
    assert page("", body, SAVED).mentions[1].url == f"{A}{STORY}"
    assert page("", body).mentions == ()


def test_an_address_is_mentioned_once() -> None:
    body = f"<p><a href='{A}/gates'>own</a> <a href='{STORY}'>one</a> <a href='{STORY}'>two</a></p>"
    assert len(page(CANONICAL, body).mentions) == 2


def test_title_day_and_body_of_a_page() -> None:
    head = "<meta property='article:published_time' content='2021-03-12T08:15:00+00:00'><title>Storm Gates - The Gazette</title>"
    body = (
        "<nav><p>Menu</p></nav><h1>Storm Gates &amp; Tides</h1><p>First\n one.</p>"
        "<blockquote>Second.</blockquote><ul><li><a href='/x'>no</a></ul>"
    )
    document = page(head, body)
    assert document.title == "Storm Gates & Tides"
    assert document.reference == datetime(2021, 3, 12, 12, tzinfo=UTC)
    assert document.body == "Storm Gates & Tides\n\nFirst one.\n\nSecond."
    assert page("<meta property=og:title content='Of the Net'>", "<h1>Of the page</h1>").title == "Of the Net"
    assert page("", "Words without a paragraph").body == "Words without a paragraph"


def test_bookmarks_are_all_asked_for() -> None:
    text = (
        f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p><DT><A HREF='{A}/b' ADD_DATE='1'>Night Ferry Returns Again</A>\n"
        f"<DT><A HREF='{A}/c'>c</A></DL>"
    )
    assert roles(read(text, "bookmarks.html")) == [
        ("original", "Night Ferry Returns Again", f"{A}/b"),
        ("original", None, f"{A}/c"),
    ]


@pytest.mark.parametrize(
    "text", ["<html><p>x", "<?xml version='1.0'?><html><p>x", "\n <!-- a --><div><p>x", "<title>x</title>", "<BODY>x"]
)
def test_html_is_known_without_its_name(text: str) -> None:
    assert read(text).format == "html"


def test_a_text_that_speaks_of_markup_is_none() -> None:
    assert read("The <html> element is the root of a page, he said.").format == "text"
