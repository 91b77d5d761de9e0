"""The front page, the section and the parent page as archived near the date: they link to the story under its true address.

By replay, and after the index: a page of links costs up to six replays, a share of one index question a few. One replay
serves all links of a site and week.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from archive.models import Link, Outcome, Role
from archive.repair.climb import Climb, Climbing
from archive.repair.likeness import worth
from archive.repair.rungs.known import ask
from archive.repair.wants import FetchIndexPage, MementoAnswer
from archive.repair.words import words
from archive.timestamps import to_timestamp
from archive.urls import path_date, slug_words, url_ids, urlkey
from archive.webarchives import WebArchive

MAX_LINKS = 3  # of one page that are looked at
MIN_WORDS = 3  # of an address or a title: fewer name no story
FAR = 45  # days: a front page lists a story for days, a section for weeks

_DATE = re.compile(r"(19|20)\d\d([-_]?\d\d){0,2}|0?[1-9]|[12]\d|3[01]")


def index_pages(climb: Climb) -> Climbing:
    """Nothing without a date: today's front page lists no story of then."""
    if not _has_words(climb) or not _is_dated(climb):
        return None
    looked_at = {urlkey(url) for url in climb.addresses}
    for archive in climb.archives:
        for url in listings(climb.url):
            if archive.name in climb.excluded:
                break
            found = yield from _look(climb, archive, url, looked_at)
            if found is not None:
                return found
    return None


def _has_words(climb: Climb) -> bool:
    title = words(climb.subject.knowledge.title or "")
    return climb.subject.may_search and max(len(slug_words(climb.url)), len(set(title))) >= MIN_WORDS


def _is_dated(climb: Climb) -> bool:
    return climb.subject.knowledge.reference is not None or path_date(climb.url) is not None


def listings(url: str) -> list[str]:
    """Pages that may list the story, likeliest first: the folder that it is in, its section, the front page."""
    parts = urlsplit(url)
    folder = [segment for segment in parts.path.rstrip("/").split("/")[1:-1] if segment]
    section = []
    for segment in folder:
        if _DATE.fullmatch(segment) or url_ids(f"http://host/{segment}"):
            break
        section.append(segment)
    paths = ["".join(f"/{segment}" for segment in held) + "/" for held in (folder, section, [])]
    return [urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in dict.fromkeys(paths)]


def week(climb: Climb) -> str:
    """Wednesday noon of the reference's week: one replay for all of that week."""
    day = climb.reference.replace(hour=12, minute=0, second=0, microsecond=0)
    return to_timestamp(day + timedelta(days=2 - day.weekday()))


def _look(climb: Climb, archive: WebArchive, url: str, looked_at: set[str]) -> Climbing:
    answer = yield FetchIndexPage(archive, url, week(climb))
    assert isinstance(answer, MementoAnswer)
    if answer.outcome is not Outcome.FOUND or answer.memento is None:
        climb.missed(answer, archive)
        return None
    if answer.page is None or climb.distance(answer.memento.timestamp) > FAR:
        return None
    for link in _ranked(climb, answer.page.links, looked_at)[:MAX_LINKS]:
        looked_at.add(urlkey(link.url))
        found = yield from ask(climb, "index_page", link.url)
        if found is not None:
            return found
    return None


def _ranked(climb: Climb, links: tuple[Link, ...], looked_at: set[str]) -> list[Link]:
    """The links that may lead to the story, likeliest first: by their addresses' words, or by what they are called."""
    known = climb.subject.knowledge
    ranked = [(rank, link) for link in links if link.role is not Role.CANONICAL and (rank := worth(known, link.url, link.anchor))]
    best = sorted(ranked, key=lambda one: (-one[0], one[1].position))
    return [link for _, link in best if urlkey(link.url) not in looked_at]
