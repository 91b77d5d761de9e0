"""Datasette, set up to read one home: its database read-only and followed, our templates before its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database as DatasetteDatabase
from datasette.utils import sqlite_timelimit

from archive.errors import MorgueError
from archive.home import Home
from archive.schema import Reader, connect_readonly, explained, rows, sqlite3

NAME = "morgue"  # of the database among Datasette's: its pages begin with /morgue
SECONDS = 10  # that a page may ask the database
_HERE = Path(__file__).parent

_SETTINGS = {
    "allow_download": False,  # a copy of a file in WAL mode lacks what is in its log
    "suggest_facets": False,  # many queries for links that are seldom followed
    "default_page_size": 25,
    "truncate_cells_html": 120,
    "sql_time_limit_ms": 3000,
    "max_csv_mb": 0,  # no limit: it is the reader's own archive
}

T = TypeVar("T")


class TooSlow(MorgueError):
    """A question took longer than a page may take."""


class ReadingRoom(Datasette):
    """Datasette on one home. Raises NothingFound when there is no archive in it, and what `connect_readonly` raises."""

    def __init__(self, home: Home) -> None:
        home.require()
        connect_readonly(home.database).close()
        super().__init__(
            template_dir=str(_HERE / "templates"), static_mounts=[("static", str(_HERE / "static"))], settings=_SETTINGS
        )
        self.home = home
        self._kept: dict[str, tuple[Any, Any]] = {}  # answers that took long, each with the state of the archive it is true for
        self.remove_database("_memory")  # which Datasette adds when it is given no file
        self.add_database(_HomeDatabase(self, home), name=NAME)

    async def ask_once(self, name: str, state: str, question: Callable[[Reader], T], seconds: float) -> T:
        """`ask` what looks at every address of the archive, and again only when the row that the SQL `state` gives is another."""
        now = await self.ask(lambda db: rows(db, state))
        if self._kept.get(name, (None,))[0] != now:
            self._kept[name] = (now, await self.ask(question, seconds))
        kept: T = self._kept[name][1]
        return kept

    async def ask(self, question: Callable[[Reader], T], seconds: float = SECONDS) -> T:
        """Put a question to the home's database, in a thread. Raises TooSlow, and errors with words for people."""

        def asked(connection: Any) -> T:
            with sqlite_timelimit(connection, seconds * 1000):
                return question(connection)

        try:
            answer: T = await self.databases[NAME].execute_fn(asked)
        except sqlite3.DatabaseError as error:
            if "interrupted" in str(error):
                raise TooSlow(f"that took longer than {seconds:g} seconds: ask for less, or use `morgue sql`") from error
            raise explained(error, self.home.database) or error from error
        return answer


class _HomeDatabase(DatasetteDatabase):
    """The home's database, opened as all our readers open it; there is no way to write."""

    def __init__(self, room: ReadingRoom, home: Home) -> None:
        super().__init__(room, path=str(home.database), is_mutable=True)

    def connect(self, write: bool = False) -> Any:
        if write:
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return connect_readonly(Path(self.path))
