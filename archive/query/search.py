"""Full-text search: any text is a query."""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlite_utils import Database

from archive.query.base import as_article
from archive.schema import rows
from archive.snippets import snippet
from archive.spacing import spaced

MARK_START, MARK_END = "\x02", "\x03"  # around hits in a snippet; the edge turns them into colour or asterisks

_SEARCH = """
SELECT a.id, a.url, a.title, a.authors, a.published, a.site, a.origin, a.archive_url, a.captured,
       a.text, bm25(articles_fts, 1.0, 8.0, 4.0) AS rank
FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH ? ORDER BY rank LIMIT ?
"""  # a title's hit counts eight times a text's, an author's four times
# bm25 is negative, better matches are smaller: SQLite's documentation of FTS5, section 4.


def fts_query(words: str) -> str:
    """Any text as an FTS5 query: every word must occur; nothing in it is syntax. Empty when it holds no word."""
    return " ".join('"' + spaced(token).replace('"', '""') + '"' for token in _tokens(words))


def _tokens(words: str) -> list[str]:
    """The different words of a query; what no word can hold parts them."""
    cleaned = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in words)
    return list(dict.fromkeys(token for token in cleaned.split() if any(sign.isalnum() for sign in token)))


def search(db: Database, words: str, limit: int = 20) -> list[dict[str, Any]]:
    """Articles that hold all words, best first, each with a snippet; an empty list when nothing matches."""
    query = fts_query(words)
    return [_hit(row, _tokens(words)) for row in rows(db, _SEARCH, query, limit)] if query else []


def _hit(row: dict[str, Any], words: list[str]) -> dict[str, Any]:
    text = row.pop("text")
    return as_article(row) | {"snippet": " ".join(snippet(text, words, MARK_START, MARK_END).split())}
