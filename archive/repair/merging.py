"""The index searches of many dead links of one site as few queries: the index has a twentieth of replay's budget. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from archive.models import Outcome
from archive.repair.wants import SearchIndex
from archive.urls import site, urlkey
from archive.webarchives import IndexAnswer, IndexQuery

MAX_WORDS = 2500  # characters of a query's words, percent-encoded: servers refuse request lines over some 4,000
MAX_ROWS = 5000


def merged(wants: Sequence[SearchIndex]) -> list[IndexQuery]:
    """Queries that together hold the answers to all these searches, one capture of each address."""
    where, match = _scope(want.widest for want in wants)
    return [query for alike in _by_year(wants) for query in _queries(alike, where, match)]


def _by_year(wants: Sequence[SearchIndex]) -> list[list[IndexQuery]]:
    """The queries of each year apart where an index is parted by time; all of them together elsewhere."""
    years: defaultdict[str, list[IndexQuery]] = defaultdict(list)
    for want in wants:
        years[(want.widest.around or "")[:4]].append(want.widest)
    return [sorted(years[year], key=lambda query: query.around or "") for year in sorted(years)]


def _queries(alike: list[IndexQuery], where: str, match: str) -> list[IndexQuery]:
    words = list(dict.fromkeys(sequence for query in alike for sequence in query.words))
    around = alike[len(alike) // 2].around
    return [IndexQuery(where, match, tuple(part), MAX_ROWS, once=True, around=around) for part in _parts(words)]


def _scope(queries: Iterable[IndexQuery]) -> tuple[str, str]:
    """One host, or the whole site when several of its hosts are asked about."""
    urls = list(dict.fromkeys(query.url for query in queries))
    if len({urlkey(url) for url in urls}) == 1:
        return urls[0], "prefix"
    return site(f"https://{urls[0]}"), "domain"


def _parts(words: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """The words in lots that a request line can hold."""
    parts: list[list[tuple[str, ...]]] = [[]]
    size = 0
    for sequence in words:
        length = len(quote(quote(".*".join(sequence)))) + 4
        if parts[-1] and size + length > MAX_WORDS:
            parts.append([])
            size = 0
        parts[-1].append(sequence)
        size += length
    return parts


def together(answers: Sequence[IndexAnswer]) -> IndexAnswer:
    """The answers to `merged` queries as one; incomplete or missing ones make it unknown, rows that came are kept."""
    captures = tuple(dict.fromkeys(capture for answer in answers for capture in answer.captures))
    bad = next((answer for answer in answers if answer.outcome in (Outcome.UNKNOWN, Outcome.EXCLUDED)), None)
    if bad is not None:
        return IndexAnswer(bad.outcome, captures, reason=bad.reason, retry_after=bad.retry_after, once=True)
    rest = next((answer.resume_key for answer in answers if answer.resume_key), None)
    return IndexAnswer(Outcome.FOUND if captures else Outcome.NONE, captures, rest, once=True)


def group_of(want: SearchIndex) -> str:
    """Searches with the same group can be merged."""
    return f"{want.archive.name} {site('https://' + urlsplit('//' + want.widest.url).netloc)}"
