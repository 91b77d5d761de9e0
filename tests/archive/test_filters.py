"""The filters that search, exports and pages share: which articles each one means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from archive.errors import UsageError
from archive.query.filters import Filters, where
from archive.query.language import MOST_TERMS, Term, Terms, terms_of
from archive.schema import rows
from archive.states import State
from archive.store import Store
from tests.archive.made import NOON, article, keep, open_store, visit

ARTICLES: dict[str, dict[str, Any]] = {
    "https://www.quay.example/a": {"title": "Ferry sinks", "published": "2021-03-09T23:30:00-05:00", "language": "en-GB"},
    "https://news.quay.example/b": {"title": "Ferry sails", "published": "2021-03", "language": "en", "site": "The Quay"},
    "https://quay.example.org/c": {"title": "Harbour", "published": "2022-01-01", "authors": ("Zoë Quinn", "山田太郎")},
    "https://xquay.example/d": {"title": "Harbour bath", "language": "eng"},
    "https://bücher.example/e": {"title": "Fähre sinkt", "published": "2020", "language": "de", "site": "Bücher"},
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = open_store(tmp_path_factory.mktemp("filters"))
    for url, values in ARTICLES.items():
        keep(made, url, article(**values))
    keep(made, "https://old.example/f", article("Pier"), origin="wayback", archive_url="https://w.example/f")
    with made.transaction():
        later = NOON + timedelta(days=1)
        made.record(visit(made, "https://xquay.example/d", State.SOFT404, checked=later))
        made.record(visit(made, "https://quay.example.org/c", State.TEMPORARY, checked=later))
    yield made
    made.close()


def found(store: Store, **values: Any) -> str:
    """The last letters of the addresses of what a filter lets through."""
    condition = where(Filters(**values))
    sql = f"SELECT a.url FROM articles a WHERE {condition.sql} ORDER BY a.url"
    return "".join(sorted(row["url"][-1] for row in rows(store.db, sql, *condition.parameters)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "abcdef"),
        ({"site": ""}, "abcdef"),
        ({"words": "ferry noon"}, "abcdef"),
        ({"words": "ferry", "title_only": True}, "ab"),
        ({"words": "ferry -sinks", "title_only": True}, "b"),
        ({"words": "-ferry", "title_only": True}, "cdef"),
        ({"words": "harb*", "title_only": True}, "cd"),
        ({"words": '"ferry sinks"', "title_only": True}, "a"),
        ({"words": '"sinks ferry"', "title_only": True}, ""),
        ({"words": "🚢"}, ""),
        ({"words": "-🚢"}, ""),
        ({"site": "quay.example"}, "ab"),
        ({"site": "www.quay.example"}, "a"),
        ({"site": "https://www.quay.example/some/page"}, "a"),
        ({"site": "QUAY.example."}, "ab"),
        ({"site": "the quay"}, "b"),
        ({"site": "bücher.example"}, "e"),
        ({"site": "xn--bcher-kva.example"}, "e"),
        ({"site": "%.example"}, ""),
        ({"site": "example"}, ""),
        ({"since": "2021"}, "abc"),
        ({"since": "2021-03"}, "abc"),
        ({"since": "2021-03-09"}, "ac"),
        ({"since": "2021-3-9", "until": "2021-3-9"}, "a"),
        ({"until": "2021"}, "abe"),
        ({"until": "2021-03-08"}, "be"),
        ({"until": "2021-02"}, "e"),
        ({"language": "en"}, "ab"),
        ({"language": "EN_gb"}, "a"),
        ({"language": "d"}, ""),
        ({"author": "zoe"}, "c"),
        ({"author": "quinn, zoë"}, "c"),
        ({"author": "山田"}, "c"),
        ({"author": "-Quinn"}, "c"),
        ({"author": "!"}, ""),
        ({"author": "ferry"}, ""),
        ({"origin": "live"}, "abcde"),
        ({"origin": "Wayback"}, "f"),
        ({"verdict": "dead"}, "d"),
        ({"verdict": "soft404"}, "d"),
        ({"verdict": "unknown"}, "c"),
        ({"verdict": "alive"}, "abef"),
        ({"verdict": "blocked"}, ""),
        ({"site": "quay.example", "since": "2021-03-09", "words": "ferry", "author": ""}, "a"),
    ],
)  # fmt: skip
def test_what_a_filter_lets_through(store: Store, values: dict[str, Any], expected: str) -> None:
    assert found(store, **values) == expected


@pytest.mark.parametrize("day", ["yesterday", "2021-13", "2021-02-30", "0000", "21-03-09", "2021-03-09T10:00", "٢٠٢١", "\x1b[1m"])
@pytest.mark.parametrize("which", ["since", "until"])
def test_a_bad_date_is_one_line(which: str, day: str) -> None:
    with pytest.raises(UsageError, match="is no date: write 2026, 2026-11 or 2026-11-25") as caught:
        where(Filters(**{which: day}))
    assert "\x1b" not in str(caught.value)


def test_a_bad_verdict_is_one_line_with_the_good_ones() -> None:
    with pytest.raises(UsageError, match="'gone' is no verdict: choose one of alive, dead, blocked, unknown, moved"):
        where(Filters(verdict="gone"))


@pytest.mark.parametrize(
    ("words", "wanted", "excluded"),
    [
        ("storm gates storm", (Term("storm"), Term("gates")), ()),
        ('"storm gates"', (Term("storm gates"),), ()),
        ('"storm gates', (Term("storm gates"),), ()),
        ("“storm gates” «pier»", (Term("storm gates"), Term("pier")), ()),
        ('pre"storm gates"post', (Term("pre"), Term("storm gates"), Term("post")), ()),
        ("storm*", (Term("storm", prefix=True),), ()),
        ('"storm ga"*', (Term("storm ga", prefix=True),), ()),
        ("st*rm", (Term("st*rm"),), ()),
        ("-storm", (), (Term("storm", excluded=True),)),
        ('gates -"storm gates"*', (Term("gates"),), (Term("storm gates", prefix=True, excluded=True),)),
        ("wind-farm - 5 --x", (Term("wind-farm"), Term("5"), Term("--x")), ()),
        ("storm\0gates\x1f\u200b", (Term("storm"), Term("gates")), ()),
        ('* " & 🚢 -', (), ()),
        ("OR NOT title:x", (Term("OR"), Term("NOT"), Term("title:x")), ()),
    ],
)
def test_how_a_query_is_read(words: str, wanted: tuple[Term, ...], excluded: tuple[Term, ...]) -> None:
    assert terms_of(words) == Terms(wanted, excluded)


def test_a_pasted_article_is_cut() -> None:
    assert len(terms_of(" ".join(map(str, range(5000)))).wanted) == MOST_TERMS
