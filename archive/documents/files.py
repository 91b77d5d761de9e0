"""Documents on disk: which files of a folder are documents, and how one is replaced without ever being half written."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.clippings.bytes import MAX_BYTES
from archive.documents.formats import extensions
from archive.errors import DiskFull, DocumentError

_SKIPPED = frozenset(("node_modules", "bower_components", "__pycache__", "site-packages", "venv"))
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)
MAX_BACKUPS = 10_000


# -- in ---------------------------------------------------------------------------------------------------------------


def documents_in(path: Path, warn: Callable[[str], None]) -> Iterator[Path]:
    """A file as it is; of a folder the files whose extension a format has, sorted, folders by name.

    Not entered: hidden folders, installed packages, and symbolic links, so that nothing is read twice or without end,
    and nothing outside the folder is written. `warn` takes one line for each folder or file that cannot be read. Raises
    DocumentError when there is nothing at `path`.
    """
    if path.is_dir():
        known = tuple(sorted(extensions()))
        for folder, names, files in os.walk(path, onerror=lambda error: warn(f"{error.filename}: {_said(error)}")):
            names[:] = sorted(name for name in names if not name.startswith(".") and name not in _SKIPPED)
            yield from (file for name in sorted(files) if _is_document(file := Path(folder, name), known, warn))
    elif path.exists():
        yield path
    else:
        raise DocumentError(str(path), "there is no such file or folder")


def _is_document(path: Path, known: tuple[str, ...], warn: Callable[[str], None]) -> bool:
    if path.name.startswith(".") or not path.name.lower().endswith(known) or path.is_symlink():
        return False
    if not path.is_file():
        warn(f"{path}: is no regular file: passed over")
        return False
    return True


def read_file(path: Path) -> bytes:
    """Raises DocumentError with one line on what to do."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DocumentError(str(path), "is a folder")
        if status.st_size > MAX_BYTES:
            raise DocumentError(str(path), f"is larger than {MAX_BYTES // 2**20} MiB: split it")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(str(path), _said(error)) from error


def _said(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "cannot be read: you have no permission"
    return f"cannot be read ({(error.strerror or str(error)).lower()})"


# -- out --------------------------------------------------------------------------------------------------------------


def write_atomically(path: Path, data: bytes, original: bytes) -> Path | None:
    """Put `data` in the place of a file that holds `original`; the old file stays as `NAME.bak`, or `.bak1`, `.bak2`, ….

    At any moment there is the whole old file or the whole new one under the name, and no backup is overwritten. Mode,
    owner and extended attributes are kept where the system lets us. A symbolic link stays one: its target is written,
    and the backup lies beside the target. Another hard link keeps the old text. Returns the backup, None when
    there was nothing to write. Raises DocumentError (also when the file was changed since it was read), DiskFull.
    """
    if data == original:
        return None
    target = _target(path, original)
    temporary: Path | None = None
    try:
        temporary = _written(target, data)
        backup = _backup(target)
        try:
            temporary.replace(target)
        except OSError:
            backup.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return backup


def _target(path: Path, original: bytes) -> Path:
    """The file behind the name, which must still hold what the links were found in."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise DocumentError(str(path), "is gone, or is a symbolic link to nothing") from error
    if not os.access(target, os.W_OK):
        raise DocumentError(str(path), "is read-only: nothing was written; allow writing (chmod u+w) and run again")
    if read_file(target) != original:
        raise DocumentError(str(path), "was changed while its links were checked: nothing was written; run again")
    return target


def _written(target: Path, data: bytes) -> Path:
    """The new bytes on disk under another name in the same folder, with the old file's mode and owner."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            _dress(file.fileno(), target)
            shutil.copystat(target, temporary)
            os.utime(temporary)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _dress(handle: int, target: Path) -> None:
    status = target.stat()
    try:
        os.fchown(handle, status.st_uid, status.st_gid)
    except OSError:
        try:
            os.fchown(handle, -1, status.st_gid)
        except OSError:
            return  # not ours to give: the file becomes the writer's


def _backup(target: Path) -> Path:
    """A second name of the old file, under a name that was free: its bytes, times and owner are the old ones."""
    for number in range(MAX_BACKUPS):
        backup = target.with_name(f"{target.name}.bak{number or ''}")
        try:
            os.link(target, backup)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if not _copied(target, backup):
                continue
        return backup
    raise DocumentError(str(target), f"has {MAX_BACKUPS} backups: remove some")


def _copied(target: Path, backup: Path) -> bool:
    """A copy, where the file system knows no second names; False when the name is taken."""
    try:
        with backup.open("xb") as file:
            file.write(target.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return False
    except OSError:
        backup.unlink(missing_ok=True)
        raise
    shutil.copystat(target, backup)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        return  # some file systems cannot; the rename itself is done
    finally:
        os.close(handle)


def _failure(path: Path, error: OSError) -> Exception:
    if error.errno in _FULL:
        return DiskFull(f"{path}: the disk is full or read-only; the file is as it was. Make room and run again.")
    if isinstance(error, PermissionError):
        return DocumentError(str(path), "nothing was written: you may not write in its folder, where the backup goes")
    return DocumentError(str(path), f"nothing was written ({(error.strerror or str(error)).lower()})")
