"""Versions of what morgue stands on."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from archive.checkup.base import Patient, Result, fail, ok, warn
from archive.schema import sqlite3

LIBRARIES = ("scrapy", "twisted", "trafilatura", "lxml", "sqlite-utils", "waybackpy", "warcio")

Version = tuple[int, ...]


def installation(_: Patient) -> Iterator[Result]:
    """morgue, Python, SQLite and the libraries."""
    yield ok(f"morgue {version('morgue')}, Python {platform.python_version()}, {platform.system()} {platform.release()}")
    found = {name: _version(name) for name in LIBRARIES}
    missing = [name for name, number in found.items() if number is None]
    if missing:
        yield fail(f"not installed: {', '.join(missing)}", "install morgue anew: pip install --force-reinstall morgue")
    yield ok(", ".join(f"{name} {number}" for name, number in found.items() if number))
    yield _sqlite(sqlite3.sqlite_version)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _sqlite(number: str) -> Result:
    if has_wal_bug(tuple(int(part) for part in number.split("."))):
        said = f"SQLite {number} can damage a database when two connections reset its WAL at once"
        return warn(said, "pip install pysqlite3 brings a version without that bug (3.51.3 and later have it fixed)")
    return ok(f"SQLite {number}")


def has_wal_bug(number: Version) -> bool:
    """SQLite's WAL-reset bug: 3.7.0 to 3.51.2; mended in 3.51.3 (2026-03-13), and in 3.50.7 and 3.44.6 of older lines
    (sqlite.org/wal.html, section 11, as of 2026)."""
    if not (3, 7, 0) <= number < (3, 51, 3):
        return False
    return not any(number[:2] == line[:2] and number >= line for line in ((3, 50, 7), (3, 44, 6)))
