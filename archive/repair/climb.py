"""The state of one climb: what is known, what was tried, and how a candidate is judged."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Protocol

from archive.health.soft404 import looks_gone
from archive.models import Knowledge, Observation, Outcome, Page, Repair
from archive.repair.evidence import Evidence, weigh
from archive.repair.wants import Answer, Attempt, LadderResult, MementoAnswer, Want
from archive.timestamps import parse_timestamp, to_timestamp
from archive.urls import path_date
from archive.webarchives import IndexAnswer, Memento, WebArchive

Climbing = Generator[Want, Answer, LadderResult | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """The dead link: what a document says of it, other readings of its text, and how it failed."""

    knowledge: Knowledge
    observation: Observation
    candidates: tuple[str, ...] = ()
    may_search: bool = True  # index searches are dear: only for what somebody asked for


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
    excluded: bool = False
    retry_after: float | None = None

    @property
    def url(self) -> str:
        return self.subject.knowledge.url

    @property
    def addresses(self) -> tuple[str, ...]:
        """The link and the other readings of its text."""
        return tuple(dict.fromkeys((self.url, *self.subject.candidates[:3])))

    @property
    def reference(self) -> datetime:
        """When the page was surely what the document means: what it says, else the date in the address, else now."""
        if self.subject.knowledge.reference is not None:
            return self.subject.knowledge.reference
        day = path_date(self.url)
        return datetime.combine(day, time(12), UTC) if day and day <= self.now.date() else self.now

    def missed(self, answer: MementoAnswer | IndexAnswer) -> None:
        """Note an answer that found nothing; "unknown" and "excluded" decide how the climb ends."""
        if answer.outcome is Outcome.UNKNOWN:
            self.reasons.append(answer.reason or "no usable answer")
            if answer.retry_after:
                self.retry_after = max(self.retry_after or 0.0, answer.retry_after)
        elif answer.outcome is Outcome.EXCLUDED:
            self.excluded = True

    def judge(self, method: str, page: Page | None, url: str, memento: Memento | None, *, same_address: bool) -> Evidence | None:
        """The evidence for a candidate when it is accepted; every candidate is noted."""
        timestamp = memento.timestamp if memento else None
        reason = _unfit(page, memento)
        if reason is not None or page is None:
            self.tried.append(Attempt(method, url, timestamp, reason or "no page"))
            return None
        evidence = weigh(self.subject.knowledge, page, url, same_address=same_address)
        self.tried.append(Attempt(method, url, timestamp, evidence.why, evidence.confidence))
        return evidence if evidence.accepted else None

    def live(self, method: str, url: str, page: Page, evidence: Evidence, archive_url: str | None = None) -> LadderResult:
        """A living page was proven."""
        repair = Repair(self.url, url, archive_url, None, method, evidence.confidence, evidence.as_dict())
        return self._result(repair, page, url, None)

    def archived(self, method: str, memento: Memento, page: Page, evidence: Evidence, *, same_address: bool) -> LadderResult:
        """A capture was proven. A capture of another address names that address as the replacement."""
        replacement = None if same_address else memento.original
        shown = evidence.as_dict() | {"days_from_reference": self.distance(memento.timestamp)}
        repair = Repair(self.url, replacement, memento.archive_url, memento.timestamp, method, evidence.confidence, shown)
        return self._result(repair, page, memento.original, memento)

    def distance(self, timestamp: str) -> int:
        """Days between a capture and the reference date."""
        return abs((parse_timestamp(timestamp) - self.reference).days)

    def _result(self, repair: Repair, page: Page, url: str, memento: Memento | None) -> LadderResult:
        return LadderResult(Outcome.FOUND, repair, page, url, memento, tuple(self.tried), tuple(self.reasons))

    def nothing(self) -> LadderResult:
        """The end of the ladder: an archive that could not be asked leaves it open; only a clean "no" is none."""
        outcome = Outcome.UNKNOWN if self.reasons else Outcome.EXCLUDED if self.excluded else Outcome.NONE
        reasons = tuple(dict.fromkeys(self.reasons))
        return LadderResult(outcome, tried=tuple(self.tried), reasons=reasons, retry_after=self.retry_after)

    def timestamp(self) -> str:
        """The reference date for a replay."""
        return to_timestamp(self.reference)


def _unfit(page: Page | None, memento: Memento | None) -> str | None:
    """Why a page cannot be anybody's article, whatever it says; None when it may be one."""
    if memento is not None and memento.status != 200:
        return f"captured with status {memento.status}"
    if page is None:
        return "no page"
    if looks_gone(page):
        return "says that it is gone"
    return None if page.article else f"no article ({page.status})"
