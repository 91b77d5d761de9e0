"""Searching and showing: any text is a query, the best comes first, every script is found."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import NothingFound
from archive.home import Home
from archive.models import Role
from archive.query.asked import asked
from archive.query.base import open_home
from archive.query.filters import Filters
from archive.query.search import MARK_END, MARK_START, search
from archive.query.show import show
from archive.query.status import status
from archive.schema import connect, insert, rows
from archive.snippets import WIDTH, snippet
from archive.spacing import spaced
from archive.states import State
from archive.store import Store
from tests.archive.made import (
    NOON,
    Clock,
    article,
    document,
    exchange,
    keep,
    link,
    mention,
    open_store,
    receipt,
    visit,
    with_article,
)

BLNS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hostile" / "blns.json"
FILLER = "Nothing of note was said about it at the meeting of the council. " * 30

STORIES = {
    "ferry": ("Ferry sinks off the coast", "The vessel went down at noon. " * 5),
    "harbour": ("Harbour news", "A ferry was seen. " + FILLER),
    "diacritics": ("Città: naïve café in Kraków", "Über die Straße nach Łódź. Jo\u0301zef spoke."),
    "chinese": ("金正恩抵达俄罗斯", "朝鲜领导人金正恩周三抵达俄罗斯符拉迪沃斯托克，将与普京总统举行首次会晤。"),
    "japanese": (
        "金委員長がロシアに到着",
        "北朝鮮の金正恩委員長は24日、ロシア極東のウラジオストクに到着した。カ\u3099ス田も視察。",
    ),
    "korean": ("김정은 위원장, 러시아 도착", "북한의 김정은 국무위원장이 24일 블라디보스토크에 도착했다."),
    "thai": ("คิมจองอึนเดินทางถึงรัสเซีย", "ผู้นำเกาหลีเหนือเดินทางถึงเมืองวลาดิวอสต็อกเมื่อวันพุธ"),
    "signs": ("AT&T and C++ on sale", "Prices: 3.50 € for R2-D2, see file_name.txt and e-mail a.b@c.example. 🚢 sailed."),
    "russian": ("Ким Чен Ын прибыл в Россию", "Лидер КНДР прибыл во Владивосток."),
    "arabic": ("كيم يصل إلى روسيا", "وصل الزعيم الكوري الشمالي إلى روسيا."),
}


def url(name: str) -> str:
    return f"https://news.example/{name}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = open_store(tmp_path_factory.mktemp("query"))
    for name, (title, text) in STORIES.items():
        keep(made, url(name), article(title, text, authors=("山田太郎", "Zoë Quinn") if name == "ferry" else ()))
    yield made
    made.close()


def found(store: Store, words: str) -> list[str]:
    return [hit["url"].removeprefix("https://news.example/") for hit in search(store.db, Filters(words))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ferry", ["ferry", "harbour"]),  # a title's hit before a text's
        ("FERRY coast", ["ferry"]),
        ("ferry meeting", ["harbour"]),
        ("ferry unheard-of", []),
        ("citta naive cafe krakow", ["diacritics"]),
        ("uber strasse", []),  # ß is a letter, not an s with a sign
        ("Über Straße", ["diacritics"]),
        ("Józef", ["diacritics"]),
        ("Quinn", ["ferry"]),
        ("Zoe", ["ferry"]),
        ("山田", ["ferry"]),
        ("at&t", ["signs"]),
        ("C++", ["signs"]),
        ("r2-d2", ["signs"]),
        ("file_name.txt", ["signs"]),
        ("a.b@c.example", ["signs"]),
        ("3.50 €", ["signs"]),
        ("владивосток", ["russian"]),
        ("روسيا", ["arabic"]),
        ("俄罗斯", ["chinese"]),
        ("普京", ["chinese"]),
        ("首", ["chinese"]),
        ("罗俄", []),
        ("金正恩", ["chinese", "japanese"]),
        ("ウラジオストク", ["japanese"]),
        ("到着した", ["japanese"]),
        ("ガス田", ["japanese"]),
        ("24日 ロシア", ["japanese"]),
        ("도착", ["korean"]),
        ("김정은", ["korean"]),
        ("เกาหลีเหนือ", ["thai"]),
        ("รัสเซีย", ["thai"]),
        ("🚢", []),
        ("-- !! ()", []),
    ],
)
def test_words_find_their_articles(store: Store, words: str, expected: list[str]) -> None:
    hits = found(store, words)
    assert (hits if words == "ferry" else sorted(hits)) == expected


HOSTILE = [
    '"', '""', '"ferry', "ferry\"", "'", "ferry AND", "OR", "NOT ferry", "NEAR(ferry, 2)", "title:ferry", "ferry*", "*", "^ferry",
    "(ferry", ")", "{title text}:x", "-ferry", "+", "ferry\0sinks", "\0", "\ud800", "ferry\u200bsinks", "a" * 100_000,
    "ferry " * 2000,
    " ".join(f"w{number}" for number in range(2000)),
    "; DROP TABLE articles", "%s %d {0}", "\x1f", "\x02ferry\x03", "💩", "e\u0301", "ﷺ", "²", "\ue000",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_anything_is_a_query(store: Store, words: str) -> None:
    for hit in search(store.db, Filters(words)):
        assert hit["snippet"]


def test_operators_are_words(store: Store) -> None:
    assert found(store, "ferry OR harbour") == []
    assert sorted(found(store, 'ferry "off the coast"')) == ["ferry"]


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_query(words: str) -> None:
    search(ANYTHING.db, Filters(words))


@pytest.mark.skipif(not BLNS.exists(), reason="the big list of naughty strings is not here")
def test_naughty_strings_are_queries() -> None:
    strings = json.loads(BLNS.read_text(encoding="utf-8"))
    assert len(strings) > 500
    for words in strings:
        search(ANYTHING.db, Filters(words))


class _Anything:
    """A small index in memory for tests that ask thousands of questions."""

    def __init__(self) -> None:
        self.db = connect(Path(":memory:"))
        for number, (title, text) in enumerate(STORIES.values()):
            values = {"url": str(number), "title": title, "text": text, "authors": "[]", "origin": "live"}
            times = dict.fromkeys(("captured", "first_seen", "last_seen"), "2026-11-25T12:00:00Z")
            insert(self.db, "articles", values | times | {"spaced_title": spaced(title), "spaced_text": spaced(text)})


ANYTHING = _Anything()


def test_no_more_than_the_limit(store: Store) -> None:
    assert len(search(store.db, Filters("a"), limit=1)) == 1


# -- snippets ---------------------------------------------------------------------------------------------------------


def cut(text: str, *words: str) -> str:
    return snippet(text, words, "[", "]")


def test_hits_are_marked_where_they_stand(store: Store) -> None:
    [hit] = search(store.db, Filters("citta straße"))
    assert hit["snippet"] == f"Über die {MARK_START}Straße{MARK_END} nach Łódź. Jo\u0301zef spoke."
    [hit] = search(store.db, Filters("普京"))
    assert f"将与{MARK_START}普京{MARK_END}总统" in hit["snippet"]
    assert MARK_START not in search(store.db, Filters("coast"))[0]["snippet"]  # the title matched


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("A ferry, ferries and a FERRY.", ["ferry"], "A [ferry], ferries and a [FERRY]."),
        ("Jo\u0301zef and Józef", ["jozef"], "[Jo\u0301zef] and [Józef]"),
        ("AT&T, at t, att", ["at&t"], "[AT&T], [at t], att"),
        ("file_name", ["name"], "file_[name]"),
        ("北京の東京都", ["京都", "北"], "[北]京の東[京都]"),
        ("nothing", ["ferry"], "nothing"),
        ("x" * 1000, ["ferry"], "x" * WIDTH + " …"),
        ("", ["ferry"], ""),
        ("ferry", [], "ferry"),
        ("ferry", ["++"], "ferry"),
    ],
)
def test_what_is_marked(text: str, words: list[str], expected: str) -> None:
    assert cut(text, *words) == expected


def test_the_place_with_the_most_different_words_is_shown() -> None:
    text = "ferry " + "filler " * 100 + "the ferry sank off the coast " + "filler " * 100
    shown = cut(text, "ferry", "coast")
    assert "[ferry] sank off the [coast]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < WIDTH + 20


def test_a_whole_article_pasted_is_a_query(store: Store) -> None:
    assert found(store, " ".join(STORIES["harbour"])) == ["harbour"]


def test_a_word_far_down_a_long_text_is_found() -> None:
    assert "the [needle] here" in cut("filler " * 60_000 + "the needle here", "needle")


@given(st.text(), st.lists(st.text(min_size=1), max_size=4))
@settings(max_examples=300, deadline=None)
def test_a_snippet_is_a_piece_of_its_text(text: str, words: list[str]) -> None:
    shown = snippet(text, words, "\x02", "\x03")
    if "\x02" not in text and "\x03" not in text:
        bare = shown.replace("\x02", "").replace("\x03", "").removeprefix("… ").removesuffix(" …")
        assert bare in text or bare.strip() in text
    assert len(shown) < WIDTH * 3


@given(st.text(st.sampled_from("東京a é가ก\u0e34ガ1 -")))
def test_spacing_keeps_every_sign(text: str) -> None:
    bare = spaced(text).replace("\x1f", "")
    assert bare == unicodedata.normalize("NFC", text)


# -- show and status --------------------------------------------------------------------------------------------------

DEAD, TRUE, CANONICAL = url("2026/wrong-date/kim-meets-putin"), url("2019/kim-meets-putin-a65347"), url("kim-meets-putin")


@pytest.fixture(scope="module")
def repaired(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A dead link with its true address in an archive, and a page that is only known to be gone."""
    made = open_store(tmp_path_factory.mktemp("show"))
    memento = "https://web.archive.org/web/20190424000000id_/" + TRUE
    kept = receipt(exchange(memento), target=TRUE, captured=NOON - timedelta(days=2000), archive="wayback", archive_url=memento)
    with made.transaction():
        made.add_document(document(mention(DEAD, Role.RELATED, title="Kim meets Putin")))
        seen = visit(made, DEAD, State.HARD_GONE, receipts=(receipt(exchange(DEAD, b"", 404)), kept))
        links = (link(url("b"), anchor="B"), link(url("c"), Role.INLINE, "C", 1))
        values = {"final_url": TRUE, "origin": "wayback", "archive_url": memento, "captured": NOON - timedelta(days=2000)}
        made.record(with_article(seen, article("Kim meets Putin", authors=("Ana",), canonical_url=CANONICAL), links, **values))
        made.record(visit(made, url("gone"), State.SOFT404))
    yield made
    made.close()


@pytest.mark.parametrize(
    "what",
    [
        "1",
        " 1 ",
        DEAD,
        TRUE,
        CANONICAL,
        TRUE.replace("https://", "http://www.") + "/",
        TRUE + "#top",
        TRUE.removeprefix("https://"),
    ],
)
def test_an_article_is_shown_by_anything_that_leads_to_it(repaired: Store, what: str) -> None:
    shown = show(repaired.db, what)
    assert (shown["url"], shown["authors"], shown["origin"]) == (CANONICAL, ["Ana"], "wayback")
    assert [(one["document"], one["url"], one["role"]) for one in shown["mentions"]] == [("clipping.txt", DEAD, "related")]
    assert [(one["original"], one["archive"], one["statuscode"]) for one in shown["captures"]] == [
        (TRUE, "wayback", 200),
        (DEAD, "crawl", 404),
    ]
    assert [(one["url"], one["role"], one["anchor"]) for one in shown["links"]] == [
        (url("b"), "related", "B"),
        (url("c"), "inline", "C"),
    ]
    columns = (
        "url canonical_url title authors published modified site language text origin archive_url captured first_seen last_seen"
    )
    assert set(columns.split()) | {"mentions", "captures", "links"} <= set(shown)
    assert not [name for name in shown if name.startswith("spaced")]


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("7", "there is no article 7: look with"),
        ("9" * 40, "neither an article's number nor an address"),
        (url("gone"), r"no article is kept for .*gone: it was soft404 \(made_soft404\) on 2026-11-25T12:00:00Z"),
        (url("never"), "fetch it with `morgue crawl https://news.example/never`"),
        ("not a url", "neither an article's number nor an address"),
        ("javascript:alert(1)", "neither"),
        ("", "neither"),
        ("\x1b[31mred", "red' is neither"),
    ],
)
def test_what_is_not_there_is_said_with_what_to_do(repaired: Store, what: str, reason: str) -> None:
    with pytest.raises(NothingFound, match=reason) as caught:
        show(repaired.db, what)
    assert "\x1b" not in str(caught.value)


def test_status_counts(repaired: Store) -> None:
    with repaired.transaction():
        until = NOON + timedelta(days=36500)
        repaired.frontier.pause_host("slow.example", until, "429")
        run = repaired.begin_run("crawl")
    counted = status(repaired.db)
    names = ("articles", "versions", "captures", "documents", "urls")
    assert {name: counted[name] for name in names} == {"articles": 1, "versions": 1, "captures": 2, "documents": 1, "urls": 4}
    assert counted["frontier"] == {"done": 2}
    assert counted["health"] == {"hard_gone": 1, "soft404": 1}
    assert counted["repairs"] == {}
    assert counted["paused"] == [{"service": "host:slow.example", "until": "2126-11-01 12:00:00Z", "reason": "429"}]
    assert (run, counted["last_run"]["state"]) == (1, "running")


# -- beside a writer --------------------------------------------------------------------------------------------------


def test_a_reader_sees_each_commit_of_a_crawl_and_nothing_before_it(tmp_path: Path) -> None:
    writer = open_store(tmp_path, Clock())
    reader = open_home(Home(tmp_path))
    for number in range(3):
        assert len(search(reader, Filters("ferry"))) == number
        with writer.transaction():
            seen = with_article(visit(writer, url(f"{number}")), article())
            writer.record(replace(seen, receipts=(receipt(exchange(url(f"{number}"))),)))
            assert len(search(reader, Filters("ferry"))) == number
    assert len(search(reader, Filters("ferry"))) == 3
    reader.close()
    writer.close()


def test_a_home_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingFound, match=r"there is no archive in .*nowhere: start one with `morgue crawl"):
        open_home(Home(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    reader = open_home(Home(tmp_path))
    with pytest.raises(Exception, match="readonly"):
        reader.execute("DELETE FROM articles")
    reader.close()


def test_mentions_found_for_a_run_come_in_the_order_asked(repaired: Store) -> None:
    with repaired.transaction():
        ids = [repaired.add_url(url(name)) for name in ("z", "y", "gone")]
    answers = asked(repaired.db, [ids[2], ids[0], ids[1]])
    assert [(row["url"], row["state"], row["queue"]) for row in answers] == [
        (url("gone"), "soft404", "done"),
        (url("z"), None, "queued"),
        (url("y"), None, "queued"),
    ]
    assert rows(repaired.db, "SELECT 1 FROM repairs") == []
