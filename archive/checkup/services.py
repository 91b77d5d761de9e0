"""Web archives that are paused: what their answers of former runs left. Asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from archive.checkup.base import Patient, Result, ok, warn
from archive.schema import rows
from archive.terminal import safe


def services(patient: Patient) -> Iterator[Result]:
    """What is paused now, hosts that asked us to wait among them."""
    if not patient.exists:
        return
    with closing(patient.open()) as db:
        until = "datetime(blocked_until, 'unixepoch') AS until"
        sql = f"SELECT service, {until}, reason FROM budgets WHERE blocked_until > ? ORDER BY service"  # noqa: S608
        paused = rows(db, sql, patient.now.timestamp())
    for row in paused:
        yield warn(
            f"{safe(row['service'])} is paused until {row['until']}Z ({safe(row['reason'])})",
            "nothing: runs after that ask again",
        )
    if not paused:
        yield ok("no archive and no host is paused")
