"""Content codings undone within bounds: bytes on the wire -> bytes of the page (RFC 9110, section 8.4). Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Any

import brotli

from archive.models import Headers

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


def dechunked(body: bytes, headers: Headers) -> bytes:
    """Undo the chunked transfer coding (RFC 9112, 7.1), which some programs leave in the records they write.

    A body that is not chunked all through, whatever its header says, is left alone.
    """
    coding = next((value for name, value in headers if name.lower() == "transfer-encoding"), "")
    if coding.strip().lower() != "chunked":
        return body
    parts: list[bytes] = []
    place = 0
    while size := _CHUNK_SIZE.match(body, place):
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        parts.append(body[size.end() : size.end() + length])
        place = size.end() + length + 2
        if body[place - 2 : place] != b"\r\n":
            break
    return body


_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r\n")
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
