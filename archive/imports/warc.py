"""WARC files of any program: ours, CC-NEWS, wget, Heritrix, Browsertrix, warcio."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from archive.config.archives import RESERVED
from archive.imports.base import Broken, Captured, Item, Left
from archive.timestamps import parse_iso
from archive.urls import NotAURL, canonicalize
from archive.warc import Stored, foreign_records, is_warc
from archive.webarchives.cdx import without_port

_HOSTS = {"web.archive.org": "wayback", "arquivo.pt": "arquivo", "data.commoncrawl.org": "commoncrawl"}
# Not pages: what a browser fetches for one. A morgue does not fetch these; what it kept is imported whatever it is.
_PARTS = re.compile(
    r"(image|video|audio|font)/|text/css|(text|application)/(x-)?(java|ecma)script|application/(json|font|vnd\.ms-fontobject|wasm)",
    re.IGNORECASE,
)


class Warc:
    name = "warc"

    def matches(self, head: bytes) -> bool:
        return is_warc(head)

    def read(self, path: Path) -> Iterator[Item]:
        with path.open("rb") as stream:
            yield from captures(stream)


@dataclass(frozen=True, slots=True)
class Maker:
    """Who wrote the records, by the last `warcinfo` before them."""

    name: str = "import"
    is_morgue: bool = False


def captures(stream: IO[bytes], where: str = "offset") -> Iterator[Item]:
    """The answers in a WARC file that is open at its beginning. Raises OSError."""
    maker = Maker()
    for found in foreign_records(stream):
        stored = found.stored
        if stored is None:
            yield Broken(f"{where} {found.offset}", found.reason or "no record")
        elif stored.warc_type == "warcinfo":
            maker = maker_of(stored.body)
        elif stored.warc_type not in ("request", "metadata"):
            yield _item(stored, found.data, maker, f"{where} {found.offset}")


def maker_of(body: bytes) -> Maker:
    """The name of the crawler or collection, in the characters that names of archives have."""
    lines = (line.partition(":") for line in body.decode("utf-8", "replace").splitlines())
    fields = {name.strip().lower(): value.strip() for name, _, value in lines}
    software = fields.get("software", "").lower()
    if software.startswith("morgue/"):
        return Maker(_plain(fields.get("ispartof", "")) or "crawl", is_morgue=True)
    name = _plain(fields.get("ispartof", "")) or _plain(re.split(r"[/ ]", software)[0])
    return Maker(name if name and name not in RESERVED else "import")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]


def _item(stored: Stored, data: bytes, maker: Maker, where: str) -> Item:
    if stored.warc_type not in ("response", "revisit"):
        return Left(f"{_plain(stored.warc_type)} records")
    try:
        target = without_port((stored.target or "").strip("<>"))
        canonicalize(target)
    except NotAURL:
        return Left("not from the web")  # dns:, screenshots and texts of browser crawlers
    if stored.status is None and stored.warc_type == "response":
        return Broken(where, "the answer has no status")
    kind = next((value for name, value in stored.headers if name.lower() == "content-type"), "")
    if _PARTS.match(kind) and not maker.is_morgue:
        return Left("parts of pages: images, styles, scripts, data")
    return _captured(target, stored, data, maker)


def _captured(target: str, stored: Stored, data: bytes, maker: Maker) -> Captured:
    source = stored.source_uri if (stored.source_uri or "").startswith(("http://", "https://")) else None
    fetched = None
    if maker.is_morgue:
        fetched = stored.date
        with suppress(ValueError):
            fetched = parse_iso(stored.created) if stored.created else fetched
    if not source:
        return Captured(target, stored, data, maker.name, None, fetched)
    name = maker.name if maker.is_morgue else _HOSTS.get(urlsplit(source).hostname or "", maker.name)
    return Captured(target, stored, data, name, shown_at(source), fetched)


def shown_at(source: str) -> str:
    """Where people see a memento: replay addresses with `id_` give its raw bytes."""
    return re.sub(r"/(\d{4,14})id_/", r"/\1/", source, count=1)
