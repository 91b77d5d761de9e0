"""One response -> Page: an ordinary article, and each reason why there is none."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime

import pytest

from archive.extract import extract
from archive.models import Article, Page, Role

URL = "https://www.example.test/2026/11/20/council-meets"
CAPTURED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TYPE = ("Content-Type", "text/html; charset=utf-8")
PROSE = (
    "<p>The council met on Tuesday to discuss the budget for the coming year, and many people came to listen.</p>"
    "<p>Nobody could say where the money for the roads of the old town would be found, and the mayor kept silent.</p>"
)
SITE = '<meta property="og:site_name" content="The Example">'
LONG = "Council meets for a very long night about roads, schools and the river"
ARTICLE = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html lang="en-GB"><head>
<title>Council meets | The Example</title>
<link rel="canonical" href="/2026/11/20/council-meets?utm_source=feed#top">
<meta property="og:title" content="Council meets - The Example"><meta property="og:site_name" content="The Example">
<meta property="og:image" content="/img/council.jpg"><meta name="description" content="A long evening.">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Council meets",
"author": [{{"name": "By Ann Lee"}}, {{"name": "Bo Ek"}}],
"datePublished": "2026-11-20T10:00:00Z", "dateModified": "2026-11-21T10:00:00Z"}}</script></head>
<body><nav><a href="/politics">Politics</a></nav><article><h1>Council <i>meets</i></h1>{PROSE}
<div class="related"><h3>Related</h3><a href="/2026/11/19/mayor-speaks-about-roads">Mayor speaks about roads</a></div>
<p>It will meet again, as <a href="https://other.test/2026/11/18/what-comes-next-for-town">another paper</a>
wrote on Monday.</p></article>
<div id="comments"><p>First! What a council, and what a town we live in, said a reader.</p></div></body></html>"""


def page(html: str | bytes, *headers: tuple[str, str], url: str = URL) -> Page:
    body = html.encode() if isinstance(html, str) else html
    return extract(body, headers or (TYPE,), url, CAPTURED)


def article(html: str, url: str = URL) -> Article:
    found = page(html, url=url)
    assert found.article is not None, found
    return found.article


def test_an_ordinary_article() -> None:
    found = page(ARTICLE)
    text = found.article.text if found.article else ""
    assert found.article == Article(
        title="Council meets",
        authors=("Ann Lee", "Bo Ek"),
        published="2026-11-20T10:00:00+00:00",
        modified="2026-11-21T10:00:00+00:00",
        site="The Example",
        language="en",
        description="A long evening.",
        image="https://www.example.test/img/council.jpg",
        canonical_url=URL,
        text=text,
        published_from="json-ld",
        modified_from="json-ld",
    )
    assert (found.status, found.reason, found.charset) == ("ok", None, "utf-8")
    assert (found.head_title, found.heading, found.text_length) == ("Council meets | The Example", "Council meets", len(text))
    lines = text.split("\n")
    assert [line.split()[0] for line in lines if line != "Council meets"] == ["The", "Nobody", "It"]
    assert "Related" not in text
    assert "Mayor speaks" not in text
    assert "First!" not in text
    assert [(link.role, link.url.rsplit("/", 1)[1]) for link in found.links] == [
        (Role.SECTION, "politics"),
        (Role.RELATED, "mayor-speaks-about-roads"),
        (Role.INLINE, "what-comes-next-for-town"),
    ]


@pytest.mark.parametrize(
    "block",
    [
        '<p>Read more: <a href="/2026/11/19/mayor-speaks">Mayor speaks about roads</a></p>',
        '<p><b>Читайте также:</b> <a href="/2026/11/19/mayor-speaks">Mayor speaks about roads</a></p>',
        '<h3>Mehr zum Thema</h3><ul><li><a href="/2026/11/19/mayor-speaks">Mayor speaks about roads</a></li></ul>',
    ],
)
def test_related_lines_in_the_story_are_links_and_not_text(block: str) -> None:
    found = page(f"<html><article><h1>Council meets</h1>{PROSE}{block}{PROSE.replace('Tuesday', 'Friday')}</article>")
    assert [link.role for link in found.links] == [Role.RELATED]
    assert found.article is not None
    assert "Friday" in found.article.text
    assert not re.search("Mayor speaks|Read more|Читайте|Mehr zum", found.article.text)


def test_a_compressed_page_in_an_old_encoding() -> None:
    prose = "<p>Совет собрался во вторник, чтобы обсудить бюджет на будущий год и дороги.</p>" * 4
    html = f'<meta charset="windows-1251"><h1>Совет</h1>{prose}'
    found = page(gzip.compress(html.encode("cp1251")), ("content-type", "text/html"), ("content-encoding", "gzip"))
    assert (found.status, found.heading, found.charset) == ("ok", "Совет", "windows-1251")


@pytest.mark.parametrize(
    ("html", "headers", "status", "reason"),
    [
        ("", (TYPE,), "empty", "no content"),
        (" \n", (TYPE,), "empty", "no content"),
        ("<html><body><p>Too short.</p>", (TYPE,), "empty", "no article text"),
        ("%PDF-1.7 …", (TYPE,), "not_html", "a PDF"),
        (b"\x89PNG\r\n", (TYPE,), "not_html", "an image"),
        (b"PK\x03\x04", (TYPE,), "not_html", "a zip"),
        (b"\0\0\0\x18ftypmp42", (TYPE,), "not_html", "a media file"),
        ('<?xml version="1.0"?><rss version="2.0">', (TYPE,), "not_html", "XML (rss)"),
        (PROSE, (("Content-Type", "text/plain"),), "not_html", "text/plain"),
        ("<html>" + PROSE, (("Content-Type", "application/json"),), "not_html", "application/json"),
        ("<html>" + PROSE, (("Content-Type", "image/png"),), "not_html", "image/png"),
        (PROSE, (("X", "y"),), "not_html", "missing"),
        ("<html>" + PROSE, (("X", "y"),), "ok", None),
        ("<html>" + PROSE, (("Content-Type", "application/octet-stream"),), "ok", None),
        ("<html>" + PROSE, (("content-type", "Application/XHTML+XML"),), "ok", None),
        (gzip.compress(PROSE.encode())[:-9], (TYPE, ("Content-Encoding", "gzip")), "decode", "cut short"),
        (gzip.compress(bytes(1 << 26)), (TYPE, ("Content-Encoding", "gzip")), "too_large", "32 MiB"),
        ("<p>" + "word " * 2_100_000, (TYPE,), "too_large", "characters"),
    ],
)
def test_why_there_is_no_article(
    html: str | bytes, headers: tuple[tuple[str, str], ...], status: str, reason: str | None
) -> None:
    found = page(html, *headers)
    assert found.status == status
    assert (found.article is None) == (status != "ok")
    assert reason is None or reason in (found.reason or "")


def test_an_empty_page_still_shows_its_outline() -> None:
    found = page(
        "<title> Not \n found </title><meta http-equiv='Refresh' content='0; URL=\"/home\"'>"
        "<h1></h1><h1>Gone</h1><a href=/a>home page</a>"
    )
    assert (found.status, found.head_title, found.heading, found.refresh) == ("empty", "Not found", "Gone", "/home")
    assert [link.url for link in found.links] == ["https://www.example.test/a"]


@pytest.mark.parametrize(
    ("content", "target"),
    [("5", None), ("5; url=", None), ("0;url=/x?a=1;b=2", "/x?a=1;b=2"), ("0, /y", "/y"), ("0; url='/z'", "/z")],
)
def test_refresh(content: str, target: str | None) -> None:
    assert page(f'<html><meta http-equiv=refresh content="{content}"><p>x').refresh == target


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Council meets - The Example</title><meta property=og:site_name content='The Example'>", "", "Council meets"),
        ("<title>Council meets | example</title>", "", "Council meets"),
        ("<title>The Example: Council meets</title>", "", "The Example: Council meets"),
        ("<title>Council meets – live</title>", "", "Council meets – live"),
        ("<title>Council meets | The Example</title>", "<h1>Log in</h1><h1>Council meets tonight</h1>", "Council meets tonight"),
        ("<title>Council</title><meta property=og:title content='Council meets'>", "", "Council meets"),
        ("", "<h1>Council meets</h1>", "Council meets"),
        ("", "", None),
        (
            f'<script type="application/ld+json">{{"@type":"Article","headline":"{LONG[:60]}…"}}</script>'
            f"<meta property=og:title content='{LONG}'>",
            "",
            LONG,
        ),
    ],
)
def test_titles(head: str, body: str, title: str | None) -> None:
    assert article(f"<html><head>{head}</head><body>{body}{PROSE}").title == title


@pytest.mark.parametrize(
    ("html", "authors"),
    [
        ('<meta name="author" content="By Ann Lee and Bo Ek">', ("Ann Lee", "Bo Ek")),
        ('<meta name="author" content="Von Ann Lee, Bo Ek">', ("Ann Lee", "Bo Ek")),
        ('<meta name="author" content="Ann Lee; Bo Ek; Ann Lee">', ("Ann Lee", "Bo Ek")),
        ('<meta name="author" content="Ana de Armas">', ("Ana de Armas",)),
        ('<meta property="article:author" content="https://facebook.test/x">', ()),
        (
            SITE + '<meta name="author" content="The Example"><a rel="author" href="/a">Ann Lee</a>',
            ("Ann Lee",),
        ),
        (SITE + '<meta name="author" content="The Example">', ("The Example",)),
        ('<meta name="author" content="news@example.test">', ()),
        ("".join(f'<a rel="author">Writer {name}</a>' for name in "ABCDEFG"), ()),  # bylines of teasers
    ],
)
def test_authors(html: str, authors: tuple[str, ...]) -> None:
    assert article(f"<html><body>{html}{PROSE}").authors == authors


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="https://example.test/a#b">', "https://example.test/a"),
        ('<link rel="nofollow CANONICAL" href="a">', "https://www.example.test/2026/11/20/a"),
        ('<base href="https://cdn.test/x/"><link rel="canonical" href="a">', "https://cdn.test/x/a"),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="http://[::1"><meta property=og:url content="/b">', "https://www.example.test/b"),
        ("", None),
    ],
)
def test_canonical(head: str, canonical: str | None) -> None:
    assert article(f"<html><head>{head}</head><body>{PROSE}").canonical_url == canonical


GERMAN = (
    "<p>Der Rat hat sich am Dienstag mit dem Haushalt für das kommende Jahr befasst, und viele Leute sind gekommen.</p>"
    "<p>Wo das Geld für die Straßen der alten Stadt zu finden ist, konnte niemand sagen, und der Bürgermeister schwieg.</p>"
)
SHORT = "<p>" + "Xylo " * 30


@pytest.mark.parametrize(
    ("html", "language"),
    [
        (f'<html lang="en-GB">{PROSE}', "en"),
        (f"<html>{PROSE}", "en"),  # silent
        (f'<html lang="en">{GERMAN}', "de"),  # wrong
        (f'<html lang="english">{GERMAN}', "de"),
        (f'<html lang=""><meta property="og:locale" content="de_DE">{GERMAN}', "de"),
        (f'<html lang="pt-BR">{SHORT}', None),  # no Portuguese, whatever it is
        (f'<html lang="gd">{SHORT}', "gd"),  # nobody here knows better
        (f'<html><script type="application/ld+json">{{"@type":"Article","inLanguage":"DE"}}</script>{GERMAN}', "de"),
    ],
)
def test_language(html: str, language: str | None) -> None:
    assert article(html).language == language


def test_the_publishers_body_where_the_page_shows_another_text() -> None:
    body = "The whole story as the publisher has it. " * 30
    script = f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script>'
    assert article(f"<html>{script}<body>{PROSE}").text == body.strip()
    assert article(f"<html>{script}<body><div id=app></div>").text == body.strip()
    stub = script.replace(body, "A stub of it. " * 4)
    assert "Nobody could say" in article(f"<html>{stub}<body>{PROSE}").text


def test_scripts_without_blanks_count_by_characters() -> None:
    assert page("<html><p>" + "今日的会议讨论了预算问题，总统会见了部长。" * 5).status == "ok"
    assert page("<html><p>今日的会议讨论了预算问题。").status == "empty"


def test_site_falls_back_to_the_host() -> None:
    assert article(f"<html>{PROSE}").site == "example.test"
