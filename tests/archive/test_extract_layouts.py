"""Layouts that once cost an article its text: pieces with a class more, names of parts around it, banners larger than it."""

from __future__ import annotations

import pytest

from archive.models import Kind
from tests.archive.test_extract_body import SENTENCES, TITLE, P, article, lines
from tests.archive.test_extract_kinds import page

FILLER = "This site keeps small files on your device, and this is what the one of number {} is for, and how long it stays there."


def filler(count: int) -> str:
    return "".join(f"<p>{FILLER.format(number)}</p>" for number in range(count))


def test_a_repeated_paragraph_stays_and_a_pulled_quote_does_not() -> None:
    assert lines(f"{TITLE}<article>{P[0]}{P[1]}{P[0]}{P[2]}</article>").count(SENTENCES[0]) == 2
    assert lines(f"{TITLE}<article>{P[0]}{P[1]}<blockquote>{P[0]}</blockquote>{P[2]}</article>").count(SENTENCES[0]) == 1


@pytest.mark.parametrize("more", ["first", "itemLast"])
def test_a_piece_with_a_class_more_is_a_piece(more: str) -> None:
    pieces = "".join(
        f'<section class="content {more if index == 0 else ""}"><div>{p * 3}</div></section>' for index, p in enumerate(P)
    )
    assert lines(f"{TITLE}<article><div>{pieces}</div></article>")[0] == SENTENCES[0]


def test_wordpress_says_in_classes_what_an_article_is_about() -> None:
    entry = f'<div class="post-1 post hentry tag-newsletter category-promotion">{TITLE}{P[0]}{P[1]}</div>'
    other = f'<div class="textwidget">{P[2] * 2}{P[3] * 2}</div>'
    assert lines(entry + other)[:2] == SENTENCES[:2]


def test_what_is_around_the_headline_is_the_article_whatever_it_is_called() -> None:
    entry = f'<div class="widget">{TITLE}<div>{P[0]}{P[1]}</div></div>'
    other = "".join(f'<section class="c{number}"><p>{SENTENCES[3]} ({number})</p></section>' for number in range(4))
    assert SENTENCES[0] in lines(entry + other)


def test_a_cookie_banner_larger_than_the_article() -> None:
    html = f"<main>{TITLE}{''.join(P)}{P[0].replace('Tuesday', 'Sunday')}{P[1].replace('roads', 'streets')}</main>"
    found = article(f'<html><body>{html}<div class="sp-dsgvo">{filler(40)}</div>')
    assert SENTENCES[0] in found.text
    assert "small files" not in found.text


def test_a_cookie_banner_makes_no_consent_page() -> None:
    banner = '<div id="cookie-law"><p>We use cookies, and you may give or refuse your consent in the privacy settings.</p></div>'
    found = page(f"<title>Council meets</title><article>{TITLE}{''.join(P)}</article>{banner * 9}")
    assert found.kind == Kind.ARTICLE


def test_the_first_heading_is_not_always_the_articles() -> None:
    old = f'<div class="ie-overlay"><h1>Dear readers</h1>{P[3]}</div>'
    found = lines(f"<title>Council meets</title>{old}<main>{TITLE}<section>{''.join(P[:3])}</section></main>")
    assert found == SENTENCES[:3]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (
            '<div class="paywall"><p>The rest of this story is for those who pay for it: three months for one pound.</p></div>',
            Kind.PAYWALL,
        ),
        (
            '<div id="regwall-box"><p>Make an account, it costs nothing, and go on with what you have begun here.</p></div>',
            Kind.PAYWALL,
        ),
        ("<p>Dieser Artikel ist nur für Abonnenten.</p>", Kind.PAYWALL),
        ('<div class="paywall"></div>', Kind.ARTICLE),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": true}</script>'
            '<div class="paywall"><p>The rest of this story is for those who pay for it: three months for one pound.</p></div>',
            Kind.ARTICLE,
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": "http://schema.org/False"}</script>',
            Kind.PAYWALL,
        ),
    ],
)
def test_the_beginning_of_an_article_for_subscribers(html: str, kind: Kind) -> None:
    assert page(f"<article>{TITLE}{P[0]}{P[1]}</article>{html}").kind == kind


def test_an_article_body_that_is_a_teaser_is_not_the_text() -> None:
    teaser = (
        "Another text stands here than the page shows, and it is only the beginning of what is told below it, no more than that."
    )
    stated = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Council meets", "articleBody": "{teaser}"}}</script>'
    assert lines(f"{stated}{TITLE}<article>{''.join(P)}</article>") == SENTENCES
