"""A world for the ladder in dictionaries, and a driver that answers its wants from there."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from archive.health import judge
from archive.models import (
    Article,
    Capture,
    Exchange,
    Failure,
    FailureKind,
    Hop,
    Knowledge,
    Observation,
    Outcome,
    Page,
)
from archive.repair import (
    Answer,
    FetchIndexPage,
    FetchMemento,
    FetchPage,
    FindKnown,
    FindListed,
    FindOwn,
    KnownAnswer,
    LadderResult,
    ListedAnswer,
    MementoAnswer,
    PageAnswer,
    SearchIndex,
    SearchText,
    Subject,
    Want,
    climb,
    search,
    supplement,
)
from archive.repair.ladder import Ladder
from archive.timestamps import parse_timestamp
from archive.urls import canonicalize, urlkey
from archive.webarchives import ArchiveRequest, IndexAnswer, IndexQuery, Memento, ReplayAnswer, TextAnswer, TextQuery
from archive.webarchives.wayback import words_regex

NOW = datetime(2026, 11, 25, tzinfo=UTC)
GONE = Page("ok", article=None, head_title="Page not found", heading="Page not found", text_length=60)


@dataclass(frozen=True)
class FakeArchive:
    """Builds and reads nothing: the driver answers the wants themselves."""

    name: str = "wayback"
    has_index: bool = True
    lists_captures: bool = False
    index_by_time: bool = False

    def replay(self, url: str, timestamp: str) -> ArchiveRequest:
        raise NotImplementedError

    def follow(self, location: str) -> ArchiveRequest:
        raise NotImplementedError

    def read_replay(self, answer: Exchange | Failure) -> ReplayAnswer:
        raise NotImplementedError

    def search(self, query: IndexQuery) -> ArchiveRequest:
        raise NotImplementedError

    def read_search(self, answer: Exchange | Failure) -> IndexAnswer:
        raise NotImplementedError

    def archive_url(self, capture: Capture) -> str:
        return f"https://{self.name}.test/web/{capture.timestamp}/{capture.original}"


@dataclass(frozen=True)
class FakeTextArchive(FakeArchive):
    """One that searches the text of its pages."""

    def search_text(self, query: TextQuery) -> ArchiveRequest:
        raise NotImplementedError

    def read_text(self, answer: Exchange | Failure) -> TextAnswer:
        raise NotImplementedError


ARCHIVE = FakeArchive()


def page(title: str, text: str | None = None, *, published: str | None = None) -> Page:
    """An article; its text is of its title's own words."""
    body = text or f"{title}: that is what happened, and nobody in the town was surprised by it at all. " * 3
    article = Article(title, (), published, None, "The Example", "en", None, None, None, body)
    return Page("ok", article=article, head_title=title, heading=title, text_length=len(body))


@dataclass(frozen=True)
class Shot:
    """One capture: a page, a status without one, or a redirect; `plays` False: listed only."""

    url: str
    timestamp: str
    page: Page | None = None
    status: int = 200
    location: str | None = None
    digest: str | None = None
    plays: bool = True


@dataclass
class World:
    """Live pages by address (a page, a status or a failure; 404 for the rest), captures, and what goes wrong."""

    live: dict[str, Page | int | FailureKind | str] = field(default_factory=dict)
    shots: list[Shot] = field(default_factory=list)
    replay_fails: dict[str, Outcome] = field(default_factory=dict)  # by a part of the address; "" for all
    index_fails: dict[str, Outcome] = field(default_factory=dict)
    page_size: int = 1000
    known: KnownAnswer = field(default_factory=KnownAnswer)
    listed: ListedAnswer = field(default_factory=ListedAnswer)
    texts: TextAnswer = field(default_factory=lambda: TextAnswer(Outcome.NONE))
    own: list[Memento] = field(default_factory=list)  # what lies in our own files
    own_page: Page | None = None
    archive: FakeArchive = ARCHIVE
    neighbours: bool = True  # named by mementos
    asked: list[Want] = field(default_factory=list)

    def climb(
        self, known: Knowledge, *candidates: str, may_search: bool = True, blocked: bool = False, written: str | None = None
    ) -> LadderResult:
        """Run the ladder (for a blocked page its supplement) to its end."""
        start = supplement if blocked else climb
        subject = Subject(known, candidates, may_search, written)
        result = self._drive(start(subject, now=NOW, archives=(self.archive,)))
        return self._drive(search(subject, result, now=NOW, archives=(self.archive,))) if result.pending else result

    def _drive(self, ladder: Ladder) -> LadderResult:
        try:
            want = next(ladder)
            while True:
                self.asked.append(want)
                want = ladder.send(self.answer(want))
        except StopIteration as end:
            result: LadderResult = end.value
            return result

    def count(self) -> Counter[str]:
        """What others were asked."""
        return Counter(type(want).__name__ for want in self.asked if not isinstance(want, FindKnown | FindOwn))

    @property
    def replays(self) -> list[tuple[str, str]]:
        return [(want.url, want.timestamp) for want in self.asked if isinstance(want, FetchMemento)]

    @property
    def queries(self) -> list[IndexQuery]:
        return [want.query for want in self.asked if isinstance(want, SearchIndex)]

    def answer(self, want: Want) -> Answer:
        if isinstance(want, FetchPage):
            return self._page(canonicalize(want.url))
        if isinstance(want, FetchMemento | FetchIndexPage):
            return self._memento(want)
        if isinstance(want, FindKnown):
            return self.known
        if isinstance(want, FindOwn):
            return self._own(want)
        if isinstance(want, FindListed):
            return self.listed
        if isinstance(want, SearchText):
            return self.texts
        return self._index(want.query)

    def _own(self, want: FindOwn) -> MementoAnswer:
        kept = [one for one in self.own if urlkey(one.original) == urlkey(want.url) and bool(one.archive_url) is want.public]
        moment = parse_timestamp(want.timestamp)
        near = min(kept, key=lambda one: abs(parse_timestamp(one.timestamp) - moment), default=None)
        return MementoAnswer(Outcome.FOUND, near, self.own_page) if near else MementoAnswer(Outcome.NONE)

    def _page(self, url: str) -> PageAnswer:
        found = self.live.get(url, 404)
        hops = [Hop(url, 200)]
        if isinstance(found, str) and not isinstance(found, FailureKind):  # redirects there
            hops = [Hop(url, 301), Hop(found, 200)]
            found = self.live.get(found, 404)
        if isinstance(found, FailureKind):
            observation = Observation(url, (), Failure(url, found, "no answer"))
        elif isinstance(found, int):
            observation = Observation(url, (*hops[:-1], Hop(hops[-1].url, found)))
        else:
            observation = Observation(url, tuple(hops), None, found if isinstance(found, Page) else None)
        return PageAnswer(judge(observation), observation.page, observation.final_url)

    def _memento(self, want: FetchMemento | FetchIndexPage) -> MementoAnswer:
        for part, outcome in self.replay_fails.items():
            if part in f"{want.timestamp} {want.url}":
                return MementoAnswer(outcome, reason="it answered 429", retry_after=90.0)
        key = urlkey(want.url)
        listed = sorted((shot for shot in self.shots if urlkey(shot.url) == key), key=lambda shot: shot.timestamp)
        playing = [shot for shot in listed if shot.plays]
        if not playing:
            return MementoAnswer(Outcome.NONE)
        moment = parse_timestamp(want.timestamp)
        shot = min(playing, key=lambda shot: abs(parse_timestamp(shot.timestamp) - moment))
        place = listed.index(shot)
        memento = Memento(
            archive_url=f"https://{ARCHIVE.name}.test/web/{shot.timestamp}/{shot.url}",
            original=shot.url,
            timestamp=shot.timestamp,
            status=301 if shot.location else shot.status,
            headers=(),
            archive=ARCHIVE.name,
            previous=listed[place - 1].timestamp if place else None,
            next=listed[place + 1].timestamp if place + 1 < len(listed) else None,
            first=listed[0].timestamp,
            redirects_to=shot.location,
        )
        if not self.neighbours:
            memento = replace(memento, previous=None, next=None, first=None)
        return MementoAnswer(Outcome.FOUND, memento, shot.page)

    def _index(self, query: IndexQuery) -> IndexAnswer:
        for part, outcome in self.index_fails.items():
            if part in query.url:
                return IndexAnswer(outcome, reason="it answered 504", retry_after=30.0)
        prefix, pattern = urlkey(query.url), re.compile(words_regex(query.words)) if query.words else None
        rows = [shot for shot in self.shots if urlkey(shot.url).startswith(prefix) and shot.status == 200 and not shot.location]
        rows = [shot for shot in rows if pattern is None or pattern.fullmatch(urlkey(shot.url))]
        rows.sort(key=lambda shot: (urlkey(shot.url), shot.timestamp))
        if query.once:
            rows = list({urlkey(shot.url): shot for shot in reversed(rows)}.values())[::-1]
        start = int(query.resume_key or 0)
        part, rest = rows[start : start + self.page_size], rows[start + self.page_size :]
        captures = tuple(_row(shot) for shot in part)
        return IndexAnswer(Outcome.FOUND if captures else Outcome.NONE, captures, str(start + self.page_size) if rest else None)


def _row(shot: Shot) -> Capture:
    digest = shot.digest or f"{urlkey(shot.url)} {shot.timestamp}"
    return Capture(urlkey(shot.url), shot.timestamp, shot.url, "text/html", shot.status, digest, 1000, ARCHIVE.name)
