"""What the ladder asks its driver for, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass

from archive.models import Outcome, Page, Repair, Verdict
from archive.sources.base import Entry
from archive.webarchives import IndexAnswer, IndexQuery, Memento, TextAnswer, TextArchive, TextQuery, WebArchive


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
class FetchIndexPage:
    """Replay a front or section page for its links. Asked once a run for all links of a site that want it of one time."""

    archive: WebArchive
    url: str
    timestamp: str


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Put one query to an archive's index.

    `widest` is the last query that this search would make: whoever has its whole answer, for this link or for several of
    the host at once, may give that instead.
    """

    archive: WebArchive
    query: IndexQuery
    widest: IndexQuery


@dataclass(frozen=True, slots=True)
class ListCaptures:
    """List the captures of one address, with the further pages of a long answer: for archives that `lists_captures`."""

    archive: WebArchive
    query: IndexQuery


@dataclass(frozen=True, slots=True)
class SearchText:
    """Put one query to an archive that searches the text of its pages."""

    archive: TextArchive
    query: TextQuery


@dataclass(frozen=True, slots=True)
class FindOwn:
    """The readable capture in our own WARC files that is nearest to a timestamp: nobody is asked.

    `public`: of the mementos that archives showed us; else of the pages that we crawled ourselves.
    """

    url: str
    timestamp: str
    public: bool


@dataclass(frozen=True, slots=True)
class FindKnown:
    """What is known here of the site of a dead address, without asking anybody."""

    url: str


@dataclass(frozen=True, slots=True)
class FindListed:
    """What the living site of a dead address lists of itself, in sitemaps and feed. `month` (2019-04) is the one in question."""

    url: str
    month: str | None


Want = FetchPage | FetchMemento | FetchIndexPage | SearchIndex | SearchText | ListCaptures | FindOwn | FindKnown | FindListed


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


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """`addresses` of the site that have the words of the dead one; `repairs` are proven pairs of the site, old and new.

    `elsewhere` are proven pairs of other sites.
    """

    addresses: tuple[str, ...] = ()
    repairs: tuple[tuple[str, str], ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListedAnswer:
    """Addresses with the titles that their listings give. A site that lists nothing, or cannot be asked, has none."""

    entries: tuple[Entry, ...] = ()


Answer = PageAnswer | MementoAnswer | IndexAnswer | TextAnswer | KnownAnswer | ListedAnswer


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
    """How a climb ended. `page` is the winner's; `final_url` where it lives or was captured; `memento` None when live.

    `pending`: nothing was found so far, and the search in an archive's index is still to come.
    """

    outcome: Outcome
    repair: Repair | None = None
    page: Page | None = None
    final_url: str | None = None
    memento: Memento | None = None
    tried: tuple[Attempt, ...] = ()
    reasons: tuple[str, ...] = ()
    retry_after: float | None = None
    excluded: tuple[str, ...] = ()  # archives that may not show the site
    pending: bool = False
    proposal: Repair | None = None  # a likely candidate, for a person to decide
