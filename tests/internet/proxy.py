"""The forward proxy: CONNECT with TLS inside (RFC 9110, 9.3.6), and plain requests in absolute form (RFC 9112, 3.2.2)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from urllib.parse import urlsplit

from tests.internet.certificates import Authority
from tests.internet.messages import Answer, Request, encode, netloc_of, read_head
from tests.internet.router import Plan, Router

_MAX_HEAD = 256 * 1024  # bytes
_TICK = 0.1  # seconds between the pieces of a slow body
_GONE = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError, TimeoutError, ValueError)


class Proxy:
    """Serves on loopback from `start` to `stop`."""

    def __init__(self, router: Router, authority: Authority) -> None:
        self._router = router
        self._authority = authority
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def start(self, port: int = 0) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, limit=_MAX_HEAD, backlog=512)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Drop all connections and stop listening."""
        assert self._server is not None
        self._server.close()
        for task, writer in list(self._open.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()
        await asyncio.sleep(0)  # lets the aborted transports close their sockets

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            await self._first(reader, writer)
        except ConnectionAbortedError:
            _reset(writer)
        except (*_GONE, asyncio.CancelledError):
            pass
        finally:
            del self._open[task]
            writer.close()
            with contextlib.suppress(*_GONE, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _first(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The first head on a connection decides: a tunnel, or plain requests for any host."""
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"CONNECT "):
            await self._tunnel(head, reader, writer)
        else:
            await self._plain(head, reader, writer)

    async def _tunnel(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, authority, _ = read_head(head)
        netloc = netloc_of("https", authority)
        refusal = self._router.connect(netloc, method=method, url=authority)
        if refusal is not None:
            await _send(writer, refusal, Request(method, "https", netloc, "/"))
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.start_tls(self._authority.context(netloc.partition(":")[0]))
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, headers = read_head(head)
            request = Request(method, "https", netloc, target, headers, await _body(reader, headers))
            if not await self._serve(request, reader, writer):
                return

    async def _plain(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            method, target, headers = read_head(head)
            parts = urlsplit(target)
            netloc = netloc_of("http", parts.netloc)
            path = target.partition("://")[2].partition("/")[2]
            request = Request(method, "http", netloc, f"/{path}", headers, await _body(reader, headers))
            refusal = self._router.connect(netloc, method=method, url=request.url)
            if refusal is not None:
                await _send(writer, refusal, request)
            elif not await self._serve(request, reader, writer):
                return
            head = await reader.readuntil(b"\r\n\r\n")

    async def _serve(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when the connection is at its end."""
        plan = self._router.plan(request)
        if plan.delay:
            await asyncio.sleep(plan.delay)
        if plan.delivery is None:
            await _send(writer, plan.answer, request)
            return request.headers.get("connection", "").lower() != "close"
        await _misdeliver(plan, request, reader, writer)
        return False


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    length = int(headers.get("content-length") or 0)
    return await reader.readexactly(length) if length else b""


async def _send(writer: asyncio.StreamWriter, answer: Answer, request: Request) -> None:
    writer.write(encode(answer, request))
    await writer.drain()


async def _misdeliver(plan: Plan, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The faults of delivery; the caller closes the connection."""
    if plan.delivery == "reset":
        _reset(writer)
    elif plan.delivery == "hang":
        while await reader.read(65536):  # until the client gives up
            pass
    elif plan.delivery in ("slow", "truncated"):
        head, _, body = encode(plan.answer, request).partition(b"\r\n\r\n")
        writer.write(head + b"\r\n\r\n")
        if plan.delivery == "truncated":
            writer.write(body[: len(body) // 2])
        else:
            await _drip(writer, body, plan.rate)
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter, body: bytes, rate: int) -> None:
    """`rate` bytes a second."""
    piece = max(1, round(rate * _TICK))
    for start in range(0, len(body), piece):
        writer.write(body[start : start + piece])
        await writer.drain()
        await asyncio.sleep(piece / rate)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: a linger time of zero throws away what is unsent (socket(7))."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
