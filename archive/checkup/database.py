"""`morgue.db`: whole, current, and nobody's prisoner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast

from sqlite_utils import Database

from archive.checkup.base import Patient, Result, fail, ok, warn
from archive.schema import Reader, rows
from archive.schema.migrations import migrations

LARGE_WAL = 256 << 20  # bytes: a reader has kept it from being folded back for long
TOLD = 3  # problems of one sort

RESTORE = "restore a copy of morgue.db; the WARC files hold the pages"


def database(patient: Patient) -> Iterator[Result]:
    """quick_check and foreign_key_check of SQLite, pending migrations, the log, and the last run."""
    if not patient.exists:
        yield warn(
            f"there is no archive in {patient.home.folder} yet", "start one with `morgue crawl URL|FILE`, or give --home DIR"
        )
        return
    with closing(patient.open()) as db:
        yield from _integrity(db)
        yield _tables(db)
        yield from _last_run(db)
    log = patient.home.database.with_name("morgue.db-wal")
    size = log.stat().st_size if log.is_file() else 0
    if size > LARGE_WAL:
        yield warn(
            f"its write-ahead log has {size >> 20} MiB", "end the programs that have the database open, then run morgue once"
        )


def _integrity(db: Reader) -> Iterator[Result]:
    said = [str(next(iter(row.values()))) for row in rows(db, f"PRAGMA quick_check({TOLD})")]
    if said != ["ok"]:
        yield fail(f"the database is damaged: {'; '.join(said)}", RESTORE, damaged=True)
        return
    orphans = rows(db, 'SELECT "table", count(*) AS n FROM pragma_foreign_key_check GROUP BY 1')
    for row in orphans:
        yield fail(f"{row['n']} rows of {row['table']} point to rows that are not there", RESTORE, damaged=True)
    if not orphans:
        yield ok("the database is whole (quick_check, foreign_key_check)")


def _tables(db: Reader) -> Result:
    pending = [migration.name for migration in migrations.pending(Database(cast("Any", db)))]
    if pending:
        return warn(
            f"its tables are of an earlier morgue (to come: {', '.join(pending)})", "nothing: the next run brings them up to date"
        )
    return ok("its tables are current")


def _last_run(db: Reader) -> Iterator[Result]:
    last = rows(db, "SELECT command, started, state, exit_code FROM runs ORDER BY id DESC LIMIT 1")
    if not last:
        return
    run = last[0]
    said = f"last run: `{run['command']}` of {run['started']}, {run['state']}"
    if run["state"] == "killed" or (run["exit_code"] or 0) in (1, 8, 9):
        yield warn(said, "run it again: it goes on where it was; `morgue runs` lists the others")
    else:
        yield ok(said)
