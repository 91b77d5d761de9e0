"""Sources and how their listings are."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from archive.schema import Reader, rows
from archive.subscriptions import named

LISTING_COLUMNS = (
    "url, kind, found_by, title, former_url, interval, due, fetched, last_new, tries, state, reason, etag, last_modified"
)


def sources(db: Reader) -> list[dict[str, Any]]:
    """All sources by name, each with its listings counted by kind, when it is due and what ails it."""
    return [_summary(db, row) for row in rows(db, "SELECT * FROM sources ORDER BY name")]


def _summary(db: Reader, row: dict[str, Any]) -> dict[str, Any]:
    listings = rows(db, "SELECT kind, due, last_new, state FROM listings WHERE source_id = ?", row["id"])
    return {
        "name": row["name"],
        "url": row["url"],
        "state": row["state"],
        "origin": row["origin"],
        "listings": dict(Counter(one["kind"] for one in listings)),
        "states": dict(Counter(one["state"] for one in listings)),
        "due": min((one["due"] for one in listings if one["state"] != "gone"), default=None),
        "last_new": max((one["last_new"] for one in listings if one["last_new"]), default=None),
    }


def source(db: Reader, name: str) -> dict[str, Any]:
    """One source with its bounds and all its listings. Raises NothingFound."""
    row = named(db, name)
    found = {key: row[key] for key in ("name", "url", "state", "origin", "language", "depth", "delay", "added")}
    bounds = {key: json.loads(row[key]) for key in ("allow", "deny")}
    listings = rows(
        db,
        f"SELECT {LISTING_COLUMNS} FROM listings WHERE source_id = ? ORDER BY parent_id IS NOT NULL, kind, id",  # noqa: S608
        row["id"],
    )
    return found | bounds | {"listings": listings}
