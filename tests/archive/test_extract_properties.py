"""Pages broken at random: extraction never raises, always says why, and never gives text that is not on the page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import strip_elements

from archive.extract import extract
from archive.extract.clean import printable
from archive.extract.lines import SILENT
from archive.extract.tree import parse
from tests.archive.test_extract_body import SENTENCES

URL = "https://www.example.test/2026/11/20/council-meets-on-budget"
BODY = "Stated by the publisher, and longer than what the page shows of it. " * 12
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Council meets | The Example</title><meta property='og:title' content='Council meets'>"
    f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', 'headline': 'Council meets', 'articleBody': BODY})}</script>"
    "</head><body><nav><a href='/politics'>Politics</a></nav><main><article><header><h1>Council meets</h1><p class='lead'>A long "
    f"evening for <b>all</b> of its members.</p><p class='byline'>By Ann Lee</p></header><p>{SENTENCES[0]}</p><div class='ad'>Ad</div>"
    f"<p>{SENTENCES[1]} <a href='/2026/11/19/mayor-speaks-about-roads'>The mayor</a> spoke.</p><h2>How it went</h2><ul><li>Ten for "
    f"roads</li><li>Two for the river</li></ul><table><tr><td>Roads</td><td>10</td></tr></table><blockquote>{SENTENCES[2]}</blockquote>"
    f"<p>{SENTENCES[3]}</p><aside class='related'><h3>Related</h3><a href='/2026/11/18/other-story-of-the-day'>Other</a></aside>"
    "</article><section id='comments'><p>First! What a council, and what a town we live in, said a reader.</p></section></main>"
    "<footer><p>All rights reserved by The Example, its owners and their heirs.</p></footer></body></html>"
)
TOKENS = re.findall(r"<[^>]*>|[^<]+", PAGE)
STATUSES = {"ok", "empty", "not_article", "too_large"}

mutation = st.tuples(
    st.sampled_from(["drop", "double", "move", "cut", "insert"]),
    st.integers(0, len(TOKENS) - 1),
    st.integers(0, len(TOKENS) - 1),
    st.sampled_from(
        ["<p>", "</div>", "<table>", "<td>", "<li>", "</article>", "<article>", "<!--", "<b>", "</p>", "<noscript>", "<br>"]
    )
    | st.text(max_size=30),
)


def mutated(mutations: list[tuple[str, int, int, str]]) -> str:
    """The page after some accidents."""
    tokens = list(TOKENS)
    for how, first, second, text in mutations:
        at, other = first % len(tokens), second % len(tokens)
        if how == "drop" and len(tokens) > 1:
            del tokens[at]
        elif how == "double":
            tokens.insert(other, tokens[at])
        elif how == "move":
            tokens.insert(other, tokens.pop(at))
        elif how == "cut":
            tokens[at] = tokens[at][: len(tokens[at]) // 2]
        else:
            tokens.insert(at, text)
    return "<html>" + "".join(tokens)


def compact(text: str) -> str:
    return "".join(printable(text).replace("|", "").split())  # "|" stands between cells


def shown(html: str) -> str:
    """All text of the page that a reader may see, without blanks."""
    tree = parse(html)
    assert tree is not None
    strip_elements(tree, *SILENT, with_tail=False)
    return compact("".join(tree.itertext()))


@settings(max_examples=300, deadline=None)
@given(st.lists(mutation, max_size=25))
def test_mutated_pages(mutations: list[tuple[str, int, int, str]]) -> None:
    html = mutated(mutations).encode("utf-8", "replace").decode()
    page = extract(html.encode(), (("Content-Type", "text/html; charset=utf-8"),), URL, datetime(2026, 11, 24, tzinfo=UTC))
    assert page.status in STATUSES, page.reason
    assert (page.article is not None) == (page.status == "ok")
    seen = shown(html)
    for line in page.article.text.split("\n") if page.article else ():
        told = compact(line.removeprefix("- "))
        assert told in seen or told in compact(BODY), line
    for name in page.article.authors if page.article else ():
        # a byline that stands twice loses both "By"
        assert compact(name) in seen or compact(name) in seen.replace("By", ""), name
