"""Which addresses belong to a source: patterns and traps, as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.sources.base import Entry, ListingKind, Source
from archive.sources.bounds import accept, admitted, fault, matches, without_session
from archive.sources.look import look
from archive.urls import NotAURL, canonicalize

TODAY = date(2026, 11, 25)
HOME = "https://www.paper.example"
SOURCE = Source("paper", f"{HOME}/")


@pytest.mark.parametrize(
    ("pattern", "url", "matched"),
    [
        ("/news/", f"{HOME}/news/a", True),
        ("/news/", f"{HOME}/sport/news/a", False),
        ("/*/live-", f"{HOME}/sport/live-7", True),
        ("*.html$", f"{HOME}/a/b.html", True),
        ("*.html$", f"{HOME}/a/b.html?x=1", False),
        ("/a$", f"{HOME}/a", True),
        ("/a$", f"{HOME}/ab", False),
        ("/a*b*b$", f"{HOME}/ab", False),
        ("/a*b*b$", f"{HOME}/abb", True),
        ("/search?", f"{HOME}/search?q=tide", True),
        ("https://blog.example/", "https://blog.example/2026/x", True),
        ("https://blog.example/", f"{HOME}/?u=https://blog.example/", False),
        ("*://*.paper.example/", f"{HOME}/x", True),
        ("*", f"{HOME}/anything", True),
        ("$", f"{HOME}/", False),
    ],
)
def test_patterns(pattern: str, url: str, matched: bool) -> None:
    assert matches(pattern, url) is matched


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [("/a", False), ("*x", False), ("https://a.example/", False), ("news", True), ("", True), ("ftp://x", True)],
)
def test_a_pattern_that_could_never_match_is_told(pattern: str, wrong: bool) -> None:
    assert (fault(pattern) is not None) is wrong


@pytest.mark.parametrize(
    ("allow", "deny", "url", "why"),
    [
        ((), (), f"{HOME}/2026/11/24/ferry-sinks-at-noon", None),
        ((), (), "https://sport.paper.example/ferry-race", None),
        ((), (), "https://other.example/ferry-sinks-at-noon", "on another site"),
        (("/news/",), (), f"{HOME}/sport/a", "no pattern allows it"),
        (("/news/", "https://other.example/"), (), "https://other.example/a", None),
        ((), ("/live/",), f"{HOME}/live/a", "denied by '/live/'"),
        (("/news/",), ("*live*",), f"{HOME}/news/live/a", "denied by '*live*'"),
    ],
)
def test_allow_and_deny(allow: tuple[str, ...], deny: tuple[str, ...], url: str, why: str | None) -> None:
    assert accept(url, Source("paper", f"{HOME}/", allow=allow, deny=deny), TODAY).why == why


TRAPS = {
    # ever deeper
    "/a/b/c/d/e/f/g/h/i/j/k/l/m": "more than 12 steps deep",
    "/news/" + "x" * 2_000: "longer than 2000 characters",
    # loops: a relative link taken for an absolute one
    "/news/news/news/story-of-the-day": "'news' stands 3 times in its path",
    "/a/b/a/b/a/b": "'a' stands 3 times in its path",
    # endless calendars
    "/calendar/2031/05/": "of a day to come, 2031-05-01",
    "/events/2026-03": "a day of a calendar",
    "/kalender/2019/03/04": "a day of a calendar",
    "/veranstaltungen?year=2031&month=5": "a day of a calendar",
    "/?tribe-bar-date=2026-01-01": "a day of a calendar",
    "/archive?day=3&month=2": "a day of a calendar",
    # the same page again and again
    "/story?replytocom=44": "another view of a page (replytocom)",
    "/story?share=twitter": "another view of a page (share)",
    "/list?sort=date&dir=up": "another view of a page (sort)",
    "/story?print=1": "another view of a page (print)",
    "/s?" + "&".join(f"k{n}=1" for n in range(9)): "more than 8 parameters",
    "/s?f=1&f=2&f=3&f=4": "'f' is asked again and again",
    "/news/page/101/": "beyond page 100 of a list",
    "/news?page=5000": "beyond page 100 of a list",
}


@pytest.mark.parametrize("path", TRAPS)
def test_traps(path: str) -> None:
    ruling = accept(HOME + path, SOURCE, TODAY)
    assert (ruling.url, ruling.why) == (None, TRAPS[path])


GOOD = [
    "/2026/11/24/ferry-sinks-at-noon",
    "/2026/11/25/ferry-sinks-at-noon-a1234.html",
    "/2026/11/27/column-of-the-weekend",  # the day after tomorrow is dated ahead in the east
    "/news/europe/news/harbour-news-in-brief",  # twice is not a loop
    "/events/harbour-festival-opens-with-fireworks-2026",
    "/story.php?id=48813&page=2",
    "/?p=48813",
    "/news/page/3/",
    "/article/48813?page=101",
    "/a/b/c/d/e/f/g/h/i/j/k/story-of-the-day",
    "/story?month=may-day-speech",
    "/opinion/share-of-the-vote-falls?ref=home",
    "/agenda-for-the-council-is-out",
]


@pytest.mark.parametrize("path", GOOD)
def test_articles_pass(path: str) -> None:
    assert accept(HOME + path, SOURCE, TODAY).why is None


@pytest.mark.parametrize(
    ("path", "bare"),
    [
        ("/a?PHPSESSID=0123456789abcdef0123456789abcdef&id=3", "/a?id=3"),
        ("/a;jsessionid=0A1B2C3D4E?x=1", "/a?x=1"),
        ("/(S(abcdefghijklmnopqrst1234))/news.aspx", "/news.aspx"),
        ("/a?sid=12", "/a?sid=12"),
        ("/a?sid=f00ba4f00ba4f00b", "/a"),
        ("/a?CFID=12&CFTOKEN=34&b=2", "/a?b=2"),
        ("/a?obsession=1234567890", "/a?obsession=1234567890"),
        ("/a?id=4881300000", "/a?id=4881300000"),
    ],
)
def test_session_ids_make_no_new_addresses(path: str, bare: str) -> None:
    assert without_session(HOME + path) == HOME + bare
    assert accept(HOME + path, SOURCE, TODAY).url == HOME + bare


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(f"{HOME}/a-story-of-the-day", published="2026-10-01"), "older than its subscription"),
        (Entry(f"{HOME}/a-story-of-the-day", modified="2026-10-01"), "older than its subscription"),
        (Entry(f"{HOME}/2026/10/01/a-story-of-the-day"), "older than its subscription"),
        (Entry(f"{HOME}/a-story-of-the-day", published="2026-10-27"), None),
        (Entry(f"{HOME}/a-story-of-the-day"), None),
        (Entry("https://other.example/a-story", published="2020-01-01"), "on another site"),
    ],
)
def test_what_is_older_than_a_subscription_is_not_its_business(entry: Entry, why: str | None) -> None:
    added = datetime(2026, 11, 25, tzinfo=UTC)
    assert admitted(entry, ListingKind.SITEMAP, SOURCE, added, added).why == why
    assert admitted(entry, ListingKind.FEED, SOURCE, added, added).why in (None, "on another site")


def test_a_look_gives_each_article_once_and_without_the_session() -> None:
    session = "?sid=f00ba4f00ba4f00b&amp;n="
    items = "".join(f"<item><link>{HOME}/story{session}{number}</link></item>" for number in (1, 1, 2))
    seen = datetime(2026, 11, 25, tzinfo=UTC)
    feed = f"<rss>{items}<item><link>https://other.example/</link></item></rss>".replace("f00b&amp;n=2", "f11c&amp;n=1").encode()
    reading = look(feed, (), f"{HOME}/feed", ListingKind.FEED, SOURCE, seen, seen)
    assert [entry.url for entry in reading.entries] == [f"{HOME}/story?n=1"]
    assert (reading.listed, reading.outside) == (3, {"on another site": 1})


_PATHS = st.lists(
    st.sampled_from(["a", "news", "2026", "11", "page", "calendar", ";sid=9", "?", "&", "=", "x=1", "%2F", "é"]), max_size=20
)


@given(_PATHS, st.text(max_size=20), st.text(max_size=20))
def test_every_address_gets_a_ruling(parts: list[str], allow: str, deny: str) -> None:
    """Either the address, in canonical form, or a reason; and what was accepted is accepted again."""
    try:
        url = canonicalize(f"{HOME}/{'/'.join(parts)}")
    except NotAURL:
        return
    source = Source("paper", f"{HOME}/", allow=(allow,) if allow else (), deny=(deny,) if deny else ())
    ruling = accept(url, source, TODAY)
    assert (ruling.url is None) is (ruling.why is not None)
    if ruling.url is not None:
        assert accept(ruling.url, source, TODAY) == ruling
