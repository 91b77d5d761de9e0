"""Bytes to text: encodings of all systems, and one clear line for what is no clipping."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.clippings import MAX_BYTES, read_document
from archive.clippings.bytes import text_of
from archive.errors import DocumentError
from archive.models import Document

A = "https://a.example/2021/03/12"
ENGLISH = f"The gates were closed on Thursday night – at last.\n\nSource: {A}/gates-close\n"
RUSSIAN = (
    "Ким Чен Ын пересёк границу с Россией в среду на поезде, сообщили российские СМИ. Это его первая поездка в страну. "
    f"Ожидается, что он встретится с президентом во Владивостоке.\n\nИсточник: {A}/kim\n"
)
JAPANESE = f"金正恩氏は水曜日、列車でロシアに入った。国営メディアが伝えた。会談は木曜日に行われる予定である。\n\n出典：{A}/kim\n"
GERMAN = (
    f"Die Tore wurden für eine Nacht geschlossen, das Wasser stand höher als gewöhnlich, sagte Frau Müller.\n\nQuelle: {A}/tore\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_english_in_every_encoding(encoding: str) -> None:
    document = read_document("a.txt", ENGLISH.encode(encoding))
    assert document.mentions[0].url == f"{A}/gates-close"
    assert document.body == "The gates were closed on Thursday night – at last."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "utf-16"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (GERMAN, "latin-1"),
    ],
)
def test_older_encodings_are_guessed_and_the_guess_is_said(text: str, encoding: str) -> None:
    document = read_document("a.txt", text.encode(encoding))
    assert document.text == text
    assert document.mentions[0].role == "original"
    if encoding != "utf-16":
        assert len(document.warnings) == 1
        assert "not UTF-8" in document.warnings[0]


def test_a_declared_charset_needs_no_guess() -> None:
    page = f"<html><meta charset=windows-1251><body><p>Ким и Путин <a href='{A}/kim-and-putin-meet'>x</a></p></body></html>"
    document = read_document("a.html", page.encode("cp1251"))
    assert "Ким и Путин" in document.body
    assert document.warnings == ()


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "idna", "punycode", "hex", "rot13", "utf-7", "undefined", "no-such", "ascii"]
)
def test_a_declared_charset_that_is_none_is_passed_over(charset: str) -> None:
    data = f"<html><meta charset={charset}><p>H\xe4user \\ud800 +2AA- {A}/x</p>".encode("latin-1")
    assert "Häuser" in text_of("a.html", data)[0]


def test_utf8_with_a_damaged_byte_stays_utf8() -> None:
    data = GERMAN.encode().replace("öher".encode(), b"\xffher") + "„Ende“ – müde Käfer, süße Öfen".encode()
    text, warnings = text_of("a.txt", data)
    assert "für eine Nacht" in text
    assert warnings == ("1 characters are damaged",)


def test_utf8_cut_in_the_middle_of_a_sign_stays_utf8() -> None:
    text, warnings = text_of("a.txt", RUSSIAN.encode()[:101])
    assert text.startswith("Ким Чен Ын пересёк")
    assert warnings == ("1 characters are damaged",)


REFUSED = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \r\n\t ", "is empty"),
    "a mark alone": ("\ufeff\u200b".encode(), "is empty"),
    "PDF": (b"%PDF-1.7\n...", "is a PDF"),
    "docx": (b"PK\x03\x04\x14\x00", "office document"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1", "office document"),
    "RTF": (b"{\\rtf1\\ansi text}", "office document"),
    "gzip": (b"\x1f\x8b\x08\x00", "compressed"),
    "zstd": (b"\x28\xb5\x2f\xfd\x00", "compressed"),
    "PNG": (b"\x89PNG\r\n\x1a\n", "is an image"),
    "JPEG": (b"\xff\xd8\xff\xe0", "is an image"),
    "SQLite": (b"SQLite format 3\x00", "is a database"),
    "ELF": (b"\x7fELF\x02", "is a program"),
    "WARC": (b"WARC/1.1\r\n", "is a WARC file"),
    "Safari": (b"bplist00\xd1", "web archive of Safari"),
    "MHTML": (
        b'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="x"\r\n\r\n',
        "MHTML",
    ),
    "NULs": (b"text\x00\x01 and more", "is not text"),
    "controls": (b"text\x01\x02\x03\x04 and more", "is not text"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_clipping_gets_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as error:
        read_document("a.txt", data)
    assert re.fullmatch(rf"a\.txt: .*{reason}.*", str(error.value))
    assert error.value.exit_code == 3


def test_a_huge_one_is_refused_before_it_is_read() -> None:
    with pytest.raises(DocumentError, match="larger than 32 MiB"):
        read_document("a.txt", b"x" * (MAX_BYTES + 1))


NAMES = st.sampled_from(["-", "a.txt", "a.md", "a.html", "a.csv", "C:\\news\\a.txt"])
MARKUP = st.sampled_from(
    [
        b"<!DOCTYPE html>", b"<html>", b"<a href='", b"https://a.example/x", b"</a>", b"<p>", b"<base href='http://[bad'>",
        b"---\n", b"url: ", b"# x\n", b"[a](", b"[1]: ", b"Source: ", b"url,title\n", b'"', b"\n", b"> ", b"<?xml?>",
        b"charset=utf-7", b"\xff\xfe", b"\x80", b"\xd0\x9f",
        b"<link rel=canonical href='", b"<!-- saved from url=(0014)https://) -->",
    ]
)  # fmt: skip


def check(document: Document) -> None:
    place = 0
    for mention in document.mentions:
        assert document.text[mention.start : mention.end] == mention.raw_text
        assert mention.candidates
        assert mention.start >= place
        place = mention.start
    document.text.encode()
    document.body.encode()


@settings(deadline=None)
@given(NAMES, st.binary(max_size=200) | st.lists(MARKUP | st.binary(max_size=4), max_size=25).map(b"".join))
@example("a.html", b"<!-- saved from url=(0014)https://) --><html>")
@example("a.html", b"<html><base href='http://[bad'><a href='x'>y</a>")
@example("a.html", b"<html><a href='https://a.example/a-long-story-of-words'><a href='https://a.example/a-long-story-of-words'>")
@example("a.csv", b'"https://a.example/x')
def test_any_bytes_are_a_document_or_one_clear_line(name: str, data: bytes) -> None:
    try:
        document = read_document(name, data)
    except DocumentError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    check(document)


@settings(deadline=None)
@given(NAMES, st.text(max_size=300))
def test_any_text_is_a_document(name: str, text: str) -> None:
    try:
        check(read_document(name, text.encode("utf-8", "surrogatepass")))
    except DocumentError as error:
        assert error.reason.startswith("is ")  # noqa: PT017


def test_deep_markup_is_read() -> None:
    document = read_document("a.html", b"<html>" + b"<div>" * 50_000 + f"<p><a href='{A}/a-story-of-the-gates'>x</a>".encode())
    check(document)
