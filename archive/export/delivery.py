"""Where an export goes: standard output, a file, a folder. A file or folder appears whole under its name, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.disk import sync_folder
from archive.errors import DiskFull, UsageError
from archive.export.base import Exporter, FileExporter, FolderExporter, Source, Tally

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO)


def deliver(exporter: Exporter, source: Source, output: Path | None) -> tuple[Tally, Path | None]:
    """Export to `output`, None is standard output; returns what was written and where. Raises UsageError, DiskFull."""
    if isinstance(exporter, FolderExporter):
        return _to_folder(exporter, source, output)
    if output is None:
        return _to_stdout(exporter, source), None
    target = output / f"morgue{exporter.extension}" if output.is_dir() else output
    with _explained(target), _replacing(target) as file:
        tally = exporter.write(source, file)
    return tally, target


def _to_stdout(exporter: FileExporter, source: Source) -> Tally:
    if exporter.binary and sys.stdout.isatty():
        raise UsageError(f"{exporter.name} is not for a terminal: name a file with -o FILE{exporter.extension}")
    if not exporter.seeks:
        tally = exporter.write(source, sys.stdout.buffer)
    else:
        with _explained(Path(tempfile.gettempdir())), tempfile.TemporaryFile() as file:
            tally = exporter.write(source, file)
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return tally


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    """A new file that takes the name when it is whole and on the disk; its mode is the old one's, or the usual one."""
    descriptor, name = tempfile.mkstemp(prefix=".morgue-", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
            os.fsync(file.fileno())
        temporary.replace(target)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _to_folder(exporter: FolderExporter, source: Source, output: Path | None) -> tuple[Tally, Path]:
    """Into a folder that is not there yet, or empty: what somebody keeps in one is not ours to mix with or to delete."""
    if output is None:
        raise UsageError(f"{exporter.name} is one file an article: name a folder with -o DIR")
    target = Path(os.path.abspath(output))  # noqa: PTH100 - "." and ".." have no name, and links stay as they are
    with _explained(output):
        if target.is_dir() and any(target.iterdir()):
            raise UsageError(f"{output} is not empty: name a new folder with -o DIR, or empty that one")
        if target.exists() and not target.is_dir():
            raise UsageError(f"{output} is a file, and {exporter.name} is one file an article: name a folder with -o DIR")
        temporary = Path(tempfile.mkdtemp(prefix=".morgue-", suffix=".tmp", dir=target.parent))
        try:
            tally = exporter.fill(source, temporary)
            temporary.chmod(0o777 & ~_umask())
            temporary.replace(target)
            sync_folder(target.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return tally, output


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"{target}: {error.strerror}; nothing was written under that name. Make room and run again") from error
        raise UsageError(f"{target} cannot be written ({error.strerror}): name another place with -o") from error
