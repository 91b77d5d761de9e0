"""Sources and runs: where the archive's pages come from, and what was done when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette.utils.asgi import Request, Response

from archive.query.hosts import hosts
from archive.query.runs import runs
from archive.query.sources import sources as all_sources
from archive.query.status import status
from archive.schema import Reader, rows
from archive.web.fitting import listed
from archive.web.pages.base import page
from archive.web.room import ReadingRoom

_HOSTS, _RUNS = 60, 30
_SECONDS = 30  # it looks at every address of the archive


async def sources(request: Request, datasette: ReadingRoom) -> Response:
    found = await datasette.ask(_sources, _SECONDS)
    known = await datasette.ask_once("hosts", _STATE, _hosts, _SECONDS)
    return await page(datasette, request, "sources.html", here="sources", hosts=known, **found)


_STATE = """
SELECT (SELECT max(id) FROM checks) AS checks, (SELECT max(id) FROM urls) AS urls, (SELECT max(id) FROM articles) AS articles
"""


def _hosts(db: Reader) -> Any:
    return listed(hosts(db, _HOSTS), 16_000)


def _sources(db: Reader) -> dict[str, Any]:
    return {
        "status": status(db),
        "sources": listed(list(_with_health(db)), 16_000),
        "runs": listed(runs(db, _RUNS), 20_000),
    }


def _with_health(db: Reader) -> Iterator[dict[str, Any]]:
    """The sources, each with how it was when it was last judged."""
    judged = {row["name"]: row for row in rows(db, _HEALTH)}
    for source in all_sources(db):
        yield source | {"health": judged.get(source["name"])}


_HEALTH = "SELECT s.name, h.state, h.since, h.reason FROM source_health h JOIN sources s ON s.id = h.source_id"
