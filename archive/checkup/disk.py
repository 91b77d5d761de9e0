"""Room on the disk, and whether we may write to it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from archive.checkup.base import Patient, Result, fail, ok, warn

LOW, FULL = 2 << 30, 100 << 20
"""Bytes: two WARC files of a gigabyte; hardly a day of crawling."""


def disk(patient: Patient) -> Iterator[Result]:
    """Free space and permissions of the home folder, or of the nearest folder above that is there."""
    folder = _existing(patient.home.folder.absolute())
    free = shutil.disk_usage(folder).free
    yield room(free, folder)
    if os.access(folder, os.W_OK | os.X_OK):
        yield ok(f"{folder} can be written")
    else:
        yield fail(f"{folder} cannot be written by this user", "give another folder with --home DIR, or change its owner")


def room(free: int, folder: Path) -> Result:
    """What free space means."""
    said = f"{free / (1 << 30):.1f} GiB free at {folder}"
    if free < FULL:
        return fail(said, "free some space: a run ends with exit code 8 when the disk is full, and loses nothing")
    return warn(said, "free some space, or move the home folder to a larger disk") if free < LOW else ok(said)


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.is_dir())
