"""What is due next, and which sources need somebody's eyes."""

from __future__ import annotations

from typing import Any

from archive.schema import Reader, rows


def unwell(db: Reader) -> list[dict[str, Any]]:
    """The sources that are silent, failing, dropped or unreadable, the longest so first."""
    return rows(
        db,
        "SELECT s.name, s.url, h.state, h.since, h.reason FROM source_health h JOIN sources s ON s.id = h.source_id "
        "WHERE s.state = 'active' AND h.state NOT IN ('ok', 'new') ORDER BY h.since, s.name",
    )


def next_due(db: Reader) -> str | None:
    """When a listing is read, a page fetched or looked at again next (ISO 8601, perhaps past); None when nothing is."""
    found = rows(
        db,
        "SELECT min(due) AS due FROM ("
        "SELECT min(l.due) AS due FROM listings l JOIN sources s ON s.id = l.source_id WHERE s.state = 'active' "
        "UNION ALL SELECT min(due) FROM frontier WHERE state = 'queued' "
        "UNION ALL SELECT min(due) FROM frontier WHERE state = 'leased' "
        "UNION ALL SELECT min(revisit) FROM frontier INDEXED BY frontier_by_revisit WHERE state = 'done')",
    )
    due: str | None = found[0]["due"]
    return due
