"""Sitemaps, the robots.txt that names them, and section pages."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from archive.sources.base import Entry, Listing, ListingKind, Offer
from archive.sources.listings import read_listing
from archive.sources.robots import sitemaps_in
from archive.sources.unpack import MAX_BYTES, unpacked

SEEN = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://paper.example/sitemap.xml"
A, B, C = (f"https://paper.example/2026/11/24/story-{name}" for name in "abc")
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def read(text: str | bytes, kind: ListingKind | None = ListingKind.SITEMAP) -> Listing:
    return read_listing(text.encode() if isinstance(text, str) else text, (), URL, SEEN, kind)


def urlset(*urls: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SPACES}>{"".join(urls)}</urlset>'


def url(address: str, more: str = "") -> str:
    return f"<url><loc>{address}</loc>{more}</url>"


def urls(text: str | bytes) -> list[str]:
    return [entry.url for entry in read(text).entries]


def test_a_sitemap() -> None:
    listing = read(urlset(url(A, "<lastmod>2026-11-24T08:00:00+00:00</lastmod><priority>0.8</priority>"), url(B)))
    assert (listing.format, listing.kind, listing.problem) == ("sitemap", "sitemap", None)
    assert listing.entries == (Entry(A, modified="2026-11-24T08:00:00+00:00"), Entry(B))


def test_a_news_sitemap() -> None:
    news = (
        "<news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2026-11-24</news:publication_date><news:title>Ferry &amp; bridge</news:title></news:news>"
    )
    listing = read(urlset(url(A, news)))
    assert listing.format == "news_sitemap"
    assert listing.entries == (Entry(A, "Ferry & bridge", "2026-11-24", language="en"),)


def test_an_index_names_sitemaps() -> None:
    index = f"<sitemapindex {SPACES}><sitemap><loc>{URL}.gz</loc><lastmod>2026-11-24</lastmod></sitemap><sitemap><loc>http://</loc></sitemap>"
    listing = read(index + "</sitemapindex>")
    assert (listing.format, listing.entries, listing.skipped_count) == ("sitemap_index", (), 1)
    assert listing.offers == (Offer(f"{URL}.gz", ListingKind.SITEMAP, "index", modified="2026-11-24"),)


def test_other_languages_are_articles_too() -> None:
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{A}?l={code}"/>' for code in ("fr", "x-default"))
    assert read(urlset(url(A, links))).entries == (Entry(A), Entry(f"{A}?l=fr", language="fr"))


def test_an_image_is_no_article() -> None:
    image = "<image:image><image:loc>https://cdn.example/1.jpg</image:loc></image:image>"
    assert urls(urlset(url(A, image))) == [A]
    assert urls(urlset(f"<url>{image}</url>", url(B))) == [B]


def test_a_text_sitemap() -> None:
    listing = read(f"{A}\r\n\r\nnot an address\r\n{B}\r\n")
    assert (listing.format, [entry.url for entry in listing.entries]) == ("text_sitemap", [A, B])
    assert [one.what for one in listing.skipped] == ["not an address"]


ODD = {
    "no namespace": f"<urlset>{url(A)}</urlset>",
    "another namespace": f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">{url(A)}</urlset>',
    "a prefix": f'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>{A}</s:loc></s:url></s:urlset>',
    "a prefix that nobody declared": urlset(url(A, "<video:video><video:title>x</video:title></video:video>")),
    "gzip": gzip.compress(urlset(url(A)).encode()),
    "a declaration in the middle": " \n\n" + urlset(url(A)),
    "CDATA": urlset(url(f"<![CDATA[{A}]]>")),
    "blanks": urlset(url(f"\n   {A}\n  ")),
    "relative": urlset(url("/2026/11/24/story-a")),
    "twice": urlset(url(A), url(A)),
    "comments": urlset("<!-- <url><loc>https://paper.example/old</loc></url> -->", url(A)),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_sitemaps(name: str) -> None:
    assert urls(ODD[name]) == [A]
    assert read(ODD[name]).problem is None


PACKED = gzip.compress((urlset(url(A), *(url(f"{B}-{number:x}-{number**7:x}") for number in range(2_000)), url(C))).encode())
BROKEN = {
    # Scrapy's SitemapSpider gives nothing behind the first bad <loc>
    "a bad loc": (urlset(url(A), url("http://[::1"), url("http://"), url(""), "<url/>", url(C)), [A, C]),
    "bare ampersands": (urlset(url(A + "?a=1&b=2"), url(B)), [A + "?a=1&b=2", B]),
    "cut in an address": (urlset(url(A), url(B)).partition("story-b")[0] + "stor", [A]),
    "a tag never closed": (urlset(url(A), f"<url><loc>{B}</url>", url(C)), [A, B, C]),
    "two in one": (urlset(url(A)) + urlset(url(B)), [A, B]),
    "control signs": (urlset(url(A + "\x00"), url(B, "<x>\x0b</x>")), [A, B]),
    "text behind": (urlset(url(A)) + "Notice: undefined index", [A]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_sitemaps_are_read_as_far_as_they_go(name: str) -> None:
    sitemap, expected = BROKEN[name]
    assert urls(sitemap) == expected


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_gzip_file_that_is_cut_gives_whole_addresses_only(share: float) -> None:
    whole = set(urls(PACKED))
    listing = read(PACKED[: int(len(PACKED) * share)])
    found = {entry.url for entry in listing.entries}
    assert A in found
    assert found < whole
    assert listing.problem == "the gzip file is cut short: read up to there"


def test_a_text_sitemap_that_is_cut_loses_its_last_line() -> None:
    body = gzip.compress("".join(f"{B}-{number}-{number**5}\n" for number in range(3_000)).encode())
    found = urls(body[: len(body) // 2])
    assert found
    assert set(found) < {f"{B}-{number}-{number**5}" for number in range(3_000)}


def test_a_gzip_bomb_is_read_up_to_the_limit() -> None:
    plain, problem = unpacked(gzip.compress(bytes(MAX_BYTES + 10), 9))
    assert len(plain) == MAX_BYTES
    assert problem
    assert "50 MiB" in problem


def test_a_sitemap_in_the_place_of_a_feed_is_read_as_what_it_is() -> None:
    assert read(urlset(url(A)), ListingKind.FEED).kind is ListingKind.SITEMAP


# -- robots.txt -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User-agent: *\nDisallow: /x\n\nSitemap: https://paper.example/a.xml\nsitemap:/b.xml # ours\n", ["a.xml", "b.xml"]),
        ("SITEMAP : https://paper.example/a.xml\r\nSite-map: b.xml\rSitemap: a.xml", ["a.xml", "b.xml"]),
        ("# Sitemap: https://paper.example/a.xml\nDisallow: /sitemap: x", []),
        ("Sitemap: ftp://paper.example/a\nSitemap:\nSitemap: javascript:x\nSitemap: a.xml", ["a.xml"]),
        ("", []),
    ],
)
def test_sitemaps_of_a_robots_txt(text: str, expected: list[str]) -> None:
    offers = sitemaps_in(text, "https://paper.example/robots.txt")
    assert [offer.url for offer in offers] == [f"https://paper.example/{name}" for name in expected]
    assert {offer.found_by for offer in offers} <= {"robots"}


def test_a_robots_txt_may_name_too_many() -> None:
    text = "".join(f"Sitemap: https://paper.example/{number}.xml\n" for number in range(10_000))
    assert len(sitemaps_in(text, "https://paper.example/robots.txt")) == 200
