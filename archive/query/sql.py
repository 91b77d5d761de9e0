"""One question in SQL, asked so that it can neither change anything nor take forever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

from archive.errors import MorgueError, UsageError
from archive.home import Home
from archive.query.base import open_home
from archive.schema import Reader, sqlite3
from archive.terminal import safe

_STEPS = 5_000  # of SQLite's virtual machine between two looks at the clock: some tenths of a millisecond
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
# Pragmas that tell and change nothing, whatever stands behind them; FTS5 itself asks for data_version.
_TELLING = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list", "data_version"}
    | {"compile_options", "function_list", "module_list", "pragma_list", "collation_list", "database_list", "integrity_check"}
    | {"quick_check", "foreign_key_check"}
)
_ASKED = frozenset({"page_count", "page_size", "freelist_count", "application_id", "user_version", "encoding", "journal_mode"})


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns' names, made different from each other, and the rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def ask_sql(home: Home, sql: str, seconds: float) -> Answer:
    """The answer to one SELECT. Raises UsageError for SQL that is wrong or would write, MorgueError when it takes longer
    than `seconds`; both also while rows are read."""
    db = open_home(home)
    _bind(db, seconds)
    try:
        cursor = db.execute(sql)
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        db.close()
        raise _told(error, seconds) from error
    if cursor.description is None:
        db.close()
        raise UsageError("this is no question: write one SELECT (the database is opened for reading only)")
    return Answer(_different([column[0] for column in cursor.description]), _read(db, cursor, seconds))


def _bind(db: Any, seconds: float) -> None:
    """The file is open for reading already; this refuses ATTACH, which could make another file, and long questions."""
    db.execute("PRAGMA query_only = ON")
    db.enable_load_extension(False)
    end = monotonic() + seconds
    db.set_progress_handler(lambda: monotonic() >= end, _STEPS)
    db.set_authorizer(_allow)


def _allow(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    pragma = (first or "").lower() if action == sqlite3.SQLITE_PRAGMA else ""
    allowed = action in _READING or pragma in _TELLING or (pragma in _ASKED and second is None)
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _read(db: Reader, cursor: Any, seconds: float) -> Iterator[tuple[Any, ...]]:
    try:
        yield from cursor
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise _told(error, seconds) from error
    finally:
        db.close()


def _told(error: Exception, seconds: float) -> MorgueError:
    text = safe(error)
    if "interrupted" in text:
        return MorgueError(f"the question took longer than {seconds:g} seconds: ask for less, or allow more with --timeout")
    if "not authorized" in text or "prohibited" in text or "readonly" in text:
        return UsageError(f"only reading is allowed here ({text}): to change the file use sqlite-utils while no crawl runs")
    return UsageError(f"SQLite does not understand this: {text}")


def _different(names: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        tries = (name, *(f"{name}_{number}" for number in range(2, len(names) + 2)))
        found[next(one for one in tries if one not in found)] = None
    return tuple(found)
