"""One article with all that lies around it: its versions, addresses, mentions, links both ways, captures."""

from __future__ import annotations

import json
from typing import Any

from archive.errors import NothingFound
from archive.query.base import ARTICLE_COLUMNS, as_article
from archive.schema import Reader, rows

_MOST = 200  # rows of each kind

_PARTS = {
    # each address that leads here, with how it answers and what stands for it
    "addresses": """
        SELECT u.url, c.state, c.rule, c.checked, c.final_url, r.outcome, r.state AS repair, r.method, r.confidence,
               r.replacement, r.archive_url, r.evidence
        FROM urls u LEFT JOIN latest_checks c ON c.url_id = u.id LEFT JOIN repairs r ON r.url_id = u.id
        WHERE u.article_id = ? ORDER BY u.id LIMIT ?""",
    "versions": """
        SELECT id, row_number() OVER (ORDER BY id) AS number, captured, origin, archive_url, title, length(text) AS characters,
               note, capture_id
        FROM versions WHERE article_id = ? ORDER BY id LIMIT ?""",
    # what documents say of it in full
    "clippings": """
        SELECT DISTINCT d.id, d.name, substr(d.reference, 1, 10) AS captured, length(d.body) AS characters
        FROM mentions m JOIN urls u ON u.id = m.url_id JOIN documents d ON d.id = m.document_id
        WHERE u.article_id = ? AND m.role = 'original' AND d.body != '' ORDER BY d.id LIMIT ?""",
    "mentions": """
        SELECT d.id AS document_id, d.name AS document, d.title AS headline, u.url, m.role, m.title, m.raw_text
        FROM mentions m JOIN urls u ON u.id = m.url_id LEFT JOIN documents d ON d.id = m.document_id
        WHERE u.article_id = ? ORDER BY m.id LIMIT ?""",
    "captures": """
        SELECT c.id, c.timestamp, c.original, c.archive, c.archive_url, c.statuscode, c.mimetype, c.digest, c.revisit, c.kind,
               c.extracted, c.reason, c.length
        FROM captures c JOIN urls u ON u.id = c.url_id WHERE u.article_id = ? ORDER BY c.timestamp DESC, c.id DESC LIMIT ?""",
    "links": """
        SELECT l.url, l.role, l.anchor, u.id IS NOT NULL AS known, u.article_id AS article, a.title, a.language, c.state,
               f.state AS queue
        FROM links l LEFT JOIN urls u ON u.url = l.url LEFT JOIN articles a ON a.id = u.article_id
        LEFT JOIN latest_checks c ON c.url_id = u.id LEFT JOIN frontier f ON f.url_id = u.id
        WHERE l.article_id = ? AND l.role IN ('related', 'inline') ORDER BY l.role DESC, l.position LIMIT ?""",
    "linked_from": """
        SELECT DISTINCT a.id AS article, a.title, a.language, a.site, a.published, l.role
        FROM urls u JOIN links l ON l.url = u.url JOIN articles a ON a.id = l.article_id
        WHERE u.article_id = ? AND a.id != u.article_id ORDER BY a.id LIMIT ?""",
}


def dossier(db: Reader, article_id: int) -> dict[str, Any]:
    """An article with `addresses`, `versions`, `clippings`, `mentions`, `captures`, `links` and `linked_from`.

    There are at most 200 of each. Raises NothingFound.
    """
    found = rows(db, f"SELECT {ARTICLE_COLUMNS}, version_id FROM articles WHERE id = ?", article_id)  # noqa: S608
    if not found:
        raise NothingFound(f"there is no article {article_id}")
    around = {name: rows(db, sql, article_id, _MOST) for name, sql in _PARTS.items()}
    for address in around["addresses"]:
        address["evidence"] = json.loads(address["evidence"] or "{}")
    return as_article(found[0]) | around
