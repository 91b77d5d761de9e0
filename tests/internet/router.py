"""Which answer a request gets: a fault's, the archive's, or a live site's; and the log of it all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from tests.internet.archive_org import HOSTS, Wayback, host_of
from tests.internet.clock import Clock
from tests.internet.faults import DELIVERIES, Fault, Faults
from tests.internet.messages import Answer, Request
from tests.internet.sites import Sites


class Record(NamedTuple):
    """One request. `status` is 0 when nothing was answered; `time` is seconds since 1970.

    `bucket` is the service that was asked: live, robots, cdx (with timemaps), replay, availability, save, archive (other
    pages of the archive), leak (a host that no corpus knows), unresolved (one that does not resolve), refused.
    """

    time: float
    method: str
    url: str
    status: int
    bucket: str
    headers: dict[str, str]  # of the request, names in lower case; not in the file


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer and the way to deliver it: a kind of `faults.DELIVERIES`, None for as it should be."""

    answer: Answer
    delivery: str | None = None
    rate: int = 0
    delay: float = 0.0


class Log(list[Record]):
    """All requests in order; written to a file as they come when one is given."""

    def __init__(self, clock: Clock, file: TextIO | None = None) -> None:
        super().__init__()
        self._clock = clock
        self._file = file

    def note(self, method: str, url: str, status: int, bucket: str, headers: dict[str, str] | None = None) -> None:
        record = Record(self._clock.time(), method, url, status, bucket, headers or {})
        self.append(record)
        if self._file is not None:
            self._file.write(json.dumps(record[:5]) + "\n")


class Router:
    """Knows all hosts."""

    def __init__(self, sites: Sites, wayback: Wayback, faults: Faults, log: Log) -> None:
        self._sites = sites
        self._wayback = wayback
        self._faults = faults
        self._log = log

    def connect(self, netloc: str, *, method: str, url: str) -> Answer | None:
        """What a proxy says when it cannot connect; None when it can. Raises ConnectionAbortedError to say nothing."""
        host = netloc.partition(":")[0]
        if host in HOSTS and self._wayback.blocked():
            self._log.note(method, url, 0, "refused")
            raise ConnectionAbortedError
        if host not in HOSTS and not self._sites.resolves(netloc):
            known = self._sites.host(netloc) is not None
            return self._failed(method, url, 502, "unresolved" if known else "leak")
        if self._faults.refuses(host):
            return self._failed(method, url, 503, "refused")
        return None

    def _failed(self, method: str, url: str, status: int, bucket: str) -> Answer:
        self._log.note(method, url, status, bucket)
        return Answer(status, f"{bucket}: {url}\n".encode(), "text/plain")

    def plan(self, request: Request) -> Plan:
        """The answer to a request for a host that can be reached, logged. Raises ConnectionAbortedError to say nothing."""
        of_archive = request.host in HOSTS
        if of_archive and self._wayback.blocked():
            self._log.note(request.method, request.url, 0, "refused")
            raise ConnectionAbortedError
        bucket = self._bucket(request, of_archive=of_archive)
        subject = host_of(self._wayback.subject(request)) if of_archive else ""
        fault = self._faults.take(bucket, request.host, request.url, subject)
        plan = self._planned(request, fault, self._wayback.answer if of_archive else self._live)
        silent = plan.delivery in ("reset", "closed", "hang")
        self._log.note(request.method, request.url, 0 if silent else plan.answer.status, bucket, request.headers)
        return plan

    def _bucket(self, request: Request, *, of_archive: bool) -> str:
        if of_archive:
            return self._wayback.bucket(request)
        return "robots" if request.path == "/robots.txt" else "live"

    def _live(self, request: Request, **_: bool) -> Answer:
        return self._sites.answer(request)

    def _planned(self, request: Request, fault: Fault | None, answer: Callable[..., Answer]) -> Plan:
        host = self._sites.host(request.netloc)
        delay = host.delay if host else 0.0
        if fault is None:
            return Plan(answer(request), delay=delay)
        page = fault.answer()
        if page is not None:
            return Plan(page, delay=delay)
        page = answer(request, excluded=fault.kind == "excluded", empty=fault.kind == "empty")
        return Plan(page, fault.kind if fault.kind in DELIVERIES else None, fault.value or 50, delay)
