"""What the ladder asks its driver for, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass

from archive.models import Outcome, Page, Repair, Verdict
from archive.webarchives import IndexAnswer, IndexQuery, Memento, WebArchive


@dataclass(frozen=True, slots=True)
class FetchPage:
    """Fetch an address of the living web, with its redirects."""

    url: str


@dataclass(frozen=True, slots=True)
class FetchMemento:
    """Replay the capture of an address nearest to a timestamp, following the archive to the capture that it has."""

    archive: WebArchive
    url: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Put one query to an archive's index."""

    archive: WebArchive
    query: IndexQuery


Want = FetchPage | FetchMemento | SearchIndex


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """`page` is None when no body came."""

    verdict: Verdict
    page: Page | None
    final_url: str


@dataclass(frozen=True, slots=True)
class MementoAnswer:
    """`memento` and `page` are set when the outcome is found."""

    outcome: Outcome
    memento: Memento | None = None
    page: Page | None = None
    reason: str | None = None
    retry_after: float | None = None


Answer = PageAnswer | MementoAnswer | IndexAnswer


@dataclass(frozen=True, slots=True)
class Attempt:
    """One candidate that was looked at, for the record: why it was or was not taken."""

    method: str
    url: str
    timestamp: str | None
    outcome: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class LadderResult:
    """How a climb ended. `page` is the winner's; `final_url` where it lives or was captured; `memento` None when live."""

    outcome: Outcome
    repair: Repair | None = None
    page: Page | None = None
    final_url: str | None = None
    memento: Memento | None = None
    tried: tuple[Attempt, ...] = ()
    reasons: tuple[str, ...] = ()
    retry_after: float | None = None
