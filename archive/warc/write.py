"""Appending to WARC files so that a commit can point to them, and cutting off what no commit points to."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from archive.errors import DiskFull
from archive.timestamps import to_timestamp
from archive.warc.pack import Packed

OURS = re.compile(r"morgue-\d{14}-\d{5}\.warc\.gz")
MAX_BYTES = 1 << 30  # a gigabyte a file: the custom of the field (ISO 28500, annex C)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record is: the file's name in the folder, offset and length of its gzip member."""

    file: str
    offset: int
    length: int


class WarcWriter:
    """Appends to the newest file of a folder, or to a new one when that is full.

    The request's record goes first, so that a file's committed end is the end of the last response in the database.
    Call `sync` before the commit that points to what was appended, `committed` or `rollback` after it.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime], max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._now = now
        self._max_bytes = max_bytes
        self._file: BinaryIO | None = None
        self._path = folder
        self._dirty = False
        self._ends: dict[Path, int] = {}  # of the files appended to since the last commit: where they ended then

    def append(self, packed: Packed) -> Location:
        """Write both records. Raises DiskFull: then roll back."""
        file = self._open()
        start = file.tell()
        self._ends.setdefault(self._path, start)
        try:
            file.write(packed.request)
            file.write(packed.response)
            file.flush()
        except OSError as error:
            raise self._full(error) from error
        self._dirty = True
        return Location(self._path.name, start + len(packed.request), len(packed.response))

    def sync(self) -> None:
        """Have everything on the disk. Raises DiskFull."""
        if self._file is None or not self._dirty:
            return
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._full(error) from error
        self._dirty = False

    def committed(self) -> None:
        """What was appended is pointed to now."""
        self._ends.clear()

    def rollback(self) -> None:
        """Cut off what was appended since the last commit; nothing half-written is left behind."""
        with suppress(OSError):  # what its buffer still holds need not be written
            self.close()
        self._file = None
        for path, end in self._ends.items():
            os.truncate(path, end)
        self._ends.clear()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._max_bytes:
            self.sync()
            self.close()
        if self._file is None:
            self._file = self._newest() or self._create()
        return self._file

    def _newest(self) -> BinaryIO | None:
        """The last file, if it still has room."""
        files = sorted(path for path in self._folder.iterdir() if OURS.fullmatch(path.name))
        if not files or files[-1].stat().st_size >= self._max_bytes:
            return None
        self._path = files[-1]
        file = self._path.open("r+b")
        file.seek(0, os.SEEK_END)
        return file

    def _create(self) -> BinaryIO:
        """A new file with its warcinfo record; its name is on disk before any record is."""
        serial = sum(1 for path in self._folder.iterdir() if OURS.fullmatch(path.name))
        self._path = self._folder / f"morgue-{to_timestamp(self._now())}-{serial:05d}.warc.gz"
        try:
            file = self._path.open("xb")
            file.write(_warcinfo(self._path.name))
            file.flush()
            _sync_folder(self._folder)
        except OSError as error:
            raise self._full(error) from error
        return file

    def _full(self, error: OSError) -> DiskFull:
        advice = "free some space, or move the home folder, then run again: nothing that was reported as kept is lost"
        return DiskFull(f"cannot write {self._path} ({error.strerror}): {advice}")


def _warcinfo(name: str) -> bytes:
    packed = io.BytesIO()
    writer = WARCWriter(packed, gzip=True, warc_version="1.1")
    facts = {
        "software": f"morgue/{version('morgue')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
    }
    writer.write_record(writer.create_warcinfo_record(name, facts))
    return packed.getvalue()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def recover(folder: Path, committed: Mapping[str, int]) -> list[str]:
    """Cut every file of ours back to its committed end; returns lines for people.

    A file of which nothing was committed is removed. Names that are not ours are left alone.
    """
    lines = []
    for path in sorted(folder.iterdir()):
        if not OURS.fullmatch(path.name):
            continue
        size, end = path.stat().st_size, committed.get(path.name, 0)
        if size > end == 0:
            path.unlink()
        elif size > end:
            os.truncate(path, end)
            lines.append(f"{path.name}: {size - end} bytes of an unfinished record removed")
    return lines
