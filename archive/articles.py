"""One article into the database: is it known, is it another text, may that text stand for it now?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.models import Article, Link
from archive.schema import insert, rows, storable
from archive.spacing import spaced
from archive.timestamps import iso, parse_iso
from archive.visits import Current, Finding, objection, text_digest

_SHOWN = (
    "canonical_url",
    "title",
    "authors",
    "published",
    "modified",
    "published_from",
    "modified_from",
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
    article_id = int(held["id"])
    db.execute("UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", (iso(now), article_id))
    known = _known(db, article_id, text_digest(finding.article))
    if held["version_id"] in known:
        return article_id
    note = objection(Current(held["title"], held["text"], held["origin"], parse_iso(held["captured"])), finding)
    if note is not None:
        if not known:
            _add_version(db, article_id, finding, capture_id, note)
        return article_id
    # A page that goes back to a former text shows that version again, unless it was once refused: its note would lie.
    shown_once = [version_id for version_id, refused in known.items() if refused is None]
    _show(db, article_id, finding, shown_once[-1] if shown_once else _add_version(db, article_id, finding, capture_id, None))
    return article_id


def _known(db: Database, article_id: int, digest: str) -> dict[int, str | None]:
    """The versions that have this text, each with its note."""
    sql = "SELECT id, note FROM versions WHERE article_id = ? AND text_sha256 = ? ORDER BY id"
    return {row["id"]: row["note"] for row in rows(db, sql, article_id, digest)}


def _held(db: Database, finding: Finding) -> dict[str, Any] | None:
    """The article as we have it: at the address that was fetched, or at the one that the page declares.

    Some sites declare one canonical address for all their pages: then two pages are one article only when their titles
    are equal, or when this address led to that article before (a headline may be edited).
    """
    columns = "id, url, title, text, origin, captured, version_id"
    exact = rows(db, f"SELECT {columns} FROM articles WHERE url = ?", finding.final_url)  # noqa: S608
    if exact:
        return exact[0]
    alias = rows(db, f"SELECT {columns} FROM articles WHERE url = ?", finding.address)  # noqa: S608
    if alias and (_same_title(alias[0]["title"], finding.article.title) or _led_to(db, finding.final_url, alias[0]["id"])):
        return alias[0]
    return None


def _led_to(db: Database, url: str, article_id: int) -> bool:
    return bool(rows(db, "SELECT 1 FROM urls WHERE url = ? AND article_id = ?", url, article_id))


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
        # Known beforehand, since setting it afterwards would write the whole text a second time (0.3 ms, 2026-11-25).
        "version_id": rows(db, "SELECT coalesce(max(id), 0) + 1 AS id FROM version_rows")[0]["id"],
    }
    article_id = insert(db, "articles", values)
    _add_version(db, article_id, finding, capture_id, None, is_shown=True)
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
    parameters = (*map(storable, values.values()), article_id)
    db.execute(f"UPDATE articles SET {sets} WHERE id = ?", parameters)  # noqa: S608 - names are ours
    _replace_links(db, article_id, finding.links)


def _values(article: Article) -> dict[str, Any]:
    values = {name: getattr(article, name) for name in _SHOWN}
    values["authors"] = json.dumps(article.authors, ensure_ascii=False)
    return values | {f"spaced_{name}": _spaced(values[name]) for name in ("title", "authors", "text")}


def _spaced(text: str | None) -> str | None:
    """What the index gets instead of a text, None when that is the text itself."""
    made = spaced(text or "")
    return made if made != (text or "") else None


def _add_version(
    db: Database, article_id: int, finding: Finding, capture_id: int | None, note: str | None, *, is_shown: bool = False
) -> int:
    """A new row; `is_shown` when the article has this text already, so that it is not stored a second time."""
    article = finding.article
    values = {
        "article_id": article_id,
        "capture_id": capture_id,
        "captured": iso(finding.captured),
        "origin": finding.origin,
        "archive_url": finding.archive_url,
        "title": article.title,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "published": article.published,
        "modified": article.modified,
        "text": None if is_shown else article.text,
        "text_sha256": text_digest(article),
        "note": note,
    }
    return insert(db, "version_rows", values)


def _replace_links(db: Database, article_id: int, links: tuple[Link, ...]) -> None:
    db.execute("DELETE FROM links WHERE article_id = ?", (article_id,))
    db.conn.executemany(
        "INSERT INTO links(article_id, position, url, role, anchor) VALUES (?, ?, ?, ?, ?)",
        [(article_id, place, storable(link.url), link.role, storable(link.anchor)) for place, link in enumerate(links)],
    )
