"""The files behind what was given on a command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Place:
    """A file to be imported. `given` is what was asked for: the file, or a folder, which may hold what we do not read."""

    path: Path
    given: Path

    @property
    def in_folder(self) -> bool:
        return self.given != self.path

    def head(self) -> bytes:
        """Its first 64 KiB. Raises OSError."""
        with self.path.open("rb") as file:
            return file.read(_HEAD)


def places(paths: Iterable[Path]) -> Iterator[Place]:
    """Files as they are; of folders all files, sorted. Hidden ones and symbolic links in them are passed over."""
    for path in paths:
        if not path.is_dir():
            yield Place(path, path)
            continue
        for folder, names, files in os.walk(path):
            names[:] = sorted(name for name in names if not name.startswith("."))
            found = (Path(folder, name) for name in sorted(files) if not name.startswith("."))
            yield from (Place(file, path) for file in found if not file.is_symlink() and file.is_file())
