"""One article into the database: is it known, is it another text, may that text stand for it now?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.models import Article, Link
from archive.schema import rows
from archive.timestamps import iso, parse_iso
from archive.visits import Current, Finding, objection, text_digest

_SHOWN = (
    "canonical_url",
    "title",
    "authors",
    "published",
    "modified",
    "site",
    "language",
    "description",
    "image",
    "text",
)


def save_article(db: Database, finding: Finding, capture_id: int | None, now: datetime) -> int:
    """Write an article's text as a version, current or not; returns the article's id. Part of the caller's transaction."""
    held = _held(db, finding)
    if held is None:
        return _first(db, finding, capture_id, now)
    article_id, digest = int(held["id"]), text_digest(finding.article)
    db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", (iso(now), article_id))
    known = rows(db, "SELECT id FROM versions WHERE article_id = ? AND text_sha256 = ?", article_id, digest)
    if known and known[0]["id"] == held["version_id"]:
        return article_id
    current = Current(held["title"], held["text"], held["origin"], parse_iso(held["captured"]))
    note = objection(current, finding)
    # A page that goes back to a former text shows that version again.
    version_id = int(known[0]["id"]) if known else _add_version(db, article_id, finding, capture_id, note)
    if note is None:
        _show(db, article_id, finding, version_id)
    return article_id


def _held(db: Database, finding: Finding) -> dict[str, Any] | None:
    """The article as we have it: at its address, or at the address that was fetched.

    Some sites declare one canonical address for all their pages: then only an equal title makes two pages one.
    """
    columns = "id, url, title, text, origin, captured, version_id"
    exact = rows(db, f"SELECT {columns} FROM articles WHERE url = ?", finding.final_url)  # noqa: S608
    if exact:
        return exact[0]
    alias = rows(db, f"SELECT {columns} FROM articles WHERE url = ?", finding.address)  # noqa: S608
    if alias and _same_title(alias[0]["title"], finding.article.title):
        return alias[0]
    return None


def _same_title(one: str | None, other: str | None) -> bool:
    return " ".join((one or "").casefold().split()) == " ".join((other or "").casefold().split())


def _first(db: Database, finding: Finding, capture_id: int | None, now: datetime) -> int:
    taken = rows(db, "SELECT id FROM articles WHERE url = ?", finding.address)
    values = _values(finding.article) | {
        "url": finding.final_url if taken else finding.address,
        "origin": finding.origin,
        "archive_url": finding.archive_url,
        "captured": iso(finding.captured),
        "first_seen": iso(now),
        "last_seen": iso(now),
    }
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO articles({columns}) VALUES ({marks})", tuple(values.values()))  # noqa: S608
    article_id = int(cursor.lastrowid or 0)
    version_id = _add_version(db, article_id, finding, capture_id, None)
    db.execute("UPDATE articles SET version_id = ? WHERE id = ?", (version_id, article_id))
    _replace_links(db, article_id, finding.links)
    return article_id


def _show(db: Database, article_id: int, finding: Finding, version_id: int) -> None:
    """Make a version the current text."""
    values = _values(finding.article) | {
        "origin": finding.origin,
        "archive_url": finding.archive_url,
        "captured": iso(finding.captured),
        "version_id": version_id,
    }
    sets = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE articles SET {sets} WHERE id = ?", (*values.values(), article_id))  # noqa: S608
    _replace_links(db, article_id, finding.links)


def _values(article: Article) -> dict[str, Any]:
    values = {name: getattr(article, name) for name in _SHOWN}
    return values | {"authors": json.dumps(article.authors, ensure_ascii=False)}


def _add_version(db: Database, article_id: int, finding: Finding, capture_id: int | None, note: str | None) -> int:
    article = finding.article
    cursor = db.execute(
        "INSERT INTO versions(article_id, capture_id, captured, origin, archive_url, title, authors, published, modified, "
        "text, text_sha256, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article_id,
            capture_id,
            iso(finding.captured),
            finding.origin,
            finding.archive_url,
            article.title,
            json.dumps(article.authors, ensure_ascii=False),
            article.published,
            article.modified,
            article.text,
            text_digest(article),
            note,
        ),
    )
    return int(cursor.lastrowid or 0)


def _replace_links(db: Database, article_id: int, links: tuple[Link, ...]) -> None:
    db.execute("DELETE FROM links WHERE article_id = ?", (article_id,))
    db.conn.executemany(
        "INSERT OR IGNORE INTO links(article_id, url, role, anchor, position) VALUES (?, ?, ?, ?, ?)",
        [(article_id, link.url, link.role, link.anchor, link.position) for link in links],
    )
