"""The capture index: rows sorted by key and time, as the CDX server lists them."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.urls import urlkey
from tests.internet.corpus import Captured
from tests.internet.messages import Answer, normalised, unpacked


class Row(NamedTuple):
    """One line of the index; the fields are its columns in order, all text."""

    urlkey: str
    timestamp: str
    original: str
    mimetype: str
    statuscode: str
    digest: str
    length: str


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A row with what replay needs. `answer` is None for a row that is only listed."""

    row: Row
    answer: Answer | None = field(default=None, compare=False)
    location: str | None = field(default=None, compare=False)
    playable: bool = field(default=True, compare=False)


def key_of(url: str) -> str:
    """The SURT key of an address, also of one without a scheme."""
    return urlkey(normalised(url if "://" in url else f"http://{url}"))


def range_of(url: str, match: str) -> tuple[str, Callable[[str], bool]]:
    """The first key and the test of the keys that a query covers.

    `*.host` and `path*` are the wildcards for matchType=domain and prefix. A prefix keeps its trailing slash, which a
    key drops (UrlSurtRangeComputer of the 2013 server).
    """
    if url.startswith("*."):
        url, match = url[2:], "domain"
    elif url.endswith("*"):
        url, match = url[:-1], "prefix"
    if match in ("host", "domain"):
        host = key_of(urlsplit(url if "://" in url else f"http://{url}").netloc).partition(")")[0]
        if match == "host":
            return f"{host})", lambda key: key.startswith(f"{host})")
        return host, lambda key: key.startswith((f"{host})", f"{host},", f"{host}:"))
    key = key_of(url)
    if match == "prefix":
        start = key + ("/" if url.endswith("/") and not key.endswith("/") else "")
        return start, lambda key: key.startswith(start)
    return key, lambda other: other == key


class CaptureIndex:
    """All captures, in the order of the index."""

    def __init__(self, captures: Iterable[Captured] = (), rows: Iterable[Row] = ()) -> None:
        plain = sorted((entry_of(captured) for captured in captures), key=_place)
        self._entries = _with_revisits(plain) + [Entry(row) for row in rows]
        self._entries.sort(key=_place)

    def add(self, captured: Captured) -> Entry:
        """File a new capture; it becomes a revisit when its body is known under its key."""
        entry = _with_revisits([*self.of(key_of(captured.original)), entry_of(captured)])[-1]
        insort(self._entries, entry, key=_place)
        return entry

    def of(self, key: str) -> list[Entry]:
        """The captures of one key by time."""
        return self.span(key, lambda other: other == key)

    def span(self, first: str, covers: Callable[[str], bool]) -> list[Entry]:
        """The entries from the first key on, as long as they may be covered: all keys share its start."""
        start = bisect_left(self._entries, (first, ""), key=_place)
        found: list[Entry] = []
        for position in range(start, len(self._entries)):
            entry = self._entries[position]
            if not entry.row.urlkey.startswith(first):
                break
            if covers(entry.row.urlkey):
                found.append(entry)
        return found


def _place(entry: Entry) -> tuple[str, str]:
    return entry.row.urlkey, entry.row.timestamp


def entry_of(captured: Captured) -> Entry:
    """The row of a capture that is no revisit. A redirect without a body has the type `unk` (dw.com recording)."""
    answer = captured.answer
    status = answer.status
    mimetype = "unk" if 300 <= status < 400 and not answer.body else (answer.type or "unk").partition(";")[0].strip()
    row = Row(
        key_of(captured.original),
        captured.timestamp,
        captured.original,
        mimetype,
        str(status),
        digest_of(answer.body, packed=answer.packed),
        str(len(answer.body) + 420),  # the record's headers come on top
    )
    return Entry(row, answer, captured.location, captured.playable)


@lru_cache(maxsize=65536)
def digest_of(body: bytes, *, packed: bool) -> str:
    """Base32 SHA-1 of the payload."""
    return base64.b32encode(hashlib.sha1(unpacked(body) if packed else body, usedforsecurity=False).digest()).decode()


def _with_revisits(entries: list[Entry]) -> list[Entry]:
    """The same entries, where a body that was seen before under its key is a revisit record: type and status are lost."""
    seen: set[tuple[str, str]] = set()
    listed: list[Entry] = []
    for entry in entries:
        mark = (entry.row.urlkey, entry.row.digest)
        row = entry.row
        if mark in seen and row.statuscode != "-":
            row = row._replace(mimetype="warc/revisit", statuscode="-", length="430")
        seen.add(mark)
        listed.append(Entry(row, entry.answer, entry.location, entry.playable))
    return listed
