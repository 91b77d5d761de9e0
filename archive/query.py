"""The read side: search, show, status. Opens the database read-only and follows a crawl that is writing."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from sqlite_utils import Database

from archive.errors import NothingFound
from archive.home import Home
from archive.schema import connect_readonly, explained, rows, sqlite3
from archive.snippets import snippet
from archive.spacing import spaced
from archive.terminal import safe
from archive.urls import NotAURL, canonicalize, urlkey

ARTICLE_COLUMNS = (
    "id, url, canonical_url, title, authors, published, modified, site, language, description, image, text, origin, "
    "archive_url, captured, first_seen, last_seen"
)
MARK_START, MARK_END = "\x02", "\x03"  # around hits in a snippet; the edge turns them into colour or asterisks

_SEARCH = """
SELECT a.id, a.url, a.title, a.authors, a.published, a.site, a.origin, a.archive_url, a.captured,
       a.text, bm25(articles_fts, 8.0, 1.0, 4.0) AS rank
FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH ? ORDER BY rank LIMIT ?
"""  # a title's hit counts eight times a text's, an author's four times
# bm25 is negative, better matches are smaller: SQLite's documentation of FTS5, section 4.


def open_home(home: Home) -> Database:
    """The database for reading. Raises NothingFound when there is none, UsageError when it is another program's,
    DamagedArchive or DiskFull when it cannot be read."""
    home.require()
    try:
        return connect_readonly(home.database)
    except sqlite3.DatabaseError as error:
        if told := explained(error, home.database):
            raise told from error
        raise


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
    return _article(row) | {"snippet": " ".join(snippet(text, words, MARK_START, MARK_END).split())}


def show(db: Database, what: str) -> dict[str, Any]:
    """An article by id or by any of its addresses, with its mentions, captures and links. Raises NothingFound."""
    article_id = _article_id(db, what)
    article = _article(rows(db, f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", article_id)[0])  # noqa: S608
    article["mentions"] = rows(
        db,
        "SELECT d.name AS document, u.url, m.role, m.title, m.raw_text, m.start, m.end FROM mentions m "
        "JOIN urls u ON u.id = m.url_id LEFT JOIN documents d ON d.id = m.document_id "
        "WHERE u.article_id = ? ORDER BY m.id",
        article_id,
    )
    article["captures"] = rows(
        db,
        "SELECT c.timestamp, c.original, c.archive, c.archive_url, c.statuscode, c.mimetype, c.digest, c.revisit, "
        "c.kind, c.mended, c.extracted, c.warc_file, c.warc_offset, c.length FROM captures c JOIN urls u ON u.id = c.url_id "
        "WHERE u.article_id = ? ORDER BY c.timestamp",
        article_id,
    )
    article["links"] = rows(
        db, "SELECT url, role, anchor, position FROM links WHERE article_id = ? ORDER BY position", article_id
    )
    return article


def _article_id(db: Database, what: str) -> int:
    if re.fullmatch(r"[0-9]{1,18}", what.strip()):
        found = rows(db, "SELECT id FROM articles WHERE id = ?", int(what))
        why = f"there is no article {what.strip()}: look with `morgue search WORDS`"
    else:
        found = _led_to(db, what)
        why = "" if found else _why_not_shown(db, what)
    if not found:
        raise NothingFound(why)
    return int(found[0]["id"])


def _led_to(db: Database, what: str) -> list[dict[str, Any]]:
    """The article at an address, else where that address leads, else where another spelling of it does."""
    try:
        url = canonicalize(what)
    except NotAURL as error:
        raise NothingFound(f"{safe(what)!r} is neither an article's number nor an address ({safe(error)})") from error
    asked = (
        ("SELECT id FROM articles WHERE url = ?", url),
        ("SELECT article_id AS id FROM urls WHERE url = ? AND article_id IS NOT NULL", url),
        ("SELECT article_id AS id FROM urls WHERE urlkey = ? AND article_id IS NOT NULL ORDER BY id LIMIT 1", urlkey(url)),
    )
    return next((found for sql, key in asked if (found := rows(db, sql, key))), [])


def _why_not_shown(db: Database, what: str) -> str:
    """The last check of an address that has no article says more than "not found"."""
    name = safe(what)
    last = rows(
        db,
        "SELECT state, rule, checked FROM latest_checks WHERE url_id = (SELECT id FROM urls WHERE url = ?)",
        canonicalize(what),
    )
    if last:
        return f"no article is kept for {name}: it was {last[0]['state']} ({last[0]['rule']}) on {last[0]['checked']}"
    return f"no article is kept for {name}: fetch it with `morgue crawl {name}`, or look with `morgue search WORDS`"


def status(db: Database) -> dict[str, Any]:
    """What the archive holds, what is due, what is paused, how the last run ended."""
    return {
        "articles": _count(db, "articles"),
        "versions": _count(db, "versions"),
        "captures": _count(db, "captures"),
        "documents": _count(db, "documents"),
        "urls": _count(db, "urls"),
        "frontier": _counts(db, "SELECT state AS name, count(*) AS n FROM frontier GROUP BY state"),
        "health": _counts(db, "SELECT state AS name, count(*) AS n FROM latest_checks GROUP BY state"),
        "repairs": _counts(db, "SELECT outcome AS name, count(*) AS n FROM repairs GROUP BY outcome"),
        "paused": rows(
            db,
            "SELECT service, datetime(blocked_until, 'unixepoch') || 'Z' AS until, reason FROM budgets "
            "WHERE blocked_until > unixepoch()",
        ),
        "last_run": next(
            iter(rows(db, "SELECT command, started, finished, state, exit_code FROM runs ORDER BY id DESC LIMIT 1")),
            None,
        ),
    }


def _count(db: Database, table: str) -> int:
    return int(rows(db, f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608


def _counts(db: Database, sql: str) -> dict[str, int]:
    return {row["name"]: row["n"] for row in rows(db, sql)}


def asked(db: Database, mention_ids: list[int]) -> list[dict[str, Any]]:
    """What is known of each mention that was asked for, in that order: its check, repair and article."""
    found = rows(
        db,
        """
        SELECT m.id AS mention, u.url, m.role, d.name AS document, d.title AS headline, m.title AS told,
               coalesce(m.excerpt, iif(m.role = 'original', d.body, NULL)) AS known_text,
               coalesce(m.reference, d.reference) AS reference,
               c.state, c.rule, c.evidence AS check_evidence, f.state AS queue, f.due,
               r.outcome, r.state AS repair_state, r.replacement, r.archive_url AS repair_url, r.timestamp, r.method,
               r.confidence, r.evidence AS repair_evidence,
               a.id AS article, a.title, a.text, a.origin, a.archive_url, a.captured, a.url AS article_url
        FROM mentions m JOIN urls u ON u.id = m.url_id
        LEFT JOIN documents d ON d.id = m.document_id
        LEFT JOIN latest_checks c ON c.url_id = u.id
        LEFT JOIN frontier f ON f.url_id = u.id
        LEFT JOIN repairs r ON r.url_id = u.id
        LEFT JOIN articles a ON a.id = u.article_id
        WHERE m.id IN (SELECT value FROM json_each(?))
        """,
        json.dumps(mention_ids),
    )
    by_id = {row["mention"]: row for row in found}
    return [by_id[mention_id] for mention_id in mention_ids]


def _article(row: dict[str, Any]) -> dict[str, Any]:
    """Authors as a list again."""
    return row | {"authors": json.loads(row["authors"])}
