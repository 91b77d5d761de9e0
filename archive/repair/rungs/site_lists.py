"""The story under the address that the living site itself lists: its sitemaps and its feed. They cost no archive anything."""

from __future__ import annotations

from archive.repair.climb import Climb, Climbing
from archive.repair.likeness import worth
from archive.repair.wants import FetchPage, FindListed, ListedAnswer, PageAnswer
from archive.repair.words import words
from archive.sources.base import Entry
from archive.urls import path_date, slug_words, urlkey

MAX_LOOKED_AT = 3
MIN_WORDS = 3  # of an address or a title: fewer name no story
TELLING = 4  # of the longest words: a listing may have 50,000 entries, and most have none of them


def site_lists(climb: Climb) -> Climbing:
    """Living only: what is listed and dead is looked for in the archives by the other rungs."""
    sought = _sought(climb)
    if not climb.subject.may_search or len(sought) < MIN_WORDS:
        return None
    dated = climb.subject.knowledge.reference is not None or path_date(climb.url) is not None
    answer = yield FindListed(climb.url, f"{climb.reference:%Y-%m}" if dated else None)
    assert isinstance(answer, ListedAnswer)
    for url in _ranked(climb, answer.entries, sought)[:MAX_LOOKED_AT]:
        page = yield FetchPage(url)
        assert isinstance(page, PageAnswer)
        if climb.lives(page):
            evidence = climb.judge("site_list", page.page, page.final_url, None)
            if evidence and page.page:
                return climb.live("site_list", page.final_url, page.page, evidence)
    return None


def _sought(climb: Climb) -> frozenset[str]:
    """The longest words of the address, and those of the title."""
    title = sorted(set(words(climb.subject.knowledge.title or "")), key=lambda word: (-len(word), word))
    slug = sorted(set(slug_words(climb.url)), key=lambda word: (-len(word), word))
    return frozenset(slug[:TELLING] + title[:TELLING])


def _ranked(climb: Climb, entries: tuple[Entry, ...], sought: frozenset[str]) -> list[str]:
    """The addresses that may be the story's, likeliest first."""
    seen = {urlkey(url) for url in climb.addresses}
    ranked: dict[str, float] = {}
    for entry in entries:
        text = f"{entry.url} {entry.title or ''}".lower()
        if sum(word in text for word in sought) >= 2 and urlkey(entry.url) not in seen:
            ranked[entry.url] = worth(climb.subject.knowledge, entry.url, entry.title)
    return sorted((url for url, rank in ranked.items() if rank), key=lambda url: (-ranked[url], url))
