"""A reader of Parquet for tests, after the format's own description: just what a flat file with plain pages needs."""

from __future__ import annotations

import gzip
import struct
from typing import Any

_BOOLEANS = {1: True, 2: False}


class _Thrift:
    """The compact protocol, the reading half."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data = data
        self.place = place

    def byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def varint(self) -> int:
        number = shift = 0
        while True:
            byte = self.byte()
            number |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return number

    def value(self, kind: int) -> Any:
        if kind in (5, 6):
            number = self.varint()
            return (number >> 1) ^ -(number & 1)
        if kind == 8:
            length = self.varint()
            self.place += length
            return self.data[self.place - length : self.place].decode()
        if kind == 9:
            head = self.byte()
            count = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.value(head & 15) for _ in range(count)]
        assert kind == 12, kind
        return self.struct()

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while head := self.byte():
            assert head >> 4, "a long field header"
            number += head >> 4
            kind = head & 15
            fields[number] = _BOOLEANS[kind] if kind in _BOOLEANS else self.value(kind)
        return fields


def read_parquet(data: bytes) -> list[dict[str, Any]]:
    """The rows: text, numbers, lists of text; times in milliseconds."""
    assert data[:4] == data[-4:] == b"PAR1"
    size = int.from_bytes(data[-8:-4], "little")
    footer = _Thrift(data[-8 - size : -8]).struct()
    names = [element[4] for element in footer[2][1:] if element.get(3) == 1 or (5 in element and element[4] != "list")]
    found: list[dict[str, Any]] = []
    for group in footer[4]:
        columns = [_column(data, chunk[3], group[3]) for chunk in group[1]]
        assert [chunk[3][3][0] for chunk in group[1]] == names
        found += [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    assert len(found) == footer[3]
    return found


def _column(data: bytes, meta: dict[int, Any], rows: int) -> list[Any]:
    header = _Thrift(data, meta[9])
    page = header.struct()
    plain = gzip.decompress(data[header.place : header.place + page[3]])
    assert len(plain) == page[2]
    assert meta[7] == header.place - meta[9] + page[3]
    count, is_list = page[5][1], len(meta[3]) == 3
    repeated, place = _levels(plain, 0) if is_list else ([0] * count, 0)
    defined, place = _levels(plain, place)
    assert len(defined) == len(repeated) == count
    values = _values(plain[place:], meta[1])
    items = [next(values) if level else None for level in defined]
    assert next(values, None) is None
    if not is_list:
        assert count == rows
        return items
    lists: list[list[Any]] = []
    for item, level in zip(items, repeated, strict=True):
        if not level:
            lists.append([])
        lists[-1] += [item] if item is not None else []
    assert len(lists) == rows
    return lists


def _levels(plain: bytes, place: int) -> tuple[list[int], int]:
    end = place + 4 + int.from_bytes(plain[place : place + 4], "little")
    runs, levels = _Thrift(plain, place + 4), []
    while runs.place < end:
        head = runs.varint()
        assert not head & 1, "a bit-packed run"
        levels += [runs.byte()] * (head >> 1)
    return levels, end


def _values(plain: bytes, kind: int) -> Any:
    place = 0
    while place < len(plain):
        if kind == 2:
            yield struct.unpack_from("<q", plain, place)[0]
            place += 8
        else:
            length = int.from_bytes(plain[place : place + 4], "little")
            yield plain[place + 4 : place + 4 + length].decode()
            place += 4 + length
