"""Redirect maps: what each server's syntax needs escaped, and what it cannot say.

The maps of these cases were loaded into nginx 1.22 and Apache 2.4 (as .htaccess and in a virtual host), and every old
address asked for over HTTP: each was sent where it should be (2026-11-25).
"""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.documents import REDIRECT_MAPS, Move, redirect_map
from archive.errors import UsageError

H = "https://www.own.test"


def lines(name: str, *moves: tuple[str, str]) -> list[str]:
    """The rules without what stands above them."""
    text = redirect_map(name, [Move(H + old, new) for old, new in moves], ["own.test"]).text
    return [line.strip() for line in text.splitlines() if H[8:] in line or "new.test" in line or line.startswith("RewriteCond")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("/old", "https://new.test/a", '"/old" "https://new.test/a";'),
        ("/old?a=1&b=2", "https://new.test/?c=d", '"/old?a=1&b=2" "https://new.test/?c=d";'),
        ("/a b/ü", "https://new.test/ü b", '"/a%20b/%C3%BC" "https://new.test/%C3%BC%20b";'),
        ("/p$1.php", "https://new.test/$1?x=$y", '"/p$1.php" "https://new.test/%241?x=%24y";'),
        ("/o#frag", "https://new.test/#frag", '"/o" "https://new.test/#frag";'),
    ],
)
def test_nginx(old: str, new: str, line: str) -> None:
    assert lines("nginx", (old, new)) == [line]


def test_nginx_matches_strings_in_any_case() -> None:
    found = lines(
        "nginx", ("/Old.php?a=1", "https://new.test/1"), ("/old.php?a=1", "https://new.test/2"), ("/other", "https://new.test/3")
    )
    assert found == [
        r'"~^/Old\\.php\\?a=1$" "https://new.test/1";',
        r'"~^/old\\.php\\?a=1$" "https://new.test/2";',
        '"/other" "https://new.test/3";',
    ]


def test_nginx_buckets_hold_the_longest_key() -> None:
    text = redirect_map("nginx", [Move(f"{H}/{'a' * 300}", "https://new.test/")], ["own.test"]).text
    assert "map_hash_bucket_size 512;" in text
    found = redirect_map("nginx", [Move(f"{H}/{'a' * 4000}", "https://new.test/")], ["own.test"])
    assert list(found.left.values()) == ["it is longer than nginx reads"]


@pytest.mark.parametrize(
    ("old", "new", "condition", "rule"),
    [
        ("/old", "https://new.test/a", "^$", "^/?old$ https://new.test/a"),
        ("/a.php?p=1&q=x+y", "https://new.test/", r"^p=1&q=x\+y$", r"^/?a\.php$ https://new.test/"),
        ("/a b(1)", "https://new.test/%20", "^$", r"^/?a\x20b\(1\)$ https://new.test/\%20"),
        ("/ü", "https://new.test/$1", "^$", r"^/?\xc3\xbc$ https://new.test/\$1"),
        ("//a//b", "https://new.test/", "^$", "^/?a/b$ https://new.test/"),
        ("/", "https://new.test/", "^$", "^/?$ https://new.test/"),
        ("/x%22?q=%C3%A4", "https://new.test/", r"^q=\x25C3\x25A4$", r"^/?x\x22$ https://new.test/"),
    ],
)
def test_apache(old: str, new: str, condition: str, rule: str) -> None:
    assert lines("apache", (old, new)) == [f"RewriteCond %{{QUERY_STRING}} {condition}", f"RewriteRule {rule} [R=301,L,NE,QSD]"]


@settings(deadline=None)
@given(st.text("abc/()[]{}.+*?^$|\\ \"'%#&=üß", max_size=12))
def test_apache_patterns_match_their_path_alone(path: str) -> None:
    found = redirect_map("apache", [Move(f"{H}/{path}", "https://new.test/")], ["own.test"])
    match = re.search(r"RewriteRule (\S+) https", found.text)
    if match is None:
        assert found.left
        return
    from urllib.parse import unquote_to_bytes, urlsplit

    from archive.urls import canonicalize

    asked = re.sub(rb"/{2,}", b"/", unquote_to_bytes(urlsplit(canonicalize(f"{H}/{path}")).path))
    assert re.fullmatch(match[1].encode(), asked)
    assert not re.fullmatch(match[1].encode(), asked + b"x")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("/old", "https://new.test/a", ["/old https://new.test/a 301"]),
        ("/old?id=1&b=2", "https://new.test/a", ["/old id=1 b=2 https://new.test/a 301"]),
        ("/ü", "https://new.test/", ["/%C3%BC https://new.test/ 301", "/ü https://new.test/ 301"]),
        ("/a b", "https://new.test/", ["/a%20b https://new.test/ 301"]),
        ("/old", "https://new.test/:splat/x:y", ["/old https://new.test/%3Asplat/x:y 301"]),
    ],
)
def test_netlify(old: str, new: str, expected: list[str]) -> None:
    assert lines("netlify", (old, new)) == expected


def test_netlify_rules_with_a_query_come_first() -> None:
    found = lines("netlify", ("/a", "https://new.test/1"), ("/a?id=2", "https://new.test/2"))
    assert found == ["/a id=2 https://new.test/2 301", "/a https://new.test/1 301"]


@pytest.mark.parametrize(
    ("name", "old", "reason"),
    [
        ("netlify", "/a*", r"\* would match anything"),
        ("netlify", "/a/:b", "would begin a placeholder"),
        ("netlify", "/a?flag", "key=value"),
        ("netlify", "/a?q=%20", "key=value"),
        ("netlify", "/a?q=:x", "key=value"),
        ("netlify", "/a?q=1&q=2", "one key twice"),
        ("apache", "/a%2Fb", "encoded slash"),
        ("nginx", "/same", "sent to itself"),
    ],
)
def test_what_cannot_be_said_is_left_with_a_reason(name: str, old: str, reason: str) -> None:
    found = redirect_map(name, [Move(H + old, f"{H}/same"), Move(f"{H}/fine", "https://new.test/")], ["own.test"])
    assert found.count == 1
    assert list(found.left) == [H + old]
    assert re.search(reason, found.left[H + old])


def test_only_the_own_host() -> None:
    moves = [Move("https://own.test/a", "https://new.test/1"), Move("http://www.own.test/b", "https://new.test/2"),
             Move("https://other.test/c", "https://new.test/3")]  # fmt: skip
    assert redirect_map("nginx", moves, ["WWW.own.test"]).count == 2
    assert redirect_map("csv", moves).count == 3
    with pytest.raises(UsageError, match=r"of 2 hosts \(other\.test, own\.test"):
        redirect_map("nginx", moves)
    assert redirect_map("nginx", moves[:2]).count == 2
    with pytest.raises(UsageError, match="nginx, apache, netlify, csv"):
        redirect_map("iis", moves)
    assert [kind.name for kind in REDIRECT_MAPS] == ["nginx", "apache", "netlify", "csv"]


def test_one_address_goes_to_one_place() -> None:
    moves = [Move(f"{H}/a", "https://new.test/1"), Move("https://own.test/a", "https://new.test/2"), Move(f"{H}/a", "https://new.test/1"),
             Move(f"{H}/b", "javascript:x"), Move("nowhere", "https://new.test/")]  # fmt: skip
    found = redirect_map("nginx", moves, ["own.test"])
    assert found.count == 1
    assert sorted(found.left) == ["https://own.test/a", f"{H}/b", "nowhere"]


def test_csv() -> None:
    moves = [Move(f"{H}/a,b", 'https://new.test/"x"')]
    found = redirect_map("csv", moves).text
    assert list(csv.reader(io.StringIO(found))) == [["old_url", "new_url"], [f"{H}/a,b", "https://new.test/%22x%22"]]


def test_no_moves_make_a_map_that_loads() -> None:
    assert redirect_map("nginx", [], ["own.test"]).text.rstrip().endswith('default "";\n}')
