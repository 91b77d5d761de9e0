"""`morgue.toml` of a home: what a person may set, read into records. Pure: text in, records or a UsageError out.

archives = ["wayback", "arquivo", "commoncrawl"]          # archives that are built in; the first one is always asked

or, where archives of one's own are added, every archive under a line of its own:

[[archives]]
name = "arquivo"

[[archives]]                                              # asked after the archives that are built in, in this order
name = "webarchive"
replay = "https://www.example.org/coll/{timestamp}id_/{url}"
cdx = "https://www.example.org/coll/cdx"                  # optional: a capture index in pywb's dialect
timemap = "https://www.example.org/coll/timemap/link/{url}"   # optional, used where there is no index
requests = 30                                             # at most so many requests …
seconds = 60                                              # … in so many seconds, for replay and for index
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive.budgets import LIMITS, Limit
from archive.errors import UsageError
from archive.home import Home
from archive.webarchives import WebArchive
from archive.webarchives.arquivo import Arquivo
from archive.webarchives.commoncrawl import CommonCrawl
from archive.webarchives.memento import MementoArchive
from archive.webarchives.wayback import Wayback

_MADE: dict[str, Callable[[], WebArchive]] = {"wayback": Wayback, "arquivo": Arquivo, "commoncrawl": CommonCrawl}
BUILT_IN = tuple(_MADE)
"""In the order in which they are asked. Each one beyond the first costs every dead link further requests."""

RESERVED = frozenset({*BUILT_IN, "crawl", "home", "live"})
REQUESTS, SECONDS = 30, 60.0
"""What we ask of an archive whose limits nobody told us: half of what the strictest one that we know allows per minute."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_PLACEHOLDERS = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """One `[[archives]]`: see archive.webarchives.memento.MementoArchive for the addresses."""

    name: str
    replay: str
    cdx: str | None = None
    timemap: str | None = None
    requests: int = REQUESTS
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Config:
    """A whole `morgue.toml`; the empty file is Config(). `built_in` are names out of BUILT_IN, in its order."""

    built_in: tuple[str, ...] = BUILT_IN[:1]
    archives: tuple[ArchiveSettings, ...] = ()

    def web_archives(self) -> tuple[WebArchive, ...]:
        """The archives to ask, in order; made anew for each run, since one of them learns."""
        named = tuple(_MADE[name]() for name in self.built_in)
        return (*named, *(MementoArchive(one.name, one.replay, one.cdx, one.timemap) for one in self.archives))

    def limits(self) -> dict[str, Limit]:
        """The budgets of all services that may be asked."""
        own = {one.name: Limit(one.requests, one.seconds, 1) for one in self.archives}
        return LIMITS | {f"{name}-{service}": limit for name, limit in own.items() for service in ("replay", "cdx")}

    def hosts(self) -> tuple[str, ...]:
        """Where the archives that a person configured are."""
        urls = [url for one in self.archives for url in (one.replay, one.cdx, one.timemap) if url]
        return tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))


def read_config(text: str, file: str) -> Config:
    """The settings in a text; `file` is its name for people. Raises UsageError, which names the file and the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    _known(table, ("archives",), file, "")
    listed = table.get("archives", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict | str) for entry in listed):
        raise UsageError(f"{file}: write each archive under a line [[archives]], or archives = [{', '.join(BUILT_IN)}]")
    found = [_archive(entry, f"archives[{place}]", file) for place, entry in enumerate(listed, 1)]
    _distinct([archive if isinstance(archive, str) else archive.name for archive in found], file)
    built_in = tuple(name for name in BUILT_IN if name in (*found, BUILT_IN[0]))
    return Config(built_in, tuple(archive for archive in found if not isinstance(archive, str)))


def _archive(entry: Mapping[str, Any] | str, where: str, file: str) -> ArchiveSettings | str:
    """An archive by its addresses, or the name of one that is built in."""
    name = entry if isinstance(entry, str) else entry.get("name") if set(entry) == {"name"} else None
    if name in BUILT_IN:
        return str(name)
    if isinstance(entry, str):
        raise UsageError(f"{file}: {where}: {entry!r} is not built in: {', '.join(BUILT_IN)} are")
    _known(entry, ("name", "replay", "cdx", "timemap", "requests", "seconds"), file, f"{where}.")
    at = _Entry(entry, where, file)
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """A table of the file, for reading one key after the other."""

    values: Mapping[str, Any]
    where: str
    file: str

    def wrong(self, key: str, what: str) -> UsageError:
        return UsageError(f"{self.file}: {self.where}.{key}: {what}")

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, "is missing" if value is None else "must be a text")
        return value

    def address(self, key: str, required: tuple[str, ...] = (), allowed: tuple[str, ...] = ()) -> str | None:
        """An address with placeholders, `{url}` at its end; None for an optional one that is not there."""
        if key not in self.values and key != "replay":
            return None
        address = self.text(key)
        held = _PLACEHOLDERS.findall(address)
        strange = [name for name in held if name not in (*required, *allowed)]
        if strange or len(set(held)) != len(held):
            raise self.wrong(key, f"{(strange or held)[0]} is not expected here, or not twice")
        if missing := [name for name in required if name not in held]:
            raise self.wrong(key, f"it must say where the address goes: {missing[0]}")
        if "{url}" in held and not address.endswith("{url}"):
            raise self.wrong(key, "{url} must stand at its end")
        self._reachable(key, address)
        return address

    def _reachable(self, key: str, address: str) -> None:
        try:
            parts = urlsplit(_PLACEHOLDERS.sub("", address))
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or "{" in urlsplit(address).netloc:
            raise self.wrong(key, f"{address!r} is no address that starts with https://host/ or http://host/")
        if "@" in parts.netloc or "#" in address:
            raise self.wrong(key, "it must hold no name, password or #fragment")

    def number(self, key: str, default: float, *, whole: bool = False) -> float:
        value = self.values.get(key, default)
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not 0 < value < 1e6:
            raise self.wrong(key, f"{value!r} must be a {'whole ' if whole else ''}number above 0")
        return float(value)


def _known(table: Mapping[str, Any], names: Iterable[str], file: str, where: str) -> None:
    for key in table:
        if key not in names:
            raise UsageError(f"{file}: {where}{key}: there is no such setting; known here are {', '.join(names)}")


def _distinct(names: list[str], file: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{file}: two archives are called {name!r}")


def config_of(home: Home) -> Config:
    """What a person set for a home; raises UsageError when that cannot be read."""
    try:
        text = home.config_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{home.config_file} cannot be read ({reason})") from error
    return read_config(text, str(home.config_file))
