"""Bytes on the wire -> text: content codings undone within bounds, then the character encoding."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

import brotli
from charset_normalizer import from_bytes

from archive.models import Headers, first_header

MAX_BYTES = 32 * 1024 * 1024  # of a page after decompression: a bomb ends here
MAX_CODINGS = 5
MAX_MEMBERS = 100  # of one gzip body; each costs a copy of what follows it
_CHUNK = 1 << 16


class CodingError(ValueError):
    """A body that its content coding does not fit; says how."""


class TooLarge(CodingError):
    """A body of more than MAX_BYTES once decompressed."""

    def __init__(self) -> None:
        super().__init__(f"the body is larger than {MAX_BYTES // 2**20} MiB when decompressed")


def decoded_body(body: bytes, headers: Headers) -> bytes:
    """Undo Content-Encoding (RFC 9110, 8.4). Raises CodingError for a broken or cut one, TooLarge for an endless one.

    A body that is plainly markup is left alone whatever its header says: archives replay bodies that they stored decoded.
    """
    values = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    codings = [coding for value in values.split(",") if (coding := value.strip().lower()) not in ("", "identity")]
    if len(codings) > MAX_CODINGS:
        raise CodingError(f"{len(codings)} content codings")
    for coding in reversed(codings):
        if not _MARKUP.match(body):
            body = _undo(coding, body)
    if len(body) > MAX_BYTES:
        raise TooLarge
    return body


_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|!--|html|head|body|\?xml)", re.IGNORECASE)


def _undo(coding: str, body: bytes) -> bytes:
    undo = _CODINGS.get(coding)
    if undo is None:
        raise CodingError(f"the content coding {coding[:40]!r} is not known")
    return undo(body)


def _gzip(body: bytes) -> bytes:
    """Several gzip members are one body (RFC 1952, 2.2); what follows the last one is padding."""
    if body[:2] != b"\x1f\x8b":
        return body  # stored decoded under its old header
    parts, size = [], 0
    for _ in range(MAX_MEMBERS):
        plain, body = _inflate(body, 31, size)
        parts.append(plain)
        size += len(plain)
        if body[:2] != b"\x1f\x8b":
            return b"".join(parts)
    raise CodingError(f"more than {MAX_MEMBERS} gzip members")


def _deflate(body: bytes) -> bytes:
    """With zlib's header, as RFC 9110 has it, or without, as some servers send it."""
    return _inflate(body, 15 if body[:1] and body[0] & 0x0F == 8 else -15, 0)[0]


def _inflate(body: bytes, window: int, used: int) -> tuple[bytes, bytes]:
    """One zlib stream and what follows it."""
    inflater = zlib.decompressobj(window)
    try:
        plain = inflater.decompress(body, MAX_BYTES - used + 1)
    except zlib.error as error:
        raise _broken(error) from error
    _bounded(len(plain) + used)
    return _whole(plain, inflater.eof), inflater.unused_data


def _broken(error: Exception) -> CodingError:
    return CodingError(f"the compressed body is broken ({error})")


def _bounded(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge


def _whole(plain: bytes, eof: bool) -> bytes:
    if not eof:
        raise CodingError("the compressed body is cut short")
    return plain


def _brotli(body: bytes) -> bytes:
    decompressor, parts, size = brotli.Decompressor(), [], 0
    try:
        for start in range(0, len(body), _CHUNK):
            data = body[start : start + _CHUNK]
            while data or not decompressor.can_accept_more_data():
                parts.append(decompressor.process(data, output_buffer_limit=_CHUNK * 16))
                size += len(parts[-1])
                _bounded(size)
                data = b""
    except brotli.error as error:
        raise _broken(error) from error
    return _whole(b"".join(parts), decompressor.is_finished())


def _zstd(body: bytes) -> bytes:
    zstd = _zstd_module()
    decompressor = zstd.ZstdDecompressor()
    try:
        plain: bytes = decompressor.decompress(body, max_length=MAX_BYTES + 1)
    except zstd.ZstdError as error:
        raise _broken(error) from error
    _bounded(len(plain))
    return _whole(plain, decompressor.eof)


def _zstd_module() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - Python 3.14
    except ImportError:
        from backports import zstd  # noqa: PLC0415
    return zstd


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


# -- characters -------------------------------------------------------------------------------------------------------

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# The encodings of the WHATWG Encoding Standard and no other: Python's punycode, unicode_escape and their like are traps.
_KNOWN = re.compile(
    r"utf-?8|(windows-|cp|x-cp)(125[0-8]|874)|iso[-_]?8859-?\d{1,2}(-[ei])?|latin-?[1-9]|koi8-?[ru]|macintosh|x-mac-cyrillic|ibm866"
    r"|gb_?2312|gbk|gb18030|big5(-hkscs)?|euc-(jp|kr)|shift[-_]?jis|x-sjis|cp932|iso-2022-jp|ks_c_5601-1987|tis-620|(us-)?ascii"
)
# It reads these labels as the larger encoding that pages with them mean.
_MEANT = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "gb2312": "gb18030", "gb_2312": "gb18030", "gbk": "gb18030",
    "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "shiftjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman", "big5": "big5hkscs", "iso-8859-8-i": "iso-8859-8",
    "utf8": "utf-8", "tis-620": "cp874",
}  # fmt: skip


def text_of(body: bytes, headers: Headers) -> tuple[str, str]:
    """The text of a page and its encoding: BOM, header, <meta>, UTF-8 if it fits, else a guess.

    Text with signs beyond ASCII that is valid UTF-8 is UTF-8, whatever one-byte encoding was declared: such bytes do not
    come about by chance.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace"), encoding.removesuffix("-sig")
    for encoding in _declared(body, headers):
        if (text := _fitting(body, encoding)) is not None:
            return text, encoding
    return (body.decode(), "utf-8") if _is_utf8(body) else _guessed(body)


def _declared(body: bytes, headers: Headers) -> list[str]:
    """Python's names of the encodings to try, in order; labels that name none are left out."""
    header = _HEADER.search(first_header(headers, "content-type") or "")
    meta = _DECLARED.search(body[:4096])
    labels = [header[1] if header else "", meta[1].decode("ascii", "replace") if meta else ""]
    known = [label for label in map(str.lower, labels) if _KNOWN.fullmatch(label)]
    encodings = [_MEANT.get(label, label) for label in known]
    # UTF-8 goes before what accepts anything; ISO-2022 and the like are ASCII bytes and would pass for it.
    eight_bit = bool(encodings) and not encodings[0].startswith("iso-2022")
    first = ["utf-8"] if eight_bit and not body.isascii() and _is_utf8(body) else []
    return list(dict.fromkeys([*first, *encodings]))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _fitting(body: bytes, encoding: str) -> str | None:
    """The text; None when the encoding does not fit. A few broken bytes do not make it another one."""
    try:
        return body.decode(encoding)
    except LookupError:
        return None
    except UnicodeError:
        text = body.decode(encoding, "replace")
    return text if text.count("\ufffd") <= max(3, len(text) // 1000) else None


_GUESSES = [
    "cp1252",
    "cp1251",
    "koi8_r",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
]
_CENTRAL_EUROPEAN = frozenset({"Polish", "Czech", "Slovak", "Hungarian", "Slovene", "Romanian"})


def _guessed(body: bytes) -> tuple[str, str]:
    """The likeliest encoding of the web. charset-normalizer takes French and German in cp1252 for cp1250 (3.4, 2026-11-24):
    cp1252 wins wherever it fits, unless the text is in one of cp1250's own languages."""
    matches = from_bytes(body[: 1 << 16], cp_isolation=_GUESSES)
    best = matches.best()
    fits = best is None or any("cp1252" in (match.encoding, *match.could_be_from_charset) for match in matches)
    encoding = "cp1252" if best is None or (fits and best.language not in _CENTRAL_EUROPEAN) else best.encoding
    return body.decode(encoding, "replace"), encoding
