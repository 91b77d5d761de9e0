"""Parquet, written by hand: one row group for each thousand articles, one page a column, plain values, gzip.

pyarrow, the usual writer, takes 170 MB on the disk, more than all of morgue with what it needs (2026-11-25). What is
written here is the smallest part of the format (github.com/apache/parquet-format, README.md and parquet.thrift).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import groupby, islice
from typing import Any, BinaryIO

from archive.export.base import COLUMNS, Source, Tally
from archive.export.thrift import Long, encoded, varint
from archive.timestamps import parse_iso

ROWS = 1_000  # of a row group: what is in memory at a time
_MAGIC = b"PAR1"
_INT64, _BYTE_ARRAY = 2, 6  # Type
_REQUIRED, _OPTIONAL, _REPEATED = 0, 1, 2  # FieldRepetitionType
_UTF8, _LIST, _TIMESTAMP_MILLIS = 0, 3, 9  # ConvertedType
_GZIP, _PLAIN, _RLE = 2, 0, 3  # CompressionCodec, Encoding
_STRING: dict[int, Any] = {1: {}}  # LogicalType
_TIME: dict[int, Any] = {8: {1: True, 2: {1: {}}}}  # UTC, in milliseconds

_NUMBERS = frozenset({"id"})
_TIMES = frozenset({"captured", "first_seen", "last_seen"})  # `published` is as precise as a page says, and stays text
_LISTS = frozenset({"authors"})


class Parquet:
    name = "parquet"
    extension = ".parquet"
    binary = True
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        tally = Tally()
        out.write(_MAGIC)
        place, groups = len(_MAGIC), []
        for rows in _batches(source.articles()):
            columns = []
            for name in COLUMNS:
                chunk = _chunk(name, [row[name] for row in rows])
                out.write(chunk.data)
                columns.append(chunk.metadata(place))
                place += len(chunk.data)
            size = Long(sum(column[3][6] for column in columns))
            groups.append({1: columns, 2: size, 3: Long(len(rows))})
            tally.count += len(rows)
        schema = [{4: "article", 5: len(COLUMNS)}, *(element for name in COLUMNS for element in _schema(name))]
        footer = encoded({1: 1, 2: schema, 3: Long(tally.count), 4: groups, 6: f"morgue version {version('morgue')}"})
        out.write(footer + struct.pack("<I", len(footer)) + _MAGIC)
        return tally


def _batches(articles: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(articles, ROWS)):
        yield batch


def _schema(name: str) -> list[dict[int, Any]]:
    """The elements of a column; a list has three levels (LogicalTypes.md, Lists)."""
    if name in _LISTS:
        inner = {1: _BYTE_ARRAY, 3: _REQUIRED, 4: "element", 6: _UTF8, 10: _STRING}
        return [{3: _REQUIRED, 4: name, 5: 1, 6: _LIST}, {3: _REPEATED, 4: "list", 5: 1}, inner]
    if name in _NUMBERS:
        return [{1: _INT64, 3: _OPTIONAL, 4: name}]
    if name in _TIMES:
        return [{1: _INT64, 3: _OPTIONAL, 4: name, 6: _TIMESTAMP_MILLIS, 10: _TIME}]
    return [{1: _BYTE_ARRAY, 3: _OPTIONAL, 4: name, 6: _UTF8, 10: _STRING}]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A column of a row group: its page with its header; `plain` is their size before compression."""

    name: str
    data: bytes
    plain: int
    values: int

    def metadata(self, place: int) -> dict[int, Any]:
        """ColumnChunk, for one that begins at a place in the file."""
        path = [self.name, "list", "element"] if self.name in _LISTS else [self.name]
        kind = _INT64 if self.name in _TIMES | _NUMBERS else _BYTE_ARRAY
        counts = {5: Long(self.values), 6: Long(self.plain), 7: Long(len(self.data)), 9: Long(place)}
        return {2: Long(place), 3: {1: kind, 2: [_PLAIN, _RLE], 3: path, 4: _GZIP, **counts}}


def _chunk(name: str, values: list[Any]) -> _Chunk:
    if name in _LISTS:
        # An empty list is one entry that is there on no level below its own.
        repeated = [int(place > 0) for value in values for place in range(len(value) or 1)]
        defined = [int(bool(value)) for value in values for _ in range(len(value) or 1)]
        levels = _levels(repeated) + _levels(defined)
        present = [item for value in values for item in value]
    else:
        defined = [int(value is not None) for value in values]
        levels, present = _levels(defined), [value for value in values if value is not None]
    plain = levels + b"".join(map(_coder(name), present))
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    page = packer.compress(plain) + packer.flush()
    header = encoded({1: 0, 2: len(plain), 3: len(page), 5: {1: len(defined), 2: _PLAIN, 3: _RLE, 4: _RLE}})
    return _Chunk(name, header + page, len(header) + len(plain), len(defined))


def _levels(levels: Iterable[int]) -> bytes:
    """Levels of one bit in the hybrid encoding, as runs alone, with their length before them (Encodings.md)."""
    runs = b"".join(varint(len(list(run)) << 1) + bytes((level,)) for level, run in groupby(levels))
    return struct.pack("<I", len(runs)) + runs


def _coder(name: str) -> Any:
    if name in _NUMBERS:
        return lambda value: struct.pack("<q", value)
    return _moment if name in _TIMES else _text


def _moment(value: str) -> bytes:
    return struct.pack("<q", round(parse_iso(value).timestamp() * 1000))


def _text(value: str) -> bytes:
    data = value.encode("utf-8", "replace")
    return struct.pack("<I", len(data)) + data
