"""WARC files of other programs, read one record after the other within bounds: gzip by record (annex D of ISO 28500), gzip
as a whole, or plain. Damage costs the record that it is in, and the rest of the file only where nothing begins again."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import IO, Any

from archive.warc.read import Stored, parse_record

LARGEST = 64 << 20  # bytes of one record, plain or packed; the largest page that anybody fetches is half of it
_CHUNK = 1 << 16
_MAGIC = b"\x1f\x8b\x08"
_LINE = 1 << 16  # bytes of a header line
_LENGTH = re.compile(rb"^content-length:\s*(\d+)\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record as it lies in the file: `data` is its gzip member, or its plain bytes. With `reason` it is not whole."""

    offset: int
    data: bytes = b""
    stored: Stored | None = None
    reason: str | None = None


def is_warc(head: bytes) -> bool:
    """Whether a file with these first bytes (64 KiB will do) is one."""
    if head.startswith(_MAGIC):
        try:
            head = zlib.decompressobj(31).decompress(head, 64)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def foreign_records(stream: IO[bytes]) -> Iterator[Foreign]:
    """The records of a file that is open at its beginning. Raises OSError."""
    if stream.read(3) != _MAGIC:
        stream.seek(0)
        yield from _plain(stream)
        return
    stream.seek(0)
    if _is_one_member(stream):
        stream.seek(0)
        inflated = _Inflated(stream)
        yield from _plain(BufferedReader(inflated))
        if inflated.error:
            yield Foreign(stream.tell(), reason=f"the rest of the file cannot be read ({inflated.error})")
        return
    stream.seek(0)
    yield from _members(stream)


def _is_one_member(stream: IO[bytes]) -> bool:
    """Whether the first member goes on behind its first record, which is most often a short `warcinfo`."""
    inflater, head = zlib.decompressobj(31), b""
    try:
        while len(head) < 4 * _CHUNK and not inflater.eof and (data := stream.read(_CHUNK)):
            head += inflater.decompress(data, 4 * _CHUNK)
    except zlib.error:
        return False
    end = re.search(rb"\r?\n\r?\n", head)
    length = _LENGTH.search(head[: end.end()]) if end else None
    if end is None or length is None:
        return False
    return b"WARC/" in head[end.end() + int(length[1]) :][:16]


# -- a member a record ------------------------------------------------------------------------------------------------


class _Source:
    """A stream that takes back what was read too far."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._ahead = b""
        self.place = 0

    def read(self) -> bytes:
        data = self._ahead[:_CHUNK] or self._stream.read(_CHUNK)
        self._ahead = self._ahead[_CHUNK:]
        self.place += len(data)
        return data

    def unread(self, data: bytes) -> None:
        self._ahead = data + self._ahead
        self.place -= len(data)

    def skip_to_member(self) -> None:
        """To the next place that looks like the beginning of a member, or the end."""
        data = b""
        while more := self.read():
            data = data[-2:] + more
            if (found := data.find(_MAGIC)) >= 0:
                return self.unread(data[found:])
        return None


def _members(stream: IO[bytes]) -> Iterator[Foreign]:
    """Each member; behind a damaged one the next place that looks like one is tried."""
    source = _Source(stream)
    while True:
        place = source.place
        data, plain, reason = _member(source)
        if not data:
            return
        if reason is None:
            stored, reason = parse_record(plain)
            yield Foreign(place, data, None if reason else stored, reason)
        elif data.strip(b"\0"):  # some programs fill a file up
            yield Foreign(place, reason=reason)


def _member(source: _Source) -> tuple[bytes, bytes, str | None]:
    """One gzip member as it lies there, its plain bytes, and what is wrong with it; nothing at the end."""
    inflater, size = zlib.decompressobj(31), 0
    packed, plain = bytearray(), bytearray()
    while not inflater.eof:
        if not (piece := source.read()):
            return bytes(packed), b"", "the gzip member is cut short"
        packed += piece if size <= LARGEST else b""
        try:
            data = inflater.decompress(piece)
        except zlib.error as error:
            source.unread(bytes(packed[1:]))
            source.skip_to_member()
            return bytes(packed), b"", f"the record is damaged ({str(error).rpartition(': ')[2]})"
        size += len(data)
        plain += data if size <= LARGEST else b""
    if rest := inflater.unused_data:
        source.unread(rest)
        del packed[-len(rest) :]
    if size > LARGEST:
        return bytes(packed), b"", f"the record is larger than {LARGEST >> 20} MiB"
    return bytes(packed), bytes(plain), None


class _Inflated(RawIOBase):
    """What is packed in a stream, up to where that ends or breaks: gzip.GzipFile gives nothing of the piece that is broken."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._inflater = zlib.decompressobj(31)
        self._data = b""
        self.error = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next; 0 at the end."""
        plain = b""
        while not plain and not self.error and self._more():
            try:
                plain = self._inflater.decompress(self._data, len(buffer))
            except zlib.error as error:
                self.error = str(error)
            self._data = self._inflater.unconsumed_tail or self._inflater.unused_data
        buffer[: len(plain)] = plain
        return len(plain)

    def _more(self) -> bool:
        """Whether there is something left to inflate; members follow each other."""
        self._data = self._data or self._stream.read(_CHUNK)
        if self._inflater.eof:
            self._inflater = zlib.decompressobj(31)
            return self._data.startswith(_MAGIC)
        if not self._data:
            self.error = "it is cut short"
        return bool(self._data)


# -- records in a stream ----------------------------------------------------------------------------------------------


def _plain(stream: Any) -> Iterator[Foreign]:
    """The records of a plain stream; between them what begins none is passed over and told once."""
    place, lost = 0, False
    while line := stream.readline(_LINE):
        start, place = place, place + len(line)
        if not line.startswith(b"WARC/"):
            if line.strip() and not lost:
                lost = True
                yield Foreign(start, reason="no record begins where one should")
            continue
        lost = False
        head = _head(stream, line)
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        if length is None:
            place += len(head) - len(line)
            yield Foreign(start, reason="the record does not say how long it is")
            continue
        block, whole = _block(stream, size)
        place += len(head) - len(line) + size
        if not whole:
            yield Foreign(start, reason="the record is cut short")
        elif block is None:
            yield Foreign(start, reason=f"the record is larger than {LARGEST >> 20} MiB")
        else:
            data = head + block + b"\r\n\r\n"
            stored, reason = parse_record(data)
            yield Foreign(start, data, None if reason else stored, reason)


def _head(stream: Any, first: bytes) -> bytes:
    lines = [first]
    while len(lines) < 1000 and (line := stream.readline(_LINE)):
        lines.append(line)
        if not line.strip():
            break
    return b"".join(lines)


def _block(stream: Any, size: int) -> tuple[bytes | None, bool]:
    """The block, None when it is too large to be kept, and whether all of it was there."""
    if size <= LARGEST:
        block = stream.read(size)
        return block, len(block) == size
    left = size
    while left and (data := stream.read(min(left, _CHUNK))):
        left -= len(data)
    return None, not left
