"""The nouns of morgue as frozen records, in the field's own words (docs/words.md). Imports nothing of ours but
`archive.states`.

Times are aware UTC datetimes; `timestamp` is always the 14 digits of an index row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from archive.states import State

Headers = tuple[tuple[str, str], ...]


def first_header(headers: Headers, name: str) -> str | None:
    """The first header of that name, whatever its case; None when there is none."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


class Role(StrEnum):
    """What a mention is to its document, or a link to its article."""

    ORIGINAL = "original"
    RELATED = "related"
    INLINE = "inline"
    SECTION = "section"
    CANONICAL = "canonical"
    REDIRECT = "redirect"


class Outcome(StrEnum):
    """The answer to one question put to an archive. An error is `UNKNOWN`, never `NONE`."""

    FOUND = "found"
    NONE = "none"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a page is, by its own words and shape; `archive.extract.kinds` has the rules."""

    ARTICLE = "article"
    LIVE = "live_blog"
    GALLERY = "gallery"
    VIDEO = "video"
    PAYWALL = "paywall_stub"  # the beginning of an article, the rest is for subscribers
    FRONT = "front_page"
    SECTION = "section"
    CONSENT = "consent_page"
    LOGIN = "login"
    ERROR = "error"


class FailureKind(StrEnum):
    """Why no HTTP answer came."""

    DNS = "dns"  # the name does not exist (NXDOMAIN, no address)
    DNS_UNKNOWN = "dns_unknown"  # the resolver could not say (SERVFAIL, timeout)
    TLS = "tls"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    ROBOTS = "robots"  # we were asked not to fetch
    UNSAFE = "unsafe"  # we refuse to fetch: scheme, private address, credentials
    REDIRECT_LOOP = "redirect_loop"
    PAUSED = "paused"  # an archive service is paused or its budget is spent


@dataclass(frozen=True, slots=True)
class Mention:
    """A URL found in a document.

    `candidates` are the addresses the raw text may stand for, best first (a hard-wrapped URL can be joined in more
    than one way); the one that exists, live or archived, decides. `start` and `end` are character offsets into
    `Document.text`. `title`, `excerpt` and `reference` (the day) are what the document says of the page behind it.
    """

    candidates: tuple[str, ...]
    role: Role
    start: int
    end: int
    raw_text: str
    title: str | None = None
    excerpt: str | None = None
    reference: datetime | None = None

    @property
    def url(self) -> str:
        return self.candidates[0]


@dataclass(frozen=True, slots=True)
class Document:
    """A clipping, or a list of URLs: what the user gave us, kept as evidence.

    `body` is the text without the apparatus of addresses around it; `reference` is the day the document speaks of.
    `warnings` are lines for people, such as bytes that did not decode.
    """

    name: str
    format: str
    sha256: str
    text: str
    body: str
    mentions: tuple[Mention, ...]
    title: str | None = None
    reference: datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as they were on the wire (transfer coding removed, content coding kept).

    `url` is what was asked: for a memento, its address in the archive. `truncated` is the WARC-Truncated reason
    ("length", "time", "disconnect") when the body is not whole.
    """

    url: str
    request_headers: Headers
    status: int
    headers: Headers
    body: bytes
    fetched: datetime
    truncated: str | None = None

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return first_header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that got no HTTP answer."""

    url: str
    kind: FailureKind
    detail: str
    retry_after: float | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Link:
    """An address on a page, absolute, with its place: `position` counts the page's links from 0."""

    url: str
    role: Role
    anchor: str
    position: int

    def __reduce__(self) -> tuple[type[Link], tuple[str, Role, str, int]]:
        """A page's hundred links cross from worker to reactor: half the time of what dataclasses do (2026-11-25)."""
        return Link, (self.url, self.role, self.anchor, self.position)


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says. Dates are ISO 8601 as precise as the page states them; unknown is None, never a guess.

    `published_from` and `modified_from` say where a date stood: "json-ld", "microdata", "meta", "time", "address", "shown".
    `digest` is `archive.wording.digest_of` where a worker process has computed it.
    """

    title: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    site: str | None
    language: str | None
    description: str | None
    image: str | None
    canonical_url: str | None
    text: str
    published_from: str | None = None
    modified_from: str | None = None
    digest: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """All that one parse of one response gives.

    `status` is "ok" or why there is no article: "empty", "not_article" (see `kind`), "not_html", "too_large", "timeout",
    "memory", "decode", "error"; `reason` is one line for people. `head_title` and `heading` are the raw <title> and first
    <h1>. `kind` is None where no rule knows the page. `mended` counts the places where text was garbled (UTF-8 read as
    another encoding) and could be repaired with certainty.
    """

    status: str
    reason: str | None = None
    article: Article | None = None
    links: tuple[Link, ...] = ()
    head_title: str | None = None
    heading: str | None = None
    text_length: int = 0
    charset: str | None = None
    refresh: str | None = None  # target of a <meta http-equiv=refresh>
    kind: Kind | None = None
    mended: int = 0
    shown: Article | None = None  # what stands there where an article should: of a consent, login or error page, or an empty one


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of a capture index (CDX).

    `digest` is the base32 SHA-1 of the payload as stored: good for telling equal payloads apart from others, not for
    checking replayed bytes. `statuscode` is None on a revisit. `length` is the stored size. `archive` is "crawl" for
    our own.
    """

    urlkey: str
    timestamp: str
    original: str
    mimetype: str | None
    statuscode: int | None
    digest: str | None
    length: int | None
    archive: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way to a page."""

    url: str
    status: int
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        return first_header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one attempt to fetch `url` showed: what `archive.health` judges.

    `hops` are the answers in order, redirects first; `failure` is set when the last request got no answer; `page` is
    the parse of the last answer's body, None when there was none.
    """

    url: str
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    page: Page | None = None

    @property
    def final_url(self) -> str:
        return self.hops[-1].url if self.hops else self.url


@dataclass(frozen=True, slots=True)
class Verdict:
    """The health of a page with the rule that decided and its evidence."""

    state: State
    rule: str
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """An earlier look at an address: a row of `checks`."""

    checked: datetime
    state: State
    rule: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a document or a former fetch says of the article behind a link: what a candidate is verified against."""

    url: str
    title: str | None = None
    text: str | None = None
    reference: datetime | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A replacement for a dead link, with its proof.

    `replacement` is another address of the article, None when only a capture of the same address was found;
    `archive_url` is the memento, None when the replacement is alive and was taken from there.
    """

    url: str
    replacement: str | None
    archive_url: str | None
    timestamp: str | None
    method: str
    confidence: float
    evidence: dict[str, Any] = field(default_factory=dict)
