"""What wants to harm whoever reads it: bombs, foreign entities, markup by the million, and anything at all (properties)."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.sources.base import MAX_TOLD, Listing, ListingKind
from archive.sources.discovery import survey
from archive.sources.files import FORMATS
from archive.sources.listings import READERS, head_of, read_listing
from archive.sources.robots import sitemaps_in
from archive.sources.xml import plain_xml, read_records

SEEN = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://paper.example/feed"
ITEM = "<item><title>One</title><link>https://paper.example/one</link></item>"


def read(body: str | bytes, kind: ListingKind | None = ListingKind.FEED) -> Listing:
    return read_listing(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body, (), URL, SEEN, kind)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
TWO = "<link>/two</link></item>"
_LAUGHING = f"<rss><channel>{ITEM}<item><title>&l9;</title>{TWO}</channel></rss>"
BOMBS = {
    "billion laughs": f"<!DOCTYPE rss [{LAUGHS}]>{_LAUGHING}",
    "in an attribute": f'<!DOCTYPE rss [{LAUGHS}]><rss x="&l9;"><channel>{ITEM}<item y="&l9;">{TWO}</channel></rss>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]><rss>{ITEM}<item><title>{"&a;" * 50_000}</title>{TWO}</rss>',
    "behind a bracket": f'<!DOCTYPE rss [<!ENTITY b "]">{LAUGHS}]>{_LAUGHING}',
    "a file": f'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss>{ITEM}<item><title>&f;</title>{TWO}</rss>',
    "an address": f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd"><rss>{ITEM}<item>{TWO}</rss>',
    "a parameter": f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><rss>{ITEM}<item>{TWO}</rss>',
    "an inclusion": '<rss xmlns:xi="http://www.w3.org/2001/XInclude">'
    f'{ITEM}<item><title><xi:include href="file:///etc/passwd" parse="text"/></title>{TWO}</rss>',
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_entity_is_expanded_and_nothing_is_loaded(name: str) -> None:
    listing = read(BOMBS[name])
    assert [entry.url for entry in listing.entries] == ["https://paper.example/one", "https://paper.example/two"]
    assert all("haha" not in (entry.title or "") and "root:" not in (entry.title or "") for entry in listing.entries)
    assert len(pickle.dumps(listing)) < 10_000


def entries(count: int) -> str:
    return "<rss>" + "".join(f"<item><link>/{number}</link></item>" for number in range(count)) + "</rss>"


def test_no_more_entries_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.sources.collect.MAX_ENTRIES", 100)
    listing = read(entries(105))
    assert len(listing.entries) == 100
    assert listing.problem == "only its first 100 entries are read"


def test_what_is_left_out_is_counted_and_not_all_told() -> None:
    listing = read("<rss>" + "<item/>" * 5_000 + ITEM + "</rss>")
    assert (listing.skipped_count, len(listing.skipped), len(listing.entries)) == (5_000, MAX_TOLD, 1)


def test_no_more_tags_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.sources.xml.MAX_TAGS", 1_000)
    parsed = read_records("<rss>" + ITEM + "<a/>" * 1_010 + ITEM, ("item",))
    assert len(parsed.records) == 1
    assert parsed.problem == "it has more than 1000 tags"


GROWING: dict[str, Callable[[int], str]] = {
    "comments not closed": lambda n: "<rss>" + ITEM + "<!-- " * n,
    "CDATA not closed": lambda n: "<rss>" + ITEM + "<![CDATA[ " * n,
    "document types": lambda n: "<rss>" + ITEM + "<!DOCTYPE [ " * n,
    "ampersands": lambda n: "<rss>" + ITEM + "&" * n,
    "references not closed": lambda n: "<rss>" + ITEM + "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * n,
    "opening brackets": lambda n: "<rss>" + ITEM + "<" * n,
    "items never closed": lambda n: "<rss>" + ITEM + "<item>" * (n // 20),
    "attributes": lambda n: "<rss>" + ITEM + "<item " + " ".join(f"a{k}=''" for k in range(n // 50)) + "/>",
    "author without end": lambda n: f"<rss>{ITEM}<item><link>/b</link><author>{'a@' * n}</author></item></rss>",
    "date without end": lambda n: f"<rss>{ITEM}<item><link>/b</link><pubDate>{'1 jan ' * n}</pubDate></item></rss>",
    "blanks": lambda n: " \n" * n + "<rss>" + ITEM + "</rss>",
    "processing instructions": lambda n: "<?x " * n + "<rss>" + ITEM,
    "JSON objects not closed": lambda n: '{"version":"https://jsonfeed.org/version/1","items":[' + '{"a":' * n,
    "JSON text not closed": lambda n: '{"version":"https://jsonfeed.org/version/1","items":[' + '{"a' * n,
    "namespaces": lambda n: "<rss " + " ".join(f"xmlns:n{k}='u{k}'" for k in range(n // 50)) + ">" + ITEM + "</rss>",
}


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_size_and_no_faster(name: str) -> None:
    """Ten times the size takes ten times the time; a quadratic reader would take a hundred times."""
    make = GROWING[name]

    def cost(size: int) -> float:
        body = make(size).encode()
        begun = time.process_time()
        read(body)
        return time.process_time() - begun

    cost(100)
    small, large = max(cost(4_000), 0.01), cost(40_000)
    assert large < 40 * small, f"{small:.3f} s, then {large:.3f} s"


# -- properties -------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *("<rss>", "</rss>", "<channel>", "<item>", "</item>", "<link>", "</link>", "<title>", "</title>", "<urlset>", "<url>"),
        *(
            "</url>",
            "<loc>",
            "</loc>",
            "<feed xmlns='x'>",
            "<entry>",
            "</entry>",
            "<link href='/a'/>",
            "<sitemap>",
            "<sitemapindex>",
        ),
        *("&amp;", "&", "<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0'?>", "<!DOCTYPE x [", "]>", "https://a.example/b"),
        *("\n", "{", "}", '"items":[', '{"version":"https://jsonfeed.org/version/1","items":[', '{"url":"/a"}', ",", "&#0;"),
        *("&#x110000;", "\x00", "\ud800", "é", "<a:b>", "<opml>", "<outline xmlUrl='https://a.example/f'/>", "<html>"),
        *("<!DOCTYPE NETSCAPE-Bookmark-file-1>", "<a href='https://a.example/'>x</a>"),
    ]
)
_MADE = st.lists(_PIECES, max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.one_of(_MADE, st.text(max_size=200)), st.sampled_from([None, *ListingKind]))
def test_whatever_comes_is_read_or_told(text: str, kind: ListingKind | None) -> None:
    listing = read(text, kind)
    assert listing.known or listing.problem
    assert len(listing.skipped) <= MAX_TOLD
    assert all(entry.url.startswith(("http://", "https://")) for entry in listing.entries)
    assert pickle.loads(pickle.dumps(listing)) == listing


@settings(max_examples=200, deadline=None)
@given(_MADE)
def test_every_reader_reads_what_it_does_not_match_too(text: str) -> None:
    for reader in READERS:
        reader.matches(head_of(text))
        assert isinstance(reader.read(text, URL, SEEN), Listing)
    for one in FORMATS:
        one.matches("x", text)
        one.read(text)
    sitemaps_in(text, URL)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_any_kind(body: bytes) -> None:
    for prefix in (b"", b"\x1f\x8b\x08\x00", b"<rss>", b"<urlset>", b"\xff\xfe"):
        read_listing(prefix + body, (), URL, SEEN)
        survey(prefix + body, (), URL, SEEN)


@given(st.text(max_size=300))
def test_plain_xml_has_no_reference_that_xml_does_not_know(text: str) -> None:
    """And nothing of a text without markup is lost but what XML has no sign for."""
    plain = plain_xml("<a>" + text.replace("<", "").replace("&", "&amp;") + "</a>")
    assert read_records(plain, ("a",)).root is not None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)), max_size=20)
)
def test_one_bad_entry_costs_that_entry(made: list[tuple[int, str]]) -> None:
    """Good entries around any bad one are all there."""
    good = [f"https://paper.example/{number}" for number, _ in made]
    rests = (rest.replace("<", "") for _, rest in made)
    pairs = zip(good, rests, strict=True)
    bad = "".join(f"<item><link>{url}</link></item><item><link>http://[</link>{rest}</item>" for url, rest in pairs)
    assert [entry.url for entry in read(f"<rss>{bad}</rss>").entries] == list(dict.fromkeys(good))


_KEYS = st.sampled_from(["url", "id", "title", "authors", "author", "name", "date_published"])
_SHAPES = st.recursive(
    st.none() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(_SHAPES)
def test_json_of_any_shape(items: object) -> None:
    read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [items]}))
