"""What a scheduled run would do now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archive.schema import Reader, rows
from archive.timestamps import iso


def due(db: Reader, now: datetime) -> list[dict[str, Any]]:
    """Listings and pages whose time has come, in the order in which a run takes them: `what` is listing, page or revisit."""
    return rows(
        db,
        """
        SELECT 'listing' AS what, l.url, s.name AS source, l.due FROM listings l JOIN sources s ON s.id = l.source_id
        WHERE s.state = 'active' AND l.due <= ?1
        UNION ALL
        SELECT * FROM (
          SELECT iif(f.priority < 0, 'revisit', 'page'), u.url, s.name, f.due FROM frontier f JOIN urls u ON u.id = f.url_id
          LEFT JOIN announcements a ON a.url_id = u.id LEFT JOIN sources s ON s.id = a.source_id
          WHERE f.state != 'done' AND f.due <= ?1 ORDER BY f.priority DESC, f.due
        )
        UNION ALL
        SELECT 'revisit', u.url, s.name, f.revisit FROM frontier f JOIN urls u ON u.id = f.url_id
        LEFT JOIN announcements a ON a.url_id = u.id LEFT JOIN sources s ON s.id = a.source_id
        WHERE f.state = 'done' AND f.revisit <= ?1
        """,
        iso(now),
    )
