"""What the archive holds, what is due, what is paused."""

from __future__ import annotations

from typing import Any

from archive.schema import Reader, rows


def status(db: Reader) -> dict[str, Any]:
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


def _count(db: Reader, table: str) -> int:
    return int(rows(db, f"SELECT count(*) AS n FROM {table}")[0]["n"])  # noqa: S608


def _counts(db: Reader, sql: str) -> dict[str, int]:
    return {row["name"]: row["n"] for row in rows(db, sql)}
