"""The proxy and its life: a thread with its own loop, so that any kind of client can be under test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlsplit

from tests.internet import wayback
from tests.internet.ca import Authority
from tests.internet.corpus import Answer, Web, load
from tests.internet.faults import Fault
from tests.internet.http import Reply, Request, page, read_request, reply

REAL_LIMITS = {"cdx": 30, "replay": 600}  # a minute, as the real one has them since 2026
TOO_MANY = "<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests in a given amount of time.\n</body></html>"


@dataclass(frozen=True)
class Record:
    """One request that was answered (or refused)."""

    time: float
    method: str
    url: str
    status: int
    bucket: str
    headers: dict[str, str] = field(default_factory=dict, compare=False)

    def line(self) -> str:
        return json.dumps([round(self.time, 3), self.method, self.url, self.status, self.bucket])


def _now() -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime())


class Internet:
    """Serve corpora until the end of the `with` block."""

    def __init__(
        self,
        corpora: Iterable[Path] = (),
        *,
        port: int = 0,
        faults: Iterable[str] = (),
        limits: str | None = None,
        log_file: Path | None = None,
        clock: Callable[[], str] = _now,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self.web: Web = load(corpora)
        self.faults = [Fault.parse(text) for text in faults]
        self.log: list[Record] = []
        self.leaks: list[str] = []
        self.port = port
        self._limits = REAL_LIMITS if limits == "real" else {}
        self._recent: dict[str, list[float]] = {}
        self._log_file: IO[str] | None = log_file.open("a", encoding="utf-8") if log_file else None
        self._seconds = seconds
        self._wayback = wayback.Wayback(self.web, clock)
        self._folder = tempfile.TemporaryDirectory(prefix="morgue-internet-")
        self._authority = Authority(Path(self._folder.name))
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="internet", daemon=True)
        self._hosts = {host for host in self.web.hosts} | {urlsplit(url).hostname or "" for url in self.web.live}

    @property
    def env(self) -> dict[str, str]:
        """What a client needs, and nothing else."""
        proxy, ca = f"http://127.0.0.1:{self.port}", str(self._authority.certificate)
        return {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "SSL_CERT_FILE": ca, "REQUESTS_CA_BUNDLE": ca}

    def requests(self, bucket: str | None = None) -> list[Record]:
        """What was asked, of one bucket or all."""
        return [record for record in self.log if bucket is None or record.bucket == bucket]

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(20):
            raise RuntimeError("the offline internet did not start")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._folder.cleanup()
        if self._log_file:
            self._log_file.close()

    def _run(self) -> None:
        loop = asyncio.new_event_loop()
        self._loop = loop
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=1 << 20))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        try:
            loop.run_forever()
        finally:
            server.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            with contextlib.suppress(Exception):
                loop.run_until_complete(asyncio.wait_for(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True), 2))
            loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._connection(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(Exception):
                writer.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """CONNECT opens a tunnel that we end ourselves; absolute addresses are answered straight."""
        request = await read_request(reader)
        if request is None:
            return
        if request.method != "CONNECT":
            await self._conversation(reader, writer, request, "")
            return
        host = request.target.rsplit(":", 1)[0]
        if not self._known(host):
            self._note(request, f"https://{host}/", 502, "leak" if host not in self.web.unresolved else "unresolved")
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await writer.start_tls(self._authority.context(host))  # the reader's protocol goes on over TLS
        first = await read_request(reader)
        if first is not None:
            await self._conversation(reader, writer, first, f"https://{host}")

    def _known(self, host: str) -> bool:
        if host in wayback.HOSTS or host in self._hosts:
            return True
        if host not in self.web.unresolved:
            self.leaks.append(host)
        return False

    async def _conversation(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request | None, base: str
    ) -> None:
        """Requests of one connection, one after another."""
        while request is not None:
            url = base + request.target if base else request.target
            if not await self._respond(writer, request, url):
                return
            if request.headers.get("connection", "").lower() == "close":
                return
            request = await read_request(reader)

    async def _respond(self, writer: asyncio.StreamWriter, request: Request, url: str) -> bool:
        """Answer one request; False when the connection is not to be used again."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if parts.scheme == "http" and not self._known(host):
            self._note(request, url, 502, "leak")
            writer.write(page(502, "no such host").bytes(request.method))
            await writer.drain()
            return True
        archive = host in wayback.HOSTS
        bucket = wayback.bucket_of(host, path) if archive else "robots" if parts.path == "/robots.txt" else "live"
        fault = next((fault for fault in self.faults if fault.applies(bucket, host, url)), None)
        if fault is not None:
            fault.use()
            return await self._fail(writer, request, url, bucket, fault, path)
        if self._over_limit(bucket):
            answer = page(429, TOO_MANY)
        elif archive:
            answer = self._wayback.answer(request, path)
        else:
            answer = reply(self.web.answer(url), request)
        self._note(request, url, answer.status, bucket)
        writer.write(answer.bytes(request.method))
        await writer.drain()
        return True

    def _over_limit(self, bucket: str) -> bool:
        limit = self._limits.get(bucket)
        if limit is None:
            return False
        now = self._seconds()
        recent = [moment for moment in self._recent.get(bucket, []) if moment > now - 60]
        self._recent[bucket] = [*recent, now]
        return len(recent) >= limit

    def _note(self, request: Request, url: str, status: int, bucket: str) -> None:
        record = Record(self._seconds(), request.method, url, status, bucket, request.headers)
        self.log.append(record)
        if self._log_file:
            self._log_file.write(record.line() + "\n")
            self._log_file.flush()

    # -- faults ------------------------------------------------------------------------------------------------------

    async def _fail(
        self, writer: asyncio.StreamWriter, request: Request, url: str, bucket: str, fault: Fault, path: str
    ) -> bool:
        """One request that goes wrong as asked for."""
        simple = _simple_fault(fault)
        if simple is not None:
            self._note(request, url, simple.status, bucket)
            writer.write(simple.bytes(request.method))
            await writer.drain()
            return True
        self._note(request, url, 0, bucket)
        if fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault.kind == "reset":
            _reset(writer)
        if fault.kind in ("slow", "truncated"):
            answer = self._wayback.answer(request, path) if bucket in ("cdx", "replay") else reply(self._live(url), request)
            await self._cut_short(writer, answer.bytes("GET"), fault)
        return False

    def _live(self, url: str) -> Answer:
        return self.web.answer(url)

    async def _cut_short(self, writer: asyncio.StreamWriter, data: bytes, fault: Fault) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        if fault.kind == "truncated":
            writer.write(head + b"\r\n\r\n" + body[: len(body) // 2])
            await writer.drain()
            return
        writer.write(head + b"\r\n\r\n")
        rate = int(fault.value or 1)
        for start in range(0, len(body), rate):
            writer.write(body[start : start + rate])
            await writer.drain()
            await asyncio.sleep(1)


def _simple_fault(fault: Fault) -> Reply | None:
    """Faults that are an answer like any other."""
    html = "<!DOCTYPE html><html><head><title>Temporarily Offline</title></head><body><h1>Internet Archive services are temporarily offline.</h1><p>Please try again later, we are sorry for the inconvenience.</p></body></html>"
    match fault.kind:
        case "429":
            wait = (("Retry-After", fault.value),) if fault.value else ()
            return page(429, TOO_MANY, *wait)
        case "503" | "504" | "500" | "403":
            return page(int(fault.kind), f"<html><body><h1>{fault.kind} Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>")
        case "html":
            return page(200, html)
        case "excluded":
            return page(403, f"{wayback.BLOCKED}\n", ("X-Archive-Wayback-Runtime-Error", wayback.BLOCKED))
        case "empty":
            return page(200, "", kind="text/plain;charset=UTF-8")
    return None


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


