"""Bytes to text: content codings within bounds, then the encoding."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest

from archive.extract.decode import MAX_BYTES, MAX_MEMBERS, CodingError, TooLarge, decoded_body, text_of

PLAIN = "Ein längerer Text über Städte. ".encode() * 50


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def zstd(data: bytes) -> bytes:
    try:
        from compression import zstd as module
    except ImportError:
        from backports import zstd as module
    return module.compress(data)


def coded(*codings: str) -> tuple[tuple[str, str], ...]:
    return tuple(("Content-Encoding", coding) for coding in codings)


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ((), PLAIN),
        (("gzip",), gzip.compress(PLAIN)),
        (("GZip ",), gzip.compress(PLAIN)),
        (("x-gzip",), gzip.compress(PLAIN)),
        (("gzip",), gzip.compress(PLAIN[:100]) + gzip.compress(PLAIN[100:])),
        (("gzip",), gzip.compress(PLAIN) + b"\0\0padding"),
        (("gzip",), PLAIN),  # an archive kept the header and not the coding
        (("deflate",), zlib.compress(PLAIN)),
        (("deflate",), raw_deflate(PLAIN)),
        (("br",), brotli.compress(PLAIN)),
        (("zstd",), zstd(PLAIN)),
        (("deflate, gzip",), gzip.compress(zlib.compress(PLAIN))),
        (("deflate", "gzip"), gzip.compress(zlib.compress(PLAIN))),
        (("", "identity,, "), PLAIN),
    ],
)
def test_codings_are_undone(codings: tuple[str, ...], body: bytes) -> None:
    assert decoded_body(body, coded(*codings)) == PLAIN


def test_markup_under_an_old_header_is_left_alone() -> None:
    body = b"\n<!DOCTYPE html><p>kept decoded"
    assert decoded_body(body, coded("br")) == body


@pytest.mark.parametrize(
    ("codings", "body", "reason"),
    [
        ("gzip", gzip.compress(PLAIN)[:-12], "cut short"),
        ("gzip", gzip.compress(PLAIN)[:-4], "cut short"),  # the text is whole, its trailer is not
        ("gzip", b"\x1f\x8b\x08\0" + b"garbage" * 9, "broken"),
        ("deflate", zlib.compress(PLAIN)[:-6], "cut short"),
        ("br", brotli.compress(PLAIN)[:-3], "cut short"),
        ("br", b"\xff" * 60, "broken"),
        ("zstd", zstd(PLAIN)[:-3], "cut short"),
        ("zstd", b"garbage" * 9, "broken"),
        ("compress", PLAIN, "'compress' is not known"),
        ("gzip," * 6, gzip.compress(PLAIN), "6 content codings"),
        ("gzip", gzip.compress(b"") * (MAX_MEMBERS + 1), "gzip members"),
    ],
)
def test_what_does_not_fit_its_coding_is_told(codings: str, body: bytes, reason: str) -> None:
    with pytest.raises(CodingError, match=reason):
        decoded_body(body, coded(codings))


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd)]
)
def test_a_bomb_ends_at_the_bound(coding: str, pack: object) -> None:
    assert callable(pack)
    with pytest.raises(TooLarge, match="larger than 32 MiB"):
        decoded_body(pack(bytes(MAX_BYTES + 1)), coded(coding))


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
