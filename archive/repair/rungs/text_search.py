"""The story by the words of its title, in an archive that searches the text of old pages (arquivo.pt; no other does)."""

from __future__ import annotations

from datetime import timedelta

from archive.models import Outcome
from archive.repair.climb import Climb, Climbing
from archive.repair.likeness import likeness
from archive.repair.rungs.walking import walk
from archive.repair.wants import FetchPage, PageAnswer, SearchText
from archive.repair.words import title_similarity, words
from archive.timestamps import to_timestamp
from archive.urls import site, slug_words, urlkey
from archive.webarchives import TextAnswer, TextArchive, TextHit, TextQuery

MAX_ADDRESSES = 3  # of one answer that are looked at
MAX_CAPTURES = 2  # of one address
MIN_WORDS = 3  # fewer name no story
LIKE = 0.6  # likeness of title or address from which a hit is worth a look
EARLY = timedelta(days=31)  # before the reference date: an article is captured after it is written


def text_search(climb: Climb) -> Climbing:
    """One question to each such archive."""
    if not climb.subject.may_search or len(words(_words(climb))) < MIN_WORDS:
        return None
    for archive in climb.archives:
        if isinstance(archive, TextArchive) and archive.name not in climb.excluded:
            found = yield from _search(climb, archive)
            if found is not None:
                return found
    return None


def _words(climb: Climb) -> str:
    return climb.subject.knowledge.title or " ".join(slug_words(climb.url))


def _search(climb: Climb, archive: TextArchive) -> Climbing:
    reference = climb.subject.knowledge.reference
    first = to_timestamp(reference - EARLY)[:8] if reference else None
    answer = yield SearchText(archive, TextQuery(_words(climb), site(climb.url), first))
    assert isinstance(answer, TextAnswer)
    if answer.outcome is Outcome.UNKNOWN:
        climb.missed(answer, archive)
        return None
    for hit in _likely(climb, answer.hits)[:MAX_ADDRESSES]:
        found = yield from _candidate(climb, archive, hit)
        if found is not None:
            return found
    return None


def _likely(climb: Climb, hits: tuple[TextHit, ...]) -> list[TextHit]:
    """The hits that may be the story, likeliest first, each address once; the link's own were looked at before."""
    seen = {urlkey(url) for url in climb.addresses}
    best: dict[str, TextHit] = {}
    for hit in sorted(hits, key=lambda hit: (-_rank(climb, hit), climb.distance(hit.capture.timestamp))):
        if hit.capture.urlkey not in seen and _rank(climb, hit) >= LIKE:
            best.setdefault(hit.capture.urlkey, hit)
    return list(best.values())


def _rank(climb: Climb, hit: TextHit) -> float:
    named = title_similarity(_words(climb), hit.title) if hit.title else 0.0
    return max(named, likeness(climb.url, hit.capture.original))


def _candidate(climb: Climb, archive: TextArchive, hit: TextHit) -> Climbing:
    """Living it is the better replacement; else as that archive captured it."""
    url = hit.capture.original
    answer = yield FetchPage(url)
    assert isinstance(answer, PageAnswer)
    if climb.lives(answer):
        evidence = climb.judge("text_search", answer.page, answer.final_url, None)
        if evidence and answer.page:
            return climb.live("text_search", answer.final_url, answer.page, evidence, archive.archive_url(hit.capture))
    return (yield from walk(climb, archive, url, "text_search", MAX_CAPTURES, start=hit.capture.timestamp))
