"""Lookup keys: ours are those of the `surt` library and of the Wayback Machine's own index."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import yaml

from archive.urls import canonicalize, urlkey, variants

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wayback-recordings"

# Worked out with the `surt` library 0.3.1 (2026-11-25).
SURTS = {
    "http://www.a.example/": "example,a)/",
    "http://www2.A.example:80/A/B/": "example,a)/a/b",
    "https://a.example:443/a//b///c/": "example,a)/a/b/c",
    "https://a.example:8443/": "example,a:8443)/",
    "http://a.example": "example,a)/",
    "http://a.example./x": "example,a)/x",
    "a.example/x": "example,a)/x",
    "http://user:pass@a.example/x": "example,a)/x",
    "http://wwww.a.example/x": "example,a,wwww)/x",
    "http://m.a.example/x": "example,a,m)/x",
    "http://1.2.3.4/x": "4,3,2,1)/x",
    "http://[::1]/x": "::1)/x",
    "http://пример.рф/x": "xn--p1ai,xn--e1afmkfd)/x",
    "http://a.example/x?": "example,a)/x",
    "http://a.example/x#y": "example,a)/x",
    "http://a.example/a/../b/./c": "example,a)/b/c",
    "http://a.example/?b=2&a=1": "example,a)/?a=1&b=2",
    "http://a.example/?b=2&a=1&": "example,a)/?&a=1&b=2",
    "http://a.example/?a-b=2&a=1": "example,a)/?a=1&a-b=2",
    "http://a.example/x?c=1&B&a": "example,a)/x?a&b&c=1",
    "http://a.example/?x=1&PHPSESSID=0123456789abcdef0123456789abcdef": "example,a)/?&x=1",
    "http://a.example/?x=1&sid=0123456789abcdef0123456789abcdef&y=2": "example,a)/?x=1&y=2",
    "http://a.example/?x=1&cfid=12&cftoken=34&y=2": "example,a)/?x=1&y=2",
    "http://a.example/?sid=5": "example,a)/?sid=5",
    "http://a.example/x;jsessionid=0123456789abcdef0123456789abcdef": "example,a)/x;jsessionid=0123456789abcdef0123456789abcdef",
    "http://a.example/(S(4hqa0555fwsecu455xqckv45))/mileg.aspx": "example,a)/mileg.aspx",
    "http://a.example/%D0%9F%D1%83/a": "example,a)/%d0%9f%d1%83/a",
    "http://a.example/Пу/a": "example,a)/%d0%9f%d1%83/a",
    "http://a.example/a%2520b": "example,a)/a%20b",
    "http://a.example/a%2Cb%28c%29%22d%22": 'example,a)/a,b(c)"d"',
    "http://a.example/a%3Fb": "example,a)/a?b",
    "http://a.example/a%23b": "example,a)/a%23b",
    "http://a.example/a%25b": "example,a)/a%25b",
    "http://a.example/x?q=a%20b+c": "example,a)/x?q=a%20b+c",
    "http://a.example/%ff%fe": "example,a)/%ff%fe",
    "https://a.example/x?utm_source=b": "example,a)/x?utm_source=b",
    "https://a.example/amp/": "example,a)/amp",
}


@pytest.mark.parametrize(("url", "key"), SURTS.items())
def test_keys_are_those_of_surt(url: str, key: str) -> None:
    assert urlkey(url) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("http://a.example:port/", "http://a.example:port/"),
        ("http://[bad/ x", "http://[bad/%20x"),
        ("", ")/"),
    ],
)
def test_what_is_no_address_is_its_own_key(text: str, key: str) -> None:
    assert urlkey(text) == key


def recorded_rows() -> set[tuple[str, str]]:
    """(urlkey, original) of every row in the recorded answers of the index."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in RECORDINGS.glob("test_files/*")]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in RECORDINGS.glob("cassettes/test_search*.yaml"):
        for exchange in yaml.load(path.read_text(encoding="utf-8"), Loader=loader)["interactions"]:
            body = exchange["response"]["body"]["string"]
            body = body.encode() if isinstance(body, str) else body
            plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            texts.append(plain.decode("utf-8", "replace"))
    rows = (line.split(" ") for text in texts for line in text.splitlines())
    return {(row[0], row[2]) for row in rows if len(row) >= 7 and row[1].isdigit()}


@pytest.mark.skipif(not RECORDINGS.exists(), reason="the recorded answers are not here")
def test_keys_are_those_of_the_wayback_machine() -> None:
    rows = recorded_rows()
    ordinary = [(key, original) for key, original in rows if "://" in original]  # one row's original is "some/not/even/url/thing"
    assert len(rows) - len(ordinary) <= 1
    assert len(ordinary) > 30
    for key, original in ordinary:
        assert urlkey(original) == key


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.a.example/x", ("https://m.a.example/x", "https://www.a.example/x/amp")),
        ("https://m.a.example/x", ("https://www.a.example/x",)),
        ("https://amp.a.example/x", ("https://www.a.example/x",)),
        ("https://a.example/x/amp/", ("https://a.example/x", "https://m.a.example/x/amp/")),
        ("https://a.example/x.amp.html", ("https://a.example/x.html", "https://m.a.example/x.amp.html")),
        ("https://news.a.example/x/print", ("https://news.a.example/x",)),
        ("https://news.a.example/x/index.html", ("https://news.a.example/x",)),
        ("https://news.a.example/x;jsessionid=1F", ("https://news.a.example/x",)),
        ("https://news.a.example/x?page=all", ("https://news.a.example/x", "https://news.a.example/x/amp?page=all")),
        ("https://news.a.example/", ()),
    ],
)
def test_other_addresses_that_an_index_keeps_apart(url: str, expected: tuple[str, ...]) -> None:
    assert variants(url) == expected


@pytest.mark.parametrize("url", [url for url in SURTS if "[" not in url])
def test_a_variant_is_canonical_and_has_another_key(url: str) -> None:
    start = canonicalize(url)
    keys = [urlkey(other) for other in variants(start)]
    assert urlkey(start) not in keys
    assert len(set(keys)) == len(keys)
    assert all(canonicalize(other) == other for other in variants(start))
