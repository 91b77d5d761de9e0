"""Bytes on the wire -> text: content codings undone within bounds, then the character encoding."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

import brotli
from charset_normalizer import from_bytes

from archive.models import Headers, first_header

MAX_BYTES = 32 * 1024 * 1024  # of a page after decompression: a bomb ends here
MAX_CODINGS = 5
_CHUNK = 1 << 16


class CodingError(ValueError):
    """A body that its content coding does not fit; says how."""


def decoded_body(body: bytes, headers: Headers) -> bytes:
    """Undo Content-Encoding (RFC 9110, 8.4). Raises CodingError for a broken, cut or endless one."""
    values = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    codings = [coding.strip().lower() for coding in values.split(",") if coding.strip()]
    if len(codings) > MAX_CODINGS:
        raise CodingError(f"{len(codings)} content codings")
    for coding in reversed(codings):
        if coding != "identity":
            body = _undo(coding, body)
    return body


def _undo(coding: str, body: bytes) -> bytes:
    if coding in ("gzip", "x-gzip"):
        # Archives replay bodies that were stored decoded under their old header.
        return _inflate(body, 31) if body[:2] == b"\x1f\x8b" else body
    if coding == "deflate":
        return _inflate(body, 15 if body[:1] and body[0] & 0x0F == 8 else -15)
    if coding == "br":
        return _brotli(body)
    if coding == "zstd":
        return _zstd(body)
    raise CodingError(f"the content coding {coding!r} is not known")


def _inflate(body: bytes, window: int) -> bytes:
    """zlib within MAX_BYTES; several gzip members are one body (RFC 1952, 2.2)."""
    parts: list[bytes] = []
    while body:
        inflater = zlib.decompressobj(window)
        parts.append(_bounded(inflater.decompress, body, sum(map(len, parts))))
        if not inflater.eof:
            raise CodingError("the compressed body is cut short")
        body = inflater.unused_data if inflater.unused_data[:2] == b"\x1f\x8b" else b""
    return b"".join(parts)


def _bounded(decompress: Callable[[bytes, int], bytes], body: bytes, used: int) -> bytes:
    try:
        plain = decompress(body, MAX_BYTES - used + 1)
    except zlib.error as error:
        raise CodingError(f"the compressed body is broken ({error})") from error
    if len(plain) + used > MAX_BYTES:
        raise CodingError(f"the body is larger than {MAX_BYTES // 2**20} MiB when decompressed")
    return plain


def _brotli(body: bytes) -> bytes:
    decompressor, parts, size = brotli.Decompressor(), [], 0
    try:
        for start in range(0, len(body), _CHUNK):
            data = body[start : start + _CHUNK]
            while data or not decompressor.can_accept_more_data():
                part = decompressor.process(data, output_buffer_limit=MAX_BYTES)
                parts.append(part)
                size += len(part)
                data = b""
                if size > MAX_BYTES:
                    raise CodingError(f"the body is larger than {MAX_BYTES // 2**20} MiB when decompressed")
    except brotli.error as error:
        raise CodingError(f"the compressed body is broken ({error})") from error
    if not decompressor.is_finished():
        raise CodingError("the compressed body is cut short")
    return b"".join(parts)


def _zstd(body: bytes) -> bytes:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - Python 3.14
    except ImportError:
        from backports import zstd  # noqa: PLC0415
    try:
        decompressor = zstd.ZstdDecompressor()
        plain: bytes = decompressor.decompress(body, max_length=MAX_BYTES + 1)
    except zstd.ZstdError as error:
        raise CodingError(f"the compressed body is broken ({error})") from error
    if len(plain) > MAX_BYTES:
        raise CodingError(f"the body is larger than {MAX_BYTES // 2**20} MiB when decompressed")
    if not decompressor.eof:
        raise CodingError("the compressed body is cut short")
    return plain


# -- characters -------------------------------------------------------------------------------------------------------

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
# The WHATWG Encoding Standard reads these labels as windows-1252: pages that say them mean it.
_LABELS = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
           "x-sjis": "cp932", "shift_jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-user-defined": "cp1252"}  # fmt: skip


def text_of(body: bytes, headers: Headers) -> tuple[str, str]:
    """The text of a page and its encoding: BOM, header, <meta>, UTF-8 if it fits, else a guess."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace"), encoding.removesuffix("-sig")
    for label in _labels(body, headers):
        encoding = _LABELS.get(label, label)
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            if encoding.startswith("utf") and _mostly_fits(body, encoding):
                return body.decode(encoding, "replace"), encoding
        except LookupError:
            continue
    return _guessed(body)


def _labels(body: bytes, headers: Headers) -> list[str]:
    content_type = first_header(headers, "content-type") or ""
    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    meta = _DECLARED.search(body[:4096])
    found = [header[1] if header else None, meta[1].decode("ascii", "replace") if meta else None, "utf-8"]
    return list(dict.fromkeys(label.lower() for label in found if label))


def _mostly_fits(body: bytes, encoding: str) -> bool:
    """A few broken bytes in a page that says UTF-8 do not make it another encoding."""
    sample = body[: 1 << 18].decode(encoding, "replace")
    return sample.count("\ufffd") <= max(3, len(sample) // 1000)


def _guessed(body: bytes) -> tuple[str, str]:
    best = from_bytes(body[: 1 << 16]).best()
    encoding = best.encoding if best else "cp1252"
    return body.decode(encoding, "replace"), encoding
