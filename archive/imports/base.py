"""What a file of another program is made of, item by item, and what a reader is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from archive.models import Article, Document
from archive.warc import Stored


@dataclass(frozen=True, slots=True)
class Captured:
    """An answer with the record that it lies in. `archive` is who captured it, "crawl" a morgue; `fetched` when that one
    had it, None when nobody says."""

    url: str
    stored: Stored
    data: bytes
    archive: str
    archive_url: str | None = None
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that somebody saved as HTML; `captured` is when, as the page or the file's time says."""

    url: str
    body: bytes
    captured: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """An article as another program extracted it: no page to read it from again. `origin` is None when it does not say."""

    url: str
    article: Article
    captured: datetime
    origin: str | None = None
    archive_url: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """An address without a text: it is queued for the next crawl."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ListedIn:
    """A document full of addresses, such as a browser's bookmarks; they are queued for the next crawl."""

    document: Document


@dataclass(frozen=True, slots=True)
class Left:
    """What is no page, and so not kept: `reason` is one of few."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """What cannot be read: where in the file, and why."""

    where: str
    reason: str


Item = Captured | SavedPage | Told | Address | ListedIn | Left | Broken


class Reader(Protocol):
    """A format."""

    name: str

    def matches(self, head: bytes) -> bool:
        """Whether a file with these first bytes is in it."""

    def read(self, path: Path) -> Iterator[Item]:
        """The items of a file, in its order, a few in memory at a time. Raises OSError for a file that cannot be read on."""
