"""Web archives without I/O. An archive is one small file here and one line in ARCHIVES."""

from archive.webarchives.base import (
    ArchiveRequest,
    IndexAnswer,
    IndexQuery,
    Memento,
    ReplayAnswer,
    WebArchive,
    retry_after,
)
from archive.webarchives.texts import TextAnswer, TextArchive, TextHit, TextQuery
from archive.webarchives.wayback import Wayback

__all__ = [
    "ARCHIVES",
    "ArchiveRequest",
    "IndexAnswer",
    "IndexQuery",
    "Memento",
    "ReplayAnswer",
    "TextAnswer",
    "TextArchive",
    "TextHit",
    "TextQuery",
    "WebArchive",
    "retry_after",
]

ARCHIVES: tuple[WebArchive, ...] = (Wayback(),)
