"""What all pages have in common."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from archive.errors import NothingFound
from archive.web.room import ReadingRoom


async def page(room: ReadingRoom, request: Request, template: str, **values: Any) -> Response:
    """A template filled in."""
    return Response.html(await room.render_template(template, values, request=request))


def asked_number(request: Request, name: str, default: int = 1) -> int:
    """A number of an address's query, at least 1; the default when it is none that can be read."""
    text = request.args.get(name) or ""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else default


async def missing() -> Response:
    raise NothingFound("there is no such page here")
