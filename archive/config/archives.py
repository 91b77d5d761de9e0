"""`archives` of `morgue.toml`: the built-in ones by name, others by their addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from archive.config.entries import Entry, distinct, known
from archive.errors import UsageError
from archive.webarchives import WebArchive
from archive.webarchives.arquivo import Arquivo
from archive.webarchives.commoncrawl import CommonCrawl
from archive.webarchives.wayback import Wayback

MADE: dict[str, Callable[[], WebArchive]] = {"wayback": Wayback, "arquivo": Arquivo, "commoncrawl": CommonCrawl}
BUILT_IN = tuple(MADE)
"""In the order in which they are asked. Each one beyond the first costs every dead link further requests."""

RESERVED = frozenset({*BUILT_IN, "crawl", "home", "live"})
REQUESTS, SECONDS = 30, 60.0
"""What we ask of an archive whose limits nobody told us: half of what the strictest one that we know allows per minute."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """One `[[archives]]`: see archive.webarchives.memento.MementoArchive for the addresses."""

    name: str
    replay: str
    cdx: str | None = None
    timemap: str | None = None
    requests: int = REQUESTS
    seconds: float = SECONDS


def read_archives(listed: object, file: str) -> tuple[tuple[str, ...], tuple[ArchiveSettings, ...]]:
    """The names of those that are built in, in their order, and the others. Raises UsageError."""
    if not isinstance(listed, list) or not all(isinstance(entry, dict | str) for entry in listed):
        raise UsageError(f"{file}: write each archive under a line [[archives]], or archives = [{', '.join(BUILT_IN)}]")
    found = [_archive(entry, f"archives[{place}]", file) for place, entry in enumerate(listed, 1)]
    distinct([archive if isinstance(archive, str) else archive.name for archive in found], "archives", file)
    built_in = tuple(name for name in BUILT_IN if name in (*found, BUILT_IN[0]))
    return built_in, tuple(archive for archive in found if not isinstance(archive, str))


def _archive(entry: Mapping[str, Any] | str, where: str, file: str) -> ArchiveSettings | str:
    """An archive by its addresses, or the name of one that is built in."""
    name = entry if isinstance(entry, str) else entry.get("name") if set(entry) == {"name"} else None
    if name in BUILT_IN:
        return str(name)
    if isinstance(entry, str):
        raise UsageError(f"{file}: {where}: {entry!r} is not built in: {', '.join(BUILT_IN)} are")
    known(entry, ("name", "replay", "cdx", "timemap", "requests", "seconds"), file, f"{where}.")
    at = Entry(entry, where, file)
    name = at.text("name")
    if not _NAME.fullmatch(name):
        raise at.wrong("name", f"{name!r} is no name: lower case letters, digits and hyphens, please")
    if name in RESERVED:
        raise at.wrong("name", f"{name!r} is built in: choose another name")
    return ArchiveSettings(
        name=name,
        replay=at.address("replay", required=("{url}",), allowed=("{timestamp}",)) or "",
        cdx=at.address("cdx"),
        timemap=at.address("timemap", required=("{url}",)),
        requests=int(at.number("requests", REQUESTS, whole=True)),
        seconds=at.number("seconds", SECONDS),
    )
