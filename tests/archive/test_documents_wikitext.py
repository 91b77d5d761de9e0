"""Wikitext: links, citation templates, and where a capture goes."""

from __future__ import annotations

import pytest

from tests.archive.documents import CAPTURE, NEW, appended, document, left, links_of, replaced

U = "https://paper.example.test/2019/04/24/kim-meets-putin"
A = CAPTURE + U


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f"[{U} words]", [U]),
        (f"[{U}]", [U]),
        ("[//paper.example.test/x words]", ["//paper.example.test/x"]),
        (f"See {U}, ({U}).", [U, U]),
        (f"''{U}'' '''{U}'''", [U, U]),
        (f'<ref>{U}</ref><ref name="https://no.example.test/">[{U} w]</ref>', [U, U]),
        (f"{{{{cite web |url={U} |title=T}}}}", [U]),
        (f"{{{{Cite_news|title=a [[b|c]] {{{{d|e=f}}}}|url= {U}\n}}}}", [U]),
        (f"{{{{Internetquelle |url={U} |titel=T}}}}", [U]),
        (f"{{{{cite web |url={U} |archive-url={A} |url-status=dead}}}}", [U]),
        (f"{{{{URL|{U}}}}} {{{{Infobox|website={U}}}}}", [U, U]),
        (f"[{U} w] {{{{webarchive |url={A}}}}}", [U]),
        (f"<nowiki>{U}</nowiki><nowiki/> <pre>{U}</pre><!-- {U} --><syntaxhighlight lang=x>{U}</syntaxhighlight>", []),
        ("[[Page]] [[File:a.png|thumb]] [[#x]] {{cite book|title=T}}", []),
        (f"[[File:a.png|link={U}]]", [U]),
        (f"{{{{never closed |url={U}", [U]),
    ],
)
def test_links(text: str, targets: list[str]) -> None:
    assert links_of("a.wiki", text) == targets


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        (f"[{U} w]", "https://x.test/a[b]|c d", "[https://x.test/a%5Bb%5D%7Cc%20d w]"),
        (f"''{U}''", "https://x.test/it''s", "''https://x.test/it%27%27s''"),
        (
            f"{{{{cite web|url={U}|title=T}}}}",
            "https://x.test/?a=b|c}}",
            "{{cite web|url=https://x.test/?a=b%7Cc%7D%7D|title=T}}",
        ),
        (f"({U})", "https://x.test/a_(b)", "(https://x.test/a_(b))"),
        (f"({U})", "https://x.test/a)", "(https://x.test/a%29)"),
        (f"{{{{URL|{U}}}}}", "https://x.test/a", "{{URL|https://x.test/a}}"),
    ],
)
def test_spelling(text: str, url: str, written: str) -> None:
    assert replaced("a.wiki", text, url) == written
    assert replaced("a.wiki", written, url) == written


DATED = f"|archive-url={A} |archive-date=2019-04-24 |url-status=dead"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"[{U} w], x", f"[{U} w] ([{A} archived]), x"),
        (f"{U}. X", f"{U} ([{A} archived]). X"),
        (f"{{{{cite web |url={U} |title=T}}}}", f"{{{{cite web |url={U} {DATED} |title=T}}}}"),
        (f"{{{{cite web|title=T|url={U}}}}}", f"{{{{cite web|title=T|url={U}|archive-url={A}|archive-date=2019-04-24|url-status=dead}}}}"),
        (
            f"{{{{cite web\n | url = {U}\n | title = T\n}}}}",
            f"{{{{cite web\n | url = {U}\n | archive-url = {A}\n | archive-date = 2019-04-24\n | url-status = dead\n | title = T\n}}}}",
        ),
        (
            f"{{{{cite web |url={U} |url-status=live |archive-url= |archivedate=}}}}",
            f"{{{{cite web |url={U} |url-status=dead |archive-url={A} |archivedate=2019-04-24}}}}",
        ),
        (f"{{{{cite web |url={U} |deadurl=no}}}}", f"{{{{cite web |url={U} |archive-url={A} |archive-date=2019-04-24 |deadurl=yes}}}}"),
        (f"{{{{Internetquelle |url={U}}}}}", f"{{{{Internetquelle |url={U} |archiv-url={A} |archiv-datum=2019-04-24}}}}"),
    ],
)  # fmt: skip
def test_append(text: str, written: str) -> None:
    assert appended("a.wiki", text) == written
    assert appended("a.wiki", written) == written
    assert [link.archived for link in document("a.wiki", written).links] == [A]
    assert appended("a.wiki", text.replace("\n", "\r\n")) == written.replace("\n", "\r\n")


@pytest.mark.parametrize("text", [f"{{{{URL|{U}}}}}", f"{{{{Infobox|website={U}}}}}", f"[[File:a.png|link={U}]]"])
def test_templates_that_have_no_place_for_a_capture(text: str) -> None:
    assert appended("a.wiki", text) == text
    assert list(left("a.wiki", text, "append")) == ["1"]


def test_an_equals_sign_would_name_a_parameter() -> None:
    text = f"{{{{URL|{U}}}}} {{{{URL|1={U}}}}}"
    assert replaced("a.wiki", text, NEW + "?a=b") == f"{{{{URL|{U}}}}} {{{{URL|1={NEW}?a=b}}}}"
    assert list(left("a.wiki", text, "replace", NEW + "?a=b")) == ["1"]


def test_what_a_citation_says() -> None:
    text = f"{{{{cite web |url={U} |title=''Kim'' & [[Putin|Putin]] |date=24 April 2019 |access-date=2019-05-01}}}} [{U} Kim meets Putin]"
    first, second = document("a.wiki", text).links
    assert (first.title, str(first.date), str(first.accessed)) == (
        "Kim & Putin", "2019-04-24 12:00:00+00:00", "2019-05-01 12:00:00+00:00",
    )  # fmt: skip
    assert second.title == "Kim meets Putin"
