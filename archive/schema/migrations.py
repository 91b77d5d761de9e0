"""The migrations that made the tables. Nothing is released yet: until then the first one is changed in place."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from archive.schema import sqlite3
from archive.schema.search import SEARCH
from archive.schema.tables import TABLES
from archive.schema.views import VIEWS

migrations = Migrations("morgue")


@migrations()
def first_tables(db: Database) -> None:
    """2026-11-24: the spine."""
    for script in (TABLES, SEARCH, VIEWS):
        for statement in split(script):
            db.execute(statement)


def split(script: str) -> list[str]:
    """The statements of a script, each with the comments before it; executescript() would end the transaction."""
    statements, lines = [], []
    for line in script.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            statements.append("\n".join(lines))
            lines = []
    return statements
