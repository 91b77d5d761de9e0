"""CSV: whole addresses, for any other program."""

from __future__ import annotations

import csv
import io

from archive.documents.redirects.base import Move


class Csv:
    name = "csv"
    needs_host = False

    def check(self, move: Move) -> None:
        """Everything can be said."""

    def render(self, moves: list[Move]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([("old_url", "new_url"), *((move.old, move.new) for move in moves)])
        return out.getvalue()
