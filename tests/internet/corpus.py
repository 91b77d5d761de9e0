"""Corpora: folders with a `web.jsonl`, one row an address or a host (design.md, section 7)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.urls import urlkey


@dataclass(frozen=True)
class Body:
    """A page's bytes, kept gzipped as they lie on the disk."""

    packed: bytes

    @cached_property
    def plain(self) -> bytes:
        return gzip.decompress(self.packed) if self.packed else b""

    @cached_property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.plain).digest()).decode()


EMPTY = Body(b"")


@dataclass(frozen=True)
class Answer:
    """What a server says."""

    status: int
    body: Body = EMPTY
    type: str = "text/html; charset=utf-8"
    location: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Copy:
    """A capture of the emulated archive."""

    urlkey: str
    timestamp: str
    original: str
    answer: Answer
    unplayable: bool = False
    revisit: bool = False


@dataclass
class Web:
    """Everything that the corpora know."""

    live: dict[str, Answer] = field(default_factory=dict)
    hosts: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: dict[str, Answer] = field(default_factory=dict)
    unresolved: set[str] = field(default_factory=set)
    copies: defaultdict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))

    def resolves(self, host: str) -> bool:
        """True when a name has an address."""
        return host in self.hosts or any(urlsplit(url).hostname == host for url in self._live_hosts.get(host, ()))

    @cached_property
    def _live_hosts(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for url in self.live:
            found[urlsplit(url).hostname or ""].append(url)
        return found

    def answer(self, url: str) -> Answer:
        """What the living web says to a GET of this address (as sent: without fragment)."""
        found = self.live.get(url) or self.live.get(_other_slash(url))
        host = urlsplit(url).hostname or ""
        if found is not None:
            return found
        if urlsplit(url).path == "/robots.txt":
            robots = self.hosts.get(host, {}).get("robots")
            return text_answer(200, robots) if robots else text_answer(404, "no rules")
        return self.missing.get(host) or text_answer(404, "<!doctype html><title>404 Not Found</title><h1>Not Found</h1>", "text/html")

    def excluded(self, host: str) -> bool:
        return self.hosts.get(host, {}).get("archive") == "excluded"

    @cached_property
    def keys(self) -> list[str]:
        """The urlkeys of the archive's index, sorted."""
        return sorted(self.copies)


def _other_slash(url: str) -> str:
    """Only the root is the same with and without its slash."""
    parts = urlsplit(url)
    return url.rstrip("/") if parts.path == "/" and not parts.query else url + "/" if parts.path == "" else url


def text_answer(status: int, text: str, kind: str = "text/plain") -> Answer:
    return Answer(status, Body(gzip.compress(text.encode(), 1)), f"{kind}; charset=utf-8")


def load(folders: Iterable[Path]) -> Web:
    """Read corpora; later ones add to earlier ones."""
    web = Web()
    for folder in folders:
        bodies: dict[str, Body] = {}
        with (folder / "web.jsonl").open(encoding="utf-8") as rows:
            for line in rows:
                if line.strip():
                    _add(web, folder, json.loads(line), bodies)
    for key, copies in web.copies.items():
        copies.sort(key=lambda copy: copy.timestamp)
        web.copies[key] = _with_revisits(copies)
    return web


def _add(web: Web, folder: Path, row: dict[str, Any], bodies: dict[str, Body]) -> None:
    if "host" in row:
        web.hosts.setdefault(row["host"], {}).update(row)
        if row.get("missing"):
            web.missing[row["host"]] = _answer(folder, row["missing"], bodies)
        return
    url = row["url"]
    if row.get("live"):
        web.live[url] = _answer(folder, row["live"], bodies)
    else:
        web.unresolved.add(urlsplit(url).hostname or "")
    for capture in row.get("captures") or ():
        answer = _answer(folder, capture, bodies)
        copy = Copy(urlkey(url), capture["timestamp"], url, answer, bool(capture.get("unplayable")))
        web.copies[copy.urlkey].append(copy)


def _answer(folder: Path, told: dict[str, Any], bodies: dict[str, Body]) -> Answer:
    name = told.get("file")
    if name and name not in bodies:
        data = (folder / name).read_bytes()
        bodies[name] = Body(data if data[:2] == b"\x1f\x8b" else gzip.compress(data, 1, mtime=0))
    return Answer(
        told["status"],
        bodies[name] if name else EMPTY,
        told.get("type") or "text/html; charset=utf-8",
        told.get("location"),
        tuple((told.get("headers") or {}).items()),
    )


def _with_revisits(copies: list[Copy]) -> list[Copy]:
    """The same body again under one key is a `warc/revisit` row, as the real index has them."""
    seen: set[str] = set()
    out = []
    for copy in copies:
        again = copy.answer.status == 200 and copy.answer.body is not EMPTY and copy.answer.body.digest in seen
        seen.add(copy.answer.body.digest)
        out.append(Copy(copy.urlkey, copy.timestamp, copy.original, copy.answer, copy.unplayable, again))
    return out
