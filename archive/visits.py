"""What one visit to an address brought, as the store writes it; and the decisions on it that need no database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from archive.frontier import Lease
from archive.models import Article, Headers, Knowledge, Link, Look, Outcome, Repair, Verdict
from archive.urls import host, is_home
from archive.warc import Packed, Previous


@dataclass(frozen=True, slots=True)
class Task:
    """A leased address with all that is known of it: what a visit starts from."""

    lease: Lease
    knowledge: Knowledge
    candidates: tuple[str, ...] = ()  # other readings of a mangled address, best first
    asked: bool = False  # somebody named it: worth searches in an archive's index
    previous: Previous | None = None
    looks: tuple[Look, ...] = ()  # the last ones at this address, newest first
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
    """An article that a visit found. `receipt` is the place of its capture in `Visit.receipts`."""

    article: Article
    links: tuple[Link, ...]
    address: str
    final_url: str
    origin: str
    captured: datetime
    archive_url: str | None = None
    receipt: int | None = None


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

    Without `verdict` it is the rest of an earlier visit: the search in an archive's index. With `retry` the address is
    queued again, after that wait or, when it is zero, after the next backoff. What was `imported` was not fetched: the
    queue stays as it is.
    """

    task: Task
    checked: datetime
    verdict: Verdict | None
    statuscode: int | None = None
    final_url: str | None = None
    receipts: tuple[Receipt, ...] = ()
    finding: Finding | None = None
    search: Search | None = None
    lookups: tuple[Lookup, ...] = ()
    related: tuple[Link, ...] = ()
    retry: timedelta | None = None
    imported: bool = False
    unchanged: bool = False  # the server says so (304)


@dataclass(frozen=True, slots=True)
class Current:
    """The text that stands for an article now."""

    title: str | None
    text: str
    origin: str
    captured: datetime


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

    Half the length tells a stub from an edit: a paywall's teaser never replaces the whole story, and an older capture
    of the whole story does replace the teaser.
    """
    text = finding.article.text
    if len(text) < len(current.text) / 2:
        return f"shorter: {len(text)} characters against {len(current.text)}"
    if finding.captured < current.captured and len(current.text) >= len(text) / 2:
        return "older than the current text"
    return None


def text_digest(article: Article) -> str:
    """The first half of SHA-256 over what a reader sees: title and text, blanks folded.

    128 bits tell the texts of any archive apart; the other half would be 2 % of the file, since it stands in an index, too.
    """
    seen = " ".join(f"{article.title or ''}\n{article.text}".split())
    return hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()[:32]
