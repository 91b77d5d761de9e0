"""Reads corpora: folders with `web.jsonl`, one row a URL or host (docs of the format: design, section 7).

    {"url": "https://…", "live": {"status": 200, "file": "a.html.gz", "type": "text/html; charset=utf-8",
                                  "location": null, "headers": {…}} | null,
     "captures": [{"timestamp": "20190424101500", "status": 200, "file": "a-2019.html.gz", "type": "text/html",
                   "location": null, "headers": {…}, "reason": "OK", "unplayable": false}]}
    {"host": "www.example.test", "missing": {"status": 404, "file": "nf.html.gz"}, "archive": "excluded",
     "robots": "User-agent: *\\n…", "delay": 0.5}

`missing` is what the host answers for any other path (keys as in `live`); `delay` is the latency of each answer in
seconds. `live: null` on a host without a host row and without a live page is a name that does not resolve.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.internet.messages import Answer, Headers, normalised, packed

NOT_FOUND = packed(404, "<!doctype html><title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx")


@dataclass(frozen=True, slots=True)
class Captured:
    """One capture of a corpus: the answer of then, and whether the archive can replay it."""

    timestamp: str
    original: str
    answer: Answer
    location: str | None = None
    playable: bool = True


@dataclass(slots=True)
class Host:
    """What is known of one host. `live` is True when the name resolves."""

    live: bool = False
    missing: Answer = NOT_FOUND
    excluded: bool = False
    robots: str | None = None
    delay: float = 0.0


@dataclass(slots=True)
class Web:
    """All pages and hosts of the loaded corpora; pages by normalised address."""

    pages: dict[str, Answer] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    captures: list[Captured] = field(default_factory=list)

    @classmethod
    def load(cls, folders: Iterable[Path | str]) -> Web:
        """Raises FileNotFoundError for a folder without web.jsonl, ValueError for a row that is none."""
        web = cls()
        for folder in folders:
            reader = _Reader(Path(folder))
            for row in reader.rows():
                web._add(row, reader)
        return web

    def _add(self, row: dict[str, Any], reader: _Reader) -> None:
        if "host" in row:
            self._add_host(row, reader)
            return
        url = normalised(row["url"])
        host = self.hosts.setdefault(urlsplit(url).netloc, Host())
        if row.get("live") is not None:
            host.live = True
            self.pages[url] = reader.answer(row["live"])
        self.captures += [reader.captured(row["url"], capture) for capture in row.get("captures") or ()]

    def _add_host(self, row: dict[str, Any], reader: _Reader) -> None:
        host = self.hosts.setdefault(row["host"].lower(), Host())
        host.live = True
        if row.get("missing"):
            host.missing = reader.answer(row["missing"])
        host.excluded = row.get("archive") == "excluded"
        host.robots = row.get("robots", host.robots)
        host.delay = float(row.get("delay") or 0)


class _Reader:
    """One corpus folder; each file is read once and held as gzip."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bodies: dict[str, bytes] = {}

    def rows(self) -> Iterator[dict[str, Any]]:
        with (self._folder / "web.jsonl").open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if not ("host" in row or "url" in row):
                    raise ValueError(f"{self._folder}/web.jsonl, line {number}: neither a host nor a url")
                yield row

    def body(self, name: str) -> bytes:
        if name not in self._bodies:
            content = (self._folder / name).read_bytes()
            is_packed = content[:2] == b"\x1f\x8b"
            self._bodies[name] = content if is_packed else gzip.compress(content, 6, mtime=0)
        return self._bodies[name]

    def answer(self, row: dict[str, Any]) -> Answer:
        headers: Headers = tuple((row.get("headers") or {}).items())
        if row.get("location"):
            headers = (("Location", row["location"]), *headers)
        return self._answer(row, headers)

    def captured(self, url: str, row: dict[str, Any]) -> Captured:
        headers: Headers = tuple((row.get("headers") or {}).items())
        answer = self._answer(row, headers)
        return Captured(row["timestamp"], url, answer, row.get("location"), not row.get("unplayable", False))

    def _answer(self, row: dict[str, Any], headers: Headers) -> Answer:
        name = row.get("file")
        body = self.body(name) if name else b""
        type_ = row.get("type") or ("text/html; charset=utf-8" if name else None)
        return Answer(row.get("status", 200), body, type_, headers, row.get("reason"), packed=bool(name))
