"""WACZ (1.0 and later): the WARC files in its folder `archive/`, read where they lie in the ZIP file."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from archive.imports.base import Broken, Item
from archive.imports.warc import captures


class Wacz:
    name = "wacz"

    def matches(self, head: bytes) -> bool:
        """Any ZIP file: its list of files stands at its end. One without WARC files is told to be none."""
        return head.startswith(b"PK\x03\x04")

    def read(self, path: Path) -> Iterator[Item]:
        try:
            with ZipFile(path) as package:
                names = [name for name in package.namelist() if _is_warc(name)]
                if not names:
                    yield Broken("the ZIP file", "it holds no WARC file in archive/, so it is no WACZ")
                for name in names:
                    with package.open(name) as stream:
                        yield from captures(stream, f"{name}, offset")
        except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
            yield Broken("the ZIP file", f"cannot be read ({error})")


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz"))
