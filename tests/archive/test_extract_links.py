"""Typed links: what is related, what stands in the story, what is navigation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.extract import extract
from archive.extract.lines import lines_of
from archive.extract.links import MAX_ANCHORS, MAX_LINKS, _Addresses, read_links
from archive.extract.related import related_blocks
from archive.extract.tree import parse
from archive.models import Link, Role
from archive.urls import NotAURL, canonicalize

URL = "https://www.example.test/2026/11/20/council-meets-on-budget"
OTHER = "/2026/11/19/mayor-explains-the-new-budget"
FULL = "https://www.example.test" + OTHER
PROSE = "<p>The council met on Tuesday to discuss the budget for the coming year, and many people came to listen to it.</p>"


def links(html: str, *, url: str = URL, base: str = URL, canonical: str | None = None) -> tuple[Link, ...]:
    tree = parse(f"<html><body>{html}")
    assert tree is not None
    return read_links(tree, lines_of(tree), related_blocks(tree), url, base, canonical)


def roles(html: str) -> dict[str, Role]:
    return {link.url: link.role for link in links(html)}


A = f'<a href="{OTHER}">Mayor explains the new budget</a>'


@pytest.mark.parametrize(
    "block",
    [
        f'<div class="related-articles"><ul><li>{A}</li></ul></div>',
        f'<aside id="more_from">{A}</aside>',
        f'<section aria-label="Related content">{A}</section>',
        f'<section class="read more">{A}</section>',
        f"<div><h3>Related</h3><ul><li>{A}</li></ul></div>",
        f"<div><h3><span>Read more</span></h3><ul><li>{A}</li></ul></div>",
        f"<section><header><h2>More on the budget</h2></header><div>{A}</div></section>",
        f"<h4>See also:</h4><ul><li>{A}</li></ul>",
        f"<p><strong>Recommended</strong></p><ul><li>{A}</li></ul>",
        f"<p>Read more: {A}</p>",
        f"<p>Related article: {A}</p>",
        f"<p><b>Lesen Sie auch:</b> {A}</p>",
        f"<div><h3>Mehr zum Thema</h3>{A}</div>",
        f"<div><h3>À lire aussi</h3>{A}</div>",
        f"<div><h3>Te puede interesar</h3>{A}</div>",
        f"<div><h3>Читайте также</h3>{A}</div>",
        f"<div><p>По теме</p><p>{A}</p></div>",
        f"<div><h3>関連記事</h3>{A}</div>",
    ],
)
def test_related_blocks_are_found_and_cut(block: str) -> None:
    html = f"<article><h1>Council meets</h1>{PROSE * 2}{block}{PROSE}</article>"
    assert roles(html) == {FULL: Role.RELATED}
    page = extract(f"<html><body>{html}".encode(), (("Content-Type", "text/html"),), URL, datetime(2026, 11, 24, tzinfo=UTC))
    assert page.article is not None
    assert page.article.text.split("\n") == [PROSE[3:-4]] * 3


@pytest.mark.parametrize(
    "html",
    [
        f'<div class="related-layout"><h1>Council meets</h1>{PROSE}<p>{A}</p></div>',
        f'<div class="read-more">{PROSE * 3}{A}</div>',
        f"<p>More: the council also spoke about a great many other things that evening, as {A} said at the end of it all,"
        " and then it went home, late at night, through the rain and the wind that had come up from the river.</p>",
        f"<p>Unrelated: {A}</p>",
    ],
)
def test_the_page_itself_is_no_related_block(html: str) -> None:
    assert Role.RELATED not in roles(html).values()


@pytest.mark.parametrize(
    ("html", "role"),
    [
        (f"<p>As {A} said on Monday, the council has no money left for roads.</p>", Role.INLINE),
        (f"<article><ul><li>The council has no money left, as {A} said on Monday.</li></ul></article>", Role.INLINE),
        (
            '<p>There is no money left for any roads, as <a href="https://other.test/2026/bad-roads-123456">they</a> say.</p>',
            Role.INLINE,
        ),
        (f"<p>{A}</p>", Role.SECTION),  # a teaser: no sentence around it
        (f"<nav><ul><li>{A} and a sentence that somebody has put around it</li></ul></nav>", Role.SECTION),
        (f"<footer><p>{A} and a sentence that somebody has put around it</p></footer>", Role.SECTION),
        ('<p>The council has no money left for roads, so <a href="/tag/roads">roads</a> are bad.</p>', Role.SECTION),
        ('<nav><a href="/politics/">Politics</a></nav>', Role.SECTION),
    ],
)
def test_inline_or_section(html: str, role: Role) -> None:
    assert list(roles(html).values()) == [role]


def test_one_address_keeps_its_most_telling_role_and_first_place() -> None:
    found = links(
        f'<nav><a href="{OTHER}">Budget</a></nav><p>As {A} said on Monday, the council has no money left.</p>'
        f'<div class="related"><a href="{OTHER}?utm_source=x#top"><img></a><a href="/z">Z of the related ones</a></div>'
    )
    assert found == (
        Link(FULL, Role.RELATED, "Mayor explains the new budget", 0),
        Link("https://www.example.test/z", Role.RELATED, "Z of the related ones", 3),
    )


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/a", "https://www.example.test/a"),
        ("b", "https://www.example.test/2026/11/20/b"),
        ("../c?x=1", "https://www.example.test/2026/11/c?x=1"),
        ("?page=2", URL + "?page=2"),
        ("//cdn.example.test/d", "https://cdn.example.test/d"),
        ("HTTP://Example.Test:80/E/../f#g", "http://example.test/f"),
        ("https://example.test", "https://example.test/"),
        (" /g\n", "https://www.example.test/g"),
        ("/ä b", "https://www.example.test/%C3%A4%20b"),
        ("https://bücher.test/", "https://xn--bcher-kva.test/"),
        ("/a:80", "https://www.example.test/a:80"),
        ("#top", None),
        ("", None),
        ("javascript:alert(1)", None),
        ("JavaScript:void(0)", None),
        ("mailto:a@example.test", None),
        ("tel:123", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("whatsapp://send", None),
        ("http://[::1", None),
        ("http://", None),
        ("https://a b/", None),
        ("/" + "x" * 5000, None),
        (URL, None),
        (URL + "#comments", None),
    ],
)
def test_addresses(href: str, url: str | None) -> None:
    assert [link.url for link in links(f'<a href="{href}">x</a>')] == ([url] if url else [])


_HREFS = st.text(alphabet="abZ09.-_~/:?#%&=@[] é\\", max_size=30) | st.from_regex(
    r"(https?:)?//[a-zA-Z0-9.-]{1,12}(/[\w.%~-]{0,6}){0,3}/?", fullmatch=True
)


@given(_HREFS)
def test_the_short_way_gives_what_canonicalize_gives(href: str) -> None:
    given_back = _Addresses(URL).of(href)
    if given_back is not None:
        assert canonicalize(given_back) == given_back


_QUERY = r"(\?((utm_source|id|[a-z]{0,3})(=[A-Za-z0-9%._~-]{0,4})?(&|;|\?)?){0,3})?"


@given(st.from_regex(rf"https?://[a-z0-9.-]{{1,20}}\.[a-z]{{2,4}}(/[A-Za-z0-9._~-]{{0,6}}){{0,4}}{_QUERY}", fullmatch=True))
def test_the_short_way_changes_no_absolute_address(href: str) -> None:
    try:
        expected: str | None = canonicalize(href)
    except NotAURL:
        expected = None
    assert _Addresses(URL).of(href) == expected


def test_the_canonical_link_comes_first() -> None:
    canonical = "https://www.example.test/budget"
    found = links(f'<a href="/budget">x</a>{A}', canonical=canonical)
    assert [(link.url, link.role, link.position) for link in found] == [(canonical, Role.CANONICAL, 0), (FULL, Role.SECTION, 2)]
    assert links(A, canonical=URL) == links(A)


def test_bounds() -> None:
    many = [f'<a href="/{number}">x</a>' for number in range(MAX_ANCHORS + 10)]
    block = f'<div class="related">{A}</div>'
    found = links("".join((*many[:2_000], block, *many[2_000:])))
    assert (len(found), found[-1].role, found[-1].position) == (MAX_LINKS, Role.RELATED, 2_000)
    assert Role.RELATED not in {link.role for link in links("".join((*many, block)))}
