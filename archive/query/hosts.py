"""What each host gave us and how it answers."""

from __future__ import annotations

from typing import Any

from archive.schema import Reader, rows


def hosts(db: Reader, limit: int) -> list[dict[str, Any]]:
    """The hosts that gave us most articles, with how their addresses answer: the view `host_health`."""
    return rows(db, "SELECT host, urls, alive, dead, blocked, unknown, articles, last_checked FROM host_health LIMIT ?", limit)
