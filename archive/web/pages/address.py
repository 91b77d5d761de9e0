"""An address: its article when it leads to one, else what is known of it."""

from __future__ import annotations

from datasette.utils.asgi import Request, Response

from archive.query.address import address as known
from archive.web.fitting import listed
from archive.web.pages.base import page
from archive.web.room import ReadingRoom

_LISTS = ("checks", "mentions", "lookups", "captures")


async def address(request: Request, datasette: ReadingRoom) -> Response:
    asked = (request.args.get("url") or "").strip()
    found = await datasette.ask(lambda db: known(db, asked))
    if found["article_id"]:
        return Response.redirect(f"/article/{found['article_id']}")
    lists = {name: listed(found[name], 12_000) for name in _LISTS}
    return await page(datasette, request, "address.html", address=found, repair=next(iter(found["repairs"]), None), **lists)
