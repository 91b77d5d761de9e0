"""HTML: hrefs as browsers read them; lxml reads the same documents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from tests.archive.documents import CAPTURE, NEW, appended, document, left, links_of, replaced

U = "https://paper.example.test/2019/04/24/kim-meets-putin"


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f'<a href="{U}">w</a>', [U]),
        (f"<A HREF='{U}'>w</A>", [U]),
        (f"<a href={U}>w</a>", [U]),
        (f"<a class=x href = {U} rel=y>w</a>", [U]),
        (f'<a href="\n {U}\n">w</a>', [U]),
        (f"<a\n  data-x='>'\n  href='{U}'\n>w</a>", [U]),
        (f'<a href="{U}?a=1&amp;b=2">w</a>', [U + "?a=1&amp;b=2"]),
        ('<a href="//paper.example.test/x">w</a>', ["//paper.example.test/x"]),
        (f'<area href="{U}">', [U]),
        (f'<a href="{U}" href="https://second.example.test/">w</a>', [U]),
        (f"<a href={U}/it's>w</a><a href={U}>v</a>", [U + "/it's", U]),
        (f"<pre>x <a href='{U}'>w</a></pre>", [U]),
        (f"<!--> <a href='{U}'>w</a>", [U]),  # a comment that is empty
        (f"<code>not closed <a href='{U}'>w</a>", [U]),
        (f"<title>a</title><a href='{U}'>w</a>", [U]),
        (f"<a title=\"<a href='https://no.example.test/'>\" href='{U}'>w</a>", [U]),
    ],
)
def test_links(text: str, targets: list[str]) -> None:
    assert links_of("a.html", text) == targets


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- <a href='{U}'>w</a> -->",
        f"<!-- not closed <a href='{U}'>w</a>",
        f"<script>s = \"<a href='{U}'>w</a>\"</script>",
        f"<style>/* <a href='{U}'> */</style>",
        f"<textarea><a href='{U}'>w</a></textarea>",
        f"<pre><code><a href='{U}'>w</a></code></pre>",
        f"<div data-html=\"<a href='{U}'>\">x</div>",
        f"<p>{U}</p><img src='{U}'><link href='{U}'><a name='{U}'>w</a>",
        "<a href='/a'>a</a><a href='mailto:a@b.test'>b</a><a href='javascript:x()'>c</a><a href=''>d</a><a href='#x'>e</a>",
        f"<?php echo '<a href=\"{U}\">'; ?>",
        f"&lt;a href='{U}'&gt;",
    ],
)
def test_no_links(text: str) -> None:
    assert links_of("a.html", text) == []


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        (f'<a href="{U}">', "https://x.test/?a=1&copy=2", '<a href="https://x.test/?a=1&amp;copy=2">'),
        (f"<a href='{U}'>", "https://x.test/it's", "<a href='https://x.test/it&#39;s'>"),
        (f'<a href="{U}">', "https://x.test/it's\"", '<a href="https://x.test/it\'s%22">'),
        (f"<a href={U}>", "https://x.test/a", "<a href=https://x.test/a>"),
        (f"<a href={U}>", "https://x.test/a/", '<a href="https://x.test/a/">'),
        (f"<a href={U} x>", "https://x.test/?a=b", '<a href="https://x.test/?a=b" x>'),
        (f'<a href=" {U} ">', "https://x.test/a", '<a href=" https://x.test/a ">'),
    ],
)
def test_spelling(text: str, url: str, written: str) -> None:
    assert replaced("a.html", text, url) == written
    assert replaced("a.html", written, url) == written


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("?a=1&amp;b=2", "?a=1&b=2"),
        ("?a=1&b=2", "?a=1&b=2"),
        ("?a=1&copy=2", "?a=1&copy=2"),  # no reference in an attribute
        ("?a=1&copyright=2", "?a=1&copyright=2"),
        ("?a=1&#38;b=2", "?a=1&b=2"),
        ("?a=1&#x26;b=2", "?a=1&b=2"),
        ("caf&eacute;", "caf%C3%A9"),
    ],
)
def test_references_in_attributes(value: str, url: str) -> None:
    assert [link.url for link in document("a.html", f'<a href="https://x.test/{value}">w</a>').links] == ["https://x.test/" + url]


def test_append() -> None:
    text = f'<li><a href="{U}?a=1&amp;b=2"><b>w</b></a>.</li>'
    written = f'<li><a href="{U}?a=1&amp;b=2"><b>w</b></a> (<a href="{CAPTURE}{U}?a=1&amp;b=2">archived</a>).</li>'
    assert appended("a.html", text) == written
    assert appended("a.html", written) == written
    assert list(left("a.html", f"<a href='{U}'>never closed", "append")) == ["1"]


def test_titles() -> None:
    text = f"<a href='{U}'>Kim &amp; <i>Putin</i>\n meet</a><a href='{U}'>here</a><a href='{U}' title='Kim meets Putin again'><img></a>"
    assert [link.title for link in document("a.html", text).links] == ["Kim & Putin meet", None, "Kim meets Putin again"]


_PARTS = st.sampled_from(
    ['<a href="{u}">w</a>', "<a href={u}>w</a>", "<p>x & y <b>", "<!-- <a href='{u}'>w</a> -->", "<script>'<a href={u}>'</script>",
     "<a title='x > y' href='{u}'>w</a>", "<div title=\"<a href='{u}'>\">", "</p></div>", "<a href='{u}'>", "<br/>", "<title>t <a href={u}></title>"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_PARTS, max_size=8))
def test_the_same_links_as_lxml(parts: list[str]) -> None:
    text = "<!doctype html><body><p>" + "".join(part.format(u=f"https://x.test/{number}") for number, part in enumerate(parts))
    assert [link.url for link in document("a.html", text).links] == list(document_fromstring(text).xpath("//a/@href"))


@settings(deadline=None)
@given(st.text("abc()[]<>&;=.,_*~'\"\\ `/ü|{}$%", max_size=12), st.sampled_from(['"{}"', "'{}'", "{}"]))
def test_lxml_reads_what_was_written(tail: str, quotes: str) -> None:
    url = "https://new.example.test/" + tail
    written = replaced("a.html", f"<!doctype html><p><a class=x href={quotes.format(U)}>w</a>", url)
    (href,) = document_fromstring(written).xpath("//a/@href")
    assert document("a.html", written).links[0].target == href
    assert replaced("a.html", written, url) == written
    assert href.startswith(NEW[:24])
