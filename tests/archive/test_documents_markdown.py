"""Markdown: what is a link, what is not, and how a target is written; markdown-it reads the same documents."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.archive.documents import CAPTURE, NEW, appended, document, left, links_of, replaced

U = "https://paper.example.test/2019/04/24/kim-meets-putin"


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f"[words]({U})", [U]),
        (f'[words]({U} "a title")', [U]),
        (f"[words](<{U}>)", [U]),
        (f"[words](\n  {U}\n  'title')", [U]),
        (f"[words]({U}_(disambiguation))", [U + "_(disambiguation)"]),
        (rf"[words]({U}\)x)", [rf"{U}\)x"]),
        (f"([words]({U}))", [U]),
        (f"[![an image](https://img.example.test/x.png)]({U})", [U]),
        (f"[a [b] c]({U})", [U]),
        (f"[{U}]({U})", [U]),  # the words are no link of their own
        (f"<{U}>", [U]),
        (f"See {U}.", [U]),
        (f"({U}), **{U}**, _{U}_", [U, U, U]),
        (f"| {U} | x |\n|---|---|\n| {U}|", [U, U]),
        (f"见{U}。后", [U]),
        (f"[words][1]\n\n[1]: {U}", [U]),
        (f"[words][1]\n\n[1]: <{U}>\n   'title'", [U]),
        (f"> [1]: {U}\n> text", [U]),
        (f"[^1]: A note with {U}.", [U]),
        (f"---\nsource: {U}\n---\ntext", [U]),
        (f'<a href="{U}">words</a>', [U]),
        (f"- item\n\n  {U}\n", [U]),
        (f"1. item\n\n   - deeper\n\n     {U}\n", [U]),
        (f"> quoted {U}", [U]),
        (f"a paragraph\n    {U}", [U]),  # goes on, is no code
        (f"`{U} is not closed, {U}", [U + ["", "is not closed"][0], U]),
        (f"``{U}", [U]),
        (rf"\`{U}\`", [U]),
        (f"~~~\n{U}\n~~~\n\n{U}", [U]),
        (f"```\n{U}\n````\n{U}", [U]),
        (f"> ```\n> {U}\n\n{U}", [U]),  # the quote's end ends its code
        (f"- ```\n  {U}\n\n{U}", [U]),  # the item's end too
        (f"    {U}\n\n{U}", [U]),
        (f"<pre>\n{U}\n</pre>\n\n{U}", [U]),
    ],
)
def test_links(text: str, targets: list[str]) -> None:
    assert links_of("a.md", text) == targets


@pytest.mark.parametrize(
    "text",
    [
        f"`{U}`",
        f"``a ` {U}``",
        f"`two\nlines {U}`",
        f"```\n{U}\n```",
        f"```\n{U}",
        f"~~~ sh\n```\n{U}\n~~~",
        f"    {U}",
        f"\t{U}",
        f"- item\n\n      {U}",
        f"- ```\n  {U}\n  ```",
        f"> ```\n> {U}\n> ```",
        f"<!-- {U} -->",
        f"![image]({U})",
        "[relative](/a/b) [mail](mailto:a@b.test) [top](#top) [js](javascript:alert%28%29)",
        f"<script>x = '{U}'</script>",
    ],
)
def test_no_links(text: str) -> None:
    assert links_of("a.md", text) == []
    assert replaced("a.md", text) == text


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        (f"[w]({U})", "https://x.test/a_(b)", "[w](https://x.test/a_(b))"),
        (f"[w]({U})", "https://x.test/a)b(", r"[w](https://x.test/a\)b\()"),
        (f"[w](<{U}>)", "https://x.test/a)b", "[w](<https://x.test/a)b>)"),
        (f'[w]({U} "t")', "https://x.test/a b<c>\"d'", '[w](https://x.test/a%20b%3Cc%3E%22d\' "t")'),
        (f"[w]({U})", "https://x.test/?a=1&copy;=2", "[w](https://x.test/?a=1&amp;copy;=2)"),
        (f"[w]({U})", "https://x.test/?a=1&copy=2", "[w](https://x.test/?a=1&copy=2)"),
        (f"See {U}.", "https://x.test/a.", "See https://x.test/a%2E."),
        (f"({U})", "https://x.test/a)", "(https://x.test/a%29)"),
        (f"{U}", "https://x.test/*a*", "https://x.test/%2Aa%2A"),
        (f"<{U}>", "https://x.test/a)*b", "<https://x.test/a)*b>"),
        (f"[1]: {U} 'x'\n\n[1]", "https://x.test/(", r"[1]: https://x.test/\( 'x'" + "\n\n[1]"),
        (f"---\nsource: '{U}'\n---\n", "https://x.test/it's", "---\nsource: 'https://x.test/it%27s'\n---\n"),
        (f"[w]({U})", "https://x.test/ü", "[w](https://x.test/%C3%BC)"),
    ],
)
def test_spelling(text: str, url: str, written: str) -> None:
    assert replaced("a.md", text, url) == written
    assert replaced("a.md", written, url) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"[w]({U}), x", f"[w]({U}) ([archived]({CAPTURE}{U})), x"),
        (f"[w]({U}){{:target=_blank}} x", f"[w]({U}){{:target=_blank}} ([archived]({CAPTURE}{U})) x"),
        (f"See <{U}>.", f"See <{U}> ([archived]({CAPTURE}{U}))."),
        (f"See {U}.", f"See {U} ([archived]({CAPTURE}{U}))."),
        (f"A [w][n] and [n].\n\n[n]: {U}\n", f"A [w][n] ([archived]({CAPTURE}{U})) and [n].\n\n[n]: {U}\n"),
        (f'<a href="{U}">w</a>', f'<a href="{U}">w</a> (<a href="{CAPTURE}{U}">archived</a>)'),
    ],
)
def test_append(text: str, written: str) -> None:
    assert appended("a.md", text) == written
    assert appended("a.md", written) == written
    assert [link.archived for link in document("a.md", written).links] == [CAPTURE + U]


def test_a_capture_that_somebody_set_beside_is_known() -> None:
    text = f"[w]({U}) ([Wayback copy]({CAPTURE}{U})) and [other]({U}x) ([a comment](https://other.example.test/c))"
    assert [(link.raw, link.archived) for link in document("a.md", text).links] == [
        (U, CAPTURE + U), (U + "x", None), ("https://other.example.test/c", None),
    ]  # fmt: skip


@pytest.mark.parametrize("text", [f"---\nsource: {U}\n---\n", f"[n]: {U}\n", f'{{{{< figure src="{U}" >}}}}'])
def test_where_nothing_can_be_added(text: str) -> None:
    assert list(left("a.md", text, "append")) == ["1"]
    assert appended("a.md", text) == text
    assert replaced("a.md", text) == text.replace(U, NEW)


def test_titles() -> None:
    text = f"[First *Putin-Kim* summit to take place]({U}) [here]({U}) [{U}]({U}) [x]({U} 'Kim meets Putin in Vladivostok')"
    titles = [link.title for link in document("a.md", text).links]
    assert titles == ["First Putin-Kim summit to take place", None, None, "Kim meets Putin in Vladivostok"]


_BLOCKS = st.sampled_from(
    ["[a b]({u})", "[a](<{u}> 't')", "<{u}>", "`{u}`", "``{u} ` x``", "```\n{u}\n```", "~~~x\n[a]({u})\n~~~", "    [a]({u})", "- [a]({u})",
     "- x\n\n  [a]({u})", "- x\n\n      [a]({u})", "> [a]({u})", "> ```\n> [a]({u})\n> ```", "![i]({u})", "[![i]({u}i)]({u})", "<!-- [a]({u}) -->",
     "1. x\n   ```\n   <{u}>\n   ```", "text\n    [a]({u})", "[r{n}]\n\n[r{n}]: {u}", "`", "*x*", "# head [a]({u})", "\\[a]({u})", "a\\`b", "-", "  - y"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_BLOCKS, max_size=8), st.sampled_from(["\n\n", "\n\n\n"]))
def test_the_same_links_as_markdown_it(blocks: list[str], gap: str) -> None:
    text = gap.join(block.format(u=f"https://paper.example.test/{number}", n=number) for number, block in enumerate(blocks))
    tokens = MarkdownIt("commonmark").parse(text)
    found = [str(child.attrs["href"]) for token in tokens for child in token.children or () if child.type == "link_open"]
    ours = document("a.md", text).links
    assert set(found) <= {link.url for link in ours}
    bare = "".join(
        child.content for token in tokens if token.type == "inline" for child in token.children or () if child.type == "text"
    )
    assert all(link.url in found or link.url in bare for link in ours)


@settings(deadline=None)
@given(st.text("abc()[]<>&;.,_*~'\"\\ `ü|{}$%", max_size=12))
def test_markdown_it_reads_what_was_written(tail: str) -> None:
    url = "https://new.example.test/" + tail
    text = f"[w]({U})\n\n[v](<{U}> 't')\n\n[r]\n\n[r]: {U}\n\n<{U}>\n"
    written = replaced("a.md", text, url)
    tokens = MarkdownIt("commonmark").parse(written)
    found = [str(child.attrs["href"]) for token in tokens for child in token.children or () if child.type == "link_open"]
    assert len(found) == 4
    assert {unquote(href) for href in found} == {unquote(url.strip())}
