"""One article with all that is known of it."""

from __future__ import annotations

import re
from typing import Any

from archive.errors import NothingFound
from archive.query.base import ARTICLE_COLUMNS, as_article
from archive.schema import Reader, rows
from archive.terminal import safe


def show(db: Reader, what: str) -> dict[str, Any]:
    """An article by id or by any of its addresses, with its mentions, captures and links. Raises NothingFound."""
    article_id = article_id_of(db, what)
    article = as_article(rows(db, f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", article_id)[0])  # noqa: S608
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
        db, "SELECT url, role, anchor, position FROM page_links WHERE article_id = ? ORDER BY position", article_id
    )
    return article


def article_id_of(db: Reader, what: str) -> int:
    if re.fullmatch(r"[0-9]{1,18}", what.strip()):
        found = rows(db, "SELECT id FROM articles WHERE id = ?", int(what))
        why = f"there is no article {what.strip()}: look with `morgue search WORDS`"
    else:
        found = _led_to(db, what)
        why = "" if found else _why_not_shown(db, what)
    if not found:
        raise NothingFound(why)
    return int(found[0]["id"])


def address_of(what: str) -> str:
    """An address in its canonical form. Raises NothingFound."""
    from archive.urls import NotAURL, canonicalize  # noqa: PLC0415 - a fifth of the start of `morgue show NUMBER`

    try:
        return canonicalize(what)
    except NotAURL as error:
        raise NothingFound(f"{safe(what)!r} is neither an article's number nor an address ({safe(error)})") from error


def _led_to(db: Reader, what: str) -> list[dict[str, Any]]:
    """The article at an address, else where that address leads, else where another spelling of it does."""
    from archive.urls import urlkey  # noqa: PLC0415 - see above

    url = address_of(what)
    asked = (
        ("SELECT id FROM articles WHERE url = ?", url),
        ("SELECT article_id AS id FROM urls WHERE url = ? AND article_id IS NOT NULL", url),
        ("SELECT article_id AS id FROM urls WHERE urlkey = ? AND article_id IS NOT NULL ORDER BY id LIMIT 1", urlkey(url)),
    )
    return next((found for sql, key in asked if (found := rows(db, sql, key))), [])


def _why_not_shown(db: Reader, what: str) -> str:
    """The last check of an address that has no article says more than "not found"."""
    name = safe(what)
    last = rows(
        db,
        "SELECT state, rule, checked FROM latest_checks WHERE url_id = (SELECT id FROM urls WHERE url = ?)",
        address_of(what),
    )
    if last:
        return f"no article is kept for {name}: it was {last[0]['state']} ({last[0]['rule']}) on {last[0]['checked']}"
    return f"no article is kept for {name}: fetch it with `morgue crawl {name}`, or look with `morgue search WORDS`"
