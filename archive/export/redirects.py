"""A redirect map: where a server sends the readers of dead pages that were repaired (archive.documents.redirects)."""

from __future__ import annotations

from typing import BinaryIO

from archive.export.base import Source, Tally

_REPAIRED = """
SELECT l.url, coalesce(l.replacement, l.archive_url) AS new FROM repaired_links l
JOIN repairs r ON r.url = l.url LEFT JOIN articles a ON a.id = r.article_id
WHERE new IS NOT NULL AND {where} ORDER BY r.id
"""


class Redirects:
    name = "redirects"
    extension = ".txt"
    binary = False
    seeks = False

    def write(self, source: Source, out: BinaryIO) -> Tally:
        """Not streamed: a map holds each old address once, so that all have to be known before the first is written."""
        from archive.documents.redirects import Move, redirect_map  # noqa: PLC0415 - with all formats of documents

        moves = (Move(row["url"], row["new"]) for row in source.chosen(_REPAIRED))
        made = redirect_map(source.server, moves, source.hosts)
        out.write(made.text.encode())
        tally = Tally("redirects", made.count)
        tally.left.update(made.left.values())
        return tally
