"""The availability API, `/wayback/available`: the nearest capture with status 200, or an empty object."""

from __future__ import annotations

import json
from datetime import datetime

from tests.internet.archive_org.cdx import seconds_of
from tests.internet.archive_org.index import CaptureIndex, Entry, key_of
from tests.internet.messages import Answer, Request, packed

JSON = "application/json"


def availability(index: CaptureIndex, request: Request, now: datetime, *, empty: bool) -> Answer:
    """With `empty` nothing is found whatever there is, as the real one often does (lychee pull request 2167)."""
    parameters = dict(request.query())
    url, timestamp = parameters.get("url", ""), parameters.get("timestamp", "")
    good = [] if empty or not url else _good(index, url)
    found = {"url": url, "archived_snapshots": {"closest": _closest(good, timestamp, now)} if good else {}}
    if timestamp:
        found["timestamp"] = timestamp
    return packed(200, json.dumps(found), JSON)


def _good(index: CaptureIndex, url: str) -> list[Entry]:
    entries = index.of(key_of(url))
    return [entry for entry in entries if entry.answer is not None and entry.answer.status == 200]


def _closest(entries: list[Entry], timestamp: str, now: datetime) -> dict[str, object]:
    wanted = seconds_of(timestamp) if timestamp.isdigit() else now.timestamp()
    row = min((entry.row for entry in entries), key=lambda row: abs(seconds_of(row.timestamp) - wanted))
    url = f"http://web.archive.org/web/{row.timestamp}/{row.original}"
    return {"status": "200", "available": True, "url": url, "timestamp": row.timestamp}
