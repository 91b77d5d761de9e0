"""One home folder: `morgue.db`, `warc/*.warc.gz`, `morgue.toml` if somebody wrote one, and the lock against a second writer."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from archive.disk import sync_folder
from archive.errors import DiskFull, HomeLocked, NothingFound, UsageError
from archive.timestamps import iso


@dataclass(frozen=True, slots=True)
class Home:
    """Where one archive lives."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "morgue.db"

    @property
    def warcs(self) -> Path:
        return self.folder / "warc"

    @property
    def lock_file(self) -> Path:
        return self.folder / "morgue.lock"

    @property
    def config_file(self) -> Path:
        return self.folder / "morgue.toml"

    def create(self) -> None:
        """Make the folders, their names safe on the disk; raises UsageError or DiskFull when that is not possible."""
        try:
            if not self.warcs.is_dir():
                self.warcs.mkdir(parents=True, exist_ok=True)
                for folder in (self.folder, self.folder.absolute().parent):
                    sync_folder(folder)
        except (FileExistsError, NotADirectoryError) as error:
            raise UsageError(f"{error.filename} is not a folder: give another with --home DIR") from error
        except OSError as error:
            raise DiskFull(f"cannot write to {self.folder} ({error.strerror}): give another with --home DIR") from error

    def require(self) -> None:
        """Raise NothingFound when there is no archive here yet."""
        if not self.database.is_file():
            raise NothingFound(f"there is no archive in {self.folder}: start one with `morgue crawl URL|FILE`")


class HomeLock:
    """Held by the one process that writes to a home; the kernel lets go of it when that process ends.

    flock(2) on a file that says who holds it. Not for network file systems, where SQLite's WAL does not work either.
    """

    def __init__(self, home: Home, command: str, now: datetime) -> None:
        self._home = home
        self._holder = {"pid": os.getpid(), "command": command, "since": iso(now)}
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        """Raises HomeLocked when another process holds it, DiskFull when the folder cannot be written."""
        try:
            file = self._home.lock_file.open("a+", encoding="utf-8")
            try:
                self._take(file)
            except BaseException:
                file.close()
                raise
        except OSError as error:
            raise DiskFull(
                f"cannot write to {self._home.folder} ({error.strerror}): free some space or check permissions"
            ) from error
        self._file = file
        return self

    def _take(self, file: IO[str]) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeLocked(f"{self._home.folder} is in use by {_holder(file)}: wait for it to end, or stop it") from error
        file.truncate(0)
        file.write(json.dumps(self._holder))
        file.flush()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


def _holder(file: IO[str]) -> str:
    """Who holds the lock, for people; the file may be half-written."""
    try:
        file.seek(0)
        held = json.loads(file.read())
        return f"process {held['pid']} (`{held['command']}`, since {held['since']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
