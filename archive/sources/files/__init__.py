"""Files that list sources, in and out: OPML, a browser's bookmarks, CSV. A format is one small file here and one line below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.clippings.bytes import text_of
from archive.errors import DocumentError
from archive.sources.base import Source
from archive.sources.files import bookmarks, opml, table
from archive.sources.files.base import Format, Subscriptions

__all__ = ["EXPORTS", "FORMATS", "Subscriptions", "read_sources"]

FORMATS: tuple[Format, ...] = (opml, bookmarks, table)
EXPORTS: dict[str, Callable[[Sequence[Source]], str]] = {"opml": opml.write, "bookmarks": bookmarks.write, "csv": table.write}


def read_sources(name: str, data: bytes) -> Subscriptions:
    """The sources that a file lists, each address once. Raises DocumentError when it is in none of the formats."""
    text, _ = text_of(name, data)
    found = next((one for one in FORMATS if one.matches(name, text)), None)
    if found is None:
        raise DocumentError(name, "is no list of sources: OPML, a browser's bookmarks (HTML) or CSV with a column `url` is read")
    return found.read(text)
