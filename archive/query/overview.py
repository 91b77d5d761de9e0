"""What is in the archive and what changed lately: a first look at it."""

from __future__ import annotations

from typing import Any

from archive.query.base import holdings
from archive.schema import Reader, rows

_FEW = 6  # of each kind
_RECENT = 5000  # versions among which changes are looked for: a year's worth for most, and a bound for the rest

_NEWEST = """
SELECT id, title, url, published, site, language, origin, captured, first_seen, substr(text, 1, 280) AS lead
FROM articles ORDER BY id DESC LIMIT ?
"""
_CHANGED = """
SELECT v.article_id AS id, a.title, a.language, a.site, v.captured, v.origin, v.note,
       (SELECT count(*) FROM versions o WHERE o.article_id = v.article_id AND o.id < v.id) AS before
FROM (SELECT id, article_id, captured, origin, note FROM versions ORDER BY id DESC LIMIT ?) v
JOIN articles a ON a.id = v.article_id
WHERE before > 0 ORDER BY v.id DESC LIMIT ?
"""
_REPAIRED = """
SELECT r.url, r.method, r.confidence, r.replacement, r.archive_url, r.decided, a.id AS article, a.title, a.language
FROM repairs r LEFT JOIN articles a ON a.id = r.article_id
WHERE r.outcome = 'found' AND r.state = 'accepted' ORDER BY r.decided DESC, r.id DESC LIMIT ?
"""
# Each end is the first one that the index comes to.
_END = "(SELECT substr(published, 1, 4) FROM articles WHERE published GLOB '[12][0-9][0-9][0-9]*' ORDER BY published {} LIMIT 1)"
_SPAN = f"SELECT {_END.format('ASC')} AS first, {_END.format('DESC')} AS last"


def overview(db: Reader) -> dict[str, Any]:
    """Counts, the years they span, and the newest articles, changes and repairs, newest first."""
    return {
        "counts": holdings(db),
        "sites": rows(db, "SELECT count(DISTINCT site) AS n FROM articles")[0]["n"],
        "span": rows(db, _SPAN)[0],
        "newest": rows(db, _NEWEST, _FEW),
        "changed": rows(db, _CHANGED, _RECENT, _FEW),
        "repaired": rows(db, _REPAIRED, _FEW),
    }
