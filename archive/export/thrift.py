"""Thrift's compact protocol, the writing half: what Parquet's metadata is in.

Source: apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from typing import Any

_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


class Long(int):
    """An i64; any other int is an i32."""


def encoded(fields: dict[int, Any]) -> bytes:
    """A struct from its fields by number, in rising order: bool, int, Long, str, list of one kind, dict for a struct."""
    parts, last = [], 0
    for number, value in fields.items():
        parts += [
            bytes((((number - last) << 4) | _kind(value, inside=False),)),
            b"" if isinstance(value, bool) else _value(value),
        ]
        last = number
    return b"".join(parts) + b"\0"


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first (ULEB128)."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def _kind(value: Any, *, inside: bool) -> int:
    if isinstance(value, bool):
        return 1 if value or inside else 2
    kinds = ((Long, _I64), (int, _I32), (str, _BINARY), (list, _LIST), (dict, _STRUCT))
    return next(kind for type_, kind in kinds if isinstance(value, type_))


def _value(value: Any) -> bytes:
    if isinstance(value, int):
        return varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if isinstance(value, str):
        data = value.encode()
        return varint(len(data)) + data
    if isinstance(value, dict):
        return encoded(value)
    kind = _kind(value[0], inside=True) if value else _STRUCT
    head = bytes((len(value) << 4 | kind,)) if len(value) < 15 else bytes((0xF0 | kind,)) + varint(len(value))
    return head + b"".join(map(_value, value))
