"""What a document's links are, where they stand, and how something is written there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

ARCHIVED, MOVED = "archived", "moved"  # the words of a link that was set beside another


class Unwritable(Exception):
    """A place where this cannot be written; says why. The link is left as it is."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` become `text`; an insertion when they are the same."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """What is set beside a link: a capture (label "archived") or a new address ("moved"). `timestamp`: 14 digits."""

    label: str
    url: str
    timestamp: str | None = None


class Place(Protocol):
    """The syntax around one target."""

    def spelled(self, url: str) -> str:
        """An address as it has to be written in the target's span. Raises Unwritable."""

    def beside(self, aside: Aside) -> tuple[Edit, ...]:
        """The edits that set something beside the link. Raises Unwritable."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a link in prose: `after` is where the link's own syntax ends, None where nothing can be added."""

    spelling: Callable[[str], str]
    aside: Callable[[str, str], str]
    after: int | None
    reason: str = "nothing can be added to it there"

    def spelled(self, url: str) -> str:
        return self.spelling(url)

    def beside(self, aside: Aside) -> tuple[Edit, ...]:
        if self.after is None:
            raise Unwritable(self.reason)
        return (Edit(self.after, self.after, self.aside(aside.label, aside.url)),)


@dataclass(frozen=True, slots=True)
class Reading:
    """An address that a target may stand for, and where its span ends when it does (a wrapped one may end earlier)."""

    url: str
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A link as its format sees it. `target` is decoded; `outer` is the span of the whole link; `words` its text,
    `hint` what a pointer shows on it; `title` is what the format states as the title of the page behind it.

    `readings` only where one target can be joined in more than one way; `archived` is the capture that the format
    itself states beside it. `key` names a reference definition, or the definition that a use of it refers to.
    """

    start: int
    end: int
    target: str
    place: Place
    outer: tuple[int, int]
    words: str | None = None
    hint: str | None = None
    title: str | None = None
    excerpt: str | None = None
    date: datetime | None = None
    accessed: datetime | None = None
    id: str | None = None
    readings: tuple[Reading, ...] = ()
    archived: str | None = None
    key: str | None = None
    is_question: bool = False  # asked for by name: kept even when it can be no address


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A link of a document, to be checked and, where it is dead, to be written anew.

    `id` is what the format gives, else 1, 2, … in order. `start` and `end` span the target in characters of
    `LinkedDocument.text` (`Text.byte_span` says which bytes). `readings` are the addresses that it may stand for, the
    one that is written first. `title`, `excerpt`, `date` (published) and `accessed` speak of the article behind the
    link and are what the format states, or link text of several words; never the prose around it. `archived` is the
    capture or new address that stands beside it already.
    """

    id: str
    url: str
    start: int
    end: int
    raw: str
    readings: tuple[Reading, ...]
    title: str | None = None
    excerpt: str | None = None
    date: datetime | None = None
    accessed: datetime | None = None
    archived: str | None = None
    target: str = ""
    place: Place | None = field(default=None, repr=False, compare=False)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The readings' addresses; empty when the target can be no address."""
        return tuple(reading.url for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Replacement:
    """What is decided for one link. `url` takes its place; `archive_url` is the capture to set beside it, taken at
    `timestamp` (14 digits). `reading` is the candidate that was repaired: a wrapped target is cut to it."""

    url: str
    archive_url: str | None = None
    timestamp: str | None = None
    reading: str | None = None


class Format(Protocol):
    """One syntax. Text comes with `\\n` line ends and the same length as the file's (`Text.view`)."""

    @property
    def name(self) -> str:
        """One word."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """Of its files, lower case, with the dot."""

    def matches(self, view: str) -> bool:
        """True when a text of no known extension is in this format."""

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:
        """The links, in any order; `warn` takes lines for people. Never raises for what a text holds."""
