"""Searches in the text of old pages: what is asked, what came of it, and what an archive that offers them can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from archive.models import Capture, Exchange, Failure, Outcome
from archive.webarchives.base import ArchiveRequest, WebArchive


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Pages whose text holds these words, as a person writes them; `site` with or without scheme.

    `first` and `last` bound the day of capture (not of publication): 4 to 14 digits.
    """

    text: str
    site: str | None = None
    first: str | None = None
    last: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TextHit:
    """A capture with the title that its page had. Its digest may be of another kind, so none is given."""

    capture: Capture
    title: str | None


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """What a text search found, best first."""

    outcome: Outcome
    hits: tuple[TextHit, ...] = ()
    reason: str | None = None
    retry_after: float | None = None


@runtime_checkable
class TextArchive(WebArchive, Protocol):
    """An archive whose pages can be found by their words."""

    def search_text(self, query: TextQuery) -> ArchiveRequest:
        """Ask for pages by their words."""

    def read_text(self, answer: Exchange | Failure) -> TextAnswer:
        """What came of a text search; never raises."""
