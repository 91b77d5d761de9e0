"""A record of another program's file, kept as it is: same bytes of the record, in a gzip member as we write them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from archive.models import Exchange
from archive.timestamps import to_timestamp
from archive.warc.pack import LEVEL, Packed, mimetype_of


@dataclass(frozen=True, slots=True)
class Copy:
    """`data` is the record's gzip member or its plain bytes; `digest` that of its payload, base32 SHA-1."""

    data: bytes
    digest: str
    revisit: bool


def copied(copy: Copy, exchange: Exchange, *, target: str, date: datetime) -> Packed:
    """The record as it is appended; there is no request beside it."""
    member = _member(copy.data)
    return Packed(
        target=target,
        timestamp=to_timestamp(date),
        request=b"",
        response=member,
        digest=copy.digest,
        mimetype=mimetype_of(exchange.header("content-type")),
        statuscode=exchange.status,
        length=len(member),
        revisit=copy.revisit,
    )


def _member(data: bytes) -> bytes:
    """A gzip member without time, name or comment in its header, so that `verify` sees each bit that changes later."""
    if data[:2] == b"\x1f\x8b" and data[3] == 0:
        return data[:3] + bytes(5) + data[8:]
    plain = zlib.decompressobj(31).decompress(data) if data[:2] == b"\x1f\x8b" else data
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return packer.compress(plain) + packer.flush()
