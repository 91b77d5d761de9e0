"""JSON: one object a line (our own export, trafilatura's), one object or list a file (news-please)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from archive.imports.base import Broken, Item
from archive.imports.fields import item_of

_LONGEST = 32 << 20  # bytes of one line, and of a file that is one value


class Json:
    name = "json"

    def matches(self, head: bytes) -> bool:
        return re.match(rb"(\xef\xbb\xbf)?\s*(\{\s*(\"|\})|\[\s*\{)", head) is not None

    def read(self, path: Path) -> Iterator[Item]:
        now = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open("rb") as file:
            if file.read(3) != b"\xef\xbb\xbf":
                file.seek(0)
            start = file.tell()
            first = file.readline(_LONGEST)
            file.seek(start)
            if _value(first) is None or first.lstrip().startswith(b"["):
                yield from _whole(file, now)
            else:
                yield from _lines(file, now)


def _value(line: bytes) -> Any:
    """The value, None for what is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _whole(file: IO[bytes], now: datetime) -> Iterator[Item]:
    data = file.read(_LONGEST + 1)
    value = _value(data) if len(data) <= _LONGEST else None
    if value is None:
        reason = "is no JSON" if len(data) <= _LONGEST else f"is one value of more than {_LONGEST >> 20} MiB: one a line, please"
        yield Broken("the file", reason)
        return
    for number, row in enumerate(value if isinstance(value, list) else [value], 1):
        yield _item(row, f"object {number}", now)


def _lines(file: IO[bytes], now: datetime) -> Iterator[Item]:
    number = 0
    while line := file.readline(_LONGEST):
        number += 1
        if not line.strip():
            continue
        value = _value(line)
        yield Broken(f"line {number}", "is no JSON") if value is None else _item(value, f"line {number}", now)


def _item(row: Any, where: str, now: datetime) -> Item:
    return item_of(row, where, now) if isinstance(row, dict) else Broken(where, "is no object")
