"""Content codings undone within bounds."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest

from archive.codings import MAX_BYTES, MAX_MEMBERS, CodingError, TooLarge, decoded_body

PLAIN = "Ein längerer Text über Städte. ".encode() * 50


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the same name for a test in every process


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
        (("gzip",), gz(PLAIN)),
        (("GZip ",), gz(PLAIN)),
        (("x-gzip",), gz(PLAIN)),
        (("gzip",), gz(PLAIN[:100]) + gz(PLAIN[100:])),
        (("gzip",), gz(PLAIN) + b"\0\0padding"),
        (("gzip",), PLAIN),  # an archive kept the header and not the coding
        (("deflate",), zlib.compress(PLAIN)),
        (("deflate",), raw_deflate(PLAIN)),
        (("br",), brotli.compress(PLAIN)),
        (("zstd",), zstd(PLAIN)),
        (("deflate, gzip",), gz(zlib.compress(PLAIN))),
        (("deflate", "gzip"), gz(zlib.compress(PLAIN))),
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
        ("gzip", gz(PLAIN)[:-12], "cut short"),
        ("gzip", gz(PLAIN)[:-4], "cut short"),  # the text is whole, its trailer is not
        ("gzip", b"\x1f\x8b\x08\0" + b"garbage" * 9, "broken"),
        ("deflate", zlib.compress(PLAIN)[:-6], "cut short"),
        ("br", brotli.compress(PLAIN)[:-3], "cut short"),
        ("br", b"\xff" * 60, "broken"),
        ("zstd", zstd(PLAIN)[:-3], "cut short"),
        ("zstd", b"garbage" * 9, "broken"),
        ("compress", PLAIN, "'compress' is not known"),
        ("gzip," * 6, gz(PLAIN), "6 content codings"),
        ("gzip", gz(b"") * (MAX_MEMBERS + 1), "gzip members"),
    ],
)
def test_what_does_not_fit_its_coding_is_told(codings: str, body: bytes, reason: str) -> None:
    with pytest.raises(CodingError, match=reason):
        decoded_body(body, coded(codings))


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gz), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd)])
def test_a_bomb_ends_at_the_bound(coding: str, pack: object) -> None:
    assert callable(pack)
    with pytest.raises(TooLarge, match="larger than 32 MiB"):
        decoded_body(pack(bytes(MAX_BYTES + 1)), coded(coding))
