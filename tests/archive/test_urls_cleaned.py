"""Mangled strings: the address that was meant comes first, the string as it stands stays among the readings."""

from __future__ import annotations

import pytest

from archive.urls import canonicalize, cleaned

STORY = "https://a.example/2019/story"

FIRST = {
    STORY: STORY,
    f"{STORY}.": STORY,
    f"{STORY}),": STORY,
    f"({STORY})": STORY,
    f"[{STORY}]": STORY,
    f"<{STORY}>": STORY,
    f"<URL:{STORY}>": STORY,
    f"“{STORY}”,": STORY,
    f"«{STORY}».": STORY,
    f"「{STORY}」。": STORY,
    f"{STORY}…": STORY,
    f"**{STORY}**": STORY,
    f"{STORY}_(2019)": f"{STORY}_(2019)",
    f"({STORY}_(2019))": f"{STORY}_(2019)",
    "https://a.example/2019/\n  story": STORY,
    "https://a.example/2019/sto\u00adry": STORY,
    "https://a.example/2019/\u200bstory": STORY,
    "h ttps://a.example/2019/story": STORY,
    "https//a.example/2019/story": STORY,
    "https;//a.example/2019/story": STORY,
    "https:a.example/2019/story": STORY,
    "ttps://a.example/2019/story": STORY,
    "htttps://a.example/2019/story": STORY,
    "hxxps://a.example/2019/story": STORY,
    "http://https://a.example/2019/story": STORY,
    "a.example/2019/story": STORY,
    "https%3A%2F%2Fa.example%2F2019%2Fstory": STORY,
    f"{STORY}?a=1&amp;b=2": f"{STORY}?a=1&b=2",
    f"{STORY}?a=1&#38;b=2": f"{STORY}?a=1&b=2",
    f"{STORY}?a=1&section=2&copy=3&lt=4": f"{STORY}?a=1&section=2&copy=3&lt=4",
    "https://a.example/caf%25C3%25A9": "https://a.example/caf%C3%A9",
    "https://a.example/100%25-sure": "https://a.example/100%25-sure",
    f"https://web.archive.org/web/20190424101500/{STORY}": STORY,
    f"https://web.archive.org/web/20190424101500id_/{STORY}.": STORY,
    f"https://web.archive.org/web/2019*/{STORY}": STORY,
    f"https://web.archive.org/web/*/{STORY}": STORY,
    f"https://web.archive.org/web/{STORY}": STORY,
    f"https://web.archive.org/web/2021/https://web.archive.org/web/2019/{STORY}": STORY,
    "https://web.archive.org/web/2019/a.example/2019/story": STORY,
    "https://web.archive.org/web/2019/https%3A%2F%2Fa.example%2F2019%2Fstory": STORY,
    f"https://archive.ph/2019.04.24-101500/{STORY}": STORY,
    f"https://archive.today/newest/{STORY}": STORY,
    f"https://arquivo.pt/wayback/20190424101500/{STORY}": STORY,
    f"https://webcache.googleusercontent.com/search?q=cache:abcdefghijkl:{STORY}": STORY,
    "https://www.google.com/amp/s/a.example/2019/story": STORY,
    "https://a-example.cdn.ampproject.org/c/s/a.example/2019/story": STORY,
    "https://www.google.com/url?sa=t&url=https%3A%2F%2Fa.example%2F2019%2Fstory&usg=x": STORY,
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F2019%2Fstory%3Fp%3D2&h=x": f"{STORY}?p=2",
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F2019%2Fstory&data=x": STORY,
    "https://a.example/login?redirect=https%3A%2F%2Fa.example%2F2019%2Fstory": STORY,
    # not every address that holds another one leads to it
    "https://a.example/check?url=https://b.example/": "https://a.example/check?url=https://b.example/",
    "https://archive.org/details/some.book": "https://archive.org/details/some.book",
    "https://archive.is/abcDE": "https://archive.is/abcDE",
}


@pytest.mark.parametrize(("text", "first"), FIRST.items())
def test_what_was_meant_comes_first(text: str, first: str) -> None:
    assert cleaned(text)[0] == first


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{STORY}.", f"{STORY}."),
        (f"https://web.archive.org/web/2019/{STORY}", f"https://web.archive.org/web/2019/{STORY}"),
        ("https://a.example/caf%25C3%25A9", "https://a.example/caf%25C3%25A9"),
        ("https://a.example/putin–kim", "https://a.example/putin-kim"),
        ("https://a.example/putin\u2011kim", "https://a.example/putin-kim"),
        (f"{STORY}?a=1&amp;b=2", f"{STORY}?a=1&amp;b=2"),
    ],
)
def test_other_readings_are_kept(text: str, kept: str) -> None:
    assert canonicalize(kept) in cleaned(text)[1:]


@pytest.mark.parametrize("text", ["", "   ", "no address", "mailto:a@b.example", "https://", "https:", "(", "ftp://a.example/x"])
def test_what_holds_no_address_gives_none(text: str) -> None:
    assert cleaned(text) == ()
