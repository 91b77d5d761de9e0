"""What is here already: asked before a page is parsed, and again in the transaction that would write it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from archive.home import Home
from archive.imports.base import Told
from archive.query.base import open_home
from archive.schema import Reader, rows
from archive.timestamps import to_timestamp
from archive.urls import canonicalize, urlkey
from archive.visits import article_address, text_digest
from archive.warc import Stored, read_record

SAVED = "import"
"""The archive of pages that somebody saved as files."""

_SAVED = "SELECT 1 FROM urls u JOIN captures c ON c.url_id = u.id WHERE u.url = ? AND c.archive = ? AND c.digest = ?"
_CAPTURE = _SAVED + " AND c.timestamp = ?"
_TEXT = "SELECT 1 FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.text_sha256 = ? AND a.url IN (?, ?)"
_ADDRESS = "SELECT 1 FROM urls u LEFT JOIN frontier f ON f.url_id = u.id WHERE u.url = ? AND (f.url_id OR u.article_id)"
_BODY = """
SELECT warc_file, warc_offset, length FROM captures WHERE digest = ? AND revisit = 0 ORDER BY urlkey = ? DESC, id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Known:
    """The questions, put to a home's database."""

    db: Reader

    def capture(self, archive: str, original: str, captured: datetime, digest: str) -> bool:
        """The same capture, whatever file it came from."""
        return bool(rows(self.db, _CAPTURE, canonicalize(original), archive, digest, to_timestamp(captured)))

    def saved_page(self, url: str, digest: str) -> bool:
        """The same bytes: the time of a file changes when it is copied."""
        return bool(rows(self.db, _SAVED, url, SAVED, digest))

    def text(self, told: Told) -> bool:
        """The same text of the same article."""
        address = article_address(told.url, told.article.canonical_url)
        return bool(rows(self.db, _TEXT, text_digest(told.article), told.url, address))

    def address(self, url: str) -> bool:
        """It was queued once, or leads to an article."""
        return bool(rows(self.db, _ADDRESS, url))

    def document(self, sha256: str) -> bool:
        return bool(rows(self.db, "SELECT 1 FROM documents WHERE sha256 = ?", sha256))

    def body_of(self, home: Home, url: str, digest: str) -> Stored | None:
        """The record that a revisit refers to, one of the same address first. Raises DamagedArchive."""
        found = rows(self.db, _BODY, digest, urlkey(canonicalize(url)))
        return read_record(home.warcs, *found[0].values()) if found else None

    def sizes(self) -> dict[str, int]:
        """How many articles, versions and captures there are."""
        names = ("articles", "versions", "captures")
        return {name: rows(self.db, f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in names}  # noqa: S608


@contextmanager
def knowing(home: Home) -> Iterator[Known]:
    """What a home holds, as it is committed. Raises HomeError and UsageError as `open_home` does."""
    db = open_home(home)
    try:
        yield Known(db)
    finally:
        db.close()
