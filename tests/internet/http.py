"""Just enough HTTP/1.1 for a server under test: requests in, answers out, connections kept."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field
from http import HTTPStatus

from tests.internet.corpus import EMPTY, Answer, Body

CRLF = b"\r\n"


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    def accepts_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "")


@dataclass
class Reply:
    """An answer as it will be written. `raw_headers` come first and as they are."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    fault: str | None = None

    def bytes(self, method: str) -> bytes:
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}", *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}")
        head = "\r\n".join(lines).encode("latin-1", "replace") + CRLF + CRLF
        return head if method == "HEAD" else head + self.body


def reply(answer: Answer, request: Request, extra: tuple[tuple[str, str], ...] = ()) -> Reply:
    """A corpus's answer, gzipped as it lies on the disk for clients that take it."""
    headers = [("Content-Type", answer.type), *answer.headers, *extra]
    if answer.location:
        headers.append(("Location", answer.location))
    if answer.body is not EMPTY and request.accepts_gzip():
        return Reply(answer.status, [*headers, ("Content-Encoding", "gzip")], answer.body.packed)
    return Reply(answer.status, headers, answer.body.plain)


def page(status: int, html: str, *headers: tuple[str, str], kind: str = "text/html; charset=utf-8") -> Reply:
    return Reply(status, [("Content-Type", kind), *headers], html.encode())


def body_of(text: str) -> Body:
    return Body(gzip.compress(text.encode(), 1, mtime=0))


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when it ended."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    length = int(headers.get("content-length") or 0)
    body = await reader.readexactly(length) if length else b""
    return Request(method, target, headers, body)
