"""What is here already: asked before a page is parsed, and again in the transaction that would write it."""

from __future__ import annotations

from sqlite_utils import Database

from archive.home import Home
from archive.imports import Told
from archive.schema import rows, storable
from archive.timestamps import to_timestamp
from archive.urls import canonicalize, urlkey
from archive.visits import article_address, text_digest
from archive.warc import Stored, read_record
from crawler.importing.pages import SAVED, Answer

_CAPTURE = "SELECT 1 FROM captures WHERE archive = ? AND urlkey = ? AND timestamp = ? AND digest = ? AND original = ?"
_SAVED = "SELECT 1 FROM captures c JOIN urls u ON u.id = c.url_id WHERE u.url = ? AND c.archive = ? AND c.digest = ?"
_BODY = """
SELECT warc_file, warc_offset, length FROM captures WHERE digest = ? AND revisit = 0 ORDER BY urlkey = ? DESC, id LIMIT 1
"""
_TEXT = "SELECT 1 FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.text_sha256 = ? AND a.url IN (?, ?)"


def is_capture_kept(db: Database, answer: Answer, digest: str) -> bool:
    """The same capture. A saved page counts by its bytes: the time of a file changes when it is copied."""
    url = canonicalize(answer.url)
    if answer.archive == SAVED and answer.job.copy is None:
        return bool(rows(db, _SAVED, url, SAVED, digest))
    timestamp = to_timestamp(answer.job.captured)
    return bool(rows(db, _CAPTURE, answer.archive, urlkey(url), timestamp, digest, storable(answer.job.target)))


def is_text_kept(db: Database, told: Told) -> bool:
    """The same text of the same article."""
    address = article_address(told.url, told.article.canonical_url)
    return bool(rows(db, _TEXT, text_digest(told.article), told.url, address))


def body_of(db: Database, home: Home, url: str, digest: str) -> tuple[Stored, bytes] | None:
    """The record whose payload a revisit refers to, one of the same address first. Raises DamagedArchive."""
    found = rows(db, _BODY, digest, urlkey(canonicalize(url)))
    if not found:
        return None
    stored = read_record(home.warcs, found[0]["warc_file"], found[0]["warc_offset"], found[0]["length"])
    return stored, stored.body
