"""One table of `morgue.toml`, read key after key: each mistake is told with its file, table and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from archive.errors import UsageError

_PLACEHOLDERS = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Entry:
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

    def optional(self, key: str) -> str | None:
        """A text, or None where the key is not there."""
        return self.text(key) if key in self.values else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one, and no key an empty one."""
        value = self.values.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) and one.strip() for one in listed):
            raise self.wrong(key, 'must be a list of texts: ["…", "…"]')
        return tuple(listed)

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


def known(table: Mapping[str, Any], names: Iterable[str], file: str, where: str) -> None:
    """Raise UsageError for a key that is none of `names`."""
    for key in table:
        if key not in names:
            raise UsageError(f"{file}: {where}{key}: there is no such setting; known here are {', '.join(names)}")


def distinct(names: list[str], what: str, file: str) -> None:
    """Raise UsageError when a name stands twice."""
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{file}: two {what} are called {name!r}")
