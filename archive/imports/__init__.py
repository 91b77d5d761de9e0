"""What other programs kept, read as a stream of items. A format is one small file here and one line in READERS; pure but for
the reading of files."""

from __future__ import annotations

from archive.imports.base import Address, Broken, Captured, Item, Left, ListedIn, Reader, SavedPage, Told
from archive.imports.bookmarks import Bookmarks
from archive.imports.html import Html
from archive.imports.json import Json
from archive.imports.places import Place, places
from archive.imports.table import Csv
from archive.imports.wacz import Wacz
from archive.imports.warc import Warc

__all__ = [
    "READERS",
    "Address",
    "Broken",
    "Captured",
    "Item",
    "Left",
    "ListedIn",
    "Place",
    "Reader",
    "SavedPage",
    "Told",
    "places",
    "reader_of",
]

READERS: tuple[Reader, ...] = (Warc(), Wacz(), Bookmarks(), Html(), Json(), Csv())
"""Asked in this order; a file's name says nothing."""


def reader_of(place: Place) -> Reader | None:
    """Who can read a file, told by its content. Raises OSError."""
    head = place.head()
    return next((reader for reader in READERS if reader.matches(head)), None)
