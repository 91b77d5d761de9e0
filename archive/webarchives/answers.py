"""What every answer of an archive is put through first: is there something to read at all?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from archive.codings import CodingError, decoded_body
from archive.models import Exchange, Failure, Outcome
from archive.webarchives.base import IndexAnswer, ReplayAnswer, retry_after


@dataclass(frozen=True, slots=True)
class Readable:
    """An answer with its whole body, content coding undone."""

    exchange: Exchange
    body: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why an answer says nothing of what was asked: the outcome is `unknown`."""

    reason: str
    retry_after: float | None = None  # seconds

    def replay(self) -> ReplayAnswer:
        return ReplayAnswer(Outcome.UNKNOWN, reason=self.reason, retry_after=self.retry_after)

    def index(self) -> IndexAnswer:
        return IndexAnswer(Outcome.UNKNOWN, reason=self.reason, retry_after=self.retry_after)


def read(answer: Exchange | Failure) -> Readable | Unreadable:
    """Is there something to read? Whatever its status."""
    if isinstance(answer, Failure):
        return Unreadable(answer.detail, answer.retry_after)
    if answer.truncated:
        return Unreadable("the answer was cut short", retry_after(answer))
    try:
        return Readable(answer, decoded_body(answer.body, answer.headers))
    except CodingError as error:
        return Unreadable(str(error), retry_after(answer))


def unexpected(answer: Exchange, what: str | None = None) -> Unreadable:
    """An answer that is none to our question: `what` says so in words, else its status does."""
    return Unreadable(what or f"answered {answer.status}", retry_after(answer))


def json_of(body: bytes) -> Any:
    """A JSON text as Python has it; None when it is none (`null` is of no use to us either). Never raises."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def joined(base: str, location: str) -> str:
    """A Location resolved (RFC 3986, 5.2); as it is when it cannot be."""
    try:
        return urljoin(base, location)
    except ValueError:
        return location
