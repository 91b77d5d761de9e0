"""Real answers of the Wayback Machine, from the shared cassettes, and corpora that must give the same answers."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml

from tests.internet.corpus import Captured
from tests.internet.messages import Answer

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wayback-recordings" / "cassettes"

# epa.gov: one second from what was asked, and passed over for a capture half an hour off.
SELF_REDIRECTS = {"20200201020358"}

_MEMENTO = re.compile(r'<https://web\.archive\.org/web/(\d{14})/([^>]*)>; rel="[^"]*memento"')
_ASKED = re.compile(r"https://web\.archive\.org/web/(\d{14})(?:id_)?/(.*)")
_ARCHIVED = re.compile(r"(?:https?:)?(?://web\.archive\.org)?/web/\d{14}(?:id_)?/(.*)")
# Headers by which a page's own length and date are told apart from the archive's, and those of the transport.
_ORIGINAL = "x-archive-orig-"


@dataclass(frozen=True)
class Recorded:
    """One request and its recorded answer; header names in lower case, the body decoded."""

    url: str
    status: int
    reason: str
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return ", ".join(self.headers[name]) if name in self.headers else None

    @property
    def is_memento(self) -> bool:
        return "memento-datetime" in self.headers


@cache
def recorded(name: str) -> tuple[Recorded, ...]:
    """The exchanges of one cassette."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(_exchange(one) for one in yaml.load(text, Loader=loader)["interactions"])


def _exchange(one: dict[str, Any]) -> Recorded:
    answer = one["response"]
    body = answer["body"]["string"]
    body = body.encode() if isinstance(body, str) else body
    headers = {key.lower(): value for key, value in answer["headers"].items()}
    plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    return Recorded(one["request"]["uri"], answer["status"]["code"], answer["status"]["message"], headers, plain)


def captures_of(exchanges: tuple[Recorded, ...]) -> list[Captured]:
    """The captures that these answers show: the mementos themselves, and their neighbours by name only."""
    full: dict[tuple[str, str], Captured] = {}
    named: dict[tuple[str, str], Captured] = {}
    for exchange in exchanges:
        for timestamp, original in _MEMENTO.findall((exchange.header("link") or "").replace("&amp;", "&")):
            location = f"https://www.{original.partition('://')[2]}" if timestamp in SELF_REDIRECTS else None
            named[timestamp, original] = Captured(timestamp, original, Answer(301 if location else 200), location)
        if exchange.is_memento:
            capture = _memento(exchange)
            full.setdefault((capture.timestamp, capture.original), capture)
        elif exchange.status == 302:
            found = _ASKED.fullmatch(exchange.header("location") or "")
            assert found is not None
            named.setdefault((found[1], found[2]), Captured(found[1], found[2], Answer(200, b"found")))
    return list((named | full).values())


def _memento(exchange: Recorded) -> Captured:
    asked = _ASKED.fullmatch(exchange.url)
    link = re.match(r'<([^>]*)>; rel="original"', exchange.header("link") or "")
    assert asked is not None
    assert link is not None
    headers = tuple(
        (name.removeprefix(_ORIGINAL), value)
        for name, values in exchange.headers.items()
        if name.startswith(_ORIGINAL)
        for value in values
    )
    answer = Answer(exchange.status, exchange.body, exchange.header("content-type"), headers, exchange.reason)
    return Captured(asked[1], link[1].replace("&amp;", "&"), answer, _location(exchange, asked[2]))


def _location(exchange: Recorded, page: str) -> str | None:
    """The Location as the page gave it then, undone from the form in which the archive rewrote it."""
    location = exchange.header("location")
    if location is None:
        return None
    found = _ARCHIVED.fullmatch(location)
    assert found is not None
    if location.startswith("//"):
        return found[1].partition(":")[2]
    return found[1] if location.startswith("http") else found[1].removeprefix(urljoin(page, "/").rstrip("/"))
