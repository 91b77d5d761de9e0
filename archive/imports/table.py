"""CSV with a line of names: our own export, or any table that has addresses. Commas, semicolons or tabs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from archive.export.csv import unguarded
from archive.imports.base import Broken, Item
from archive.imports.fields import item_of, names_an_address

_LONGEST = 32 << 20  # characters of a cell


class Csv:
    name = "csv"

    def matches(self, head: bytes) -> bool:
        return names_an_address(_names(head.decode("utf-8-sig", "replace")))

    def read(self, path: Path) -> Iterator[Item]:
        now = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        csv.field_size_limit(_LONGEST)
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            separator = _separator(file.readline(1 << 16))
            file.seek(0)
            rows = csv.DictReader(file, delimiter=separator, restkey="")
            while True:
                try:
                    row = next(rows)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Broken(f"line {rows.line_num}", f"is no CSV ({error})")
                    continue
                cells = {name: unguarded(cell) for name, cell in row.items() if isinstance(cell, str)}
                yield item_of(cells, f"line {rows.line_num}", now)


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)


def _names(head: str) -> list[str]:
    """The names of the columns; none when the first line is no line of names."""
    line = re.match(r"[^\r\n]{0,8000}", head.lstrip("\ufeff"))
    return next(csv.reader([line[0]], delimiter=_separator(line[0])), []) if line and line[0] else []
