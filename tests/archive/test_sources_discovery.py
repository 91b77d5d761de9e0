"""What a front page says of its listings, and what a section page lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.sources.base import ListingKind
from archive.sources.discovery import Survey, survey
from archive.sources.listings import read_listing
from archive.sources.places import name_of, usual_places

SEEN = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOME = "https://paper.example/"
STORY = "2026/11/24/ferry-sinks-at-noon-a1234"


def look(head: str = "", body: str = "", url: str = HOME) -> Survey:
    page = (
        f"<!doctype html><html lang=en><head><title>Paper</title>{head}</head><body><p>News of the day.</p>{body}</body></html>"
    )
    return survey(page.encode(), (("Content-Type", "text/html"),), url, SEEN)


def offered(head: str = "", body: str = "") -> list[str]:
    return [offer.url.removeprefix(HOME) for offer in look(head, body).offers]


def link(href: str, type_: str = "application/rss+xml", rel: str = "alternate", title: str = "News") -> str:
    return f'<link rel="{rel}" type="{type_}" href="{href}" title="{title}">'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (link("/feed"), ["feed"]),
        (link("feed", "application/atom+xml") + link("/feed.json", "application/feed+json"), ["feed", "feed.json"]),
        (link("/feed", rel="ALTERNATE", type_="Application/RSS+XML; charset=utf-8"), ["feed"]),
        (link("/x", "text/xml") + link("/feed/", "", rel="feed"), ["x", "feed/"]),
        (link("/comments/feed") + link("/b/feed", title="Paper » Comments Feed"), []),
        (link("/wp-json/posts/1", "application/json") + link("/oembed", "application/json+oembed"), []),
        (link("/de/", "text/html"), []),
        (link("/print.css", "text/css", rel="alternate stylesheet"), []),
        ('<link rel="sitemap" href="/map.xml">', ["map.xml"]),
        (link("javascript:x") + link("http://") + link(""), []),
        ('<base href="https://other.example/">' + link("/feed"), ["feed"]),
    ],
)
def test_what_the_head_declares(head: str, expected: list[str]) -> None:
    assert offered(head) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="/rss.xml">x</a>', ["rss.xml"]),
        ('<a href="/news/feed/">x</a>', ["news/feed/"]),
        ('<a href="/feeds/top">RSS</a>', ["feeds/top"]),
        ('<a href="/about">Our feeds are the best of the whole coast, say our readers</a>', []),
        ('<a href="https://reader.example/add?feed=x">Feed</a>', []),
        ('<a href="/feedback">Feedback</a><a href="/news/feeding-the-gulls">Feeding the gulls</a>', []),
    ],
)
def test_what_anchors_name(body: str, expected: list[str]) -> None:
    assert offered("", body) == expected


def test_what_is_declared_comes_first_and_once() -> None:
    found = look(link("/feed"), '<a href="/rss.xml">RSS</a><a href="/feed">RSS</a>').offers
    assert [(offer.url, offer.found_by) for offer in found] == [(f"{HOME}feed", "link"), (f"{HOME}rss.xml", "anchor")]


def test_sections_are_short_paths_of_the_same_host() -> None:
    menu = "".join(
        f'<li><a href="{href}">{name}</a></li>'
        for href, name in (
            *(
                ("/news", "News"),
                ("/sport/", "Sport"),
                ("/news/europe", "Europe"),
                ("/about-us", "About us"),
                ("/login", "Log in"),
            ),
            *(
                ("/" + STORY, "Ferry sinks at noon"),
                ("https://other.example/news", "Other"),
                ("/tag/tides", "Tides"),
                ("/", "Home"),
            ),
            *(("/a/b/c/d", "Deep"), ("/very", "A name that is far too long to be that of a section")),
        )
    )
    found = look(body=f"<nav><ul>{menu}</ul></nav>").sections
    assert [offer.url.removeprefix(HOME) for offer in found] == ["news", "sport/", "news/europe"]
    assert {offer.kind for offer in found} == {ListingKind.SECTION}


def test_a_feed_is_told_from_a_page() -> None:
    feed = survey(b"<rss><channel><item><link>/a</link></item></channel></rss>", (), HOME + "feed", SEEN)
    assert (feed.listing.format, feed.listing.kind, feed.offers) == ("rss", "feed", ())
    assert not survey(b"%PDF-1.7", (), HOME, SEEN).listing.known


def test_a_section_page_lists_articles_of_its_site() -> None:
    body = "".join(
        f'<h3><a href="{href}">Ferry sinks at noon</a></h3>'
        for href in (
            f"/{STORY}",
            f"/{STORY}?utm_source=x",
            f"https://sport.paper.example/{STORY}",
            f"https://ads.example/{STORY}",
            "/news",
        )
    )
    page = f"<html><head><title>News | Paper</title></head><body>{body}</body></html>"
    listing = read_listing(page.encode(), (("Content-Type", "text/html"),), HOME + "news", SEEN, ListingKind.SECTION)
    assert [entry.url for entry in listing.entries] == [HOME + STORY, f"https://sport.paper.example/{STORY}"]
    assert {entry.title for entry in listing.entries} == {"Ferry sinks at noon"}
    assert (listing.kind, listing.title) == ("section", "News | Paper")


@pytest.mark.parametrize(
    ("url", "name"),
    [(HOME, "paper.example"), ("https://www.paper.example/", "paper.example"), (HOME + "sport/", "paper.example/sport")],
)
def test_names(url: str, name: str) -> None:
    assert name_of(url) == name


def test_usual_places_are_at_the_root() -> None:
    assert usual_places(HOME + "sport/", ListingKind.SITEMAP)[0].url == HOME + "sitemap.xml"
