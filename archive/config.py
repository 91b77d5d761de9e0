"""`morgue.toml` of a home: what a person may set, read into records. Pure: text in, records or a UsageError out.

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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive.errors import UsageError

RESERVED = frozenset({"arquivo", "commoncrawl", "crawl", "home", "live", "wayback"})
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
    """A whole `morgue.toml`; the empty file is Config()."""

    archives: tuple[ArchiveSettings, ...] = ()


def read_config(text: str, file: str) -> Config:
    """The settings in a text; `file` is its name for people. Raises UsageError, which names the file and the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    _known(table, ("archives",), file, "")
    listed = table.get("archives", [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise UsageError(f"{file}: write each archive under a line [[archives]]")
    archives = tuple(_archive(entry, f"archives[{place}]", file) for place, entry in enumerate(listed, 1))
    _distinct([archive.name for archive in archives], file)
    return Config(archives)


def _archive(entry: Mapping[str, Any], where: str, file: str) -> ArchiveSettings:
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
