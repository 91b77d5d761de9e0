"""Dead URL -> replacement with its proof. Sans-I/O: the ladder yields what it wants to know and is sent the answer."""

from archive.repair.evidence import Evidence, match, weigh
from archive.repair.ladder import Subject, climb, search, supplement
from archive.repair.wants import (
    Answer,
    Attempt,
    FetchIndexPage,
    FetchMemento,
    FetchPage,
    FindKnown,
    FindListed,
    FindOwn,
    KnownAnswer,
    LadderResult,
    ListCaptures,
    ListedAnswer,
    MementoAnswer,
    PageAnswer,
    SearchIndex,
    SearchText,
    Want,
)
from archive.repair.words import containment

__all__ = [
    "Answer",
    "Attempt",
    "Evidence",
    "FetchIndexPage",
    "FetchMemento",
    "FetchPage",
    "FindKnown",
    "FindListed",
    "FindOwn",
    "KnownAnswer",
    "LadderResult",
    "ListCaptures",
    "ListedAnswer",
    "MementoAnswer",
    "PageAnswer",
    "SearchIndex",
    "SearchText",
    "Subject",
    "Want",
    "climb",
    "containment",
    "match",
    "search",
    "supplement",
    "weigh",
]
