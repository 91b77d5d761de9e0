"""What publishers state: JSON-LD however it is broken, meta tags, microdata."""

from __future__ import annotations

import json

import pytest

from archive.extract.structured import Stated, read_jsonld, read_meta, read_microdata
from archive.extract.tree import parse

URL = "https://www.example.test/2026/11/20/council-meets"


def jsonld(*scripts: str, headings: tuple[str | None, ...] = (), url: str = URL) -> Stated | None:
    html = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    tree = parse(f"<html><head>{html}</head><body><p>x</p>")
    assert tree is not None
    return read_jsonld(tree, url, headings)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Council meets"}',
        '[{"@type": "WebSite"}, {"@type": ["Article", "NewsArticle"], "headline": "Council meets"}]',
        '{"@graph": [{"@type": "WebPage"}, {"@type": "http://schema.org/ReportageNewsArticle", "headline": "Council meets"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "headline": "Council meets"}}',
        '{"@type": "NewsArticle", "headline": "Council\n meets"}',
        '{"@type": "NewsArticle", "headline": "Council\x0b meets",}',
        '{"@type": "NewsArticle", "headline": "Council meets", "author": [{"name": "A"},],}',
        '<!-- {"@type": "NewsArticle", "headline": "Council meets"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Council meets"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Council meets"};',
        '{"@type": "NewsArticle", "headline": "<b>Council</b>&amp;nbsp;meets"}',
    ],
)
def test_json_as_publishers_write_it(script: str) -> None:
    stated = jsonld(script)
    assert stated is not None
    assert stated.headline == "Council meets"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "null",
        "[]",
        "17",
        '{"@type": "Organization", "name": "x"}',
        "[" * 100_000,
        '{"@type": 7}',
        '{"@type": {"a": []}}',
        '"Article"',
    ],
)
def test_what_describes_no_article(script: str) -> None:
    found = jsonld(script)
    assert found is None or found == Stated(types=found.types)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",)),
        ([{"name": "Ann Lee"}, {"name": ["Bo Ek"]}, "Ann Lee"], ("Ann Lee", "Bo Ek")),
        ({"name": {"name": "Ann Lee"}}, ("Ann Lee",)),
        ({"@id": "#ann"}, ("Ann of the graph",)),
        (["https://example.test/authors/ann"], ()),
        ([None, 7, {}, {"@id": 3}, {"@id": "#nobody"}, True], ()),
        ({"@id": "#loop"}, ()),
    ],
)
def test_authors_however_nested(author: object, names: tuple[str, ...]) -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "x", "author": author},
        {"@type": "Person", "@id": "#ann", "name": "Ann of the graph"},
        {"@type": "Person", "@id": "#loop", "alternateName": {"@id": "#loop"}},
    ]
    stated = jsonld(json.dumps({"@graph": graph}))
    assert stated is not None
    assert stated.authors == names


TEASERS = [
    {"@type": "NewsArticle", "headline": "A fuller teaser", "author": "A", "datePublished": "2026-01-01", "description": "d"},
    {"@type": "NewsArticle", "headline": "By its address", "url": URL + "?utm_source=x#top"},
    {"@type": "NewsArticle", "headline": "By its headline"},
]


@pytest.mark.parametrize(
    ("url", "heading", "headline"),
    [
        (URL, "By its headline", "By its address"),
        ("https://www.example.test/other", "by  its HEADLINE", "By its headline"),
        ("https://www.example.test/other", None, "A fuller teaser"),
    ],
)
def test_the_article_of_the_page_is_chosen(url: str, heading: str | None, headline: str) -> None:
    stated = jsonld(*map(json.dumps, TEASERS), headings=(heading,), url=url)
    assert stated is not None
    assert stated.headline == headline


def test_the_other_statements() -> None:
    node = {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@id": URL},
        "datePublished": "2026-11-20T10:00:00Z",
        "dateModified": ["2026-11-21"],
        "publisher": {"@type": "Organization", "name": "The Example"},
        "image": [{"@type": "ImageObject", "url": "/i.jpg"}],
        "inLanguage": {"@type": "Language", "name": "en"},
        "articleBody": "<p>One.</p><p>Two &amp; three.</p>",
    }
    assert jsonld(json.dumps(node)) == Stated(
        published="2026-11-20T10:00:00Z",
        modified="2026-11-21",
        publisher="The Example",
        image="/i.jpg",
        language="en",
        body="One.\nTwo & three.",
        url=URL,
        types=("NewsArticle",),
        published_from="json-ld",
        modified_from="json-ld",
    )


def test_meta_tags_by_any_name() -> None:
    tree = parse(
        '<head><meta property="OG:Title" content=" A  title "><meta name="author" content="Ann"><meta name="author" content="Bo">'
        '<meta name="description" content=""><meta name="twitter:description" content="A\x00\x1bB &amp;amp; C"></head>'
    )
    assert tree is not None
    meta = read_meta(tree)
    assert meta.first("og:title") == "A title"
    assert meta.all("author") == ("Ann", "Bo")
    assert meta.first("description", "twitter:description") == "A B & C"
    assert meta.first("nothing") is None


def test_microdata() -> None:
    tree = parse(
        '<article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline name">Council meets</h1>'
        '<span itemprop="author" itemscope><a itemprop="url" href="/a"></a><b itemprop="name">Ann Lee</b></span>'
        '<time itemprop="datePublished" datetime="2026-11-20">yesterday</time></article>'
    )
    assert tree is not None
    assert read_microdata(tree) == Stated(None, ("Ann Lee",), "2026-11-20", heading="Council meets", published_from="microdata")
