"""A table of addresses: CSV or TSV, by its name or by a first line that names a column of addresses."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.clippings.base import Draft
from archive.clippings.roles import names_a_story
from archive.models import Mention, Role
from archive.urls import cleaned

_ADDRESS = re.compile(r"\s*(https?://|www\.)\S", re.IGNORECASE)
_URLS = re.compile(
    r"(original|source|article|page|full)?[ _-]?(urls?|uri|links?|address|permalink|loc|location|href)", re.IGNORECASE
)
_TITLES = re.compile(
    r"(article|page|original)?[ _-]?(title|headline|name|titel|titre|t[íi]tulo|titolo|заголовок|标题|タイトル)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the columns that the first line names; None where it does not."""

    url: int | None
    title: int | None


class Table:
    """`.csv`, `.tsv`, and text whose first line names a column `url`, `link`, …"""

    name = "table"

    def matches(self, name: str, text: str) -> bool:
        first, _, rest = text.lstrip("\n").partition("\n")
        if not _ADDRESS.search(rest) and not _ADDRESS.search(first):
            return False
        cells = [cell.strip(" \"'") for cell in first.split(_delimiter(first))]
        headed = len(cells) > 1 and any(_URLS.fullmatch(cell) for cell in cells)
        return name.lower().endswith((".csv", ".tsv")) or headed

    def read(self, text: str) -> Draft:
        return Draft(tuple(_mentions(text)), "")


def _delimiter(line: str) -> str:
    return max("\t;|,", key=line.count) if any(sign in line for sign in "\t;|,") else ","


def _mentions(text: str) -> Iterator[Mention]:
    place, columns = 0, _Columns(None, None)
    for number, row in enumerate(_rows(text)):
        if number == 0:
            columns = _columns(row)
        cell = _address_cell(row, columns)
        candidates = cleaned(cell) if cell else ()
        start = text.find(cell, place) if cell else -1
        if start < 0 or not candidates:
            continue
        place = start + len(cell)
        yield Mention(candidates, Role.ORIGINAL, start, place, cell, _title(row, cell, columns))


def _rows(text: str) -> Iterator[list[str]]:
    """As far as they can be read: a quote that nothing closes may swallow the rest."""
    first = text.lstrip("\n").partition("\n")[0]
    try:
        yield from csv.reader(text.split("\n"), delimiter=_delimiter(first), skipinitialspace=True)
    except csv.Error:
        return


def _columns(row: list[str]) -> _Columns:
    def place(pattern: re.Pattern[str]) -> int | None:
        return next((number for number, cell in enumerate(row) if pattern.fullmatch(cell.strip())), None)

    return _Columns(place(_URLS), place(_TITLES))


def _address_cell(row: list[str], columns: _Columns) -> str:
    """The cell of the named column; without one, the first that begins like an address."""
    if columns.url is not None and columns.url < len(row) and _ADDRESS.match(row[columns.url]):
        return row[columns.url].strip()
    return next((cell.strip() for cell in row if _ADDRESS.match(cell)), "")


def _title(row: list[str], address: str, columns: _Columns) -> str | None:
    """The named column; without one, the longest cell that reads like a headline."""
    if columns.title is not None:
        return (" ".join(row[columns.title].split()) or None) if columns.title < len(row) else None
    words = [" ".join(cell.split()) for cell in row if cell.strip() != address and names_a_story(cell)]
    return max(words, key=len, default=None)
