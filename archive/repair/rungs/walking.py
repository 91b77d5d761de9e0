"""The captures of one address, from the one nearest to a date outwards, until one shows the article."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from archive.models import Outcome
from archive.repair.climb import Climb, Climbing
from archive.repair.wants import Answer, FetchMemento, FetchPage, ListCaptures, MementoAnswer, PageAnswer, Want
from archive.timestamps import parse_timestamp, to_timestamp
from archive.urls import NotAURL, canonicalize, is_home, urlkey
from archive.webarchives import IndexAnswer, IndexQuery, Memento, WebArchive

MAX_HOPS = 3  # of archived redirects
OWN_ADDRESS = frozenset({"memento", "variant"})  # methods by which captures of the very link are looked at


def walk(climb: Climb, archive: WebArchive, url: str, method: str, limit: int, start: str | None = None) -> Climbing:
    """Look at up to `limit` captures of `url`, first the one nearest to `start` (the reference date).

    A capture that does not replay is walked past like one that shows something else.
    """
    path = _Path(climb, start or climb.timestamp())
    for _ in range(limit):
        wanted = path.next()
        if wanted is None and path.has_no_neighbours and archive.lists_captures:
            yield from _list(climb, archive, url, path)
            wanted = path.next()
        if wanted is None:
            return None
        answer = yield FetchMemento(archive, url, wanted)
        assert isinstance(answer, MementoAnswer)
        memento = answer.memento
        if answer.outcome is not Outcome.FOUND or memento is None:
            climb.missed(answer, archive)
        elif path.is_new(memento):
            found = yield from _look(climb, archive, url, method, answer, memento)
            if found is not None:
                return found
    return None


def _list(climb: Climb, archive: WebArchive, url: str, path: _Path) -> Generator[Want, Answer, None]:
    """Ask for the list of captures once: pywb's mementos name no neighbours."""
    answer = yield ListCaptures(archive, IndexQuery(url, around=path.start))
    assert isinstance(answer, IndexAnswer)
    path.listed = tuple(capture.timestamp for capture in answer.captures)
    if answer.outcome in (Outcome.UNKNOWN, Outcome.EXCLUDED):
        climb.missed(answer, archive)


@dataclass(slots=True)
class _Path:
    """Which capture is next. Neighbours are known from the Link header of mementos, or from a list of captures."""

    climb: Climb
    start: str
    asked: set[str] = field(default_factory=set)
    seen: dict[str, Memento] = field(default_factory=dict)
    listed: tuple[str, ...] | None = None

    @property
    def has_no_neighbours(self) -> bool:
        """True when something was captured, and nothing says what else was."""
        named = any(memento.previous or memento.next or memento.first for memento in self.seen.values())
        return bool(self.seen) and not named and self.listed is None

    def is_new(self, memento: Memento) -> bool:
        """False for a capture that was seen: the archive sends us there instead of one that does not replay."""
        is_new = memento.timestamp not in self.seen
        self.seen[memento.timestamp] = memento
        self.asked.add(memento.timestamp)
        return is_new

    def next(self) -> str | None:
        """The nearest to the start, then its nearer neighbour; then the first capture, then further neighbours.

        A page that was asked for after its death has many bad captures in a row: its first one is the likeliest good one.
        """
        around = [stamp for stamp in self._around() if stamp not in self.asked]
        if not self.asked:
            around = [self.start]
        elif len(self.seen) == 2 and (first := self._first()):
            around = [first]
        step = min(around, key=lambda stamp: _apart(stamp, self.start), default=None)
        if step is not None:
            self.asked.add(step)
        return step

    def _first(self) -> str | None:
        first = self.seen[min(self.seen)].first
        return first if first and first not in self.asked and first < min(self.seen) else None

    def _around(self) -> list[str]:
        """The captures next to the stretch that was seen; behind one that did not replay, the time as far beyond it."""
        if not self.seen:
            return []
        if self.listed is not None:
            return list(self.listed)
        first, last = self.seen[min(self.seen)], self.seen[max(self.seen)]
        sides = ((first, first.previous), (last, last.next))
        return [self._beyond(here.timestamp, there) for here, there in sides if there]

    def _beyond(self, here: str, there: str) -> str:
        if there not in self.asked:
            return there
        step = _moment(there) - _moment(here)
        least = timedelta(days=1 if step > timedelta() else -1)
        return to_timestamp(_moment(there) + max(step, least, key=abs))


def _moment(stamp: str) -> datetime:
    try:
        return parse_timestamp(stamp)
    except ValueError:
        return datetime(1996, 1, 1, tzinfo=UTC)


def _apart(one: str, other: str) -> float:
    return abs((_moment(one) - _moment(other)).total_seconds())


def _look(climb: Climb, archive: WebArchive, url: str, method: str, answer: MementoAnswer, memento: Memento) -> Climbing:
    if memento.redirects_to:
        return (yield from _redirect(climb, archive, url, memento, trusted=method in OWN_ADDRESS))
    same = method in OWN_ADDRESS and urlkey(memento.original) == urlkey(url)
    evidence = climb.judge(method, answer.page, memento.original, memento, same_address=same)
    if evidence and answer.page:
        return climb.archived(method, url, memento, answer.page, evidence)
    return None


def _redirect(climb: Climb, archive: WebArchive, url: str, memento: Memento, *, trusted: bool) -> Climbing:
    """The page redirected when it was captured: its target, live or as captured then, may be the article's new address.

    `trusted`: it was the link itself that led there.
    """
    target = _target(memento)
    if target is None or urlkey(target) in (urlkey(url), urlkey(memento.original)):
        return None  # to its other spelling: the next capture may show it
    if is_home(target) or _is_above(target, url):
        climb.note("redirect", target, memento, "redirected to the front page or a section")
        return None
    answer = yield FetchPage(target)
    assert isinstance(answer, PageAnswer)
    if climb.lives(answer):
        evidence = climb.judge("redirect", answer.page, answer.final_url, None, redirected=trusted)
        if evidence and answer.page:
            return climb.live("redirect", answer.final_url, answer.page, evidence)
    return (yield from _copy(climb, archive, target, memento.timestamp, trusted=trusted))


def _copy(climb: Climb, archive: WebArchive, target: str, timestamp: str, *, trusted: bool) -> Climbing:
    """The target as captured then, which may have redirected once more."""
    for _ in range(MAX_HOPS):
        answer = yield FetchMemento(archive, target, timestamp)
        assert isinstance(answer, MementoAnswer)
        memento = answer.memento
        if answer.outcome is not Outcome.FOUND or memento is None:
            climb.missed(answer, archive)
            return None
        further = _target(memento)
        if further is None:
            evidence = climb.judge("redirect", answer.page, memento.original, memento, redirected=trusted)
            return climb.archived("redirect", target, memento, answer.page, evidence) if evidence and answer.page else None
        if urlkey(further) == urlkey(target) or is_home(further):
            return None
        target = further
    return None


def _target(memento: Memento) -> str | None:
    try:
        return canonicalize(memento.redirects_to) if memento.redirects_to else None
    except NotAURL:
        return None


def _is_above(target: str, url: str) -> bool:
    """A section that the link is in: redirects to it mean "gone"."""
    return "?" not in target and urlkey(url).startswith(urlkey(target).rstrip("/") + "/")
