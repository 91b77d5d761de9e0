"""Authors as pages show them: bylines however they are written, and what is none."""

from __future__ import annotations

import pytest

from archive.extract.people import people_in
from tests.archive.test_extract_body import P, article

BODY = "".join(P)


def authors(byline: str) -> tuple[str, ...]:
    return article(f"<html><body><header><h1>Council meets</h1>{byline}</header><article>{BODY}</article>").authors


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<p>By Ann Lee</p>", ("Ann Lee",)),
        ("<p>By Ann Lee on December 13, 2016</p>", ("Ann Lee",)),
        ("<p>By Ann Lee - Jan 9, 2017 at 10:05AM</p>", ("Ann Lee",)),
        ("<p>By Ann Lee, December 16th 2016</p>", ("Ann Lee",)),
        ("<p>by Ann Lee @annlee November 29, 2016: 3:42 PM ET</p>", ("Ann Lee",)),
        ("<p>By Ann Lee 5 minute read</p>", ("Ann Lee",)),
        ("<p>By Ann Lee, Bo Ek and Cy Day</p>", ("Ann Lee", "Bo Ek", "Cy Day")),
        ("<p>Von Christoph von Eichhorn</p>", ("Christoph von Eichhorn",)),
        ("<p>Par Anne Martin (Bruxelles, bureau européen)</p>", ("Anne Martin",)),
        ("<div>By</div><div>Ann Lee</div>", ("Ann Lee",)),
        ('<div class="byline">Ann Lee / TNN / Updated: Oct 9, 2019, 11:05 IST</div>', ("Ann Lee",)),
        ('<div class="byline">By Ann Lee, CNN</div>', ("Ann Lee",)),
        ('<div class="byline"><a href="/a">Ann Lee</a><a href="/t">Twitter</a></div>', ("Ann Lee",)),
        ('<div class="byline"><span>Ann Lee</span><span>Bo Ek</span></div>', ("Ann Lee", "Bo Ek")),
        ('<div>Monday 3 June, 10:44 by <a rel="author" href="/a">Ann Lee</a></div>', ("Ann Lee",)),
        ('<div><a href="/authors/heiko/">Heiko</a>, 3 June</div>', ("Heiko",)),
        ('<div><a href="/authors/">Authors</a> <a href="/more/x">Ann Lee</a></div>', ()),
        ('<div class="byline">WATCH LIVE</div>', ()),
        ('<div class="author">Updated on Monday</div>', ()),
        ("<p>By the river the school needs a roof</p>", ()),
    ],
)
def test_bylines(byline: str, expected: tuple[str, ...]) -> None:
    assert authors(byline) == expected


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["ByANN LEE"], ("ANN LEE",)),
        (["Byron Lee"], ("Byron Lee",)),
        (["Ann Lee, PhD"], ("Ann Lee",)),
        (["Ann Lee -"], ("Ann Lee",)),
        (["Ann Lee", "Senior Politics Editor"], ("Ann Lee",)),
        (["Ursula von der Leyen"], ("Ursula von der Leyen",)),
        (["No Author"], ()),
        (["null"], ()),
    ],
)
def test_names(texts: list[str], names: tuple[str, ...]) -> None:
    assert people_in(texts) == names


def test_the_sites_own_name_is_no_author_beside_a_person() -> None:
    site = '<meta property="og:site_name" content="The Example"><meta name="author" content="The Example">'
    assert authors(f'{site}<div class="byline">Ann Lee; The Example</div>') == ("Ann Lee",)
