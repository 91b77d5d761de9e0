"""Feeds: what each format gives, well-formed, odd and broken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.sources.base import Entry, Listing, ListingKind
from archive.sources.listings import read_listing

SEEN = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://paper.example/feeds/news"
A, B, C = (f"https://paper.example/2026/11/24/story-{name}" for name in "abc")


def read(text: str | bytes, url: str = URL, kind: ListingKind | None = ListingKind.FEED) -> Listing:
    return read_listing(text.encode() if isinstance(text, str) else text, (), url, SEEN, kind)


def urls(text: str | bytes) -> list[str]:
    return [entry.url for entry in read(text).entries]


def rss(*items: str, about: str = "", root: str = '<rss version="2.0">') -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}<channel>{about}{"".join(items)}</channel></rss>'


def item(url: str, more: str = "") -> str:
    return f"<item><link>{url}</link>{more}</item>"


RSS_20 = rss(
    item(A, "<title>Ferry &amp; bridge</title><pubDate>Tue, 24 Nov 2026 09:00:00 +0100</pubDate>"),
    item(B, "<guid>x</guid><dc:creator>Ada Quill</dc:creator><dc:date>2026-11-23T08:00:00Z</dc:date>"),
    root='<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    about="<title>The Paper</title><link>https://paper.example/</link><language>en-gb</language><ttl>90</ttl>",
)
RSS_091 = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/x.dtd">'
    f'<rss version="0.91"><channel><title>Old</title>{item(A, "<title>Caf&eacute;&nbsp;closes</title>")}</channel></rss>'
)
RSS_10 = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    f'<channel rdf:about="x"><title>RDF</title><link>https://paper.example/</link></channel>'
    f'<item rdf:about="{A}"><title>One</title><link>{A}</link></item><item rdf:about="{B}"><title>Two</title></item></rdf:RDF>'
)
ATOM_10 = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://paper.example/2026/">
<title type="html">The &lt;b&gt;Paper&lt;/b&gt;</title><link rel="self" href="{URL}"/><link href="/"/>
<author><name>Desk</name></author>
<entry><title>One</title><link rel="alternate" type="text/html" href="11/24/story-a"/><link rel="enclosure" href="https://x.example/1.mp3"/>
<published>2026-11-24T07:00:00Z</published><updated>2026-11-24T08:00:00Z</updated></entry>
<entry xml:lang="fr"><title>Two</title><id>{B}</id><author><name>Ada Quill</name></author></entry></feed>"""
ATOM_03 = f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title>
<entry><title mode="escaped">One &amp;amp; two</title><link rel="alternate" type="text/html" href="{A}"/>
<issued>2026-11-24T07:00:00+01:00</issued><modified>2026-11-24T08:00:00+01:00</modified></entry></feed>"""
JSON_11 = f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "home_page_url": "https://paper.example/",
"language": "en", "items": [{{"id": "1", "url": "{A}", "title": "One", "date_published": "2026-11-24T07:00:00Z",
"authors": [{{"name": "Ada Quill"}}]}}, {{"id": "{B}", "author": {{"name": "Bo"}}}}, "odd", {{"id": 3}}]}}"""


def test_rss_20() -> None:
    listing = read(RSS_20)
    assert (listing.format, listing.kind, listing.title, listing.home) == ("rss", "feed", "The Paper", "https://paper.example/")
    assert (listing.language, listing.pace, listing.problem, listing.skipped_count) == ("en-gb", 5400, None, 0)
    assert listing.entries == (
        Entry(A, "Ferry & bridge", "2026-11-24T09:00:00+01:00", language="en-gb"),
        Entry(B, None, "2026-11-23T08:00:00+00:00", authors=("Ada Quill",), language="en-gb"),
    )


def test_rss_091_with_a_document_type_and_entities_of_html() -> None:
    assert read(RSS_091).entries == (Entry(A, "Café closes"),)


def test_rss_10() -> None:
    listing = read(RSS_10)
    assert [(entry.url, entry.title) for entry in listing.entries] == [(A, "One"), (B, "Two")]
    assert listing.title == "RDF"


def test_atom_10() -> None:
    listing = read(ATOM_10)
    assert (listing.format, listing.title, listing.home, listing.language) == (
        "atom",
        "The Paper",
        "https://paper.example/",
        "de",
    )
    assert listing.entries == (
        Entry(A, "One", "2026-11-24T07:00:00+00:00", "2026-11-24T08:00:00+00:00", ("Desk",), "de"),
        Entry(B, "Two", authors=("Ada Quill",), language="fr"),
    )


def test_atom_03() -> None:
    assert read(ATOM_03).entries == (Entry(A, "One & two", "2026-11-24T07:00:00+01:00", "2026-11-24T08:00:00+01:00"),)


def test_json_feed() -> None:
    listing = read(JSON_11)
    assert (listing.format, listing.title, listing.language, listing.skipped_count) == ("json_feed", "The Paper", "en", 2)
    assert listing.entries == (
        Entry(A, "One", "2026-11-24T07:00:00+00:00", authors=("Ada Quill",), language="en"),
        Entry(B, authors=("Bo",), language="en"),
    )


ODD = {
    "blank lines before the declaration": "\n\n" + rss(item(A)),
    "byte order mark": b"\xef\xbb\xbf" + rss(item(A)).encode(),
    "UTF-16": rss(item(A)).replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 without a mark": rss(item(A)).encode("utf-16-le"),
    "UTF-32": rss(item(A)).encode("utf-32"),
    "UTF-32 without a mark": rss(item(A)).encode("utf-32-be"),
    "a document type of HTML": "<!DOCTYPE html>" + f"<rss>{item(A)}</rss>",
    "a prefix on everything": f'<r:rss xmlns:r="http://backend.userland.com/rss2"><r:item><r:link>{A}</r:link></r:item></r:rss>',
    "comment and stylesheet first": "<!-- made -->\n<?xml-stylesheet href='a.css'?>" + f"<rss><channel>{item(A)}</channel></rss>",
    "no channel": f"<rss>{item(A)}</rss>",
    "a bare channel": f"<channel>{item(A)}</channel>",
    "capital names": f"<RSS><CHANNEL><ITEM><LINK>{A}</LINK></ITEM></CHANNEL></RSS>",
    "blanks around the address": rss(item(f"\n  {A}\n ")),
    "CDATA": rss(item(f"<![CDATA[{A}]]>")),
    "guid only": rss(f"<item><guid>{A}</guid></item>"),
    "an Atom link in RSS": rss(f'<item><atom:link href="{A}"/></item>', root='<rss xmlns:atom="http://www.w3.org/2005/Atom">'),
    "before the counter": rss(
        item("https://feeds.example/~r/1", f"<feedburner:origLink>{A}</feedburner:origLink>"),
        root='<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">',
    ),
    "a prefix that nobody declared": rss(item(A, "<media:group><media:x/></media:group>")),
    "relative address": rss(item("/2026/11/24/story-a")),
    "tracking": rss(item(A + "?utm_source=rss&amp;utm_medium=feed")),
    "twice": rss(item(A), item(A + "#comments")),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_feeds(name: str) -> None:
    assert urls(ODD[name]) == [A]
    assert read(ODD[name]).problem is None


BROKEN = {
    "bare ampersands": (rss(item(A, "<title>A & B &c; &</title>"), item(B + "?a=1&b=2")), [A, B + "?a=1&b=2"]),
    "an element never closed": (rss(item(A), f"<item><title>x<b>y</title><link>{B}</link></item>", item(C)), [A, B, C]),
    "an item never closed": (rss(item(A), f"<item><link>{B}</link>", item(C)), [A, B, C]),
    "control signs": (rss(item(A, "<title>a\x08\x0b\x00b&#8;&#x0;</title>"), item(B)), [A, B]),
    "cut in an address": (rss(item(A), item(B)).partition("story-b")[0] + "sto", [A]),
    "cut behind an item": (rss(item(A), item(B)).partition("</channel>")[0], [A, B]),
    "text behind the end": (rss(item(A)) + "<!-- 0.02 s --> <b>Warning: mysql</b>", [A]),
    "text before the beginning": ("Warning: mysql\n" + rss(item(A)), []),
    "an attribute without quotes": (rss(item(A), f"<item x=1><link>{B}</link></item>", item(C)), [A, C]),
    "an item of no use": (rss(item(A), item("javascript:alert(1)"), item("http://"), "<item/>", item(C)), [A, C]),
    "text too large for libxml2": (rss(item(A), item(B, f"<description>{'x' * 10_500_000}</description>"), item(C)), [A, B, C]),
    "too deep for libxml2": (rss(item(A), "<item>" + "<a>" * 3_000 + "</item>", item(C)), [A, C]),
    "JSON cut": (JSON_11[: JSON_11.index('{"id": "https')], [A]),
    "JSON with a comma too many": (JSON_11.replace('"odd",', ","), [A, B]),
    "bytes that are no UTF-8": (rss(item(A, "<title>caf\xe9</title>")).encode("latin-1"), [A]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_feeds_are_read_as_far_as_they_go(name: str) -> None:
    feed, expected = BROKEN[name]
    assert urls(feed) == expected


def test_what_was_left_out_is_told() -> None:
    listing = read(BROKEN["an item of no use"][0])
    assert [(one.what, one.why) for one in listing.skipped] == [
        ("javascript:alert(1)", "the scheme javascript: is not fetched"),
        ("http://", "it names no host"),
        ("", "no address"),
    ]
    assert read(BROKEN["cut in an address"][0]).problem == "it ends in the middle of an entry"
    assert "one by one" in (read(BROKEN["too deep for libxml2"][0]).problem or "")
    assert "JSON is broken" in (read(BROKEN["JSON cut"][0]).problem or "")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Tue, 24 Nov 2026 09:05:00 GMT", "2026-11-24T09:05:00+00:00"),
        ("24 Nov 2026 09:05 +0100", "2026-11-24T09:05:00+01:00"),
        ("mar., 24 nov. 2026 9:05:00 +0100", "2026-11-24T09:05:00+01:00"),
        ("Dienstag, 24. November 2026", "2026-11-24"),
        ("2026-11-24", "2026-11-24"),
        ("2026-11-24T09:05:00.123Z", "2026-11-24T09:05:00+00:00"),
        ("Wed, 25 Nov 2048 09:05:00 GMT", None),  # after the look
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),  # before the web
        ("yesterday", None),
        ("", None),
        ("32 Nov 2026", None),
    ],
)
def test_dates(written: str, read_as: str | None) -> None:
    (entry,) = read(rss(item(A, f"<pubDate>{written}</pubDate>"))).entries
    assert entry.published == read_as


@pytest.mark.parametrize(
    ("element", "names"),
    [
        ("<author>ada@paper.example (Ada Quill)</author>", ("Ada Quill",)),
        ("<author>ada@paper.example</author>", ()),
        ("<author>Ada Quill</author>", ("Ada Quill",)),
        ("<dc:creator>Ada</dc:creator><dc:creator>Bo</dc:creator><dc:creator>Ada</dc:creator>", ("Ada", "Bo")),
    ],
)
def test_authors(element: str, names: tuple[str, ...]) -> None:
    (entry,) = read(rss(item(A, element))).entries
    assert entry.authors == names


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A &amp;amp; B", "A & B"),
        ("&lt;b&gt;Bold&lt;/b&gt; words", "Bold words"),
        ("<![CDATA[<i>It</i> isn&#8217;t]]>", "It isn’t"),
        ("5 &lt; 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("  two \n lines ", "two lines"),
        ("", None),
        ("\x1b[31mred\u202e", "[31mred\u202e"),
    ],
)
def test_titles(written: str, title: str | None) -> None:
    (entry,) = read(rss(item(A, f"<title>{written}</title>"))).entries
    assert entry.title == title


@pytest.mark.parametrize(
    ("about", "pace"),
    [
        ("<ttl>60</ttl>", 3600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 86_400),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 604_800),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600),
    ],
)
def test_the_pace_that_a_feed_asks_for(about: str, pace: int | None) -> None:
    assert read(rss(item(A), about=about)).pace == pace


def test_a_feed_that_says_it_has_moved() -> None:
    about = "<itunes:new-feed-url>https://new.example/feed</itunes:new-feed-url>"
    assert read(rss(item(A), about=about)).moved_to == "https://new.example/feed"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "it is empty"),
        (b"<!doctype html><html><body><p>Sorry</p></body></html>", "a web page came in the place of a feed"),
        (b"GIF89a\x00\x01", "it is no feed that we know"),
        (b"{}", "it is no feed that we know"),
    ],
)
def test_what_is_no_feed(body: bytes, problem: str) -> None:
    listing = read(body)
    assert (listing.known, listing.problem, listing.entries) == (False, problem, ())


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()).known
    assert read('{"version": "https://jsonfeed.org/version/1", "items": []}').known
