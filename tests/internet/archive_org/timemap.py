"""TimeMaps: `/web/timemap/link/U`, `/web/timemap/json/U`, `/web/timemap/cdx?url=U`."""

from __future__ import annotations

import json
import re
from html import escape

from tests.internet.archive_org.index import CaptureIndex, Entry, Row, key_of
from tests.internet.archive_org.replay import HOME, http_date, memento_link
from tests.internet.archive_org.texts import INFRASTRUCTURE
from tests.internet.messages import Answer, Request, packed

_PATH = re.compile(r"/web/timemap/(link|json|cdx)(?:/(.+))?", re.DOTALL)
_COLUMNS = [*Row._fields[:6], "redirect", "robotflags", "length", "offset", "filename"]


def asked(request: Request) -> tuple[str, str]:
    """Form and address. Raises ValueError."""
    parameters = dict(request.query())
    path = request.path if "url" in parameters else request.target
    match = _PATH.fullmatch(path)
    url = (match[2] if match else None) or parameters.get("url")
    if match is None or not url:
        raise ValueError("a timemap needs a form and an address")
    return match[1], url


def timemap(index: CaptureIndex, request: Request) -> Answer:
    form, url = asked(request)
    entries = index.of(key_of(url))
    if form == "link":
        return _link_form(url, entries)
    rows = [_columns(entry) for entry in entries]
    if form == "json":
        text = json.dumps([_COLUMNS, *rows] if rows else [])
        return packed(200, text, "application/json", INFRASTRUCTURE)
    return packed(200, "".join(" ".join(row) + "\n" for row in rows), "text/plain;charset=UTF-8", INFRASTRUCTURE)


def _columns(entry: Entry) -> list[str]:
    """Eleven columns, three of which are not public."""
    row = entry.row
    return [*row[:6], "-", "-", row.length, "0", f"WARC-{row.timestamp}-00000.warc.gz"]


def _link_form(url: str, entries: list[Entry]) -> Answer:
    """RFC 7089, section 5."""
    if not entries:
        return packed(404, "", "text/plain", INFRASTRUCTURE)
    original, last = escape(url, quote=False), len(entries) - 1
    span = f'from="{http_date(entries[0].row.timestamp)}"; until="{http_date(entries[-1].row.timestamp)}"'
    lines = [
        f'<{original}>; rel="original"',
        f'<{HOME}/web/timemap/link/{original}>; rel="self"; type="application/link-format"; {span}',
        f'<{HOME}>; rel="timegate"',
    ]
    for place, entry in enumerate(entries):
        names = ["first"] * (place == 0) + ["last"] * (place == last)
        lines.append(memento_link(entry.row, " ".join([*names, "memento"])))
    return packed(200, ",\n".join(lines) + "\n", "application/link-format", INFRASTRUCTURE)
