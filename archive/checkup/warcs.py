"""The WARC files against the rows that point into them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.checkup.base import Patient, Result, fail, ok, warn
from archive.errors import DamagedArchive
from archive.schema import rows
from archive.warc import read_record
from archive.warc.read import OURS

RESTORE = "restore a copy of it: pages that were kept are in it"

_LAST = """
SELECT warc_file AS file, warc_offset AS offset, length, count(*) OVER (PARTITION BY warc_file) AS n,
       max(warc_offset + length) OVER (PARTITION BY warc_file) AS size
FROM captures ORDER BY file, offset
"""


def warcs(patient: Patient) -> Iterator[Result]:
    """Each file is there, as long as the database says, and its last record is whole; nothing lies beside or behind them."""
    if not patient.exists:
        return
    with closing(patient.open()) as db:
        last = {row["file"]: row for row in rows(db, _LAST)}
    folder = patient.home.warcs
    problems = [problem for row in last.values() for problem in _file(folder, row)]
    yield from problems
    if not any(problem.health == "fail" for problem in problems):
        captures, size = sum(row["n"] for row in last.values()), sum(row["size"] for row in last.values())
        yield ok(f"{len(last)} files of {size / (1 << 20):.1f} MiB hold {captures} captures; the last record of each is whole")
    strange = (
        sorted(path.name for path in folder.iterdir() if OURS.fullmatch(path.name) and path.name not in last)
        if folder.is_dir()
        else []
    )
    if strange:
        said = f"no row points into {', '.join(strange[:3])}" + (f" and {len(strange) - 3} more" if len(strange) > 3 else "")
        yield warn(said, "keep them: they hold pages that this database does not know of, as after restoring an older copy of it")


def _file(folder: Path, row: dict[str, Any]) -> Iterator[Result]:
    """What is wrong with one file; `row` is that of its last record."""
    path = folder / row["file"]
    if not path.is_file():
        yield fail(f"{row['file']} is missing, with {row['n']} captures", RESTORE, damaged=True)
        return
    size = path.stat().st_size
    if size < row["size"]:
        yield fail(f"{row['file']} ends {row['size'] - size} bytes before its last record does", RESTORE, damaged=True)
        return
    try:
        read_record(folder, row["file"], row["offset"], row["length"])
    except DamagedArchive as error:
        yield fail(f"its last record is not whole: {error}", RESTORE, damaged=True)
    if size > row["size"]:
        behind = f"{row['file']}: {size - row['size']} bytes behind its last record"
        yield warn(behind, "nothing: a run is writing them, or was killed, and the next one cuts off what is torn")
