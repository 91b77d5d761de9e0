"""Bookmarks as browsers export them: the Netscape bookmark file format, read as any document is (archive.clippings)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from archive.clippings import MAX_BYTES, read_document
from archive.errors import DocumentError
from archive.imports.base import Broken, Item, ListedIn

_BEGINS = re.compile(rb"(\xef\xbb\xbf)?\s*<!doctype netscape-bookmark", re.IGNORECASE)


class Bookmarks:
    name = "bookmarks"

    def matches(self, head: bytes) -> bool:
        return _BEGINS.match(head) is not None

    def read(self, path: Path) -> Iterator[Item]:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        try:
            yield ListedIn(read_document(str(path), data))
        except DocumentError as error:
            yield Broken("the file", error.reason)
