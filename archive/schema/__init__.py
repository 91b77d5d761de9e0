"""The tables of `morgue.db` as SQL to read, and the migrations that made them.

A stranger with sqlite-utils or Datasette needs no manual: docs/database.md.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from archive.errors import DamagedArchive, DiskFull, HomeLocked, MorgueError, UsageError

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database
else:
    try:  # as sqlite-utils chooses, which is not imported for reading: it takes longer than all the rest of `morgue show`
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

__all__ = ["Reader", "as_json", "connect", "connect_readonly", "explained", "insert", "rows", "sqlite3", "storable"]

APPLICATION_ID = 0x6D6F7267  # "morg": lets file(1) and us know the database for ours
PAGE_SIZE = 2048  # bytes; an article fills two, of SQLite's usual 4096 it leaves a sixth empty (docs/decisions.md)

_PRAGMAS = (
    f"page_size={PAGE_SIZE}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"application_id={APPLICATION_ID}",
    # KiB. With SQLite's 2,000 a crawl reads its index pages again and again: 1.3 ms a page of system time, 0.4 with this.
    "cache_size=-16000",
)


class Reader(Protocol):
    """What questions need of a database: a connection of sqlite3 and a Database of sqlite-utils have it."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Any: ...

    def close(self) -> None: ...


def connect(path: Path) -> Database:
    """Open for writing: current tables, WAL, every commit on disk before it returns.

    synchronous=FULL since an acknowledged page must outlive a power cut; commits are grouped, so it costs nothing that
    one sees (1,980 against 1,900 rows a second: measured 2026-11-23 in batches of 100). Raises UsageError for another
    program's database, which is left as it is.
    """
    from sqlite_utils import Database  # noqa: PLC0415 - see above

    from archive.schema.migrations import migrations  # noqa: PLC0415

    connection = sqlite3.connect(str(path), timeout=60, isolation_level=None, check_same_thread=False)
    try:
        _refuse_foreign(connection, path)
        db = Database(connection)
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        migrations.apply(db)
    except BaseException:
        connection.close()
        raise
    return db


def connect_readonly(path: Path) -> Reader:
    """Open for reading; sees a crawl's commits as they come. Raises UsageError for another program's database."""
    connection = _open_readonly(path)
    try:
        _refuse_foreign(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _open_readonly(path: Path) -> Reader:
    """On a read-only disk SQLite cannot make the shared memory of a WAL: there the file is read as immutable.

    Only when no WAL lies beside it: with one, `immutable=1` gives wrong answers (facts of 2026-11-23).
    """
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=60)
    try:
        connection.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.OperationalError as error:
        connection.close()
        if "unable to open" not in str(error) or path.with_name(path.name + "-wal").exists():
            raise
        return sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True)
    return connection


def _refuse_foreign(connection: Any, path: Path) -> None:
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise UsageError(f"{path} is a database of another program: give another folder with --home DIR")


_FULL = ("is full", "readonly", "disk I/O", "unable to open")
_DAMAGED = ("malformed", "corrupt", "not a database", "no such table", "no such column", "decode to UTF-8")


def explained(error: sqlite3.DatabaseError, path: Path) -> MorgueError | None:
    """An error of SQLite that a person can do something about; None for any other, which is a bug."""
    text = str(error)
    if "locked" in text:
        return HomeLocked(f"{path} is locked by another program ({text}): close what has it open, then run again")
    if any(sign in text for sign in _FULL):
        return DiskFull(f"cannot use {path} ({text}): free some space or check permissions, then run again")
    if any(sign in text for sign in _DAMAGED):
        return DamagedArchive(f"{path} is damaged ({text}): restore a copy of it; the WARC files hold the pages")
    return None


_BEYOND_TEXT = re.compile("[\0\ud800-\udfff]")
_LARGEST = 2**63 - 1


def as_json(value: Any) -> str:
    """A value as columns keep it that hold JSON; dates and paths in it become text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def storable(value: Any) -> Any:
    """A value as SQLite can keep it and its own functions can read it.

    NUL ends a text for `length()` and most tools, a lone surrogate has no UTF-8: each becomes U+FFFD, so that offsets
    into a text stay true. Integers end at 63 bits.
    """
    if isinstance(value, str):
        return value if _is_text(value) else _BEYOND_TEXT.sub("\ufffd", value)
    if isinstance(value, int):
        return max(-_LARGEST - 1, min(value, _LARGEST))
    return value


def _is_text(value: str) -> bool:
    """What the pattern would find, in a tenth of its time: most texts are whole (2026-11-25)."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def insert(db: Database, table: str, values: dict[str, Any], otherwise: str = "") -> int:
    """Insert a row, its values made `storable`; returns its id. `otherwise` is an ON CONFLICT clause."""
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table}({columns}) VALUES ({marks}) {otherwise}"  # noqa: S608 - names are ours
    return int(db.execute(sql, tuple(map(storable, values.values()))).lastrowid or 0)


def rows(db: Reader, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    """The answer to a query as dictionaries."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
