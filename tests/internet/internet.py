"""The offline internet in this process, on a thread of its own; and the settings that point a client at it."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from tests.internet.archive_org import REAL, Limits, Wayback, host_of
from tests.internet.certificates import Authority
from tests.internet.clock import Clock
from tests.internet.corpus import Web
from tests.internet.faults import Faults
from tests.internet.messages import Answer, Request
from tests.internet.proxy import Proxy
from tests.internet.router import Log, Record, Router
from tests.internet.sites import Sites


class Internet:
    """`with Internet([folder, …]) as net:` serves the corpora of these folders.

    `net.env` holds the four variables that point a client here; `net.log` the requests so far; `net.leaks` the hosts that
    were asked for and are in no corpus; `net.faults.add("cdx:429")` switches trouble on; `net.clock` is the archive's
    time. `limits="real"` holds clients to the archive's limits of 2026.
    """

    def __init__(
        self,
        corpora: Iterable[Path | str] = (),
        *,
        limits: str | None = None,
        faults: Sequence[str] = (),
        clock: Clock | None = None,
        port: int = 0,
        log_file: TextIO | None = None,
        sites: Callable[[Web], Sites] = Sites,
    ) -> None:
        if limits not in (None, "real"):
            raise ValueError(f"limits are None or 'real', not {limits!r}")
        web = Web.load(corpora)
        self.clock = clock or Clock()
        self.faults = Faults(tuple(faults))
        self.log = Log(self.clock, log_file)
        self.env: dict[str, str] = {}
        live = sites(web)
        self.wayback = Wayback(web, live.fetch, self.clock, Limits(REAL) if limits else None)
        self._router = Router(live, self.wayback, self.faults, self.log)
        self._port = port
        self._folder = tempfile.TemporaryDirectory(prefix="offline-internet-")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None

    def discard(self) -> None:
        """Remove what belongs to an internet that is not served."""
        self._folder.cleanup()

    @property
    def leaks(self) -> list[str]:
        """The hosts that were asked for and are in no corpus, in order, each once."""
        return list(dict.fromkeys(host_of(record.url) for record in self.log if record.bucket == "leak"))

    def answer(self, request: Request) -> Answer:
        """What a request would be answered, at once and without a connection; it is logged and counted all the same.

        Raises ConnectionAbortedError while the archive has locked us out.
        """
        return self._router.plan(request).answer

    def requests(self, bucket: str | None = None) -> list[Record]:
        """What was asked so far, of one bucket or of all."""
        return [record for record in self.log if bucket in (None, record.bucket)]

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        """Serve on the running loop for as long as the context lasts."""
        authority = Authority(Path(self._folder.name))
        proxy = Proxy(self._router, authority)
        port = await proxy.start(self._port)
        self.env = _environment(port, authority.file)
        try:
            yield self
        finally:
            await proxy.stop()
            self._folder.cleanup()

    def __enter__(self) -> Self:
        ready = threading.Event()
        failure: list[BaseException] = []

        async def main() -> None:
            self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
            async with self.serving():
                ready.set()
                await self._stopping.wait()

        def run() -> None:
            try:
                asyncio.run(main())
            except BaseException as error:  # handed to the thread that waits for us
                failure.append(error)
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="offline-internet", daemon=True)
        self._thread.start()
        ready.wait()
        if failure:
            raise failure[0]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._loop is not None
        assert self._stopping is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()


def _environment(port: int, authority: Path) -> dict[str, str]:
    proxy = f"http://127.0.0.1:{port}"
    return {
        "HTTP_PROXY": proxy,
        "HTTPS_PROXY": proxy,
        "SSL_CERT_FILE": str(authority),
        "REQUESTS_CA_BUNDLE": str(authority),
    }
