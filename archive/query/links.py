"""Who links where, and what is known of the addresses."""

from __future__ import annotations

from typing import Any

from archive.query.show import address_of, article_id_of
from archive.schema import Reader, rows
from archive.states import State

_FROM = """
SELECT l.url, l.role, l.anchor, u.article_id AS article, c.state, c.rule, c.checked, r.replacement, r.archive_url
FROM page_links l LEFT JOIN urls u ON u.url = l.url LEFT JOIN latest_checks c ON c.url_id = u.id
LEFT JOIN repairs r ON r.url_id = u.id AND r.outcome = 'found' AND r.state IN ('accepted', 'supplement')
WHERE l.article_id = ? ORDER BY l.position
"""
_TO = """
WITH addresses(url) AS (SELECT ?1 UNION SELECT url FROM urls WHERE article_id = ?2)
SELECT 'article' AS kind, a.id AS article, a.title AS title, a.url AS source, l.url, l.role, l.anchor
FROM links l JOIN articles a ON a.id = l.article_id WHERE l.url IN (SELECT url FROM addresses)
UNION ALL
SELECT 'document', NULL, d.title, d.name, u.url, m.role, m.title
FROM mentions m JOIN urls u ON u.id = m.url_id JOIN documents d ON d.id = m.document_id
WHERE u.url IN (SELECT url FROM addresses)
ORDER BY kind, article, source
"""


def links_from(db: Reader, what: str) -> list[dict[str, Any]]:
    """The links on an article's page in its order, each with `verdict`: alive, dead, blocked, or unknown where nobody looked.

    `what` is as for `show`. Raises NothingFound when there is no such article.
    """
    return [
        row | {"verdict": State(row["state"]).verdict if row["state"] else "unknown"}
        for row in rows(db, _FROM, article_id_of(db, what))
    ]


def links_to(db: Reader, what: str) -> list[dict[str, Any]]:
    """The articles and documents that name an address, or any address that leads to the same article. A site's menu names none.

    An address that was never fetched may be linked to, too. Raises NothingFound for what is no address.
    """
    article: int | None
    if what.strip().isdecimal():
        article = article_id_of(db, what)
        url = rows(db, "SELECT url FROM articles WHERE id = ?", article)[0]["url"]
    else:
        url = address_of(what)
        known = rows(db, "SELECT article_id FROM urls WHERE url = ?", url)
        article = known[0]["article_id"] if known else None
    return rows(db, _TO, url, article)
