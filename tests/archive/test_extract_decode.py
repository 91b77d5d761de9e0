"""Bytes of a page to its text: the character encoding."""

from __future__ import annotations

import pytest

from archive.extract.decode import text_of

HTML = "<html><head>{}<title>Déjà vu à Łódź</title>"


@pytest.mark.parametrize(
    ("body", "content_type", "text", "charset"),
    [
        ("\ufeffé".encode(), "text/html; charset=latin-1", "é", "utf-8"),
        ("é".encode("utf-16"), "", "é", "utf-16"),
        ("déjà".encode("cp1252"), "text/html; charset=ISO-8859-1", "déjà", "cp1252"),
        ("“déjà”".encode("cp1252"), 'text/html; charset="us-ascii"', "“déjà”", "cp1252"),
        ("по теме".encode("cp1251"), "text/html;charset=windows-1251", "по теме", "windows-1251"),
        ("по теме".encode("koi8-r"), "text/html;charset=KOI8-R", "по теме", "koi8-r"),
        ("中文网".encode("gb18030"), "text/html; charset=gb2312", "中文网", "gb18030"),
        ("日本語".encode("shift_jis"), "text/html; charset=Shift_JIS", "日本語", "cp932"),
        ("한국어".encode("cp949"), "text/html; charset=euc-kr", "한국어", "cp949"),
        ("日本語".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "日本語", "iso-2022-jp"),
        ("déjà vu".encode(), "text/html", "déjà vu", "utf-8"),
        ("déjà vu".encode(), "text/html; charset=iso-8859-1", "déjà vu", "utf-8"),  # valid UTF-8 never comes by chance
        ("déjà vu".encode("cp1252"), "text/html; charset=punycode", "déjà vu", "cp1252"),
        (b"x" * 5000 + b"\xff" + "é".encode(), "text/html; charset=utf-8", "x" * 5000 + "\ufffdé", "utf-8"),
    ],
)
def test_the_encoding(body: bytes, content_type: str, text: str, charset: str) -> None:
    assert text_of(body, (("Content-Type", content_type),)) == (text, charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Le déjà vu est une expérience étrange à raconter, où l’on croit reconnaître une scène déjà vécue.", "cp1252"),
        ("Über die Städte läuft der Fluß, größer als je zuvor und schöner.", "cp1252"),
        ("Vláda včera schválila rozpočet na příští rok, řekl ministr žurnalistům večer.", "cp1250"),
        ("Президент встретился с министром, чтобы обсудить бюджет на будущий год.", "cp1251"),
        ("今日的会议讨论了预算问题，总统会见了部长。", "gb18030"),
    ],
)
def test_an_undeclared_encoding_is_guessed(text: str, charset: str) -> None:
    html = f"<html><p>{text * 4}"
    assert text_of(html.encode(charset), ()) == (html, charset)


@pytest.mark.parametrize(
    "meta", ['<meta charset="windows-1250">', "<meta http-equiv=Content-Type content='text/html; charset=windows-1250'>"]
)
def test_the_encoding_of_a_meta_tag(meta: str) -> None:
    html = HTML.format(meta).replace("à", "á")
    assert text_of(html.encode("cp1250"), ()) == (html, "windows-1250")


@pytest.mark.parametrize(
    "label", ["hex", "rot13", "undefined", "idna", "punycode", "unicode_escape", "utf-7", "no-such", "\x00", "../../x"]
)
def test_labels_that_are_no_encoding_of_the_web_are_ignored(label: str) -> None:
    assert text_of("é <p>".encode(), (("Content-Type", f"text/html; charset={label}"),)) == ("é <p>", "utf-8")


def test_something_comes_of_any_bytes() -> None:
    text, charset = text_of(bytes(range(256)) * 4, ())
    assert text
    assert charset
