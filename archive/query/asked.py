"""What became of what was asked for."""

from __future__ import annotations

import json
from typing import Any

from archive.schema import Reader, rows


def asked(db: Reader, mention_ids: list[int]) -> list[dict[str, Any]]:
    """What is known of each mention that was asked for, in that order: its check, repair and article."""
    found = rows(
        db,
        """
        SELECT m.id AS mention, u.url, m.role, d.name AS document, d.title AS headline, m.title AS told,
               coalesce(m.excerpt, iif(m.role = 'original', d.body, NULL)) AS known_text,
               coalesce(m.reference, d.reference) AS reference,
               c.state, c.rule, c.evidence AS check_evidence, f.state AS queue, f.due,
               r.outcome, r.state AS repair_state, r.replacement, r.archive_url AS repair_url, r.timestamp, r.method,
               r.confidence, r.evidence AS repair_evidence,
               a.id AS article, a.title, a.text, a.origin, a.archive_url, a.captured, a.url AS article_url
        FROM mentions m JOIN urls u ON u.id = m.url_id
        LEFT JOIN documents d ON d.id = m.document_id
        LEFT JOIN latest_checks c ON c.url_id = u.id
        LEFT JOIN frontier f ON f.url_id = u.id
        LEFT JOIN repairs r ON r.url_id = u.id
        LEFT JOIN articles a ON a.id = u.article_id
        WHERE m.id IN (SELECT value FROM json_each(?))
        """,
        json.dumps(mention_ids),
    )
    by_id = {row["mention"]: row for row in found}
    return [by_id[mention_id] for mention_id in mention_ids]
