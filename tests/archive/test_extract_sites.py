"""Rules of single sites, by the day of the capture; and what archives add to a page, taken out again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archive.extract import extract
from archive.extract.mementos import unwrapped
from archive.extract.sites import SITES, Site, site_for
from archive.extract.tree import xpath
from archive.models import Page
from tests.archive.test_extract_body import SENTENCES, TITLE, P

RULES = Site(
    "example.test", date(2010, 1, 1), date(2015, 12, 31), drop=xpath("//*[@class='junk']"), authors=xpath("//*[@class='by']/b")
)
JUNK = "<p class='junk'>Something that the papers of those years had in the middle of every single text.</p>"


def page(html: str, captured: datetime, url: str = "https://www.example.test/2012/01/02/council-meets") -> Page:
    return extract(html.encode(), (("Content-Type", "text/html"),), url, captured)


@pytest.mark.parametrize(
    ("url", "day", "rules"),
    [
        ("https://example.test/a", date(2010, 1, 1), True),
        ("https://www.example.test/a", date(2015, 12, 31), True),
        ("https://www.example.test/a", date(2016, 1, 1), False),
        ("https://www.example.test/a", date(2009, 12, 31), False),
        ("https://notexample.test/a", date(2012, 1, 1), False),
        ("https://example.test.evil.test/a", date(2012, 1, 1), False),
    ],
)
def test_chosen_by_host_and_day(monkeypatch: pytest.MonkeyPatch, url: str, day: date, rules: bool) -> None:
    monkeypatch.setattr("archive.extract.sites.SITES", (RULES,))
    assert (site_for(url, day) is RULES) == rules


def test_what_the_rules_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.extract.sites.SITES", (RULES,))
    html = f"<html><article>{TITLE}<p class='by'><b>Ann Lee</b> <b>Bo Ek</b></p>{P[0]}{P[1]}{JUNK}{P[2]}</article>"
    then, now = page(html, datetime(2012, 1, 3, tzinfo=UTC)).article, page(html, datetime(2026, 1, 3, tzinfo=UTC)).article
    assert then is not None
    assert now is not None
    assert (then.authors, then.text.split("\n")) == (("Ann Lee", "Bo Ek"), SENTENCES[:3])
    assert JUNK[16:30] in now.text


def test_the_registry_is_in_order() -> None:
    for site in SITES:
        assert site.until is None or site.since < site.until
        assert site.rules(f"www.{site.domain}", site.since)


# -- mementos ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "original"),
    [
        ("https://web.archive.org/web/20190424101500/https://example.test/a?b=c", "https://example.test/a?b=c"),
        ("https://web.archive.org/web/20190424101500id_/http://example.test/", "http://example.test/"),
        ("/web/20190424101500im_/http://example.test/i.jpg", "http://example.test/i.jpg"),
        ("//web.archive.org/web/2019/http:/example.test/a", "http://example.test/a"),
        ("https://example.test/web/20190424/story", "https://example.test/web/20190424/story"),
        ("/web/story", "/web/story"),
        ("", ""),
    ],
)
def test_an_address_without_the_archives(href: str, original: str) -> None:
    assert unwrapped(href) == original


def test_a_memento_with_the_archives_own_marks() -> None:
    wrap = "https://web.archive.org/web/20120103000000/"
    html = (
        f'<html><head><link rel="canonical" href="{wrap}https://www.example.test/2012/01/02/council-meets"></head><body>'
        '<div id="wm-ipp-base"><p>12 captures of this page, from the second day of January to the last one of this year.</p>'
        "<h1>Wayback Machine</h1></div>"
        f'<article>{TITLE}{P[0]}{P[1]}<p>It will meet again, as <a href="{wrap}https://other.test/2012/01/01/what-comes-next-for-town">'
        "another paper</a> wrote on Monday of this week.</p></article>"
    )
    found = page(html, datetime(2012, 1, 3, tzinfo=UTC), f"{wrap}https://www.example.test/2012/01/02/council-meets")
    assert found.article is not None
    assert "captures" not in found.article.text
    assert (found.heading, found.article.site) == ("Council meets", "example.test")
    assert found.article.canonical_url == "https://www.example.test/2012/01/02/council-meets"
    assert [link.url for link in found.links] == ["https://other.test/2012/01/01/what-comes-next-for-town"]
