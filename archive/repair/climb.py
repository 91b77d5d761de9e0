"""The state of one climb: what is known, what was tried, and how a candidate is judged."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Protocol

from archive.models import Knowledge, Outcome, Page, Repair
from archive.repair.evidence import PROPOSE, Evidence, weigh
from archive.repair.unfit import unfit
from archive.repair.wants import Answer, Attempt, FetchMemento, LadderResult, MementoAnswer, PageAnswer, Want
from archive.states import State
from archive.timestamps import parse_timestamp, to_timestamp
from archive.urls import NotAURL, canonicalize, cleaned, path_date, urlkey
from archive.webarchives import IndexAnswer, Memento, TextAnswer, WebArchive

MAX_READINGS = 4  # of a link's text, beside the first

Climbing = Generator[Want, Answer, LadderResult | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """The dead link: what a document says of it, and other readings of its text."""

    knowledge: Knowledge
    candidates: tuple[str, ...] = ()
    may_search: bool = True  # index searches are dear: only for what somebody asked for
    written: str | None = None  # as the document writes it, with the tracking that the link has lost


class Rung(Protocol):
    """One way to find a replacement: a generator of wants that returns a result when something is proven."""

    def __call__(self, climb: Climb, /) -> Climbing: ...


@dataclass(slots=True)
class Climb:
    """Shared by the rungs of one climb."""

    subject: Subject
    archives: tuple[WebArchive, ...]
    now: datetime
    tried: list[Attempt] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    excluded: set[str] = field(default_factory=set)  # names of archives that may not show the site
    retry_after: float | None = None
    answers: dict[Want, Answer] = field(default_factory=dict)  # what was asked in this climb
    proposal: Repair | None = None  # the best candidate that is likely, and not sure

    @property
    def replays(self) -> int:
        """How many captures were asked for."""
        return sum(isinstance(want, FetchMemento) for want in self.answers)

    @property
    def url(self) -> str:
        return self.subject.knowledge.url

    @property
    def addresses(self) -> tuple[str, ...]:
        """The link and the other readings of its text."""
        others = [url for url in (*self.subject.candidates, *cleaned(self.url)) if url != self.url]
        return tuple(dict.fromkeys((self.url, *others[:MAX_READINGS])))

    @property
    def reference(self) -> datetime:
        """When the page was surely what the document means: what it says, else the date in the address, else now."""
        if self.subject.knowledge.reference is not None:
            return self.subject.knowledge.reference
        day = path_date(self.url)
        return datetime.combine(day, time(12), UTC) if day and day <= self.now.date() else self.now

    def missed(self, answer: MementoAnswer | IndexAnswer | TextAnswer, archive: WebArchive) -> None:
        """Note an answer that found nothing; "unknown" and "excluded" decide how the climb ends."""
        if answer.outcome is Outcome.UNKNOWN:
            self.reasons.append(answer.reason or "no usable answer")
            if answer.retry_after:
                self.retry_after = max(self.retry_after or 0.0, answer.retry_after)
        elif answer.outcome is Outcome.EXCLUDED:
            self.excluded.add(archive.name)

    def lives(self, answer: PageAnswer) -> bool:
        """True when a page was received. One that could not be asked leaves the climb open."""
        if answer.verdict.state is State.TEMPORARY:
            self.reasons.append(f"{answer.final_url} could not be asked ({answer.verdict.rule})")
        return answer.verdict.state.living

    def judge(
        self,
        method: str,
        page: Page | None,
        url: str,
        memento: Memento | None,
        *,
        same_address: bool = False,
        redirected: bool = False,
    ) -> Evidence | None:
        """The evidence for a candidate when it is accepted; every candidate is noted."""
        reason = unfit(page, url, memento)
        if reason is not None or page is None:
            self.note(method, url, memento, reason or "no page")
            return None
        evidence = weigh(self.subject.knowledge, page, url, same_address=same_address, redirected=redirected)
        self.note(method, url, memento, evidence.why, evidence.confidence)
        if not evidence.accepted:
            self.propose(method, url, memento, evidence)
        return evidence if evidence.accepted else None

    def propose(self, method: str, url: str, memento: Memento | None, evidence: Evidence) -> None:
        """Keep the best of what a person may decide."""
        if evidence.confidence < PROPOSE or (self.proposal and self.proposal.confidence >= evidence.confidence):
            return
        where, when = (memento.archive_url, memento.timestamp) if memento else (None, None)
        self.proposal = Repair(self.url, self._other(url), where, when, method, evidence.confidence, evidence.as_dict())

    def note(self, method: str, url: str, memento: Memento | None, why: str, confidence: float | None = None) -> None:
        """For the record: what was looked at."""
        self.tried.append(Attempt(method, url, memento.timestamp if memento else None, why, confidence))

    def live(self, method: str, url: str, page: Page, evidence: Evidence, archive_url: str | None = None) -> LadderResult:
        """A living page was proven."""
        repair = Repair(self.url, url, archive_url, None, method, evidence.confidence, evidence.as_dict())
        return self._result(repair, page, url, None)

    def archived(self, method: str, url: str, memento: Memento, page: Page, evidence: Evidence) -> LadderResult:
        """A capture of `url` was proven. When that is another address than the link, it is named as the replacement.

        A row's own address is what an archive is asked for; the replacement is the same without tracking. A capture of
        our own has no address that a document could name.
        """
        shown = evidence.as_dict() | {"days_from_reference": int(self.distance(memento.timestamp))}
        repair = Repair(self.url, self._other(url), memento.archive_url, memento.timestamp, method, evidence.confidence, shown)
        return self._result(repair, page, memento.original, memento)

    def _other(self, url: str) -> str | None:
        """A replacement's address without tracking; None when that is the link's own."""
        other = _canonical(url)
        return None if urlkey(other) == urlkey(self.url) else other

    def distance(self, timestamp: str) -> float:
        """Days between a capture and the reference date."""
        return abs((parse_timestamp(timestamp) - self.reference).total_seconds()) / 86400

    def _result(self, repair: Repair, page: Page, url: str, memento: Memento | None) -> LadderResult:
        return LadderResult(Outcome.FOUND, repair, page, url, memento, tuple(self.tried), tuple(self.reasons))

    def nothing(self) -> LadderResult:
        """The end of the ladder: an archive that could not be asked leaves it open; only a clean "no" is none."""
        outcome = Outcome.UNKNOWN if self.reasons else Outcome.EXCLUDED if self.excluded else Outcome.NONE
        reasons = tuple(dict.fromkeys(self.reasons))
        return LadderResult(
            outcome,
            tried=tuple(self.tried),
            reasons=reasons,
            retry_after=self.retry_after,
            excluded=tuple(sorted(self.excluded)),
            proposal=self.proposal,
        )

    def timestamp(self) -> str:
        """The reference date for a replay."""
        return to_timestamp(self.reference)


def _canonical(url: str) -> str:
    try:
        return canonicalize(url)
    except NotAURL:
        return url
