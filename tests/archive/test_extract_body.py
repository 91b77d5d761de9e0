"""The article among what surrounds it: one page written for each trap."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extract import extract
from archive.models import Article

URL = "https://www.example.test/2026/11/20/council-meets"
SENTENCES = [
    "The council met on Tuesday to discuss the budget for the coming year, and many people came to listen.",
    "Nobody could say where the money for the roads of the old town would be found, and the mayor kept silent.",
    "A second meeting was called for Friday, when the figures of the treasurer will be on the table at last.",
    "The school at the river needs a new roof before the winter, its teachers told the members of the council.",
]
P = [f"<p>{sentence}</p>" for sentence in SENTENCES]
TITLE = "<h1>Council meets</h1>"


def article(html: str, url: str = URL) -> Article:
    page = extract(html.encode(), (("Content-Type", "text/html; charset=utf-8"),), url, datetime(2026, 11, 24, tzinfo=UTC))
    assert page.article is not None, page
    return page.article


def lines(html: str) -> list[str]:
    return article(f"<html><body>{html}").text.split("\n")


@pytest.mark.parametrize(
    "noise",
    [
        '<div class="share-bar">Share this on every network that you know and tell all of your friends about it today.</div>',
        '<div class="newsletter-signup"><p>Our morning letter brings the best of the day to your desk before you are up.</p></div>',
        '<figure><img src="a.jpg"><figcaption>The members of the council listen to the mayor on Tuesday.</figcaption></figure>',
        '<p class="caption">The members of the council listen to the mayor on Tuesday evening in the hall.</p>',
        "<p>Photo: Ann Lee</p>",
        "<p>Members of the council listen to the mayor on Tuesday. (Photo by Ann Lee/Getty Images)</p>",
        "<p>Sign up for our newsletter to get the best of the town every morning.</p>",
        "<p>Lesen Sie auch: Der Bürgermeister und das Geld für die Straßen</p>",
        "<p>Click here to read more about the council and its members.</p>",
        "<p>ADVERTISEMENT</p>",
        '<ul><li><a href="/a">Mayor speaks about roads</a></li><li><a href="/b">Treasurer counts his money twice</a></li></ul>',
        '<p><a href="/a">Mayor speaks about the roads of the old town</a></p>',
        '<article class="card"><h3><a href="/a">Mayor speaks</a></h3><p>He said what he always says of roads and money.</p></article>',
        '<div id="cookie-banner"><p>We and our partners use cookies to show you what you like, and need your consent to do so.</p></div>',
        "<p>{{ current_user.name }} {{ template }}</p>",
        "<nav><p>Politics, sports, culture, science, the weather, and all that you never asked for, in one place.</p></nav>",
        "<aside><p>The budget in figures: forty millions for the schools, ten for the roads, two for the river.</p></aside>",
    ],
)
def test_what_is_not_the_article_is_left_out(noise: str) -> None:
    assert lines(f"<article>{TITLE}{P[0]}{P[1]}{noise}{P[2]}{P[3]}</article>") == SENTENCES


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<h2>How it went</h2>{P[2]}", ["How it went", SENTENCES[2]]),
        (f"<blockquote>{SENTENCES[2]}</blockquote>", [SENTENCES[2]]),
        (
            "<ul><li>forty millions for schools</li><li>ten for roads</li></ul>" + P[2],
            ["- forty millions for schools", "- ten for roads", SENTENCES[2]],
        ),
        (
            f"<table><tr><th>Item</th><th>Sum</th></tr><tr><td>Roads</td><td>10</td></tr></table>{P[2]}",
            ["Item | Sum", "Roads | 10", SENTENCES[2]],
        ),
        (f"{SENTENCES[2]}<br><br>{SENTENCES[3]}", SENTENCES[2:]),
        (f'<p>{SENTENCES[2][:30]}<a href="/x">{SENTENCES[2][30:60]}</a>{SENTENCES[2][60:]}</p>', [SENTENCES[2]]),
        (f"<div class='paywall'>{P[2]}{P[3]}</div>", SENTENCES[2:]),
    ],
)
def test_headings_lists_quotes_and_tables_stay(html: str, text: list[str]) -> None:
    assert lines(f"<article>{TITLE}{P[0]}{P[1]}{html}</article>") == [*SENTENCES[:2], *text]


def test_pieces_between_advertisements_are_one_article() -> None:
    pieces = '<div class="ad">Advertisement</div>'.join(f'<div class="piece">{p}</div>' for p in P)
    assert lines(f"<article>{TITLE}<div>{pieces}</div></article>") == SENTENCES


def test_paragraphs_beside_the_container_belong_to_it() -> None:
    assert lines(f"<article>{TITLE}<div>{P[0]}<div>{P[1] * 1}{P[2]}{P[3]}</div></div></article>") == SENTENCES


def test_the_lead_above_the_body() -> None:
    lead = "The members spoke for four hours, and decided nothing."
    html = f'<header>{TITLE}<p class="standfirst">{lead}</p><p class="byline">By Ann Lee</p></header><div>{"".join(P)}</div>'
    assert lines(f"<article>{html}</article>") == [lead, *SENTENCES]


def test_a_lead_that_the_page_describes_itself_with() -> None:
    lead = "The members spoke for four hours on Tuesday night and decided nothing of any weight"
    head = f'<meta name="description" content="{lead}.">'
    html = f"<html><head>{head}</head><body><article><header>{TITLE}<h2>{lead}</h2></header><div>{''.join(P)}</div></article>"
    assert article(html).text.split("\n") == [lead, *SENTENCES]


def test_a_lead_that_is_the_first_sentence_stands_once() -> None:
    html = f'<header>{TITLE}<p class="lead">{SENTENCES[0]}</p></header><div>{"".join(P)}</div>'
    assert lines(f"<article>{html}</article>") == SENTENCES


def test_the_next_article_of_an_endless_scroll_is_another_one() -> None:
    other = "".join(
        f"<p>Another story, number {number}, which is longer than the one that the reader came for.</p>" for number in range(40)
    )
    first = f"<article>{TITLE}{''.join(P * 2)}</article>"
    text = article(f"<html><body><main>{first}<div><article><h1>Another story</h1>{other}</article></div></main>").text
    assert "Another story" not in text
    assert SENTENCES[0] in text


def test_comments_longer_than_the_article_are_none_of_it() -> None:
    said = "".join(
        f"<p>Reader {number} says that the council has always been like this, and that it will never change.</p>"
        for number in range(40)
    )
    assert lines(f'<div><div>{TITLE}{"".join(P)}</div><div id="comments"><h3>Comments</h3>{said}</div></div>') == SENTENCES


def test_other_articles_under_a_heading_of_their_own() -> None:
    cards = "".join(
        f"<div><h3>Story {number}</h3><p>What happened to number {number} on a day like any other, in short.</p></div>"
        for number in range(3)
    )
    assert lines(f"<div><div>{TITLE}{''.join(P)}</div><h2>More from The Example</h2>{cards}</div>") == SENTENCES


def test_the_life_of_the_author_is_none_of_the_story() -> None:
    bio = "<p>Ann Lee writes about the towns of the river and can be reached at the desk of the paper.</p>"
    assert lines(f'<meta name="author" content="Ann Lee"><article>{TITLE}{"".join(P)}{bio}</article>') == SENTENCES


def test_the_publishers_body_tells_promotions_from_paragraphs() -> None:
    body = " ".join(SENTENCES * 2)
    script = (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Council meets","articleBody":"{body}"}}</script>'
    )
    promotion = "<p>Our great series on the rivers of the land can be had as a book now, with many pictures.</p>"
    html = f"<html>{script}<body><article>{TITLE}{P[0]}{P[1]}{promotion}{P[2]}{P[3]}{''.join(P)}</article>"
    assert "great series" not in article(html).text


@pytest.mark.parametrize(
    "html",
    [
        # 1998: tables for layout, no paragraphs
        "<table><tr><td width=150><a href=/>Home</a><br><a href=/n>News</a></td><td><font size=5><b>Council meets</b></font><br>"
        f"{'<br><br>'.join(SENTENCES)}</td></tr></table>",
        # 2004: divisions with line breaks
        f'<div id="wrap"><div id="left"><a href="/a">Archive</a></div><div id="story">{"<br /><br />".join(SENTENCES)}</div></div>',
        # AMP
        f'<amp-sidebar><ul><li><a href="/n">News</a></li></ul></amp-sidebar><main>{TITLE}<amp-img src="a"></amp-img>{"".join(P)}</main>',
        # print
        f'<div class="print-header">The Example</div>{TITLE}{"".join(P)}<p>https://www.example.test/2026/11/20/council-meets</p>',
    ],
)
def test_old_amp_and_print_layouts(html: str) -> None:
    found = lines(html)
    assert [sentence for sentence in SENTENCES if sentence not in found] == []
    assert len(found) <= len(SENTENCES) + 1


def test_right_to_left_and_scripts_without_blanks() -> None:
    arabic = "اجتمع المجلس يوم الثلاثاء لمناقشة ميزانية العام المقبل، وحضر كثير من الناس للاستماع إلى ما سيقال هناك."
    japanese = (
        "市議会は火曜日に来年度の予算について話し合い、多くの市民が傍聴に訪れた。道路の費用をどこから出すかは誰も言えなかった。"
    )
    for text, language in ((arabic, "ar"), (japanese, "ja")):
        found = article(f"<html><body><article>{TITLE}<p>{text}</p><p>{text[5:]}</p><p>{text[9:]}</p></article>")
        assert found.text.split("\n") == [text, text[5:].strip(), text[9:].strip()]
        assert found.language == language
