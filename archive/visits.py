"""What one visit to an address brought, as the store writes it; and the decisions on it that need no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from archive.frontier import Lease
from archive.models import Article, Headers, Kind, Knowledge, Link, Look, Outcome, Page, Repair, Verdict
from archive.states import State
from archive.urls import host, is_home
from archive.warc import Packed, Previous
from archive.wording import digest_of


@dataclass(frozen=True, slots=True)
class Task:
    """A leased address with all that is known of it: what a visit starts from."""

    lease: Lease
    knowledge: Knowledge
    candidates: tuple[str, ...] = ()  # other readings of a mangled address, best first
    asked: bool = False  # somebody named it: worth searches in an archive's index
    previous: Previous | None = None
    looks: tuple[Look, ...] = ()  # the last ones at this address, newest first
    written: str | None = None  # as the document writes it
    conditions: Headers = ()  # of the request, when the page lived and its server named the state of it (RFC 9110, 13.1)


@dataclass(frozen=True, slots=True)
class Pending:
    """A dead address that is to be searched for in an archive's index; `before` is what its climb left (JSON)."""

    task: Task
    before: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One response to be kept: its packed records and where it came from ("crawl" or an archive's name)."""

    packed: Packed
    fetched: datetime
    archive: str = "crawl"
    archive_url: str | None = None
    extracted: str = "ok"
    reason: str | None = None
    kind: str | None = None
    mended: int = 0
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An article that a visit found. `receipt` is the place of its capture in `Visit.receipts`.

    `refused` says why this is no text of the article, whatever it says: a soft-404, a consent page at its address.
    """

    article: Article
    links: tuple[Link, ...]
    address: str
    final_url: str
    origin: str
    captured: datetime
    archive_url: str | None = None
    receipt: int | None = None
    kind: Kind | None = None
    refused: str | None = None


class Change(StrEnum):
    """What a text is to those that an article had before."""

    NEW = "new"  # the first one
    SAME = "same"  # the current one
    CHANGED = "changed"  # it is the current one from now on
    BACK = "back"  # a former one, current again
    REFUSED = "refused"  # kept beside the current one, which it may not replace


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a text that was seen: the version that has it and, when it was refused, why."""

    article_id: int
    version_id: int
    change: Change
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question put to an archive."""

    archive: str
    service: str
    question: str
    outcome: Outcome
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """How the search for a replacement ended. `state` is accepted, supplement, pending, proposed or open.

    A proposed `repair` is likely, and a person has to decide; the outcome is then what was proven: nothing.
    """

    outcome: Outcome
    state: str
    repair: Repair | None = None
    evidence: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """All that is written, in one transaction, when an address has been looked at.

    Without `verdict` it is the rest of an earlier visit: the search in an archive's index. `instead` is what the address
    itself shows where an article should be: kept beside the article that it once led to. With `retry` the address is
    queued again, after that wait or, when it is zero, after the next backoff. What was `imported` was not fetched:
    the queue stays as it is.
    """

    task: Task
    checked: datetime
    verdict: Verdict | None
    statuscode: int | None = None
    final_url: str | None = None
    receipts: tuple[Receipt, ...] = ()
    finding: Finding | None = None
    instead: Finding | None = None
    search: Search | None = None
    lookups: tuple[Lookup, ...] = ()
    related: tuple[Link, ...] = ()
    retry: timedelta | None = None
    imported: bool = False
    unchanged: bool = False  # the server says so (304)


@dataclass(frozen=True, slots=True)
class Current:
    """The text that stands for an article now, and when it was seen last."""

    title: str | None
    text: str
    origin: str
    seen: datetime
    kind: str | None = None


def article_address(final_url: str, canonical_url: str | None) -> str:
    """Where an article lives: what the publisher declares, if it can be believed.

    A canonical address on another host, or the home page, is a mistake or somebody else's page.
    """
    if canonical_url is None or is_home(canonical_url) or _bare_host(canonical_url) != _bare_host(final_url):
        return final_url
    return canonical_url


def _bare_host(url: str) -> str:
    name = host(url)
    for prefix in ("www.", "m.", "amp.", "mobile."):
        name = name.removeprefix(prefix)
    return name


def objection(current: Current, finding: Finding) -> str | None:
    """Why a new text must not replace the current one; None when it may. It is kept as a version in any case.

    Half the length tells a stub from an edit: a paywall's teaser never replaces the whole story. An older capture
    replaces nothing but a teaser.
    """
    text = finding.article.text
    if finding.refused:
        return finding.refused
    if finding.kind is Kind.PAYWALL and current.kind != Kind.PAYWALL:
        return f"the beginning, the rest is for subscribers: {len(text)} characters against {len(current.text)}"
    if len(text) < len(current.text) / 2:
        return f"shorter: {len(text)} characters against {len(current.text)}"
    teaser = len(current.text) < len(text) / 2 or (current.kind == Kind.PAYWALL != finding.kind)
    return "older than the current text" if finding.captured < current.seen and not teaser else None


_INSTEAD = {Kind.CONSENT: "a consent page", Kind.LOGIN: "a login page", Kind.ERROR: "an error page"}


def refusal(page: Page, state: State) -> str | None:
    """What a page shows in place of an article, in words; None when it may be one, or is something else."""
    if state is State.SOFT404:
        return "soft-404: the page says that it is not there"
    return _INSTEAD.get(page.kind) if page.kind in _INSTEAD else "no article text" if page.status == "empty" else None


def text_digest(article: Article) -> str:
    """What makes a version of an article (archive.wording), computed now if no worker process has done so."""
    return article.digest or digest_of(article.title, article.text)
