"""Addresses that are guessed from what is known here: how the site moved its pages, what else was seen of it, the date.

They cost the archives' index nothing. A guess is asked for living first, then as captured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from archive.repair.climb import Climb, Climbing
from archive.repair.evidence import weigh
from archive.repair.rules import moved
from archive.repair.rungs.walking import walk
from archive.repair.unfit import unfit
from archive.repair.wants import FetchPage, FindKnown, KnownAnswer, PageAnswer
from archive.urls import host, path_date, urlkey

DOUBTFUL = 0.75  # confidence at most
MAX_GUESSES = 5
MAX_CAPTURES = 2  # of one guess
NEAR = 31  # days between the date in an address and what a document speaks of: a story is dated so, or mentioned so much later

DAY = re.compile(r"(?<=/)((?:19|20)\d\d)([/_-]?)(\d\d?)(?:\2(\d\d?))?(?=[/_-])")


def known(climb: Climb) -> Climbing:
    """The guesses in order; each is judged by its content."""
    answer = yield FindKnown(climb.url)
    assert isinstance(answer, KnownAnswer)
    seen = {urlkey(url) for url in climb.addresses}
    guesses = [(method, url) for method, url in _guesses(climb, answer) if urlkey(url) not in seen]
    for method, url in list({urlkey(url): (method, url) for method, url in reversed(guesses)}.values())[::-1][:MAX_GUESSES]:
        found = yield from ask(climb, method, url)
        if found is not None:
            return found
    yield from _elsewhere(climb, answer)
    return None


def _elsewhere(climb: Climb, answer: KnownAnswer) -> Climbing:
    """The same story, living on another host of the site: another edition, perhaps, so that a person has to decide."""
    for url in [url for url in answer.addresses if host(url) != host(climb.url)][:1]:
        page = yield FetchPage(url)
        assert isinstance(page, PageAnswer)
        if climb.lives(page) and unfit(page.page, page.final_url, None) is None and page.page:
            evidence = weigh(climb.subject.knowledge, page.page, page.final_url, same_address=False)
            climb.propose("slug_search", page.final_url, None, replace(evidence, confidence=min(evidence.confidence, DOUBTFUL)))
    return None


def _guesses(climb: Climb, answer: KnownAnswer) -> Iterator[tuple[str, str]]:
    """Rules, then pages of this host, then the right date, then the paths of pages of the site's other hosts."""
    own = host(climb.url)
    here = [url for url in answer.addresses if host(url) == own]
    there = [url for url in answer.addresses if host(url) != own]
    yield from (("rule", url) for url in moved(climb.url, answer.repairs))
    yield from (("slug_search", url) for url in here)
    yield from (("date", url) for url in redated(climb.url, climb.subject.knowledge.reference))
    yield from (("slug_search", _on(own, url)) for url in there)


def _on(name: str, url: str) -> str:
    """The same path on another host of the site: editions, archives and mobile hosts share them."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, name, parts.path, parts.query, ""))


def redated(url: str, reference: datetime | None) -> list[str]:
    """The address with the year, then the whole date, that the document speaks of, in the form that the address has."""
    parts = urlsplit(url)
    written = path_date(url)
    match = DAY.search(parts.path)
    if reference is None or match is None or written is None or abs((reference.date() - written).days) <= NEAR:
        return []
    day = reference.date()
    found = []
    if f"{day.year}" != match[1]:
        found.append(parts.path[: match.start(1)] + f"{day.year}" + parts.path[match.end(1) :])
    if match[4]:
        whole = f"{day.year}{match[2]}{day.month:0{len(match[3])}d}{match[2]}{day.day:0{len(match[4])}d}"
        found.append(parts.path[: match.start()] + whole + parts.path[match.end() :])
    return [urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")) for path in dict.fromkeys(found)]


def ask(climb: Climb, method: str, url: str, captures: int = MAX_CAPTURES) -> Climbing:
    """A guess: living, then up to so many of its captures in each archive."""
    answer = yield FetchPage(url)
    assert isinstance(answer, PageAnswer)
    if climb.lives(answer):
        evidence = climb.judge(method, answer.page, answer.final_url, None)
        if evidence and answer.page:
            return climb.live(method, answer.final_url, answer.page, evidence)
    for archive in climb.archives:
        if archive.name not in climb.excluded:
            found = yield from walk(climb, archive, url, method, captures)
            if found is not None:
                return found
    return None
