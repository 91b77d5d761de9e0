"""What kind of page it is, and that only articles become articles."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.extract import extract
from archive.health.walls import walls
from archive.models import Hop, Kind, Observation, Page
from archive.states import State
from tests.archive.test_extract_body import SENTENCES, TITLE, P

BODY = "".join(P)
TEASERS = "".join(
    f'<li><a href="/news/{number}">A headline about what happened, number {number}</a></li>' for number in range(30)
)


def page(html: str, url: str = "https://www.example.test/2026/11/20/council-meets-on-budget") -> Page:
    body = f"<html>{html}".encode()
    return extract(body, (("Content-Type", "text/html; charset=utf-8"),), url, datetime(2026, 11, 24, tzinfo=UTC))


def jsonld(kind: str, **more: object) -> str:
    import json

    return f'<script type="application/ld+json">{json.dumps({"@type": kind, **more})}</script>'


LIVE = "".join(f"<div><time>1{number}:05</time><p>{SENTENCES[number % 4]} ({number})</p></div>" for number in range(9))


@pytest.mark.parametrize(
    ("html", "url", "kind"),
    [
        (f"<article>{TITLE}{BODY}</article>", None, Kind.ARTICLE),
        (jsonld("LiveBlogPosting", headline="Council meets") + f"<article>{TITLE}{BODY}</article>", None, Kind.LIVE),
        (f"<article><h1>Council meets: live updates</h1>{LIVE}</article>", None, Kind.LIVE),
        (jsonld("VideoObject", name="Council meets") + f"{TITLE}{BODY}", None, Kind.VIDEO),
        (f"{TITLE}{BODY}", "https://www.example.test/videos/council-meets-on-budget-123456", Kind.VIDEO),
        (jsonld("ImageGallery", name="Council") + f"{TITLE}{BODY}", None, Kind.GALLERY),
        (f"{TITLE}{BODY}<p>Subscribe to continue reading this article.</p>", None, Kind.PAYWALL),
        (jsonld("NewsArticle", headline="Council meets", isAccessibleForFree="False") + f"{TITLE}{BODY}", None, Kind.PAYWALL),
        (f"<h1>The Example</h1><ul>{TEASERS}</ul>{BODY}", "https://www.example.test/", Kind.FRONT),
        (f"<h1>Politics</h1><ul>{TEASERS}</ul><p>{SENTENCES[0]}</p>", "https://www.example.test/politics/", Kind.SECTION),
        (
            "<title>Before you go on</title><p>We and our partners store cookies on your device to show you personalised ads.</p>"
            "<p>You may give your consent or reject all cookies, and change your mind in the privacy settings at any time.</p>",
            None,
            Kind.CONSENT,
        ),
        (
            f"<title>Log in</title><form><input type=password></form><p>{SENTENCES[0]}</p>",
            "https://www.example.test/account",
            Kind.LOGIN,
        ),
        ("<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1><p>nginx</p>", None, Kind.ERROR),
        ("<title>Service Unavailable</title><p>The server is temporarily unable to serve your request.</p>", None, Kind.ERROR),
        ("<title>Nothing</title><p>Nothing.</p>", None, None),
    ],
)
def test_kinds(html: str, url: str | None, kind: Kind | None) -> None:
    found = page(html, url) if url else page(html)
    assert found.kind == kind
    articles = {Kind.ARTICLE, Kind.LIVE, Kind.VIDEO, Kind.GALLERY, Kind.PAYWALL}
    assert (found.article is not None) == (found.kind in articles)
    assert found.status == ("ok" if kind in articles else "empty" if kind is None else "not_article")


@pytest.mark.parametrize(
    "title",
    [
        "404 people killed in the war",
        "500 new homes for the town",
        "Login data stolen",
        "Cookies: a recipe for the winter",
        "The live music of the river",
    ],
)
def test_a_story_about_such_things_is_an_article(title: str) -> None:
    assert page(f"<title>{title}</title><article><h1>{title}</h1>{BODY}</article>").kind == Kind.ARTICLE


def test_a_story_about_consent_is_an_article() -> None:
    told = "".join(
        f"<p>The court said that cookies need the consent of the reader, in case {number}, after four years.</p>"
        for number in range(9)
    )
    assert (
        page(jsonld("NewsArticle", headline="Court rules") + f"<article><h1>Court rules</h1>{told}</article>").kind
        == Kind.ARTICLE
    )


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Kind.CONSENT, State.BLOCKED),
        (Kind.LOGIN, State.BLOCKED),
        (Kind.ERROR, State.TEMPORARY),
        (Kind.ARTICLE, None),
        (Kind.PAYWALL, None),
        (Kind.FRONT, None),
        (None, None),
    ],
)
def test_health_uses_the_kind(kind: Kind | None, state: State | None) -> None:
    url = "https://www.example.test/a"
    verdict = walls(Observation(url, (Hop(url, 200),), page=Page("not_article", kind=kind, head_title="Before you go on")))
    assert (verdict.state if verdict else None) == state
    assert walls(Observation(url)) is None


def test_the_reason_is_told() -> None:
    assert page(f"<h1>x</h1><ul>{TEASERS}</ul>{BODY}", "https://www.example.test/").reason == "not an article: front page"
