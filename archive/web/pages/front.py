"""The front page: what is in the archive and what changed lately."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from archive.query.overview import overview
from archive.query.runs import runs
from archive.schema import Reader
from archive.web.pages.base import page
from archive.web.room import ReadingRoom


async def front(request: Request, datasette: ReadingRoom) -> Response:
    return await page(datasette, request, "front.html", here="front", **await datasette.ask(_front))


def _front(db: Reader) -> dict[str, Any]:
    return overview(db) | {"last_run": next(iter(runs(db, 1)), None)}
