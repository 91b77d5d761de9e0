"""Appending to WARC files so that a commit can point to them, and cutting off what no commit points to."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from archive.disk import sync_folder
from archive.errors import DiskFull
from archive.timestamps import iso, to_timestamp
from archive.warc.pack import Packed, record
from archive.warc.read import OURS, records

MAX_BYTES = 1 << 30  # a gigabyte a file: the custom of the field (ISO 28500, annex C)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record is: the file's name in the folder, offset and length of its gzip member."""

    file: str
    offset: int
    length: int


class WarcWriter:
    """Appends to the newest file of a folder, or to a new one when that is full.

    The request's record goes first, so that an exchange is whole when its response is.
    Call `sync` before the commit that points to what was appended, `committed` or `rollback` after it.
    A file in `closed` is never appended to.
    """

    def __init__(
        self, folder: Path, *, now: Callable[[], datetime], max_bytes: int = MAX_BYTES, closed: Collection[str] = ()
    ) -> None:
        self._folder = folder
        self._now = now
        self._max_bytes = max_bytes
        self._closed = closed
        self._file: BinaryIO | None = None
        self._path = folder
        self._dirty = False
        self._ends: dict[Path, int] = {}  # of the files appended to since the last commit: where they ended then

    def append(self, packed: Packed) -> Location:
        """Write both records. Raises DiskFull: then roll back."""
        try:
            file = self._open()
            start = file.tell()
            self._ends.setdefault(self._path, start)
            self._dirty = True
            file.write(packed.request)
            file.write(packed.response)
            file.flush()
        except OSError as error:
            raise self._full(error) from error
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
        self.close()
        for path, end in self._ends.items():
            try:
                os.truncate(path, end)
            except OSError:  # a disk that refuses even this: the next start cuts the file, until then it is left alone
                self._closed = {*self._closed, path.name}
        self._ends.clear()

    def close(self) -> None:
        """Let go of the file; what its buffer still holds belongs to no commit."""
        if self._file is not None:
            with suppress(OSError):
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
        files = _ours(self._folder)
        if not files or files[-1].name in self._closed or files[-1].stat().st_size >= self._max_bytes:
            return None
        self._path = files[-1]
        file = self._path.open("r+b")
        file.seek(0, os.SEEK_END)
        return file

    def _create(self) -> BinaryIO:
        """A new file with its warcinfo record; its name is on disk before any record is. Raises OSError."""
        files = _ours(self._folder)
        serial = _serial(files[-1]) + 1 if files else 0
        now = self._now()
        self._path = self._folder / f"morgue-{to_timestamp(now)}-{serial:05d}.warc.gz"
        file = self._path.open("xb")
        try:
            file.write(warcinfo(self._path.name, now))
            file.flush()
            sync_folder(self._folder)
        except OSError:
            with suppress(OSError):
                file.close()
            self._path.unlink(missing_ok=True)  # half a record at its start would spoil the file
            raise
        return file

    def _full(self, error: OSError) -> DiskFull:
        advice = "free some space, or move the home folder, then run again: nothing that was reported as kept is lost"
        return DiskFull(f"cannot write {self._path} ({error.strerror}): {advice}")


def _ours(folder: Path) -> list[Path]:
    """Our files in the order in which they were begun: by serial, since a clock may be set back."""
    return sorted((path for path in folder.iterdir() if OURS.fullmatch(path.name)), key=lambda path: (_serial(path), path))


def _serial(path: Path) -> int:
    return int(path.name.split("-")[2][:5])


def warcinfo(name: str, now: datetime, part_of: str | None = None) -> bytes:
    """The record that says of those behind it who wrote them, and which archive they are from when that is not this one."""
    facts = {
        "software": f"morgue/{version('morgue')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
    }
    facts |= {"isPartOf": part_of} if part_of else {}
    block = "".join(f"{key}: {value}\r\n" for key, value in facts.items()).encode()
    return record("warcinfo", (("WARC-Date", iso(now)), ("WARC-Filename", name)), block, "application/warc-fields")


@dataclass(frozen=True, slots=True)
class Recovery:
    """What `recover` did, in lines for people, and the files that lack what was committed to them."""

    lines: tuple[str, ...] = ()
    damaged: frozenset[str] = frozenset()


def recover(folder: Path, committed: Mapping[str, int]) -> Recovery:
    """Cut the torn end off every file of ours; names that are not ours are left alone.

    `committed` says where the last record that the database points to ends. Whole exchanges behind it are kept:
    after a crash they are a few answers fetched for nothing, but for a database restored from an older copy they are
    the pages it does not know of.
    """
    lines = [line for path in _ours(folder) if (line := _without_torn_end(path, committed.get(path.name, 0)))]
    damaged = []
    for name, end in sorted(committed.items()):
        path = folder / name
        if not path.exists():
            damaged.append(name)
            lines.append(f"{name} is missing, with pages that were kept: restore a copy of it")
        elif missing := max(0, end - path.stat().st_size):
            damaged.append(name)
            lines.append(f"{name}: {missing} bytes of pages that were kept are missing: restore a copy of it")
    return Recovery(tuple(lines), frozenset(damaged))


def _without_torn_end(path: Path, committed: int) -> str | None:
    """Cut a file behind its last whole exchange, remove it when there is none; returns a line for people."""
    size = path.stat().st_size
    whole = committed
    for offset, length, stored, reason in records(path, committed):
        if stored is not None and reason is None and stored.warc_type in ("response", "revisit"):
            whole = offset + length
    if whole == 0:
        path.unlink()
    elif size > whole:
        os.truncate(path, whole)
        return f"{path.name}: {size - whole} bytes of an unfinished record removed"
    return None
