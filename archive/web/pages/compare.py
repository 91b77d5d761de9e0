"""Two versions of an article side by side."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from archive.query.versions import compare as compared
from archive.web.fitting import weight
from archive.web.pages.base import page
from archive.web.room import ReadingRoom
from archive.web.sides import Row, side_by_side

_BUDGET = 75_000  # bytes of both texts on one page
_MARKUP = 60  # bytes around a piece


async def compare(request: Request, datasette: ReadingRoom) -> Response:
    article, first, second = request.url_vars["article"], request.args.get("from"), request.args.get("to")
    return await page(datasette, request, "compare.html", **await datasette.ask(lambda db: _compared(db, article, first, second)))


def _compared(db: Any, article: str, first: str | None, second: str | None) -> dict[str, Any]:
    found = compared(db, article, first, second)
    rows = side_by_side(found.pieces)
    shown = _fitting(rows)
    return {"article_id": article, "found": found, "rows": shown, "left_out": len(rows) - len(shown), "counts": found.counts}


def _fitting(rows: list[Row]) -> list[Row]:
    """The rows that fit on a page."""
    left, shown = _BUDGET, list[Row]()
    for row in rows:
        left -= sum(weight(piece.text) + _MARKUP for piece in (*row.left, *row.right)) + _MARKUP
        if left < 0:
            break
        shown.append(row)
    return shown
