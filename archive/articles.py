"""One article into the database: is it known, is it another text, may that text stand for it now?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.models import Article, Link, Role
from archive.schema import Reader, insert, rows, storable
from archive.spacing import spaced
from archive.timestamps import iso, parse_iso, parse_timestamp
from archive.visits import Change, Current, Finding, Saved, objection, text_digest

SHOWN = (
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


def save_article(db: Database, finding: Finding, capture_id: int | None, now: datetime) -> Saved:
    """Write an article's text as a version, current or not. Part of the caller's transaction."""
    held = _held(db, finding)
    if held is None:
        return _first(db, finding, capture_id, now)
    db.execute("UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", (iso(now), held["id"]))
    saved = _compared(db, held, finding, capture_id)
    shows(db, capture_id, saved.version_id)
    return saved


def keep_beside(db: Database, article_id: int, finding: Finding, capture_id: int | None) -> Saved:
    """Keep what an article's address shows in its place; the current text stays. Part of the caller's transaction."""
    [held] = rows(db, f"SELECT {_CURRENT} FROM articles WHERE id = ?", article_id)  # noqa: S608
    saved = _compared(db, held, finding, capture_id)
    shows(db, capture_id, saved.version_id)
    return saved


def _compared(db: Database, held: dict[str, Any], finding: Finding, capture_id: int | None) -> Saved:
    """A text against those that the article had before."""
    article_id = int(held["id"])
    known = known_versions(db, article_id, text_digest(finding.article))
    if held["version_id"] in known:
        return Saved(article_id, held["version_id"], Change.SAME)
    note = objection(current_of(db, article_id), finding)
    if note is not None:
        version_id = next(iter(known), 0) or add_version(db, article_id, finding, capture_id, note)
        return Saved(article_id, version_id, Change.REFUSED, note)
    # A page that goes back to a former text shows that version again, unless it was always refused: its note would lie.
    shown = [version_id for version_id, was_shown in known.items() if was_shown]
    version_id = shown[-1] if shown else add_version(db, article_id, finding, capture_id, None)
    show_version(db, article_id, finding, version_id)
    return Saved(article_id, version_id, Change.BACK if shown else Change.CHANGED)


def current_of(db: Reader, article_id: int) -> Current:
    """The text that stands: seen last when a capture showed it last, or a server said that it had not changed, which may be
    long after it was new."""
    [row] = rows(
        db,
        "SELECT a.title, a.text, a.origin, a.captured, v.id, v.kind FROM articles a JOIN versions v ON v.id = a.version_id "
        "WHERE a.id = ?",
        article_id,
    )
    [last] = rows(db, _SEEN, row["id"])
    seen = [parse_iso(row["captured"])]
    seen += [parse_timestamp(last["shown"])] if last["shown"] else []
    seen += [parse_iso(last["confirmed"])] if last["confirmed"] else []
    return Current(row["title"], row["text"], row["origin"], max(seen), row["kind"])


# A 304 (RFC 9110, 15.4.5) speaks of the last capture before it.
_SEEN = """
SELECT (SELECT max(timestamp) FROM captures WHERE version_id = ?1) AS shown,
       (SELECT max(k.checked) FROM captures c JOIN checks k ON k.url_id = c.url_id AND k.checked >= c.fetched
        WHERE c.version_id = ?1 AND c.archive = 'crawl' AND k.statuscode = 304 AND NOT EXISTS (
          SELECT 1 FROM captures l WHERE l.url_id = c.url_id AND l.archive = 'crawl' AND l.id > c.id AND l.fetched <= k.checked))
       AS confirmed
"""


def shows(db: Database, capture_id: int | None, version_id: int) -> None:
    """Note which text a capture shows."""
    db.execute("UPDATE captures SET version_id = ? WHERE id = ?", (version_id, capture_id))


def known_versions(db: Reader, article_id: int, digest: str) -> dict[int, bool]:
    """The versions that have this text, and whether each was the current one."""
    sql = "SELECT id, shown FROM versions WHERE article_id = ? AND text_sha256 = ? ORDER BY id"
    return {row["id"]: bool(row["shown"]) for row in rows(db, sql, article_id, digest)}


_CURRENT = "id, title, version_id"


def _held(db: Database, finding: Finding) -> dict[str, Any] | None:
    """The article as we have it: at the address that was fetched, or at the one that the page declares.

    Some sites declare one canonical address for all their pages: then two pages are one article only when their titles
    are equal, or when this address led to that article before (a headline may be edited).
    """
    exact = rows(db, f"SELECT {_CURRENT} FROM articles WHERE url = ?", finding.final_url)  # noqa: S608
    if exact:
        return exact[0]
    alias = rows(db, f"SELECT {_CURRENT} FROM articles WHERE url = ?", finding.address)  # noqa: S608
    if alias and (_same_title(alias[0]["title"], finding.article.title) or _led_to(db, finding.final_url, alias[0]["id"])):
        return alias[0]
    return None


def _led_to(db: Database, url: str, article_id: int) -> bool:
    return bool(rows(db, "SELECT 1 FROM urls WHERE url = ? AND article_id = ?", url, article_id))


def _same_title(one: str | None, other: str | None) -> bool:
    return " ".join((one or "").casefold().split()) == " ".join((other or "").casefold().split())


def _first(db: Database, finding: Finding, capture_id: int | None, now: datetime) -> Saved:
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
    version_id = add_version(db, article_id, finding, capture_id, None, is_current=True)
    shows(db, capture_id, version_id)
    _replace_links(db, article_id, finding.links)
    return Saved(article_id, version_id, Change.NEW)


def show_version(db: Database, article_id: int, finding: Finding, version_id: int) -> None:
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
    values = {name: getattr(article, name) for name in SHOWN}
    values["authors"] = json.dumps(article.authors, ensure_ascii=False)
    return values | {f"spaced_{name}": _spaced(values[name]) for name in ("title", "authors", "text")}


def _spaced(text: str | None) -> str | None:
    """What the index gets instead of a text, None when that is the text itself."""
    made = spaced(text or "")
    return made if made != (text or "") else None


def add_version(
    db: Database,
    article_id: int,
    finding: Finding,
    capture_id: int | None,
    note: str | None,
    *,
    shown: bool | None = None,
    is_current: bool = False,
) -> int:
    """A version; by default one without a note is shown. `is_current` when the article has this text already, so that it
    is not stored a second time."""
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
        "text": None if is_current else article.text,
        "text_sha256": text_digest(article),
        "kind": finding.kind,
        "shown": note is None if shown is None else shown,
        "note": note,
    }
    return insert(db, "version_rows", values)


def _replace_links(db: Database, article_id: int, links: tuple[Link, ...]) -> None:
    """A row for each link that says something of the article, one for all of the menus: a row and an index entry for each of
    these took a quarter of the writer's time (2026-11-25)."""
    telling, menu = [], []
    for place, link in enumerate(links):
        if link.role is Role.SECTION:
            menu.append((place, link.url, link.anchor))
        else:
            telling.append((article_id, place, storable(link.url), link.role, storable(link.anchor)))
    db.execute("DELETE FROM links WHERE article_id = ?", (article_id,))
    db.conn.executemany("INSERT INTO links(article_id, position, url, role, anchor) VALUES (?, ?, ?, ?, ?)", telling)
    packed = storable(json.dumps(menu, ensure_ascii=False))
    db.execute(
        "INSERT INTO menus(article_id, links) VALUES (?, ?) ON CONFLICT DO UPDATE SET links = excluded.links",
        (article_id, packed),
    )
