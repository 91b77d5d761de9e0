"""One exchange -> its WARC records as bytes, ready to be appended. Pure but for the random record ids; runs in the
worker processes.

Written by hand since warcio 1.8.1 percent-encodes every header of an answer in which one is not ASCII, so that what
the server said is lost (2026-11-25); warcio and pywb read what is written here in the tests.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import uuid4

from archive.models import Exchange, Headers
from archive.timestamps import iso, to_timestamp

LEVEL = 4
"""gzip level: 6 costs 1.4 times as much for 5 % less (9.0 against 6.5 ms a page of 0.33 MB: bench/warc.py, 2026-11-25)."""

STORED = 0
"""For bodies that the server had compressed: compressing them again costs 2.2 ms a page and saves 0.5 % (the same bench)."""

REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Previous:
    """The last capture of an address that has a body: what an unchanged one refers to."""

    digest: str
    target: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Packed:
    """The records of one exchange, each a gzip member.

    `digest` is the base32 SHA-1 of the payload as received (content coding kept): the same as in a capture index.
    `length` is that of the response's record in the file.
    """

    target: str
    timestamp: str
    request: bytes
    response: bytes
    digest: str
    mimetype: str | None
    statuscode: int
    length: int
    revisit: bool


def pack(
    exchange: Exchange,
    *,
    target: str,
    date: datetime,
    source_uri: str | None = None,
    previous: Previous | None = None,
) -> Packed:
    """Make the records of an exchange.

    A memento has `source_uri`, its address in the archive: then `target` is the page's own address, `date` the time of
    its capture, and WARC-Source-URI and WARC-Creation-Date say where and when we got it (pywb's convention).
    """
    digest = payload_digest(exchange.body)
    revisit = _is_revisit(exchange, digest, previous)
    response_id = f"<urn:uuid:{uuid4()}>"
    response = _response(exchange, target, date, digest, source_uri, previous if revisit else None, response_id)
    return Packed(
        target=target,
        timestamp=to_timestamp(date),
        request=_request(exchange, source_uri or target, exchange.fetched if source_uri else date, response_id),
        response=response,
        digest=digest,
        mimetype=mimetype_of(exchange.header("content-type")),
        statuscode=exchange.status,
        length=len(response),
        revisit=revisit,
    )


def payload_digest(payload: bytes) -> str:
    """base32 SHA-1, as indexes and WARC files have it."""
    return base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def record(
    warc_type: str,
    fields: Headers,
    block: bytes,
    content_type: str,
    record_id: str | None = None,
    *,
    level: int | None = None,
) -> bytes:
    """One record of WARC 1.1 (ISO 28500:2017, section 4) as a gzip member of its own (annex D)."""
    named = [("WARC-Type", warc_type), ("WARC-Record-ID", record_id or f"<urn:uuid:{uuid4()}>"), *fields]
    named += [("WARC-Block-Digest", f"sha1:{payload_digest(block)}")]
    named += [("Content-Type", content_type), ("Content-Length", str(len(block)))]
    head = "".join(f"{name}: {_line(value)}\r\n" for name, value in named)
    packer = zlib.compressobj(LEVEL if level is None else level, zlib.DEFLATED, 31)
    parts = (b"WARC/1.1\r\n", head.encode("utf-8", "replace"), b"\r\n", block, b"\r\n\r\n")
    return b"".join([*map(packer.compress, parts), packer.flush()])


def _is_revisit(exchange: Exchange, digest: str, previous: Previous | None) -> bool:
    """A body that was cut is kept: WARC-Truncated on a revisit would speak of the record, not of the answer."""
    same = previous is not None and previous.digest == digest
    return same and exchange.status == 200 and bool(exchange.body) and not exchange.truncated


def _response(
    exchange: Exchange,
    target: str,
    date: datetime,
    digest: str,
    source_uri: str | None,
    previous: Previous | None,
    record_id: str,
) -> bytes:
    fields = [("WARC-Date", iso(date)), ("WARC-Target-URI", target)]
    if source_uri:
        fields += [("WARC-Source-URI", source_uri), ("WARC-Creation-Date", iso(exchange.fetched))]
    if exchange.truncated:
        fields.append(("WARC-Truncated", exchange.truncated))
    if previous:
        fields += [("WARC-Profile", REVISIT), ("WARC-Refers-To-Target-URI", previous.target)]
        fields.append(("WARC-Refers-To-Date", iso(previous.date)))
    fields.append(("WARC-Payload-Digest", f"sha1:{digest}"))
    block = _http(f"HTTP/1.1 {_status(exchange.status)}", _stored_headers(exchange)) + (b"" if previous else exchange.body)
    kind = "revisit" if previous else "response"
    level = STORED if exchange.header("content-encoding") and not previous else LEVEL
    return record(kind, tuple(fields), block, "application/http; msgtype=response", record_id, level=level)


def _request(exchange: Exchange, target: str, date: datetime, response_id: str) -> bytes:
    parts = urlsplit(exchange.url)
    path = _line(parts.path + (f"?{parts.query}" if parts.query else "")) or "/"
    headers = [("Host", parts.netloc), *((k, v) for k, v in exchange.request_headers if k.lower() != "host")]
    fields = (("WARC-Date", iso(date)), ("WARC-Target-URI", target), ("WARC-Concurrent-To", response_id))
    block = _http(f"GET {path} HTTP/1.1", tuple(headers))
    return record("request", fields, block, "application/http; msgtype=request")


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _stored_headers(exchange: Exchange) -> Headers:
    """The headers as received, made to fit the stored body: no transfer coding, the length of these bytes."""
    kept = ((k, v) for k, v in exchange.headers if k.lower() not in ("transfer-encoding", "content-length"))
    return (*kept, ("Content-Length", str(len(exchange.body))))


def _http(start: str, headers: Headers) -> bytes:
    lines = [start, *(f"{_line(name)}: {_line(value)}" for name, value in headers)]
    return b"".join(_wire(line) + b"\r\n" for line in lines) + b"\r\n"


def _wire(line: str) -> bytes:
    """Headers are read as latin-1, so that these are the bytes that came; others were never on a wire."""
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def _line(text: str) -> str:
    """A value that cannot end its line."""
    return re.sub(r"[\r\n\0]+", " ", text).strip(" \t")


def mimetype_of(content_type: str | None) -> str | None:
    """The bare type of a Content-Type field, lower case."""
    return content_type.split(";")[0].strip().lower() or None if content_type else None
