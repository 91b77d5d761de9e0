"""What is known of an address that leads to no article."""

from __future__ import annotations

from typing import Any

from archive.errors import NothingFound, UsageError
from archive.schema import Reader, rows
from archive.terminal import safe
from archive.urls import NotAURL, canonicalize, urlkey

_ADDRESS = (
    "SELECT id, url, host, site, first_seen, article_id FROM urls WHERE url = ?1 OR urlkey = ?2 ORDER BY url != ?1, id LIMIT 1"
)
_PARTS = {
    "checks": "SELECT checked, state, rule, statuscode, final_url FROM checks WHERE url_id = ? "
    "ORDER BY checked DESC, id DESC LIMIT 20",
    "repairs": "SELECT outcome, state, method, confidence, replacement, archive_url, article_id AS article, decided "
    "FROM repairs WHERE url_id = ?",
    "mentions": "SELECT d.id AS document_id, d.name AS document, m.role, m.title FROM mentions m "
    "LEFT JOIN documents d ON d.id = m.document_id WHERE m.url_id = ? ORDER BY m.id LIMIT 20",
    "lookups": "SELECT archive, asked, outcome, reason FROM lookups WHERE url_id = ? ORDER BY asked DESC, id DESC LIMIT 20",
    "captures": "SELECT id, timestamp, archive, archive_url, statuscode, kind, original FROM captures WHERE url_id = ? "
    "ORDER BY timestamp DESC LIMIT 20",
}


def address(db: Reader, text: str) -> dict[str, Any]:
    """An address under any spelling that an index folds, with its last checks, lookups, mentions, captures and its repair.

    Raises UsageError when it is no address, NothingFound when we never met it.
    """
    try:
        url = canonicalize(text)
    except NotAURL as error:
        raise UsageError(f"{safe(text)!r} is not an address ({safe(error)})") from error
    found = rows(db, _ADDRESS, url, urlkey(url))
    if not found:
        raise NothingFound(f"nothing is known of {safe(url)}: fetch it with `morgue crawl`")
    return found[0] | {name: rows(db, sql, found[0]["id"]) for name, sql in _PARTS.items()}
