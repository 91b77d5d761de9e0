"""Pages made to hurt: each ends in a status that says why, and nothing is invented. The time it takes is the workers' matter."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.extract import extract
from archive.models import Page

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
URL = "https://www.example.test/story-of-the-day"
STATUSES = {"ok", "empty", "not_html", "too_large", "decode", "error"}
TEXT = "The council met on Tuesday to discuss the budget for the coming year, and many people came to listen to it. "
PROSE = f"<p>{TEXT * 3}</p>"


def page(html: str | bytes, content_type: str = "text/html; charset=utf-8") -> Page:
    body = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    return extract(body, (("Content-Type", content_type),), URL, datetime(2026, 11, 24, tzinfo=UTC))


@pytest.mark.parametrize("tag", ["body", "div", "p", "meta", "a"])
@pytest.mark.parametrize("attribute", ['a{}="1995-01-01"', "a{}=1995-01-01", "a{}"])
def test_fifty_thousand_attributes(tag: str, attribute: str) -> None:
    attributes = " ".join(attribute.format(number) for number in range(50_000))
    found = page(f"<html><{tag} {attributes}>{PROSE}")
    assert found.status == "ok"
    assert found.article is not None
    assert found.article.published is None


def test_a_large_attribute_of_data_is_left_alone() -> None:
    data = json.dumps({"key": "value " * 10_000}).replace('"', "&quot;")
    found = page(f'<html><div data-props="{data}" class="x"><a href="/z" data-x="{data}">z</a>{PROSE}</div>')
    assert found.status == "ok"
    assert [link.url for link in found.links] == ["https://www.example.test/z"]


def test_a_hundred_thousand_links() -> None:
    anchors = "".join(f'<a href="/news/{number}">link {number}</a> ' for number in range(100_000))
    found = page(f"<html><title>Index</title><h1>All news</h1>{PROSE}{anchors}")
    assert (found.status, found.head_title, found.heading) == ("too_large", "Index", "All news")
    assert "elements" in (found.reason or "")
    assert len(found.links) == 1_000


def test_ten_thousand_links_in_an_article() -> None:
    anchors = "".join(f'<a href="/news/{number}">link {number}</a> ' for number in range(10_000))
    found = page(f"<html>{PROSE * 4}<div>{anchors}</div>")
    assert found.status == "ok"
    assert found.article is not None
    assert TEXT.strip() in found.article.text


@pytest.mark.parametrize("depth", [100, 230, 260, 1_000, 1_900])
@pytest.mark.parametrize("tag", ["div", "span", "blockquote"])
def test_deep_markup_keeps_its_text(tag: str, depth: int) -> None:
    found = page(f"<html><body>{f'<{tag}>' * depth}{PROSE}")
    assert found.status == "ok"
    assert found.article is not None
    assert TEXT.strip() in found.article.text


@pytest.mark.parametrize(
    "sign", [*(chr(code) for code in range(32)), "\x7f", "\x9f", "\ufffe", "&#0;", "&#31", "&#x1F;", "&#xfffe;", "&#65535;"]
)
def test_no_sign_costs_the_article(sign: str) -> None:
    found = page(f"<html><h1>a{sign}b</h1><p>a{sign}b</p>{PROSE}")
    assert found.article is not None
    assert TEXT.strip() in found.article.text


@pytest.mark.parametrize(
    ("reference", "text"),
    [("&#9;", "a b"), ("&#10;", "a b"), ("&#32;", "a b"), ("&#310;", "aĶb"), ("&#x1F4A9;", "a💩b"), ("&#xE9;", "aéb")],
)
def test_other_references_stay(reference: str, text: str) -> None:
    assert page(f"<html><h1>a{reference}b</h1>{PROSE}").heading == text


ENDLESS = {
    "articles in articles": "<article>" * 200 + PROSE + f"<article>{PROSE}</article>" * 3_000,
    "headings that end the article": PROSE + "<h2>Comments</h2><i>x</i>" * 10_000,
    "marks without end": f"<div class='{' '.join(f'share-{number}' for number in range(500))}'>" * 200 + PROSE * 500,
    "templates": "<p>" + "{{" * 1_000_000 + f"</p>{PROSE}",
    "dots": "<p>" + "." * 1_000_000 + f"</p>{PROSE}",
    "titles": f"<title>{'a: ' * 100_000}</title><h1>{'b: ' * 100_000}</h1>{PROSE}",
    "garbled": f"<p>{'Ã©' * 1_000_000}</p>{PROSE}",
    "authors": f"<h1>x</h1><p class=author>{'Ann Lee, ' * 50_000}</p>{PROSE}",
    "rows": f"<table>{'<tr><td>a<td>b' * 10_000}</table>{PROSE}",
}


@pytest.mark.parametrize("html", ENDLESS.values(), ids=ENDLESS)
def test_what_would_take_for_ever_ends_with_the_article(html: str) -> None:
    """Each was quadratic in something once, or could be."""
    found = page(f"<html><body>{html}")
    assert found.status == "ok", found.reason
    assert found.article is not None
    assert TEXT.strip() in found.article.text


def test_an_article_without_a_place_of_its_own_is_found() -> None:
    """Two short paragraphs in different corners of the page."""
    found = page(f"<html><div><div><p>Label</p><p>{TEXT}</p></div></div><div><span><p>{TEXT[:70]}</p></span></div>")
    assert found.article is not None
    assert found.article.text.split("\n") == [TEXT.strip(), TEXT[:70].strip()]


@pytest.mark.parametrize("depth", [2_100, 5_000, 100_000])
def test_markup_that_no_parser_follows_says_so(depth: int) -> None:
    found = page(f"<html><body>{'<div>' * depth}{PROSE}")
    assert (found.status, found.article) == ("too_large", None)
    assert "deeper" in (found.reason or "")


def test_a_text_of_nine_megabytes_is_kept_whole() -> None:
    found = page("<html><p>" + "word " * 1_800_000)
    assert (found.status, found.text_length) == ("ok", 5 * 1_800_000 - 1)


@pytest.mark.parametrize(
    "html",
    [
        "\0" * 100 + PROSE,
        f"<p>a\0b\x01\x1b[31m</p>{PROSE}<title>\x07t\x9f\u00ad</title><h1>\ufffe&#0;&#xD800;&#x1F;</h1>",
        '<script type="application/ld+json">{"@type":"Article","headline":"x\\ud800\\u0000\\u001b","author":"\\udfff A"}</script>'
        + PROSE,
        f'<meta property="og:title" content="&#x1b;]52;c;x&#7;\udcff"><a href="/\udcff\x01">\x1b</a>{PROSE}',
    ],
)
def test_no_string_holds_what_a_database_or_terminal_cannot(html: str) -> None:
    found = page("<html>" + html)
    assert found.status == "ok"
    for text in strings(found):
        assert not [
            sign
            for sign in text
            if (sign < " " and sign not in "\n\t") or "\x7f" <= sign <= "\x9f" or "\ud800" <= sign <= "\udfff"
        ]


def strings(value: Any) -> list[str]:
    """Every string in a record."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in strings(item)]
    return (
        [text for item in fields(value) for text in strings(getattr(value, item.name))]
        if hasattr(value, "__dataclass_fields__")
        else []
    )


PIECES = (
    *(
        "<html>",
        "<body>",
        "</body>",
        "<div class=related>",
        "<p>",
        "</p>",
        "<a href='",
        "'>",
        "<table>",
        "<tr>",
        "<td colspan=9999999999>",
    ),
    *(
        "<script type='application/ld+json'>",
        '{"@type":"Article",',
        '"author":[[[{"name":',
        "</script>",
        "<meta property=og:title content=",
        "<svg>",
    ),
    *(
        "<time datetime=",
        "2026-13-45",
        "<form>",
        "<select>",
        "<option>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<?xml",
        "&#x110000;",
        "&amp",
        "\x00",
        "\ud800",
    ),
    *(
        "<base href='http://[",
        "<link rel=canonical href='",
        "http://a b/",
        "<h1>",
        "<h2>Related</h2>",
        "<ul><li>",
        "<math>",
        "<template>",
        "<frameset>",
    ),
    *(
        "<p>" + TEXT,
        "﷽",
        "<ruby>",
        "<article>",
        "<main>",
        "<iframe src=x>",
        "<noscript>",
        "<style>",
        "<plaintext>",
        "<textarea>",
        "<xmp>",
        "\x1f\x8b",
    ),
)


@pytest.mark.parametrize("seed", range(150))
def test_broken_markup_never_raises(seed: int) -> None:
    dice = random.Random(seed)
    found = page("<html>" + "".join(dice.choices(PIECES, k=dice.randint(1, 60))))
    assert found.status in STATUSES - {"error"}, found.reason


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes_never_raise(seed: int) -> None:
    dice = random.Random(seed)
    found = extract(
        dice.randbytes(dice.randint(1, 2_000)),
        (("Content-Type", "text/html"), ("Content-Encoding", dice.choice(["", "gzip", "br", "deflate", "zstd"]))),
        URL,
        datetime(2026, 11, 24, tzinfo=UTC),
    )
    assert found.status in STATUSES - {"error"}, found.reason


@pytest.mark.skipif(not (DATA / "hostile" / "blns.json").exists(), reason="the list of naughty strings is not here")
def test_naughty_strings() -> None:
    for text in json.loads((DATA / "hostile" / "blns.json").read_text()):
        found = page(
            f"<html><title>{text}</title><meta name=author content='{text}'><a href='{text}'>{text}</a><p>{text}</p>{PROSE}"
        )
        assert found.status in {"ok", "empty"}, (text, found.reason)


def test_a_fault_of_a_library_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr("archive.extract.page.main_text", broken)
    found = page(f"<html><title>T</title><h1>H</h1>{PROSE}")
    assert (found.status, found.reason, found.head_title, found.heading) == ("error", "RecursionError: too deep", "T", "H")


def test_lack_of_memory_is_the_callers_to_handle(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise MemoryError

    monkeypatch.setattr("archive.extract.page.main_text", broken)
    with pytest.raises(MemoryError):
        page(f"<html>{PROSE}")
