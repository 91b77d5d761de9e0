"""The canonical form: tables, the web platform's own test cases, and what must hold for any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request

from archive import urls
from archive.urls import MAX_LENGTH, NotAURL, canonicalize, host, is_home, same_site, site, urlkey

HOSTILE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hostile"

SAME = {
    "https://a.example/x": "https://a.example/x",
    "HTTPS://A.Example/X": "https://a.example/X",
    "a.example/x": "https://a.example/x",
    "//a.example/x": "https://a.example/x",
    "https:a.example/x": "https://a.example/x",
    "http:/a.example/x": "http://a.example/x",
    "https:///a.example/x": "https://a.example/x",
    "https:\\\\a.example\\x\\y?z=\\": "https://a.example/x/y?z=%5C",
    "  https://a.example/x\n": "https://a.example/x",
    "\u202ahttps://a.example/x\u202c": "https://a.example/x",
    "\ufeffhttps://a.example/x\u200b": "https://a.example/x",
    "https://a.exa\nmple/a\tb": "https://a.example/ab",
    "https://a.example": "https://a.example/",
    "https://a.example?x": "https://a.example/?x",
    "https://a.example./x": "https://a.example/x",
    "https://a.example:443/": "https://a.example/",
    "http://a.example:80/": "http://a.example/",
    "http://a.example:443/": "http://a.example:443/",
    "https://a.example:/": "https://a.example/",
    "https://user:secret@a.example/x": "https://a.example/x",
    "https://a@b@c.example/": "https://c.example/",
    "https://a.example/@user/x": "https://a.example/@user/x",
    "https://a.example/x#part": "https://a.example/x",
    "https://a.example/a/./b/../c": "https://a.example/a/c",
    "https://a.example/a/%2e%2E/c": "https://a.example/c",
    "https://a.example/../../c/..": "https://a.example/",
    "https://a.example/a//b": "https://a.example/a//b",
    "https://a.example/a%7eb%2f%3a": "https://a.example/a~b%2F%3A",
    "https://a.example/50%": "https://a.example/50%25",
    "https://a.example/%%34%31": "https://a.example/%2541",
    "https://a.example/%25zz": "https://a.example/%25zz",
    "https://a.example/a b": "https://a.example/a%20b",
    "https://a.example/Путин": "https://a.example/%D0%9F%D1%83%D1%82%D0%B8%D0%BD",
    "https://a.example/%d0%9f": "https://a.example/%D0%9F",
    "https://a.example/می\u200cشود": "https://a.example/%D9%85%DB%8C%E2%80%8C%D8%B4%D9%88%D8%AF",  # a joiner is part of the word
    "https://a.example/x?b=1&a=2": "https://a.example/x?b=1&a=2",
    "https://a.example/x?&a=2&&": "https://a.example/x?a=2",
    "https://a.example/x?": "https://a.example/x",
    "https://a.example/x?q='a'": "https://a.example/x?q=%27a%27",
    "https://a.example/x?utm_source=a&id=1&fbclid=b": "https://a.example/x?id=1",
    "https://a.example/x?utm%5Fsource=a": "https://a.example/x",
    "https://a.example/x?UTM_Source=a": "https://a.example/x",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://пример.рф/": "https://xn--e1afmkfd.xn--p1ai/",
    "пример.рф/новости": "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
    "https://ａ．example/": "https://a.example/",
    "https://a_b.example/": "https://a_b.example/",
    "http://[2001:DB8:0::1]/": "http://[2001:db8::1]/",
    "http://[::1]:8080/x": "http://[::1]:8080/x",
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://2130706433/": "http://127.0.0.1/",
    "http://017700000001/": "http://127.0.0.1/",
    "http://1.2.3.4:80/": "http://1.2.3.4/",
}


@pytest.mark.parametrize(("text", "expected"), SAME.items())
def test_one_form(text: str, expected: str) -> None:
    assert canonicalize(text) == expected


NONE = {
    "": "names no host",
    "x": "names no host",
    "/a/b": "names no host",
    "https://": "names no host",
    "https:///": "names no host",
    "https://user@/": "names no host",
    "https://.../": "names no host",
    "mailto:a@b.example": "mailto: is not fetched",
    "javascript:alert(1)": "javascript: is not fetched",
    "data:text/html,x": "data: is not fetched",
    "file:///etc/passwd": "file: is not fetched",
    "ftp://a.example/": "ftp: is not fetched",
    "C:\\news\\story.txt": "C: is not fetched",
    "https://a b.example/": "not a name",
    "https://a..example/": "not a name",
    "https://a%2Fb.example/": "not a name",
    "https://a\x01b.example/": "not a name",
    "https://xn--.example/é" * 2000: "longer than",
    f"https://{'a.' * 130}example/": "not a name",
    "https://a.example/" + "é" * (MAX_LENGTH // 6): "longer than",
    "https://a.example:x/": "ort",
    "https://a.example:99999/": "ort",
    "http://[::1/": "IPv6",
    "http://[fe80::1%25eth0]/": "network",
    "http://256.1.1.1/": "not an address",
    "http://1.2.3.4.5/": "not an address",
    "http://08.1.1.1/": "not an address",
}


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_address_says_why(text: str) -> None:
    with pytest.raises(NotAURL, match=NONE[text].replace("[", r"\[")):
        canonicalize(text)


ADDRESS_LIKE = st.builds(
    lambda scheme, host, rest: f"{scheme}{host}{rest}",
    st.sampled_from(["http://", "https://", "HTTP:/", "//", "", "https:\\\\"]),
    st.sampled_from(
        ["a.example", "A.example:80", "u:p@a.example", "bücher.example", "127.1", "[::1]", "a.example.", "www.a.example"]
    )
    | st.text(max_size=12),
    st.text(st.sampled_from("/.%?#&=25eEfF+\\ é'\"[]|^{}ÿ\u200c\t\n") | st.characters(), max_size=40),
)


@settings(deadline=None)
@given(ADDRESS_LIKE | st.text())
@example("https://a.example/%%34%31")
@example("https://a.example/?utm%5fsource=1&b")
@example("https://a.example/\ud800")
@example("https://a.example/%2%65%2e/..")
def test_the_canonical_form_is_final_and_what_scrapy_sends(text: str) -> None:
    try:
        once = canonicalize(text)
    except NotAURL:
        return
    assert canonicalize(once) == once
    assert once.isascii()
    assert len(once) <= MAX_LENGTH
    assert Request(once).url == once
    assert urlkey(once) == urlkey(once.replace("https://", "http://", 1))


@settings(deadline=None)
@given(ADDRESS_LIKE | st.text())
@example("http://[bad")
@example("https://a.example:x/")
def test_nothing_raises_for_what_an_index_may_hold(text: str) -> None:
    assert " " not in urlkey(text)
    assert "\n" not in urlkey(text)
    for question in (host, site, is_home, urls.slug_words, urls.url_ids, urls.path_date, urls.looks_like_article, urls.variants):
        question(text)
    for reading in urls.cleaned(text):
        assert canonicalize(reading) == reading


# -- the web platform tests -------------------------------------------------------------------------------------------

needs_hostile = pytest.mark.skipif(not HOSTILE.exists(), reason="the shared hostile data are not here")

# Names that browsers take and we refuse: no news paper has one, and no resolver would know it.
REFUSED_ONLY_HERE = {"http://./", "http://../", "http://!\"$&'()*+,-.;=_`{}~/", "https://%e2%98%83", "http://foo.09.."}


def web_platform_cases() -> list[dict[str, Any]]:
    cases = json.loads((HOSTILE / "urltestdata.json").read_text(encoding="utf-8"))
    return [case for case in cases if isinstance(case, dict)]


def canonical_or_none(text: str) -> str | None:
    try:
        return canonicalize(text)
    except NotAURL:
        return None


@needs_hostile
def test_browsers_and_we_agree_on_every_absolute_web_address() -> None:
    cases = [case for case in web_platform_cases() if case["base"] is None]
    web = [case for case in cases if case.get("protocol") in ("http:", "https:")]
    assert len(web) > 100
    refused = {case["input"] for case in web if canonical_or_none(case["input"]) is None}
    assert refused == REFUSED_ONLY_HERE
    for case in web:
        if case["input"] not in refused:  # we drop credentials and fragments, and write escapes in one way
            assert canonicalize(case["input"]) == canonicalize(case["href"]), case["input"]
            assert host(canonicalize(case["input"])) == case["hostname"].strip("[].")


@needs_hostile
def test_what_browsers_refuse_is_refused() -> None:
    cases = [case for case in web_platform_cases() if case.get("failure") and case["base"] is None]
    assert len(cases) > 200
    assert [case["input"] for case in cases if canonical_or_none(case["input"]) is not None] == []


@needs_hostile
def test_no_hostile_text_raises_anything_else() -> None:
    naughty = json.loads((HOSTILE / "blns.json").read_text(encoding="utf-8"))
    for text in [*naughty, *(case["input"] for case in web_platform_cases())]:
        for place in (text, f"https://{text}", f"https://a.example/{text}", f"https://a.example/?{text}"):
            found = canonical_or_none(place)
            if found is not None:
                assert canonicalize(found) == found
                assert Request(found).url == found
            urlkey(place)
            urls.cleaned(place)


# -- hosts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.a.example.co.uk/x", "example.co.uk"),
        ("https://edition.cnn.com/x", "cnn.com"),
        ("https://one.blogspot.com/x", "one.blogspot.com"),
        ("https://blogspot.com/x", "blogspot.com"),
        ("https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai"),
        ("https://127.0.0.1:8080/", "127.0.0.1"),
        ("https://[::1]/", "::1"),
        ("https://localhost/", "localhost"),
        ("nonsense", ""),
    ],
)
def test_the_site_is_what_one_publisher_owns(url: str, expected: str) -> None:
    assert site(url) == expected


def test_where_no_rule_of_the_list_matches_the_last_label_is_the_suffix() -> None:
    assert site("https://www.a.unlisted/x") == "a.unlisted"


def test_two_blogs_of_one_host_are_two_sites() -> None:
    assert same_site("https://www.a.example/x", "http://m.a.example/y")
    assert not same_site("https://one.blogspot.com/", "https://two.blogspot.com/")


@pytest.mark.parametrize(
    ("path", "home"),
    {
        "": True,
        "/": True,
        "/?ref=404": True,
        "/index.html": True,
        "/index.php": True,
        "/default.aspx": True,
        "/home": True,
        "/homepage.html": True,
        "/en": True,
        "/en/": True,
        "/pt-BR/": True,
        "/zh_Hans/": True,
        "/en/index.html": True,
        "/?p=123": False,
        "/index.php?id=55": False,
        "/index.php?article_id=a7": False,
        "/news": False,
        "/home-improvement": False,
        "/2019/04/24/": False,
        "/english/": False,
    }.items(),
)
def test_front_pages(path: str, home: bool) -> None:
    assert is_home(f"https://a.example{path}") is home
