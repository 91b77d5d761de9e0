"""The article under another address: its slug looked up in an archive's index, first under a narrow prefix, then on the host.

Bounded by path prefix and not by time: an index filters by time only after it has read everything (facts/web-archives,
section 0, item 6). Each step is one request, MAX_QUERIES in all with the further pages of long answers.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from urllib.parse import quote, urlsplit

from archive.models import Capture, Outcome
from archive.repair.climb import Climb, Climbing
from archive.repair.likeness import MIN_ID, likeness
from archive.repair.rungs.walking import walk
from archive.repair.wants import FetchPage, LadderResult, PageAnswer, SearchIndex
from archive.repair.words import containment, title_similarity
from archive.urls import slug, slug_words, url_ids, urlkey
from archive.webarchives import IndexAnswer, IndexQuery, WebArchive

MAX_QUERIES = 4
MAX_LEADS = 4  # answers without rows that lead on: Common Crawl's list of crawls, and crawls in which nothing is
MAX_ADDRESSES = 3  # candidates of one query that are looked at
MAX_CAPTURES = 3  # of one candidate
MIN_WORDS = 3  # fewer name no story
HALF = 6  # letters of a word whose halves still tell something
MAX_SLUG = 600  # characters of a query, percent-encoded: servers refuse long request lines
LIKE = 0.6  # likeness from which a row's address is worth a look
MARGIN = 0.15  # of likeness: nearer rivals are looked at, too
SURE = 0.95  # confidence that needs no look at rivals
SHARED = 3  # a body under so many different slugs is an error page, a wall or a consent form

_DATE = re.compile(r"/((?:19|20)\d\d)([/_-])(\d\d?)(?:\2(\d\d?))?(?=[/_-])")
_MOBILE = re.compile(r"^(m|amp|mobile|edition)\.")  # pages are listed under the main host
_EMPTY = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"  # digest of an empty body: a redirect


def slug_search(climb: Climb) -> Climbing:
    """Ask the index; look at the likeliest rows, live first, then as captured."""
    for archive in _indexes(climb):
        found = yield from _search(climb, archive)
        if found is not None:
            return found
    return None


def will_search(climb: Climb) -> bool:
    """True when there is an index to ask, and something to ask it."""
    return climb.subject.may_search and bool(_indexes(climb)) and bool(queries(climb.url, climb.reference))


def _indexes(climb: Climb) -> list[WebArchive]:
    return [archive for archive in climb.archives if archive.has_index and archive.name not in climb.excluded]


def _search(climb: Climb, archive: WebArchive) -> Climbing:
    """The planned queries, then the further pages of incomplete answers."""
    looked_at = {urlkey(url) for url in climb.addresses}
    around = climb.timestamp() if archive.index_by_time else None
    left = deque(replace(query, around=around) for query in queries(climb.url, climb.reference))
    widest = left[-1] if left else None
    asked = leads = 0
    while left and widest is not None and asked < MAX_QUERIES and leads <= MAX_LEADS:
        query = left.popleft()
        answer = yield SearchIndex(archive, query, widest)
        assert isinstance(answer, IndexAnswer)
        if answer.outcome in (Outcome.UNKNOWN, Outcome.EXCLUDED):
            climb.missed(answer, archive)
            return None
        ranked = likely(answer.captures, climb, looked_at)
        found = yield from _choose(climb, archive, ranked, looked_at, once=answer.once or query.once)
        if found is not None:
            return found
        if answer.captures or answer.resume_key is None:
            asked += 1
        else:
            leads += 1
        if answer.resume_key:
            left.append(replace(query, resume_key=answer.resume_key))
    if left and any(query.resume_key for query in left):
        climb.note("slug_search", climb.url, None, "the index lists more than was read")
    return None


# -- questions ---------------------------------------------------------------------------------------------------------


def queries(url: str, reference: datetime) -> list[IndexQuery]:
    """The month of the reference date (a lost id, a wrong date), or the link's own folder; then the host.

    The last one asks for rare words only, and for the id: words of the slug may have been lost, or the whole path changed.
    Empty when the address has neither enough words nor an id.
    """
    base = _MOBILE.sub("", urlsplit(url).netloc) + "/"
    ids = tuple((number,) for number in sorted(url_ids(url)) if len(number) >= MIN_ID)
    last = (*_few(url), *ids)
    if not last:
        return []
    narrow = month_of(url, reference) or folder_of(url)
    first = [IndexQuery(narrow, "prefix", ((_bounded(slug(url)),),))] if len(slug_words(url)) >= MIN_WORDS else []
    return [*(query for query in first if query.url != base), IndexQuery(base, "prefix", last, once=True)]


def _bounded(text: str) -> str:
    """Its start, as long as a query may be: a part of a key is enough to find it."""
    while len(quote(quote(text))) > MAX_SLUG:
        text = text[: -max(1, len(text) // 8)]
    return text


def _few(url: str) -> tuple[tuple[str, ...], ...]:
    """Three of the four rarest words, in the order of the slug: one of them may have been lost, or noted wrongly.

    Of three words none may be lost; a letter may be wrong in one of them, or two be swapped: one of its halves is right.
    """
    rare = rare_words(url)
    ordered = [word for word in dict.fromkeys(slug_words(url)) if word in rare]
    if len(ordered) != 3:
        return tuple(combinations(ordered, 3))
    halved = (
        (*ordered[:place], half, *ordered[place + 1 :])
        for place, word in enumerate(ordered)
        if len(word) >= HALF
        for half in (word[: len(word) // 2], word[len(word) // 2 + 1 :])
    )
    return tuple(halved) or (tuple(ordered),)


def rare_words(url: str) -> list[str]:
    """The four longest words of the slug: length is the best sign of rarity that needs no dictionary."""
    return sorted((word for word in set(slug_words(url)) if len(word) > 2), key=lambda word: (-len(word), word))[:4]


def folder_of(url: str) -> str:
    """Host and path up to the segment that holds the slug."""
    parts = urlsplit(url)
    segments = parts.path.split("/")
    words = slug_words(url)
    place = next((i for i, part in enumerate(segments) if slug_words(f"http://x/{part}") == words), len(segments) - 1)
    return parts.netloc + "/".join(segments[:place]) + "/"


def month_of(url: str, reference: datetime) -> str | None:
    """The folder of the reference date's month, written as the link writes its date; None when it has none."""
    parts = urlsplit(url)
    date = _DATE.search(parts.path)
    if date is None:
        return None
    return f"{parts.netloc}{parts.path[: date.start()]}/{reference.year}{date[2]}{reference.month:0{len(date[3])}d}{date[2]}"


# -- answers -----------------------------------------------------------------------------------------------------------


def likely(captures: tuple[Capture, ...], climb: Climb, looked_at: set[str]) -> list[tuple[float, list[Capture]]]:
    """The captures by page, the likeliest page first, each nearest to the reference date first.

    One page may be listed under many queries (`?utm_source=…`): they are one candidate, under its shortest address.
    """
    shared, own, common = _shared_digests(captures), _host_key(climb.url), _common_ids(captures, climb.url)
    pages: defaultdict[str, list[Capture]] = defaultdict(list)
    for capture in captures:
        if capture.urlkey not in looked_at and capture.digest != _EMPTY and _host_key(capture.original) == own:
            pages[capture.urlkey.partition("?")[0] if slug_words(capture.original) else capture.urlkey].append(capture)
    ranked = [(likeness(climb.url, _shortest(page), common) - _suspect(page, shared), page) for page in pages.values()]
    best = sorted((rank for rank in ranked if rank[0] >= LIKE), key=lambda rank: (-rank[0], rank[1][0].urlkey))
    return [(like, sorted(page, key=lambda capture: _order(capture, climb))) for like, page in best]


def _host_key(url: str) -> str:
    """A host without its mobile spelling. Another host of the site may be another edition: not this link's page."""
    try:
        return urlkey(_MOBILE.sub("", urlsplit(url).netloc)).partition(")")[0]
    except ValueError:  # an index holds what crawlers took for addresses
        return ""


def _suspect(page: list[Capture], shared: set[str]) -> float:
    """A page that shows nothing but what many others show is looked at last."""
    return 0.3 if all(capture.digest in shared for capture in page) else 0.0


def _shortest(page: list[Capture]) -> str:
    return min((capture.original for capture in page), key=len)


def _order(capture: Capture, climb: Climb) -> tuple[int, float]:
    return len(capture.urlkey), climb.distance(capture.timestamp)


def _shared_digests(captures: tuple[Capture, ...]) -> set[str]:
    slugs: defaultdict[str, set[str]] = defaultdict(set)
    for capture in captures:
        if capture.digest:
            slugs[capture.digest].add(slug(capture.original))
    return {digest for digest, found in slugs.items() if len(found) >= SHARED}


def _common_ids(captures: tuple[Capture, ...], url: str) -> frozenset[str]:
    """Ids of the link that stand before so many different slugs: of its folder, not of its page."""
    slugs: defaultdict[str, set[str]] = defaultdict(set)
    for capture in captures:
        for number in url_ids(url) & url_ids(capture.original):
            slugs[number].add(slug(capture.original))
    return frozenset(number for number, found in slugs.items() if len(found) >= SHARED)


def _choose(
    climb: Climb, archive: WebArchive, ranked: list[tuple[float, list[Capture]]], looked_at: set[str], *, once: bool
) -> Climbing:
    """The first that is proven beyond doubt; of several that fit, the one that fits clearly best."""
    found: list[LadderResult] = []
    bar = 0.0
    for like, captures in ranked[:MAX_ADDRESSES]:
        if like < bar:
            break
        looked_at.update(capture.urlkey for capture in captures)
        result = yield from _candidate(climb, archive, captures, once=once)
        if result is None:
            continue
        found.append(result)
        if _confidence(result) >= SURE and not (len(found) > 1):
            return result
        bar = max(bar, like - MARGIN)
    if len(found) > 1 and not _clear(found):
        climb.note("slug_search", climb.url, None, "several stories fit equally well")
        return None
    return max(found, key=_confidence, default=None)


def _confidence(result: LadderResult) -> float:
    return result.repair.confidence if result.repair else 0.0


def _clear(found: list[LadderResult]) -> bool:
    """True when one is surer than the others, or all are one article."""
    best, second = sorted(found, key=_confidence, reverse=True)[:2]
    if _confidence(best) - _confidence(second) >= 0.05:
        return True
    one, other = (result.page.article if result.page else None for result in (best, second))
    if one is None or other is None:
        return False
    return title_similarity(one.title or "", other.title or "") >= 0.9 and containment(one.text, other.text) >= 0.6


def _candidate(climb: Climb, archive: WebArchive, captures: list[Capture], *, once: bool) -> Climbing:
    """One address: alive it is the better replacement, with the capture beside it; else its captures.

    With `once` there may be captures nearer to the reference date than the one that is listed.
    """
    original = captures[0].original
    answer = yield FetchPage(original)
    assert isinstance(answer, PageAnswer)
    if climb.lives(answer):
        evidence = climb.judge("slug_search", answer.page, answer.final_url, None)
        if evidence and answer.page:
            return climb.live("slug_search", answer.final_url, answer.page, evidence, archive.archive_url(captures[0]))
    return (yield from walk(climb, archive, original, "slug_search", MAX_CAPTURES, start=None if once else captures[0].timestamp))
