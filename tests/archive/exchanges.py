"""Answers of archives as tests write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from archive.models import Exchange, Failure, FailureKind

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def answer(url: str, status: int, body: bytes | str = b"", truncated: str | None = None, **headers: str) -> Exchange:
    """An answer; header names are written with underscores."""
    content = body.encode() if isinstance(body, str) else body
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(url, (), status, pairs, content, NOW, truncated)


def rows(url: str, *entries: dict[str, object], status: int = 200) -> Exchange:
    """A list of captures in pywb's dialect."""
    return answer(url, status, "".join(json.dumps(entry) + "\n" for entry in entries), content_type="text/x-ndjson")


def failure(url: str) -> Failure:
    return Failure(url, FailureKind.TIMEOUT, "no answer within 60 seconds", 30.0)


# What front servers in trouble send, with whatever status: never an answer to the question.
TROUBLE = [
    (429, "<html><h1>429 Too Many Requests</h1></html>", "text/html"),
    (503, "<html><h1>503 Service Unavailable</h1></html>", "text/html"),
    (504, "", "text/html"),
    (500, '{"message": "Internal Error: missing )"}', "application/json"),
    (403, "<html>Forbidden</html>", "text/html"),
    (404, "<html><center>nginx</center></html>", "text/html"),
    (200, "<html>Temporarily Offline</html>", "text/html"),
    (200, "", "text/html"),
]
