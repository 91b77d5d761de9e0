"""A record as it was received: only ever a download, so that nothing in it runs or is shown under our address."""

from __future__ import annotations

from datasette.utils.asgi import Request, Response

from archive.errors import NothingFound
from archive.schema import Reader, rows
from archive.web.room import ReadingRoom

_PLACE = "SELECT id, timestamp, archive, warc_file, warc_offset, length FROM captures WHERE id = ?"


async def record(request: Request, datasette: ReadingRoom) -> Response:
    """The WARC record of a capture, still compressed: a WARC file of one record."""
    number = int(request.url_vars["capture"])
    return await datasette.ask(lambda db: _record(db, datasette, number))


def _record(db: Reader, room: ReadingRoom, number: int) -> Response:
    from archive.warc import read_whole  # noqa: PLC0415 - warcio is only needed here

    found = rows(db, _PLACE, number)
    if not found:
        raise NothingFound(f"there is no capture {number}")
    place = found[0]
    body = read_whole(room.home.warcs, place["warc_file"], place["warc_offset"], place["length"])
    name = f"{place['archive']}-{place['timestamp']}-{number}.warc.gz"
    headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}"', "Content-Length": str(len(body))}
    return Response(body, headers=headers, content_type="application/octet-stream")


def _plain(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "-" for sign in name)
