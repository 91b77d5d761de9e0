"""What all exports are made of: which articles and captures, read one after the other, and what an exporter is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable

from archive.home import Home
from archive.query.base import ARTICLE_COLUMNS, as_article
from archive.query.filters import Where
from archive.schema import Reader

COLUMNS = tuple(name.strip() for name in ARTICLE_COLUMNS.split(","))
_BATCH = 100  # rows in memory


@dataclass(slots=True)
class Tally:
    """What was written: `count` of `what`; `left` says why others were not, each reason with its number."""

    what: str = "articles"
    count: int = 0
    left: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Source:
    """The chosen part of a home. Everything is read in one transaction: a crawl that is writing does not show half.

    `read` has the number of rows that were taken so far.
    `server` and `hosts` are for redirect maps alone: see archive.documents.redirects.
    """

    db: Reader
    home: Home
    where: Where
    now: datetime
    server: str = "csv"
    hosts: tuple[str, ...] = ()
    read: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """True when nothing is filtered out: then captures that led to no article belong to it, too."""
        return self.where.sql == "1"

    def articles(self) -> Iterator[dict[str, Any]]:
        """The articles in the order in which they came in, authors as a list."""
        sql = f"SELECT {ARTICLE_COLUMNS} FROM articles AS a WHERE {self.where.sql} ORDER BY a.id"  # noqa: S608
        return map(as_article, self._stream(sql, *self.where.parameters))

    def captures(self, order: str = "c.id") -> Iterator[dict[str, Any]]:
        """The captures: all of them, or those of the chosen articles' addresses and versions, with the bodies that
        revisits among them refer to."""
        if self.whole:
            return self._stream(f"SELECT c.* FROM captures c ORDER BY {order}")  # noqa: S608
        return self._stream(_PICKED.format(where=self.where.sql, order=order), *self.where.parameters)

    def chosen(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows of a query with `{where}` in it, a condition on `articles AS a`."""
        return self._stream(sql.format(where=self.where.sql), *self.where.parameters)

    def _stream(self, sql: str, *parameters: Any) -> Iterator[dict[str, Any]]:
        for row in stream(self.db, sql, *parameters):
            self.read["rows"] += 1
            yield row


_PICKED = """
WITH chosen(id) AS MATERIALIZED (SELECT a.id FROM articles AS a WHERE {where}),
picked(id) AS MATERIALIZED (
  SELECT c.id FROM urls u JOIN captures c ON c.url_id = u.id WHERE u.article_id IN (SELECT id FROM chosen)
  UNION SELECT v.capture_id FROM versions v WHERE v.article_id IN (SELECT id FROM chosen) AND v.capture_id IS NOT NULL
)
SELECT c.* FROM captures c WHERE c.id IN (
  SELECT id FROM picked
  UNION SELECT o.id FROM captures r JOIN captures o ON o.digest = r.digest AND o.revisit = 0
    WHERE r.revisit = 1 AND r.id IN (SELECT id FROM picked)
) ORDER BY {order}
"""


def stream(db: Reader, sql: str, *parameters: Any) -> Iterator[dict[str, Any]]:
    """The answer to a query as dictionaries, a few in memory at a time."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    while batch := cursor.fetchmany(_BATCH):
        for row in batch:
            yield dict(zip(names, row, strict=True))


class FileExporter(Protocol):
    """A format that is one file. `seeks`: it goes back in its output, so that a pipe gets it from a temporary file."""

    name: str
    extension: str
    binary: bool
    seeks: bool

    def write(self, source: Source, out: BinaryIO) -> Tally:
        """Write the whole file."""


@runtime_checkable
class FolderExporter(Protocol):
    """A format that is a folder of files."""

    name: str

    def fill(self, source: Source, folder: Path) -> Tally:
        """Write all files into a folder that is empty."""


Exporter = FileExporter | FolderExporter
