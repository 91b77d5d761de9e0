"""The article under another address: its slug looked up in an archive's index, from the narrow date prefix to the host.

Bounded by path prefix and not by time: an index filters by time only after it has read everything (facts/web-archives,
section 0, item 6). Each step is one request, MAX_QUERIES in all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from urllib.parse import quote, urlsplit

from archive.models import Capture, Outcome
from archive.repair.climb import Climb, Climbing
from archive.repair.wants import FetchMemento, FetchPage, MementoAnswer, PageAnswer, SearchIndex
from archive.urls import slug, slug_words, urlkey
from archive.webarchives import IndexAnswer, IndexQuery, WebArchive

MAX_QUERIES = 4
MAX_ADDRESSES = 3  # candidates of one query that are looked at
MAX_CAPTURES = 3  # of one candidate
MIN_WORDS = 3  # fewer name no story
LIKE = 0.6  # share of common words from which a row's slug is worth a look
SHARED = 3  # a body under so many addresses is an error page, a wall or a consent form

_DATE = re.compile(r"/((?:19|20)\d\d)([/_-])(\d\d?)(?:\2(\d\d?))?(?=[/_-])")


def slug_search(climb: Climb) -> Climbing:
    """Ask the index; look at the likeliest rows, live first, then as captured."""
    wanted = slug_words(climb.url)
    if not climb.subject.may_search or len(wanted) < MIN_WORDS:
        return None
    for archive in (archive for archive in climb.archives if archive.has_index):
        looked_at = {urlkey(url) for url in climb.addresses}
        for query in queries(climb.url, climb.reference):
            answer = yield SearchIndex(archive, query)
            assert isinstance(answer, IndexAnswer)
            if answer.outcome is not Outcome.FOUND:
                climb.missed(answer)
            if answer.outcome in (Outcome.UNKNOWN, Outcome.EXCLUDED):
                break
            for captures in likely(answer.captures, wanted, climb, looked_at)[:MAX_ADDRESSES]:
                looked_at.add(captures[0].urlkey)
                found = yield from _candidate(climb, archive, captures)
                if found is not None:
                    return found
    return None


def queries(url: str, reference: datetime) -> list[IndexQuery]:
    """The link's own folder (a lost id), the month and the year of the reference date (a wrong date), the host.

    The last one asks for the rarest words only, in order: words of the slug may have been lost.
    """
    whole = ((quote(slug(url)).lower(),),)
    few = (tuple(sorted(rare_words(url), key=slug_words(url).index)),)
    prefixes = [folder_of(url), *dated_prefixes(url, reference)]
    base = f"{urlsplit(url).netloc}/"
    steps = [IndexQuery(prefix, "prefix", whole) for prefix in dict.fromkeys(prefixes) if prefix != base]
    return [*steps[: MAX_QUERIES - 1], IndexQuery(base, "prefix", few)]


def folder_of(url: str) -> str:
    """Host and path up to the segment that holds the slug."""
    parts = urlsplit(url)
    start = slug(url).split("-")[0]
    segments = parts.path.split("/")
    place = next((i for i, segment in enumerate(segments) if start and segment.lower().startswith(start)), len(segments) - 1)
    return parts.netloc + "/".join(segments[:place]) + "/"


def dated_prefixes(url: str, reference: datetime) -> list[str]:
    """The folder of the reference date's month, then of its year, written as the link writes its date."""
    parts = urlsplit(url)
    date = _DATE.search(parts.path)
    if date is None:
        return []
    before, sign = parts.netloc + parts.path[: date.start()], date[2]
    year, month = f"{before}/{reference.year}{sign}", f"{reference.month:0{len(date[3])}d}"
    return [f"{year}{month}{sign}", year]


def rare_words(url: str) -> list[str]:
    """The three longest words of the slug: length is the best sign of rarity that needs no dictionary."""
    return sorted((word for word in set(slug_words(url)) if len(word) > 2), key=lambda word: (-len(word), word))[:3]


def likely(captures: tuple[Capture, ...], wanted: tuple[str, ...], climb: Climb, looked_at: set[str]) -> list[list[Capture]]:
    """The captures by address, the likeliest address first, each nearest to the reference date first."""
    shared = _shared_digests(captures)
    groups: defaultdict[str, list[Capture]] = defaultdict(list)
    for capture in captures:
        if capture.urlkey not in looked_at and capture.digest not in shared:
            groups[capture.urlkey].append(capture)
    likeness = {key: _likeness(wanted, slug_words(group[0].original)) for key, group in groups.items()}
    best = sorted((key for key in groups if likeness[key] >= LIKE), key=lambda key: (-likeness[key], key))
    return [sorted(groups[key], key=lambda capture: climb.distance(capture.timestamp)) for key in best]


def _shared_digests(captures: tuple[Capture, ...]) -> set[str]:
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for capture in captures:
        if capture.digest:
            keys[capture.digest].add(capture.urlkey)
    return {digest for digest, found in keys.items() if len(found) >= SHARED}


def _likeness(wanted: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Share of common words (Dice)."""
    a, b = set(wanted), set(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _candidate(climb: Climb, archive: WebArchive, captures: list[Capture]) -> Climbing:
    """One address: alive it is the better replacement, with the capture beside it; else its captures."""
    original = captures[0].original
    answer = yield FetchPage(original)
    assert isinstance(answer, PageAnswer)
    if answer.verdict.state.living:
        evidence = climb.judge("slug_search", answer.page, answer.final_url, None, same_address=False)
        if evidence and answer.page:
            return climb.live("slug_search", answer.final_url, answer.page, evidence, archive.archive_url(captures[0]))
    for capture in captures[:MAX_CAPTURES]:
        copy = yield FetchMemento(archive, original, capture.timestamp)
        assert isinstance(copy, MementoAnswer)
        if copy.outcome is not Outcome.FOUND or copy.memento is None:
            climb.missed(copy)
            continue
        evidence = climb.judge("slug_search", copy.page, original, copy.memento, same_address=False)
        if evidence and copy.page:
            return climb.archived("slug_search", copy.memento, copy.page, evidence, same_address=False)
    return None
