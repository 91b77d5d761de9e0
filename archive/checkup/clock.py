"""The clock: captures, leases and pauses go by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

from archive.checkup.base import Patient, Result, fail, ok, warn
from archive.schema import rows
from archive.timestamps import iso, parse_iso

WRITTEN = datetime(2026, 11, 25, tzinfo=UTC)
"""No clock that is right shows an earlier day: this file is of that day."""

SLACK = timedelta(minutes=5)


def clock(patient: Patient) -> Iterator[Result]:
    """Against the day this was written and against what the home has seen."""
    shown = iso(patient.now)
    if patient.now < WRITTEN - timedelta(days=1):
        yield fail(f"the clock shows {shown}, which is past", "set it: `timedatectl set-ntp true`, or your system's way")
        return
    last = _last(patient)
    if last is not None and patient.now < last - SLACK:
        said = f"the clock shows {shown}, and this home has records of {iso(last)}"
        yield warn(said, "set the clock; records that were made when it was ahead stay as they are")
    else:
        yield ok(f"the clock shows {shown}")


def _last(patient: Patient) -> datetime | None:
    """The latest time that the home has of its own doings."""
    if not patient.exists:
        return None
    with closing(patient.open()) as db:
        sql = (
            "SELECT max(coalesce((SELECT max(fetched) FROM captures), ''), coalesce((SELECT max(started) FROM runs), '')) AS last"
        )
        last = rows(db, sql)[0]["last"]
    return parse_iso(last) if last else None
