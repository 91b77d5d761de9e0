"""Save Page Now 2: POST /save starts a job, /save/status/{job} tells how it went and files the capture."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.internet.archive_org.index import CaptureIndex
from tests.internet.clock import Clock
from tests.internet.corpus import Captured
from tests.internet.messages import Answer, Request, netloc_of, packed

JSON = "application/json"
_AUTHORISED = re.compile(r"LOW [^:\s]+:\S+")
_REFUSALS = {401: "no-access", 403: "no-access", 404: "not-found", 410: "gone", 429: "too-many-requests"}


@dataclass(slots=True)
class Job:
    """One page to be saved; it stays pending for some questions after its state."""

    name: str
    url: str
    keep_errors: bool
    pending: int
    excluded: bool = False
    outcome: dict[str, object] | None = None


class Saver:
    """`fetch` gets a live page, None when the name does not resolve. `polls` questions are answered with "pending"."""

    def __init__(
        self, index: CaptureIndex, fetch: Callable[[Request], Answer | None], clock: Clock, excluded: Callable[[str], bool]
    ) -> None:
        self._index = index
        self._fetch = fetch
        self._clock = clock
        self._excluded = excluded
        self._jobs: dict[str, Job] = {}
        self._numbers = itertools.count(1)
        self.polls = 1

    def answer(self, request: Request, *, excluded: bool = False) -> Answer:
        """`excluded` is a fault: as if the site of this job were excluded."""
        if not _AUTHORISED.fullmatch(request.headers.get("authorization", "")):
            return _json(401, {"message": "You need to be logged in to use Save Page Now."})
        form = request.form()
        if request.path.startswith("/save/status"):
            name = request.path.removeprefix("/save/status").strip("/") or form.get("job_id", "")
            return self._status(name, excluded=excluded)
        if request.method != "POST" or not urlsplit(form.get("url", "")).netloc:
            return _json(400, {"status": "error", "status_ext": "error:bad-request", "message": "url is wanted"})
        return self._start(form, excluded=excluded)

    def _start(self, form: dict[str, str], *, excluded: bool) -> Answer:
        name = f"spn2-{next(self._numbers):040x}"
        self._jobs[name] = Job(name, form["url"], form.get("capture_all") in ("1", "on"), self.polls, excluded)
        return _json(200, {"url": form["url"], "job_id": name})

    def _status(self, name: str, *, excluded: bool) -> Answer:
        if name == "user":
            return _json(200, {"available": 8, "processing": 0, "daily_captures": 0, "daily_captures_limit": 40000})
        if name == "system":
            return _json(200, {"status": "ok"})
        job = self._jobs.get(name)
        if job is None:
            return _json(404, {"status": "error", "status_ext": "error:job-not-found", "message": "no such job"})
        job.excluded |= excluded
        if job.pending > 0:
            job.pending -= 1
            return _json(200, {"status": "pending", "job_id": name, "resources": []})
        job.outcome = job.outcome or self._save(job)
        return _json(200, {"job_id": name, "original_url": job.url, **job.outcome})

    def _save(self, job: Job) -> dict[str, object]:
        if job.excluded or self._excluded(job.url):
            return _error("blocked-url", "This URL has been excluded from the Wayback Machine.")
        page = self._fetch(_get(job.url))
        if page is None:
            return _error("invalid-host-resolution", "Couldn't resolve host for this URL.")
        if page.status >= 400 and not job.keep_errors:
            return _error(_REFUSALS.get(page.status, "bad-gateway"), f"The server answered {page.status}.")
        timestamp = self._clock.now().strftime("%Y%m%d%H%M%S")
        location = next((value for name, value in page.headers if name.lower() == "location"), None)
        self._index.add(Captured(timestamp, job.url, page, location))
        return {"status": "success", "timestamp": timestamp, "http_status": page.status, "duration_sec": 1.5}


def _get(url: str) -> Request:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Request("GET", parts.scheme, netloc_of(parts.scheme, parts.netloc), target)


def _json(status: int, value: dict[str, object]) -> Answer:
    return packed(status, json.dumps(value), JSON)


def _error(kind: str, message: str) -> dict[str, object]:
    return {"status": "error", "status_ext": f"error:{kind}", "exception": kind, "message": message}
