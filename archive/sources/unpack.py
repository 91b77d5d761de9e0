"""A gzipped sitemap -> its bytes, as far as they go. Content codings are archive.codings' business."""

from __future__ import annotations

import zlib

MAX_BYTES = 50 * 1024 * 1024  # of a listing once unpacked: the limit of sitemaps (sitemaps.org, protocol 0.9)


def unpacked(data: bytes) -> tuple[bytes, str | None]:
    """The plain bytes, and why they are not all: a file that is cut or broken is read up to there, a bomb up to MAX_BYTES."""
    problem = None
    if data[:2] == b"\x1f\x8b":
        data, problem = _gunzipped(data)
    if len(data) > MAX_BYTES:
        return data[:MAX_BYTES], f"it is larger than {MAX_BYTES >> 20} MiB: only that much is read"
    return data, problem


def _gunzipped(data: bytes) -> tuple[bytes, str | None]:
    inflater = zlib.decompressobj(31)
    plain = b""
    try:
        for start in range(0, len(data), 1 << 16):
            plain += inflater.decompress(data[start : start + (1 << 16)], MAX_BYTES + 1 - len(plain))
            if len(plain) > MAX_BYTES or inflater.eof:
                return plain, None
    except zlib.error as error:
        return plain, f"the gzip file is broken ({error}): read up to there"
    return plain, "the gzip file is cut short: read up to there"
