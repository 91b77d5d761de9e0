"""Reading records back, and finding damage: by length, digest and the trailer of every gzip member.

warcio hands the body of a truncated record out as good (webrecorder/warcio issue 138): 40 of 40 cut files passed its
check (2026-11-23). So lengths and digests are checked here.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from archive.codings import dechunked
from archive.errors import DamagedArchive
from archive.models import Headers
from archive.timestamps import parse_iso
from archive.warc.pack import payload_digest

OURS = re.compile(r"morgue-\d{14}-\d{5}\.warc\.gz")
_CHUNK = 1 << 16
_BUFFER = 1 << 20  # of a file being walked: members are small, and each is sought
_MAGIC = b"\x1f\x8b\x08"  # of a gzip member: RFC 1952, 2.3


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it was kept. `status` and `headers` are HTTP's; a revisit has no body and `refers_to` instead.

    Headers are latin-1 text, as they are when they come off the wire.
    """

    warc_type: str
    target: str | None
    date: datetime
    status: int | None
    headers: Headers
    body: bytes
    digest: str | None = None  # of the payload, as declared: a revisit's is that of the body it refers to
    source_uri: str | None = None
    refers_to: str | None = None
    refers_to_date: str | None = None
    truncated: str | None = None
    created: str | None = None  # when we got it, where that is not its date


@dataclass(frozen=True, slots=True)
class Problem:
    """Damage in a file: `offset` is that of the member in which it is."""

    file: str
    offset: int
    reason: str


def read_record(folder: Path, file: str, offset: int, length: int) -> Stored:
    """The record at a place in a file. Raises DamagedArchive when it is not whole."""
    path = folder / file
    try:
        with path.open("rb") as stream:
            plain, used = _inflate(stream, offset)
    except OSError as error:
        raise DamagedArchive(f"{path} cannot be read ({error.strerror}): restore a copy of it") from error
    except ValueError as error:
        raise DamagedArchive(f"{path}, offset {offset}: {error}") from error
    if used != length:
        raise DamagedArchive(f"{path}, offset {offset}: the record is {used} bytes long, {length} were expected")
    stored, reason = parse_record(plain)
    if reason or stored is None:
        raise DamagedArchive(f"{path}, offset {offset}: {reason or 'no record'}")
    return stored


def read_whole(folder: Path, file: str, offset: int, length: int) -> bytes:
    """The gzip member at a place in a file, as it lies there, when its record is whole. Raises DamagedArchive."""
    read_record(folder, file, offset, length)
    with (folder / file).open("rb") as stream:
        stream.seek(offset)
        return stream.read(length)


def records(path: Path, start: int = 0) -> Iterator[tuple[int, int, Stored | None, str | None]]:
    """Each member of a file: offset, length, its record, and what is wrong with it.

    Behind a damaged member the next whole one is looked for: one flipped bit does not hide the rest of the file.
    """
    size, offset = path.stat().st_size, start
    with path.open("rb", buffering=_BUFFER) as stream:
        while offset < size:
            try:
                plain, used = _inflate(stream, offset)
                stored, reason = parse_record(plain)
            except ValueError as error:
                stored, reason = None, str(error)
                used = _next_member(stream, offset + 1, size) - offset
            yield offset, used, stored, reason
            offset += used


def verify(path: Path, committed: int = 0) -> Iterator[Problem]:
    """Everything that is wrong with a file; nothing when every record is whole.

    `committed` is where the database says that the file's last record ends: a file that was cut between two records
    looks whole without it.
    """
    ours = OURS.fullmatch(path.name) is not None
    with path.open("rb") as stream:
        for offset, _, _, found in records(path):
            reason = found or (ours and _changed_header(stream, offset))
            if reason:
                yield Problem(path.name, offset, reason)
    size = path.stat().st_size
    if size < committed:
        yield Problem(path.name, size, f"the file ends here, {committed - size} bytes before its last record does")


def _changed_header(stream: BinaryIO, offset: int) -> str | None:
    """No checksum covers the header of a gzip member; ours have no flags and no time (RFC 1952, 2.3.1)."""
    stream.seek(offset)
    return None if stream.read(8)[3:] == bytes(5) else "the header of the gzip member was changed"


def _inflate(stream: BinaryIO, offset: int) -> tuple[bytes, int]:
    """The gzip member at an offset and its length; zlib checks its CRC and length. Raises ValueError."""
    inflater, plain, read = zlib.decompressobj(31), [], 0
    stream.seek(offset)
    try:
        while not inflater.eof and (chunk := stream.read(_CHUNK)):
            plain.append(inflater.decompress(chunk))
            read += len(chunk)
    except zlib.error as error:
        raise ValueError(f"not a whole gzip member ({error})") from error
    if not inflater.eof:
        raise ValueError("the gzip member is cut short")
    return b"".join(plain), read - len(inflater.unused_data)


def _next_member(stream: BinaryIO, start: int, size: int) -> int:
    """Where the next whole member begins; the file's end when there is none."""
    place = start
    while place < size:
        stream.seek(place)
        window = stream.read(_BUFFER)
        found = window.find(_MAGIC)
        if found < 0:
            place += max(1, len(window) - len(_MAGIC) + 1)
            continue
        place += found
        try:
            _inflate(stream, place)
        except ValueError:
            place += 1
        else:
            return place
    return size


def parse_record(plain: bytes) -> tuple[Stored | None, str | None]:
    """A record from its plain bytes, and what is wrong with it."""
    try:
        record: Any = next(iter(ArchiveIterator(io.BytesIO(plain), no_record_parse=True)), None)
        if record is None:
            return None, "no record in this member"
        block = record.raw_stream.read()
        return _stored(record, block), _mismatch(record.rec_headers, block)
    except Exception as error:  # noqa: BLE001 - warcio raises many kinds on damaged headers
        return None, f"the record cannot be read ({error})"


def _stored(record: Any, block: bytes) -> Stored:
    field = record.rec_headers.get_header
    is_answer = record.rec_type in ("response", "revisit")
    status, headers, body = parse_answer(block) if is_answer else (None, (), block)
    body = dechunked(body, headers)
    return Stored(
        warc_type=record.rec_type,
        target=field("WARC-Target-URI"),
        date=parse_iso(field("WARC-Date")),
        status=status,
        headers=headers,
        body=body,
        digest=_sha1(field("WARC-Payload-Digest")),
        source_uri=field("WARC-Source-URI"),
        refers_to=field("WARC-Refers-To-Target-URI"),
        refers_to_date=field("WARC-Refers-To-Date"),
        truncated=field("WARC-Truncated"),
        created=field("WARC-Creation-Date"),
    )


def parse_answer(block: bytes) -> tuple[int | None, Headers, bytes]:
    """Status, headers and body of an answer as it was on the wire (RFC 9112, 2 and 5)."""
    end = re.search(rb"\r?\n\r?\n", block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    start, *lines = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("latin-1").split("\n")
    pairs = (line.rstrip("\r").partition(":") for line in lines)
    status = re.match(r"HTTP/\S+ +([0-9]+)", start)
    return int(status[1]) if status else None, tuple((name, value.strip(" \t")) for name, _, value in pairs), body


def _sha1(digest: str | None) -> str | None:
    """The base32 of a digest field, None when it is another algorithm's or in another writing."""
    match = re.fullmatch(r"(?:sha1:)?([A-Z2-7]{32})", digest or "")
    return match[1] if match else None


def _mismatch(fields: Any, block: bytes) -> str | None:
    """What the record says of itself against what is there."""
    length = fields.get_header("Content-Length")
    if length != str(len(block)):
        return f"the record's block is {len(block)} bytes long, {length} were stored"
    declared = _sha1(fields.get_header("WARC-Block-Digest"))
    if declared:
        return None if declared == payload_digest(block) else "the record does not have its digest"
    payload = _sha1(fields.get_header("WARC-Payload-Digest"))
    if payload and fields.get_header("WARC-Type") == "response" and not _has_payload(block, payload):
        return "the payload does not have its digest"
    return None


def _has_payload(block: bytes, digest: str) -> bool:
    """Programs differ in whether they take the digest before or after the transfer coding is undone."""
    _, headers, body = parse_answer(block)
    return digest in (payload_digest(body), payload_digest(dechunked(body, headers)))
