"""Documents in plain text and lists: the founding clipping, roles, titles, bodies, and the day they speak of."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.clippings import READERS, read_document
from archive.clippings.dates import most_named_day
from archive.models import Document, Role

CLIPPING = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "clippings" / "kim-arrives-in-russia.txt"
A = "https://a.example/2021/03/12"


def read(text: str, name: str = "-") -> Document:
    document = read_document(name, text.encode())
    for mention in document.mentions:
        assert document.text[mention.start : mention.end] == mention.raw_text
    return document


def roles(text: str, name: str = "-") -> list[tuple[str, str | None, str]]:
    return [(mention.role.value, mention.title, mention.url) for mention in read(text, name).mentions]


# -- the founding case ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not CLIPPING.exists(), reason="the founding clipping is not here")
def test_the_founding_clipping() -> None:
    document = read(CLIPPING.read_text(encoding="utf-8"), CLIPPING.name)
    original, related = document.mentions
    base = "https://www.themoscowtimes.com/2019/04/24/north-koreas-kim-jong-un-arrives-in-russia-for-summit"
    assert original.role is Role.ORIGINAL
    assert original.candidates == (f"{base}-with-putin-a65357", f"{base}with-putin-a65357", f"{base}-")
    assert related.role is Role.RELATED
    assert related.title == "First Putin-Kim Summit to Take Place on April 25, Kremlin Confirms"
    assert document.reference == datetime(2019, 4, 24, 12, tzinfo=UTC)
    assert document.format == "text"
    assert document.body.startswith("North Korean leader Kim Jong Un crossed the border into Russia on Wednesday by\ntrain,")
    assert document.body.endswith("searching vehicles as they drove in.")
    assert "themoscowtimes" not in document.body
    assert "Original url" not in document.body


OURS = f"""Storm Gates Close for First Time

The storm gates at the mouth of the old harbour were closed on Thursday night, the paper reported.

Related article: Council Approves Repairs to Storm Gates After Inspection

"We had closed them forty times in drills," the harbour master said. He spoke on March 13, 2021.

Original url:
{A}/storm-gates-close-for-first-time-as-spring-tide-reaches-
old-harbour-h20431

{A}/council-approves-repairs-to-storm-gates-after-inspection
"""


def test_a_clipping_of_ours() -> None:
    document = read(OURS)
    original, related = document.mentions
    assert original.url == f"{A}/storm-gates-close-for-first-time-as-spring-tide-reaches-old-harbour-h20431"
    assert (original.role, related.role) == (Role.ORIGINAL, Role.RELATED)
    assert related.title == "Council Approves Repairs to Storm Gates After Inspection"
    assert document.title == "Storm Gates Close for First Time"
    assert document.reference == datetime(2021, 3, 12, 12, tzinfo=UTC)
    assert document.body.endswith("He spoke on March 13, 2021.")


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ("\n", "\u2028"), ("\n", "\x85"), ("", "")])
def test_line_ends_of_all_systems_read_alike(change: tuple[str, str]) -> None:
    ours = read(OURS.replace(*change) if change[0] else OURS)
    assert ours.mentions == read(OURS).mentions
    assert ours.body == read(OURS).body


# -- roles ------------------------------------------------------------------------------------------------------------

PROSE = "The gates were closed on Thursday night. Nobody was hurt.\n\n"

ORIGINAL_LABELS = [
    "Original url:",
    "Original URL -",
    "ORIGINAL LINK:",
    "Source:",
    "Source (archived):",
    "Article URL:",
    "Link =",
    "Retrieved from:",
    "1. Source:",
    "* Permalink:",
    "Quelle:",
    "Zum Artikel:",
    "Fuente:",
    "Artículo original:",
    "Fonte:",
    "Lien original :",
    "Article original :",
    "Bron:",
    "Źródło:",
    "Zdroj:",
    "Forrás:",
    "Sursa:",
    "Källa:",
    "Kilde:",
    "Lähde:",
    "Kaynak:",
    "Nguồn:",
    "Sumber:",
    "Источник:",
    "Оригинал статьи:",
    "Джерело:",
    "Πηγή:",
    "מקור:",
    "المصدر:",
    "منبع:",
    "स्रोत:",
    "ที่มา:",
    "出典：",
    "原文链接：",
    "来源:",
    "원문:",
    "출처 :",
]
RELATED_LABELS = [
    "Related:",
    "Related article:",
    "RELATED STORIES",
    "See also:",
    "Read more",
    "Further reading:",
    "Mehr zum Thema:",
    "Lesen Sie auch:",
    "À lire aussi :",
    "Lea también:",
    "Leggi anche:",
    "Leia também:",
    "Lees ook:",
    "Zobacz też:",
    "Čtěte také:",
    "Läs också:",
    "Les også:",
    "Lue myös:",
    "İlgili haberler:",
    "Xem thêm:",
    "Baca juga:",
    "Читайте также:",
    "По теме",
    "Читайте також:",
    "Δείτε επίσης:",
    "ראו גם:",
    "اقرأ أيضا:",
    "関連記事：",
    "相关新闻：",
    "관련 기사:",
]


@pytest.mark.parametrize("label", ORIGINAL_LABELS)
def test_labels_of_originals(label: str) -> None:
    for text in (f"{PROSE}{label} {A}/b", f"{PROSE}{label}\n{A}/b", f"{PROSE}{label}\n\n<{A}/b>", f"> {PROSE}> {label}\n> {A}/b"):
        document = read(text)
        assert [mention.role for mention in document.mentions] == [Role.ORIGINAL]
        assert document.body.strip() == PROSE.strip(), document.body


@pytest.mark.parametrize("label", RELATED_LABELS)
def test_labels_of_related_ones_hold_for_a_list(label: str) -> None:
    found = roles(f"{PROSE}{label}\n{A}/b\n- {A}/c\n\n{A}/d")
    assert [role for role, _, _ in found] == ["related"] * 3
    assert roles(f"{PROSE}{label} {A}/b")[0][0] == "related"


def test_without_a_label_the_first_with_a_line_for_itself_is_the_original() -> None:
    found = roles(f"{PROSE}He saw {A}/inline there. It was so.\n\n{A}/own\n{A}/other\n")
    assert [(role, url[-6:]) for role, _, url in found] == [("inline", "inline"), ("original", "12/own"), ("related", "/other")]


def test_sources_are_all_originals() -> None:
    assert [role for role, _, _ in roles(f"{PROSE}Sources:\n{A}/b\n{A}/c\n\nRelated:\n{A}/d\n")] == [
        "original",
        "original",
        "related",
    ]


def test_several_clippings_in_one_file_have_an_original_each() -> None:
    text = f"{PROSE}Original url:\n{A}/b\n\n-----\n\nAnother text, which says more.\n\nOriginal url:\n{A}/c\n"
    assert [role for role, _, _ in roles(text)] == ["original", "original"]


def test_words_that_only_contain_a_label_are_none() -> None:
    assert roles(f"{PROSE}The source of the money was {A}/b and so it went on.\n")[0][0] == "inline"
    assert roles(f"{PROSE}Read this from the original {A}/b now, he said.\n")[0][0] == "inline"


# -- titles -----------------------------------------------------------------------------------------------------------


def test_titles_go_to_the_address_that_has_their_words() -> None:
    text = (
        f"{PROSE}Related article: Night Ferry Returns to the Islands\n\nMore prose is here.\n\n"
        "Read more: Island School Reopens Today\n\n"
        f"Original url:\n{A}/gates\n\n{A}/island-school-reopens\n{A}/night-ferry-returns-h1\n"
    )
    assert roles(text)[1:] == [
        ("related", "Island School Reopens Today", f"{A}/island-school-reopens"),
        ("related", "Night Ferry Returns to the Islands", f"{A}/night-ferry-returns-h1"),
    ]


def test_a_title_goes_to_no_other_article() -> None:
    found = roles(
        f"{PROSE}Related article: Night Ferry Returns to the Islands\n\nSource: {A}/gates\n\n{A}/school-reopens-today\n"
    )
    assert found[1] == ("related", None, f"{A}/school-reopens-today")


def test_a_title_above_its_address() -> None:
    text = f"{PROSE}Related:\nNight Ferry Returns Again\n{A}/b\n\nIsland School Reopens Today\n{A}/c\n"
    assert roles(text) == [
        ("related", "Night Ferry Returns Again", f"{A}/b"),
        ("related", "Island School Reopens Today", f"{A}/c"),
    ]


# -- lists ------------------------------------------------------------------------------------------------------------

LISTS = {
    "plain": f"{A}/b\n{A}/c\n",
    "one": f"{A}/b",
    "comments": f"# mine\n{A}/b\n// {A}/no\n; no\n\n{A}/c  \n#{A}/no",
    "bullets": f"- {A}/b\n* {A}/c\n• {A}/d\n",
    "numbers": f"1. {A}/b\n2) {A}/c\n10. {A}/d\n",
    "boxes": f"- [ ] {A}/b\n- [x] {A}/c\n",
    "headings": f"Monday\n{A}/b\n\nTuesday:\n{A}/c\n",
    "brackets": f"<{A}/b>\n<{A}/c>\n",
    "quoted": f'"{A}/b",\n"{A}/c",\n',
    "one of them wrapped": f"{A}/b\n{A}/a-much-longer-address-that-needs-\nmore-than-a-line\n",
    "without www's scheme": "www.a.example/b\nwww.a.example/c\n",
    "two in a line": f"{A}/b {A}/c\n{A}/d",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_everything_in_a_list_is_asked_for(text: str) -> None:
    document = read(text)
    assert document.format == "urls"
    assert {mention.role for mention in document.mentions} == {Role.ORIGINAL}
    assert [mention.title for mention in document.mentions] == [None] * len(document.mentions)
    assert all("/no" not in mention.url for mention in document.mentions)
    assert document.body == ""
    assert len(document.mentions) == text.count("a.example/") - text.count("/no")


TITLED = {
    "behind": f"{A}/b Night Ferry Returns Again\n{A}/c Island School Reopens\n",
    "behind a sign": f"{A}/b - Night Ferry Returns Again\n{A}/c | Island School Reopens\n",
    "before": f"Night Ferry Returns Again - {A}/b\nIsland School Reopens – {A}/c\n",
    "before a colon": f"* Night Ferry Returns Again: {A}/b\n* Island School Reopens: {A}/c\n",
    "before a blank": f"Night Ferry Returns Again {A}/b\nIsland School Reopens {A}/c\n",
    "in brackets": f"Night Ferry Returns Again ({A}/b)\nIsland School Reopens <{A}/c>\n",
    "tabs": f"Night Ferry Returns Again\t{A}/b\t2021\nIsland School Reopens\t{A}/c\t2021\n",
    "above": f"Night Ferry Returns Again\n{A}/b\n\nIsland School Reopens\n{A}/c\n",
    "table": f"url,title\n{A}/b,Night Ferry Returns Again\n{A}/c,Island School Reopens\n",
    "table with quotes": f'id;Headline;Link\n1;"Night Ferry Returns Again";{A}/b\n2;"Island School Reopens";"{A}/c"\n',
    "Markdown": f"# Reading\n\n- [Night Ferry Returns Again]({A}/b)\n- [Island School Reopens]({A}/c)\n",
}


@pytest.mark.parametrize("text", TITLED.values(), ids=TITLED.keys())
def test_lists_with_titles(text: str) -> None:
    assert roles(text) == [("original", "Night Ferry Returns Again", f"{A}/b"), ("original", "Island School Reopens", f"{A}/c")]
    assert read(text).body == ""


def test_words_beside_an_address_that_are_no_title() -> None:
    assert roles(f"Please read {A}/b") == [("original", None, f"{A}/b")]
    assert roles(f"This is a really good one {A}/b") == [("original", None, f"{A}/b")]
    assert roles(f"here: {A}/b\nread more: {A}/c") == [("original", None, f"{A}/b"), ("related", None, f"{A}/c")]


def test_prose_is_no_list() -> None:
    assert read(f"{PROSE}{A}/b\n").format == "text"
    assert read(f"He saw {A}/b there, and then he went home.").format == "text"
    assert read("Nothing at all is here.").mentions == ()


def test_a_table_by_its_name_needs_no_first_line() -> None:
    text = f"1,{A}/b,Night Ferry Returns Again\n2,{A}/c,\n3,not an address,x\n"
    assert roles(text, "list.csv") == [("original", "Night Ferry Returns Again", f"{A}/b"), ("original", None, f"{A}/c")]


def test_a_table_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    text = f'url,title\n{A}/b,Night Ferry Returns Again\n{A}/c,"' + "x" * 200_000
    assert [url for _, _, url in roles(text)] == [f"{A}/b"]


# -- the day ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    {
        "on April 24, 2019, and": "2019-04-24",
        "Apr. 24th 2019": "2019-04-24",
        "24 April 2019": "2019-04-24",
        "24th of April 2019": "2019-04-24",
        "2019-04-24T10:00": "2019-04-24",
        "am 24. April 2019": "2019-04-24",
        "am 24.04.2019": "2019-04-24",
        "3. März 2019": "2019-03-03",
        "le 1er août 2019": "2019-08-01",
        "24 de abril de 2019": "2019-04-24",
        "24 aprile 2019": "2019-04-24",
        "24 kwietnia 2019": "2019-04-24",
        "24 апреля 2019 года": "2019-04-24",
        "24 квітня 2019": "2019-04-24",
        "24 Ağustos 2019": "2019-08-24",
        "2019年4月24日": "2019-04-24",
        "2019년 4월 24일": "2019-04-24",
        "May 1, 2019; May 2, 2019; May 1, 2019": "2019-05-01",
        "May 1, 2019; May 2, 2019": "2019-05-02",
        "24/04/2019": None,
        "April 31, 2019": None,
        "40 people 2019": None,
        "in 2019": None,
    }.items(),
)
def test_the_day_that_a_text_names(text: str, day: str | None) -> None:
    found = most_named_day(text)
    assert (found.isoformat() if found else None) == day


def test_the_originals_address_says_the_day_before_the_text_does() -> None:
    text = "It was on April 1, 2019. On April 1, 2019 it rained.\n\nSource: https://a.example/"
    assert read(f"{text}2019/04/24/b").reference == datetime(2019, 4, 24, 12, tzinfo=UTC)
    assert read(f"{text}b").reference == datetime(2019, 4, 1, 12, tzinfo=UTC)
    assert read("Nothing is said of it here.\n\nSource: https://a.example/b").reference is None


def test_every_reader_has_a_name_of_its_own() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)
