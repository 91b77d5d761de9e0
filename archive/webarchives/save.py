"""Save Page Now 2: a page is captured now, by a job that is asked about until it is done. No I/O here.

After its API documentation (Vangelis Banos, version of 2025-10-22) and what clients met: `POST /save` answers with a job,
`GET /save/status/JOB` with pending, success or error; anonymous saving is refused with 401 (2026-08). A job that is not
known, or was forgotten after an hour, is "pending" too (agude/wayback-machine-archiver issue 28, 2025-09), so nobody
waits longer than LONGEST_JOB; what was saved is to be confirmed by replay. Error codes beyond the documented ones occur
(internetarchive/wayback issue 304, 2026-09): an unknown one is unknown.

Limits there: 7 captures a minute, 12 at once, 30,000 and 5 GB a day, 5 a day of one address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from archive.models import Exchange, Failure
from archive.timestamps import parse_timestamp, to_timestamp
from archive.webarchives.answers import Readable, Unreadable, json_of, read, unexpected
from archive.webarchives.base import ArchiveRequest

ENDPOINT = "https://web.archive.org/save"
POLL_EVERY = timedelta(seconds=10)  # a capture takes 16 s to two minutes
LONGEST_JOB = timedelta(minutes=10)  # a capture ends after two minutes, and may be delayed on a busy host
UNLESS_SAVED_WITHIN = "30d"  # a younger capture is given instead of a new one

LATER = frozenset({
    "celery", "cannot-fetch", "job-failed", "internal-server-error", "proxy-error", "redis-error", "browsing-timeout",
    "no-browsers-available", "capture-location-error", "soft-time-limit-exceeded", "hard-time-limit-exceeded",
    "user-session-limit", "too-many-requests", "too-many-daily-captures", "too-many-daily-captures-host",
    "max-daily-bandwidth", "max-daily-bandwidth-from-ip", "max-daily-bandwidth-host", "bandwidth-limit-exceeded",
    "service-unavailable", "bad-gateway", "gateway-timeout", "read-timeout", "protocol-error", "invalid-server-response",
    "invalid-host-resolution", "no-captures",
})  # fmt: skip
"""Errors about the moment: the service, its limits, the page's server."""

NEVER = frozenset({
    "blocked", "blocked-url", "blocked-client-ip", "filesize-limit", "ftp-access-denied", "invalid-url",
    "invalid-url-syntax", "bad-request", "unauthorized", "no-access", "not-found", "gone", "method-not-allowed",
    "not-implemented", "http-version-not-supported", "network-authentication-required", "too-many-redirects",
})  # fmt: skip
"""Errors about the page: asking again is of no use."""

_JOB = re.compile(r"[\w-]{8,128}", re.ASCII)
_BUSY = re.compile(
    r"reached (the|your) .{0,40}limit|cannot start capture|host is paused|captures per day|internal error|overloaded",
    re.IGNORECASE,
)


class SaveState(StrEnum):
    """How far a saving is. Only SAVED and REFUSED are final; UNKNOWN may have been saved: replay tells."""

    PENDING = "pending"
    SAVED = "saved"
    LATER = "later"  # failed, another time may do
    REFUSED = "refused"  # failed, and will again
    DENIED = "denied"  # our keys: nothing can be saved with them
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SaveAnswer:
    """`job` is to be asked about when pending. `original` is what was captured at `timestamp`, after redirects."""

    state: SaveState
    job: str | None = None
    timestamp: str | None = None
    original: str | None = None
    reason: str | None = None
    retry_after: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Keys:
    """An account's keys for archive.org (archive.org/account/s3.php); never shown."""

    access: str = field(repr=False)
    secret: str = field(repr=False)


class SavePageNow:
    """web.archive.org/save, with an account."""

    name = "wayback"

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    @property
    def _headers(self) -> tuple[tuple[str, str], ...]:
        return (("Accept", "application/json"), ("Authorization", f"LOW {self._keys.access}:{self._keys.secret}"))

    def save(self, url: str) -> ArchiveRequest:
        """Ask for a capture. Error pages are not captured; that it is the first capture need not be found out."""
        form = {"url": url, "skip_first_archive": "1", "if_not_archived_within": UNLESS_SAVED_WITHIN}
        headers = (*self._headers, ("Content-Type", "application/x-www-form-urlencoded"))
        return ArchiveRequest(ENDPOINT, self.name, "wayback-save", headers, "POST", urlencode(form).encode())

    def status(self, job: str) -> ArchiveRequest:
        """Ask how far a job is."""
        return ArchiveRequest(f"{ENDPOINT}/status/{job}", self.name, "wayback-save-status", self._headers)

    def read_save(self, answer: Exchange | Failure) -> SaveAnswer:
        """What came of `save`: a job, or why there is none."""
        said = _said(answer)
        if isinstance(said, SaveAnswer):
            return said
        job = said.get("job_id")
        if isinstance(job, str) and _JOB.fullmatch(job) and said.get("status") != "error":
            return SaveAnswer(SaveState.PENDING, job, reason=_text(said, "message"))
        return _failed(said, None)

    def read_status(self, answer: Exchange | Failure, job: str) -> SaveAnswer:
        """What came of `status`."""
        said = _said(answer)
        if isinstance(said, SaveAnswer):
            return said
        status = said.get("status")
        if status == "pending":
            return SaveAnswer(SaveState.PENDING, job)
        return _saved(said, job) if status == "success" else _failed(said, job)


def settled(answer: SaveAnswer, started: datetime, now: datetime) -> SaveAnswer:
    """A job that is pending for too long is given up: whether it saved the page is unknown."""
    if answer.state is SaveState.PENDING and now - started > LONGEST_JOB:
        minutes = int((now - started).total_seconds() // 60)
        return SaveAnswer(SaveState.UNKNOWN, answer.job, reason=f"the job has been pending for {minutes} minutes")
    return answer


def _said(answer: Exchange | Failure) -> dict[str, Any] | SaveAnswer:
    """The object that an answer is; when it is none, what came instead."""
    page = read(answer)
    if isinstance(page, Unreadable):
        return SaveAnswer(SaveState.UNKNOWN, reason=page.reason, retry_after=page.retry_after)
    said = json_of(page.body)
    # Keys are judged in JSON (or with 401); a bare 403 is a server's in front, and says nothing of them.
    if (page.exchange.status == 401 or (page.exchange.status == 403 and isinstance(said, dict))) and not _is_error(said):
        return SaveAnswer(SaveState.DENIED, reason=f"archive.org does not accept the keys ({page.exchange.status})")
    if page.exchange.status in (429, 500, 502, 503, 504) or not isinstance(said, dict):
        return _no_answer(page)
    return said


def _is_error(said: object) -> bool:
    return isinstance(said, dict) and str(said.get("status_ext", "")).startswith("error:")


def _no_answer(page: Readable) -> SaveAnswer:
    said = unexpected(page.exchange, None if page.exchange.status != 200 else "not an answer of Save Page Now")
    return SaveAnswer(SaveState.UNKNOWN, reason=said.reason, retry_after=said.retry_after)


def _saved(said: dict[str, Any], job: str) -> SaveAnswer:
    try:
        timestamp = to_timestamp(parse_timestamp(str(said.get("timestamp"))))
    except ValueError:
        return SaveAnswer(SaveState.UNKNOWN, job, reason="saved, but without a timestamp")
    return SaveAnswer(SaveState.SAVED, job, timestamp, _text(said, "original_url"))


def _failed(said: dict[str, Any], job: str | None) -> SaveAnswer:
    """By its code; messages without one are about limits, or unknown."""
    code = (_text(said, "status_ext") or "").removeprefix("error:")
    message = _text(said, "message") or _text(said, "exception")
    busy = not code and bool(_BUSY.search(message or ""))
    state = SaveState.REFUSED if code in NEVER else SaveState.LATER if busy or code in LATER else SaveState.UNKNOWN
    reason = ": ".join(part for part in (code, message) if part) or "an error without a reason"
    return SaveAnswer(state, job, reason=reason[:300])


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and value else None
