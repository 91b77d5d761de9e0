"""The read side, one file a question. Opens the database read-only and follows a crawl that is writing."""

from __future__ import annotations

from archive.query.asked import asked
from archive.query.base import ARTICLE_COLUMNS, open_home
from archive.query.due import due
from archive.query.filters import Filters, where
from archive.query.history import history
from archive.query.runs import runs
from archive.query.search import MARK_END, MARK_START, Sort, search
from archive.query.show import show
from archive.query.sources import source, sources, unknown
from archive.query.status import status
from archive.query.versions import Comparison, Version, compare

__all__ = [
    "ARTICLE_COLUMNS",
    "MARK_END",
    "MARK_START",
    "Comparison",
    "Filters",
    "Sort",
    "Version",
    "asked",
    "compare",
    "due",
    "history",
    "open_home",
    "runs",
    "search",
    "show",
    "source",
    "sources",
    "status",
    "unknown",
    "where",
]
