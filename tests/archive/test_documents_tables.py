"""CSV and JSON Lines: the dialect and everything but the targets stay."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.documents import CAPTURE, NEW, appended, document, left, links_of, replaced

U = "https://paper.example.test/2019/04/24/kim-meets-putin"


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        (f"url\n{U}\n{U}", [U, U]),
        (f"a,b\n1,{U}\n", [U]),
        (f'a;b\n"x;y";{U}?a,b\n', [U + "?a,b"]),
        (f"a\tb\n{U}\tx y\n", [U]),
        (f'a,b\n1,"see ""{U}"", and {U}"\n', [U, U]),
        (f'a,b\n"two\nlines {U}",x\n', [U]),
        (f"sep=;\na;b,c;{U}\n", [U]),
        (f"a,b\n1, {U} \n", [U]),
        (f'a,b\n"never closed,{U}\nx,{U}\n', [U, U]),
        ("a,b\n1,2\n", []),
        ("", []),
    ],
)
def test_links_of_csv(text: str, targets: list[str]) -> None:
    assert links_of("a.csv", text) == targets


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        (f"a,b\n1,{U}\n", "https://x.test/a,b", 'a,b\n1,"https://x.test/a,b"\n'),
        (f"a;b\n1;{U}\n", "https://x.test/a,b", "a;b\n1;https://x.test/a,b\n"),
        (f'a,b\n1,"{U}"\n', "https://x.test/a,b", 'a,b\n1,"https://x.test/a,b"\n'),
        (f"a,b\n1,see {U} there\n", "https://x.test/a,b", "a,b\n1,see https://x.test/a%2Cb there\n"),
        (f'a,b\n1,"see {U}, there"\n', "https://x.test/a,b", 'a,b\n1,"see https://x.test/a,b, there"\n'),
        (f"a,b\r\n1,{U}\r\n", 'https://x.test/"', "a,b\r\n1,https://x.test/%22\r\n"),
    ],
)
def test_spelling_of_csv(text: str, url: str, written: str) -> None:
    assert replaced("a.csv", text, url) == written
    assert replaced("a.csv", written, url) == written


def test_columns_say_what_they_know() -> None:
    text = f'id,Headline,Link,Published,quote\nx7,"Kim, Putin",{U},2019-04-24,He said so\nx8,,{U},,\n'
    first, second = document("a.csv", text).links
    assert (first.id, first.title, str(first.date)[:10], first.excerpt) == ("x7", "Kim, Putin", "2019-04-24", "He said so")
    assert (second.id, second.title, second.date, second.excerpt) == ("x8", None, None, None)
    twice = document("a.csv", f"id,url\nx,{U}\nx,{U}\n")
    assert [link.id for link in twice.links] == ["1", "2"]


def test_append_to_csv() -> None:
    text = f"url,archive_url,note\n{U},,see {U}/x\n{U},{CAPTURE}{U},\n"
    capture = "https://archive.example.test/a,b"
    written = (
        f'url,archive_url,note\n{U},"{capture}",see {U}/x (archived: https://archive.example.test/a%2Cb)\n{U},{CAPTURE}{U},\n'
    )
    assert appended("a.csv", text, capture) == written
    assert appended("a.csv", written, capture) == written
    assert "archive_url" in left("a.csv", f"url\n{U}\n", "append")["1"]


_CELLS = st.sampled_from([U, f"see {U} there", 'a "b" c', "two\nlines", "", "x, y; z", "1", f"{U} {U}"])


@settings(deadline=None)
@given(st.lists(st.lists(_CELLS, min_size=2, max_size=2), min_size=1, max_size=4), st.sampled_from(",;\t"), st.booleans(),
       st.text("ab,;\"'()= \t|", max_size=6))  # fmt: skip
def test_the_csv_module_reads_what_was_written(rows: list[list[str]], delimiter: str, all_quoted: bool, tail: str) -> None:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerows([["a", "b"], *rows])
    url = "https://new.example.test/" + tail + "/x"
    text = out.getvalue()
    written = replaced("a.csv", text, url)
    read = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))[1:]
    assert [[cell.count("https://new.example.test/") for cell in row] for row in read] == [
        [cell.count(U) for cell in row] for row in rows
    ]
    assert all(
        cell == before
        for row, old in zip(read, rows, strict=True)
        for cell, before in zip(row, old, strict=True)
        if U not in before
    )
    assert replaced("a.csv", written, url) == written


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "a", "url": "%s", "title": "T"}',
        '{"url":"%s","id":"a"}',
        '  {"x": {"url": "https://no.example.test/"}, "y": ["{", "\\"}"], "url" : "%s" , "id": "a", "n": 1.50e1}  ',
        '{"url": "https://no.example.test/", "id": "a", "url": "%s"}',
        '{"ü": "\\u00fc\\n", "url": "%s", "id": "a"}',
    ],
)
def test_json_lines(line: str) -> None:
    numbered = line.replace('"a"', "7")
    text = line % U + "\r\n\r\n" + numbered % U.replace("/", "\\/")
    found = document("a.jsonl", text)
    assert [(link.id, link.url) for link in found.links] == [("a", U), ("7", U)]
    url, spelled = 'https://x.test/a"b\\c', "https://x.test/a%22b%5Cc"
    written = replaced("a.jsonl", text, url)
    assert written == line % spelled + "\r\n\r\n" + numbered % spelled
    assert replaced("a.jsonl", written, url) == written


def test_json_lines_that_cannot_be_read() -> None:
    deep = "[" * 100_000
    text = (
        f'not json\n{{"url": 7}}\n["{U}"]\n{{"url": "{U}"}} x\n{{"url": {deep}\n{{"id": 1}}\n{{"url": "{U}"\n{{"url": "{U}"}}\n'
    )
    found = document("a.jsonl", text)
    assert [link.url for link in found.links] == [U]
    assert [warning.split(" ")[1] for warning in found.warnings] == ["1", "2", "3", "4", "5", "6", "7"]
    assert replaced("a.jsonl", text) == text.replace(f'{{"url": "{U}"}}\n', f'{{"url": "{NEW}"}}\n')


def test_every_question_is_kept() -> None:
    """What can be no address is a question all the same, and ids are told apart."""
    text = '{"id": "a", "url": "no address"}\n{"id": "a", "url": ""}\n{"url": "mailto:x@y.test"}\n'
    found = document("a.jsonl", text)
    assert [(link.id, link.url, link.candidates) for link in found.links] == [
        ("a", "no address", ()), ("a#2", "", ()), ("3", "mailto:x@y.test", ()),
    ]  # fmt: skip
    assert len(found.warnings) == 1


def test_what_a_line_says() -> None:
    line = {"id": 12, "url": U, "title": "T", "excerpt": "He said so.", "date": "2019-04-24T10:00:00+03:00"}
    (link,) = document("a.jsonl", json.dumps(line)).links
    assert (link.id, link.title, link.excerpt, str(link.date)) == ("12", "T", "He said so.", "2019-04-24 07:00:00+00:00")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{"url": "%s", "id": "a"}', '{"url": "%s", "archive_url": "%s", "id": "a"}'),
        ('{"url":"%s"}', '{"url":"%s","archive_url":"%s"}'),
        ('{"url": "%s", "archive_url": null}', '{"url": "%s", "archive_url": "%s"}'),
        ('{"archive_url": "%s", "url": "%s"}', '{"archive_url": "%s", "url": "%s"}'),
    ],
)
def test_append_to_json_lines(text: str, written: str) -> None:
    values = (CAPTURE + U, U) if text.startswith('{"archive') else (U, CAPTURE + U)
    assert appended("a.jsonl", text % values[: text.count("%s")]) == written % values
