"""One exchange -> its WARC records as bytes, ready to be appended. Pure; runs in the worker processes."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.models import Exchange
from archive.timestamps import iso, to_timestamp

LEVEL = 4
"""gzip level: level 6 costs twice the time for 3 % less (bench/warc.py prints both)."""

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
    revisit = previous is not None and previous.digest == digest and exchange.status == 200 and bool(exchange.body)
    extra = _extra_headers(exchange, date, source_uri)
    response = _response(exchange, target, extra, previous if revisit else None)
    request = _request(exchange, source_uri or target, extra, response.rec_headers.get_header("WARC-Record-ID"))
    written = _written(response)
    return Packed(
        target=target,
        timestamp=to_timestamp(date),
        request=_written(request),
        response=written,
        digest=digest,
        mimetype=_mimetype(exchange.header("content-type")),
        statuscode=exchange.status,
        length=len(written),
        revisit=revisit,
    )


def payload_digest(payload: bytes) -> str:
    """base32 SHA-1, as indexes and WARC files have it."""
    return base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def _extra_headers(exchange: Exchange, date: datetime, source_uri: str | None) -> dict[str, str]:
    extra = {"WARC-Date": iso(date)}
    if source_uri:
        extra |= {"WARC-Source-URI": _clean(source_uri), "WARC-Creation-Date": iso(exchange.fetched)}
    return extra


_writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")


def _response(exchange: Exchange, target: str, extra: dict[str, str], previous: Previous | None) -> Any:
    http = StatusAndHeaders(_status_line(exchange.status), _stored_headers(exchange), protocol="HTTP/1.1")
    if exchange.truncated:
        extra = extra | {"WARC-Truncated": exchange.truncated}
    if previous is None:
        return _writer.create_warc_record(
            _clean(target), "response", payload=io.BytesIO(exchange.body), http_headers=http, warc_headers_dict=extra
        )
    return _writer.create_revisit_record(
        _clean(target),
        f"sha1:{previous.digest}",
        _clean(previous.target),
        iso(previous.date),
        http_headers=http,
        warc_headers_dict=extra | {"WARC-Profile": REVISIT},
    )


def _request(exchange: Exchange, target: str, extra: dict[str, str], response_id: str) -> Any:
    parts = urlsplit(exchange.url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", _clean(parts.netloc))]
    headers += [(_clean(k), _clean(v)) for k, v in exchange.request_headers if k.lower() != "host"]
    http = StatusAndHeaders(f"GET {_clean(path) or '/'} HTTP/1.1", headers, is_http_request=True)
    dates = {"WARC-Date": extra.get("WARC-Creation-Date", extra["WARC-Date"]), "WARC-Concurrent-To": response_id}
    return _writer.create_warc_record(_clean(target), "request", http_headers=http, warc_headers_dict=dates)


def _written(record: Any) -> bytes:
    """The record as one gzip member; warcio formats it and computes its digests."""
    plain = io.BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return packer.compress(plain.getvalue()) + packer.flush()


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _stored_headers(exchange: Exchange) -> list[tuple[str, str]]:
    """The headers as received, made to fit the stored body: no transfer coding, the length of these bytes."""
    kept = [(_clean(k), _clean(v)) for k, v in exchange.headers if k.lower() not in ("transfer-encoding", "content-length")]
    return [*kept, ("Content-Length", str(len(exchange.body)))]


def _clean(text: str) -> str:
    """A header value that cannot end its line or break its encoding."""
    return re.sub(r"[\r\n\0]+", " ", text).encode("utf-8", "replace").decode("utf-8").strip()


def _mimetype(content_type: str | None) -> str | None:
    return content_type.split(";")[0].strip().lower() or None if content_type else None
