"""What the archive holds, what is due, what failed and why, what is paused."""

from __future__ import annotations

from typing import Any

from archive.query.base import holdings
from archive.query.watching import next_due, unwell
from archive.schema import Reader, rows

_DUE = """
SELECT 'listings' AS name, count(*) AS n FROM listings l JOIN sources s ON s.id = l.source_id
  WHERE s.state = 'active' AND l.due <= strftime('%Y-%m-%dT%H:%M:%SZ') HAVING n
UNION ALL SELECT 'pages', count(*) AS n FROM frontier
  WHERE state = 'queued' AND due <= strftime('%Y-%m-%dT%H:%M:%SZ') HAVING n
UNION ALL SELECT 'pages seen before', count(*) AS n FROM frontier INDEXED BY frontier_by_revisit
  WHERE state = 'done' AND revisit <= strftime('%Y-%m-%dT%H:%M:%SZ') HAVING n
"""
_FAILING = """
SELECT s.name, l.url, l.state, l.tries, l.due, l.reason FROM listings l JOIN sources s ON s.id = l.source_id
WHERE s.state = 'active' AND l.tries > 0 ORDER BY l.tries DESC, l.url LIMIT 20
"""
# Pages that are tried again, by what was wrong with them.
_WAITING = """
SELECT c.rule, count(*) AS pages, min(f.due) AS due FROM frontier f JOIN latest_checks c ON c.url_id = f.url_id
WHERE f.state = 'queued' AND f.tries > 0 GROUP BY c.rule ORDER BY pages DESC LIMIT 20
"""


def status(db: Reader) -> dict[str, Any]:
    """What the archive holds, what is due, what is paused, how the last run ended."""
    return {
        **holdings(db),
        "frontier": _counts(db, "SELECT state AS name, count(*) AS n FROM frontier GROUP BY state"),
        "health": _counts(db, "SELECT state AS name, count(*) AS n FROM latest_checks GROUP BY state"),
        "repairs": _counts(db, "SELECT outcome AS name, count(*) AS n FROM repairs GROUP BY outcome"),
        "due": _counts(db, _DUE),
        "next_due": next_due(db),
        "sources": _counts(db, "SELECT state AS name, count(*) AS n FROM sources GROUP BY state"),
        "unwell": unwell(db),
        "failing": rows(db, _FAILING),
        "waiting": rows(db, _WAITING),
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


def _counts(db: Reader, sql: str) -> dict[str, int]:
    return {row["name"]: row["n"] for row in rows(db, sql)}
