"""The SQL that makes the database of today, as it is kept in tests/archive/schemas/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.schema import APPLICATION_ID, connect

FOLDER = Path(__file__).parent / "schemas"
UNRELEASED = FOLDER / "unreleased.sql"


def dump(db: Any) -> str:
    """Everything but the tables that FTS5 makes for itself, in the order of making, and the record of the migrations."""
    made = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '*_fts_*' ORDER BY rowid"
    triggers = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'articles_fts_*' ORDER BY rowid"
    statements = [row[0] for sql in (made, triggers) for row in db.execute(sql).fetchall()]
    names = [row[0] for row in db.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid").fetchall()]
    applied = [
        f"INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('morgue', '{name}', '2026-11-25')"
        for name in names
    ]
    return "".join(f"{statement};\n" for statement in [*statements, *applied, f"PRAGMA application_id = {APPLICATION_ID}"])


def today() -> str:
    db = connect(Path(":memory:"))
    try:
        return dump(db)
    finally:
        db.close()
