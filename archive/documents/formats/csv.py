"""CSV and TSV: cells that are or hold addresses; the dialect is kept (RFC 4180, and what spreadsheets write)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from archive.documents.base import ARCHIVED, Aside, Edit, Found, Spot, Unwritable
from archive.documents.scan import bare_addresses, paired
from archive.documents.spelling import bare, percent, safe
from archive.documents.words import moment

_DELIMITERS = ",;\t|"
_ADDRESS = re.compile(r"(?:https?:/|www\.)\S+", re.IGNORECASE)
_SEP = re.compile(r"sep=(.)[ \t]*(?:\n|\Z)", re.IGNORECASE)
_COLUMNS = {
    "id": ("id",),
    "title": ("title", "headline", "titel", "titre", "name"),
    "excerpt": ("excerpt", "quote", "snippet", "description", "summary", "text"),
    "date": ("date", "published", "publication_date", "published_at", "datum"),
    "accessed": ("accessed", "access_date", "retrieved", "seen"),
    "archive": ("archive_url", "archived", "archive", "archived_url", "memento", "wayback"),
}
_NO_COLUMN = "the table has no column for it: add an empty column named archive_url"


@dataclass(frozen=True, slots=True)
class Cell:
    """The span of what a cell holds, without its quotes."""

    start: int
    end: int
    quoted: bool

    def value(self, view: str) -> str:
        text = view[self.start : self.end]
        return text.replace('""', '"') if self.quoted else text


class Csv:
    """Tables by their file's name; of other text only what has the same number of cells in every row."""

    name = "csv"
    extensions = (".csv", ".tsv", ".tab")

    def matches(self, view: str) -> bool:
        lines = [line for line in view[:20_000].split("\n") if line.strip()][:20]
        for delimiter in ",;\t":
            counts = {len(row) for row in rows("\n".join(lines), delimiter)}
            if len(lines) > 1 and len(counts) == 1 and counts.pop() > 1:
                return not re.search(rf"^[^\n{delimiter}]*\s[^\n{delimiter}]{{60}}", view[:20_000], re.MULTILINE)
        return False

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:  # noqa: ARG002
        sep = _SEP.match(view)
        start = sep.end() if sep else 0
        delimiter = sep[1] if sep else _delimiter(view)
        table = list(rows(view, delimiter, start))
        header = _header(view, table)
        found = [link for row in table for link in _row(view, row, header, delimiter)]
        return _with_unique_ids(paired(view, found))


def rows(view: str, delimiter: str, start: int = 0) -> Iterator[list[Cell]]:
    """The cells of each row. A quote that is never closed is a sign like any other, and so are all of its table."""
    quotes = _closed(view, delimiter, start)
    place, row = start, list[Cell]()
    while place <= len(view):
        cell, place = _cell(view, place, delimiter, quotes=quotes)
        row.append(cell)
        if place >= len(view) or view[place] == "\n":
            yield row
            row = []
        place += 1


def _closed(view: str, delimiter: str, start: int) -> bool:
    """Whether every quoted cell ends where a cell can end."""
    place = start
    while place <= len(view):
        cell, place = _cell(view, place, delimiter, quotes=True)
        if cell.quoted and view[cell.end : cell.end + 1] != '"':
            return False
        place += 1
    return True


def _cell(view: str, place: int, delimiter: str, *, quotes: bool) -> tuple[Cell, int]:
    """One cell and the place of the delimiter or line end behind it."""
    if quotes and view[place : place + 1] == '"':
        closing = re.compile(r'(?:[^"]|"")*+').match(view, place + 1)
        end = closing.end() if closing else len(view)
        behind = re.compile(rf"[^{re.escape(delimiter)}\n]*").match(view, end)
        return Cell(place + 1, end, True), behind.end() if behind else end
    plain = re.compile(rf"[^{re.escape(delimiter)}\n]*").match(view, place)
    end = plain.end() if plain else place
    return Cell(place, end, False), end


def _delimiter(view: str) -> str:
    """The sign that divides most of the first rows into the same number of cells; a comma if none does."""
    sample = view[:20_000]
    lines = [line for line in sample.split("\n") if line.strip()][:20]

    def regularity(sign: str) -> tuple[int, int]:
        sizes = Counter(len(row) for row in rows("\n".join(lines), sign))
        size, times = max(sizes.items(), key=lambda item: (item[1], item[0]))
        return (times, size) if size > 1 else (0, 0)

    return max(_DELIMITERS, key=regularity)


def _header(view: str, table: list[list[Cell]]) -> dict[str, int]:
    """The columns that are known by name, when the first row is names."""
    first = [cell.value(view).strip().lower().replace(" ", "_").replace("-", "_") for cell in table[0]] if table else []
    if any(_ADDRESS.match(name) for name in first):
        return {}
    return {key: first.index(name) for key, names in _COLUMNS.items() for name in reversed(names) if name in first}


def _row(view: str, row: list[Cell], header: dict[str, int], delimiter: str) -> Iterator[Found]:
    said = {key: row[column].value(view).strip() or None for key, column in header.items() if column < len(row)}
    stated = row[header["archive"]] if header.get("archive", len(row)) < len(row) else None
    cells = [cell for cell in row if cell is not stated]
    urls = [cell for cell in cells if _ADDRESS.fullmatch(cell.value(view).strip())]
    only = len(urls) == 1
    for cell in cells:
        for link in _links(view, cell, delimiter, whole=cell in urls):
            yield _told(link, said, UrlCell(cell, stated, delimiter)) if only and cell in urls else link


def _told(link: Found, said: dict[str, str | None], place: UrlCell) -> Found:
    """With what the row's other cells say."""
    return replace(
        link,
        place=place,
        id=said.get("id"),
        title=said.get("title"),
        excerpt=said.get("excerpt"),
        date=moment(said.get("date")),
        accessed=moment(said.get("accessed")),
        archived=said.get("archive"),
    )


def _links(view: str, cell: Cell, delimiter: str, *, whole: bool) -> Iterator[Found]:
    """The address that a cell is, or those that its text holds."""
    if whole:
        text = view[cell.start : cell.end]
        start = cell.start + len(text) - len(text.lstrip())
        end = cell.end - len(text) + len(text.rstrip())
        yield Found(start, end, cell.value(view).strip(), UrlCell(cell, None, delimiter), (cell.start, cell.end))
        return
    for start, end in bare_addresses(view[cell.start : cell.end]):
        start, end = start + cell.start, end + cell.start  # noqa: PLW2901
        spelling = bare if cell.quoted else _Undivided(delimiter)
        yield Found(start, end, view[start:end], Spot(spelling, partial(_aside, spelling), end), (start, end))


def _aside(spelling: Callable[[str], str], label: str, url: str) -> str:
    return f" ({label}: {spelling(url)})"


@dataclass(frozen=True, slots=True)
class _Undivided:
    """In a cell without quotes the delimiter would divide an address."""

    delimiter: str

    def __call__(self, url: str) -> str:
        return percent(bare(url), self.delimiter)


@dataclass(frozen=True, slots=True)
class UrlCell:
    """A cell that is one address; a capture goes into the row's own column for it, if the table has one."""

    cell: Cell
    column: Cell | None
    delimiter: str

    def spelled(self, url: str) -> str:
        text = safe(url)
        return f'"{text}"' if self.delimiter in text and not self.cell.quoted else text

    def beside(self, aside: Aside) -> tuple[Edit, ...]:
        if self.column is None or aside.label != ARCHIVED:
            raise Unwritable(_NO_COLUMN if self.column is None else "the table has no column for a new address")
        text = safe(aside.url)
        quoted = f'"{text}"' if self.delimiter in text and not self.column.quoted else text
        return (Edit(self.column.start, self.column.end, quoted),)


def _with_unique_ids(found: list[Found]) -> Iterator[Found]:
    """The ids of the table when no two links share one; else they are numbered like in any text."""
    ids = [link.id for link in found if link.id]
    unique = len(set(ids)) == len(ids) == len(found)
    return (link if unique else replace(link, id=None) for link in found)
