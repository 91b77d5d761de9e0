"""CSV (RFC 4180, UTF-8), one article a row. Safe to open in a spreadsheet, and `morgue import` reads it back as it was."""

from __future__ import annotations

import csv
import io
import re
from typing import Any, BinaryIO

from archive.export.base import COLUMNS, Source, Tally
from archive.terminal import json_line

# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms and blanks before it
# included; and the sign that keeps it from doing so, so that exactly one can be taken off again.
_FORMULA = re.compile(r"[\s\x00-\x20]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n']")


class Csv:
    name = "csv"
    extension = ".csv"
    binary = False
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        """Every cell stands in quotes: a semicolon in it does not begin a cell where that is the separator."""
        tally = Tally()
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        try:
            rows = csv.writer(text, quoting=csv.QUOTE_ALL)
            rows.writerow(COLUMNS)
            for article in source.articles():
                rows.writerow([guarded(article[name]) for name in COLUMNS])
                tally.count += 1
            text.flush()
        finally:
            text.detach()
        return tally


def guarded(value: Any) -> str:
    """A cell: text as it is, a list as JSON; with an apostrophe before it where a spreadsheet would calculate."""
    text = json_line(value) if isinstance(value, list) else "" if value is None else str(value)
    return "'" + text if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """What a cell held before it was guarded."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell[1:]) else cell
