"""Dates: what is stated first, never later than the capture, never invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extract import extract
from archive.extract.dates import modified, published, readable
from archive.extract.structured import Stated, read_jsonld, read_meta
from archive.extract.tree import parse

CAPTURED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20T10:00:00.123456789+0100", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20 10:00:00 +0100", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20T10:00", "2026-11-20T10:00:00"),
        ("2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20", "2026-11-20"),
        ("2026-1-2", "2026-01-02"),
        ("2026/01/02", "2026-01-02"),
        ("20260102", "2026-01-02"),
        ("Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00+00:00"),
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00+00:00"),
        ("2026-11-24T09:00:01Z", None),  # after the capture
        ("2026-11-24T22:00:00", "2026-11-24T22:00:00"),  # in New Zealand it is that late
        ("2026-11-25T10:00:00", None),
        ("2026-11-25", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2026-02-30", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("2026" * 100_000, None),
    ],
)
def test_readable(text: str | None, date: str | None) -> None:
    assert readable(text, CAPTURED) == date


def found(html: str, url: str = "https://example.test/a", stated: Stated | None = None) -> str | None:
    tree = parse(f"<html>{html}")
    assert tree is not None
    return published(stated or Stated(), read_meta(tree), tree, url, CAPTURED).date


PROSE = "<p>The treaty of 2019-04-24 was signed on 24 April 2019 and amended on 1995-01-01.</p>" * 3


@pytest.mark.parametrize(
    ("html", "url", "stated", "date"),
    [
        (
            '<meta property="article:published_time" content="2026-11-19">',
            "/2026/11/18/x",
            Stated(published="2026-11-20"),
            "2026-11-20",
        ),
        ('<meta property="article:published_time" content="2026-11-19">', "/2026/11/18/x", None, "2026-11-19"),
        ('<meta name="DC.date.issued" content="soon"><meta name="date" content="2026-11-19">', "/a", None, "2026-11-19"),
        ('<meta name="date" content="2027-11-19"><article><time datetime="2026-11-17">', "/2026/11/18/x", None, "2026-11-17"),
        (PROSE, "/2026/11/18/x", None, "2026-11-18"),
        (PROSE, "/2026-11-18-x", None, "2026-11-18"),
        (PROSE, "/2026/11/x", None, None),  # a month is no day
        (PROSE, "/2026/13/45/x", None, None),
        (PROSE, "/a", None, None),  # dates in the story are not its own
        ('<div class="byline">By Ann Lee, <span class="date">November 17, 2026</span></div>' + PROSE, "/a", None, "2026-11-17"),
        ('<div class="published">17.11.2026</div>' + PROSE, "/a", None, "2026-11-17"),
        ('<footer class="info">© 1999-2027</footer>' + PROSE, "/a", None, None),
    ],
)
def test_published(html: str, url: str, stated: Stated | None, date: str | None) -> None:
    assert found(html, f"https://example.test{url}", stated) == date


def test_modified() -> None:
    tree = parse('<html><meta property="article:modified_time" content="2026-11-21T08:00:00Z">')
    assert tree is not None
    assert modified(Stated(), read_meta(tree), CAPTURED) == ("2026-11-21T08:00:00+00:00", "meta")
    assert modified(Stated(modified="2026-11-22"), read_meta(tree), CAPTURED).date == "2026-11-22"
    assert modified(Stated(), read_meta(parse("<p>x")), CAPTURED) == (None, None)  # type: ignore[arg-type]


def test_looking_for_a_date_leaves_the_tree_as_it_is() -> None:
    tree = parse(f'<html><div class="date">November 17, 2026</div>{PROSE}')
    assert tree is not None
    before = tree.text_content()
    assert published(Stated(), read_meta(tree), tree, "https://example.test/a", CAPTURED) == ("2026-11-17", "shown")
    assert tree.text_content() == before


BESIDE = """<html><body><h1>Council meets</h1><p>{line}</p><article><p>The council met on Tuesday to discuss the budget for the
coming year, and many people came to listen to what the mayor said of 2019 and of 1 May 2020.</p></article>"""


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("3 November 2026", "2026-11-03"),
        ("03.11.2026 // Ann Lee", "2026-11-03"),
        ("The Example • 03.11.2026, 10:30", "2026-11-03"),
        ("03.12.2026", None),  # after the capture
        ("Copyright 2026", None),
        ("no date", None),
    ],
)
def test_a_line_beside_the_headline(line: str, date: str | None) -> None:
    body = BESIDE.format(line=line).encode()
    page = extract(body, (("Content-Type", "text/html"),), "https://example.test/a", CAPTURED)
    assert page.article is not None
    assert (page.article.published or "")[:10] == (date or "")


def test_wordpress_dates_the_page_and_not_an_article() -> None:
    page = '{"@graph": [{"@type": "WebPage", "datePublished": "2026-11-02T10:00:00+00:00", "dateModified": "2026-11-03"}]}'
    tree = parse(f'<html><script type="application/ld+json">{page}</script>')
    assert tree is not None
    stated = read_jsonld(tree, "https://example.test/a", ())
    assert stated is not None
    assert (stated.published, stated.modified, stated.published_from) == ("2026-11-02T10:00:00+00:00", "2026-11-03", "json-ld")
