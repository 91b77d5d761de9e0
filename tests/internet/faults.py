"""Trouble on demand: which requests it meets, and what it does to them.

A fault is written `SELECTOR:KIND[=VALUE][*COUNT]`.

SELECTOR   `*` for everything, a bucket (live, robots, cdx, replay, availability, save), `host=NAME`, `url=PART` of the
           request's address, or several joined by commas: `replay,url=/2019/`.
KIND       403, 429, 503, 504, … an HTML error page with that status; 429 as recorded, without Retry-After
           429=N, 503=N          with Retry-After: N
           html       an HTML page with status 200
           reset      the connection is reset (RST) instead of an answer
           closed     the connection is closed without an answer
           hang       no answer, ever
           slow=N     the body arrives at N bytes a second (50)
           truncated  Content-Length says more than is sent, then the connection is closed
           refused    the proxy cannot connect: CONNECT answered 503, as Squid does (only with host= or *)
           excluded   the archive excludes the site (here host= is the host that is asked about)
           empty      the archive has nothing: a CDX answer 200 without rows, availability {}, "Hrm." (same)
COUNT      how many requests are met: the first N that fit; without it, all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.internet.archive_org.texts import rate_limited
from tests.internet.messages import Answer, packed

BUCKETS = frozenset({"live", "robots", "cdx", "replay", "availability", "save", "archive"})
WORDS = frozenset({"html", "reset", "closed", "hang", "slow", "truncated", "refused", "excluded", "empty"})
ARCHIVE_ONLY = frozenset({"excluded", "empty"})
DELIVERIES = frozenset({"reset", "closed", "hang", "slow", "truncated"})

_SPEC = re.compile(r"(?P<selector>.+):(?P<kind>\w+)(?:=(?P<value>\d+))?(?:\*(?P<count>\d+))?", re.DOTALL)
_PAGES = {
    "503": "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n",
    "504": "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>\n",
}
_HTML_200 = "<!doctype html><html><head><title>Temporarily Offline</title></head><body><h1>Temporarily Offline</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """One fault; parts that are None select everything. `hits` counts the requests it met."""

    kind: str
    bucket: str | None = None
    host: str | None = None
    url: str | None = None
    value: int | None = None
    count: int | None = None
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in WORDS and not re.fullmatch(r"[2-5]\d\d", self.kind):
            raise ValueError(f"no such fault: {self.kind}")
        if self.bucket is not None and self.bucket not in BUCKETS:
            raise ValueError(f"no such bucket: {self.bucket}")
        if self.kind == "refused" and (self.bucket or self.url):
            raise ValueError("refused is decided at CONNECT: select by host, or everything")

    @property
    def spent(self) -> bool:
        return self.count is not None and self.hits >= self.count

    def meets(self, bucket: str, host: str, url: str, subject: str) -> bool:
        """`subject` is the host that an archive is asked about."""
        of_archive = self.kind in ARCHIVE_ONLY
        where = subject if of_archive else host
        return (
            not self.spent
            and not (of_archive and bucket in ("live", "robots"))
            and self.bucket in (None, bucket)
            and self.host in (None, where)
            and (self.url is None or self.url in url)
        )

    def answer(self) -> Answer | None:
        """The page of a fault that answers; None for the others."""
        if self.kind == "html":
            return packed(200, _HTML_200)
        if not self.kind.isdigit():
            return None
        status = int(self.kind)
        page = rate_limited() if status == 429 else packed(status, _PAGES.get(self.kind, f"<h1>{status}</h1>\n"), "text/html")
        retry = (("Retry-After", str(self.value)),) if self.value is not None else ()
        return Answer(status, page.body, page.type, (*page.headers, *retry), packed=True)


class Faults:
    """The faults that are switched on; the first that fits meets a request."""

    def __init__(self, specs: tuple[str, ...] = ()) -> None:
        self._faults: list[Fault] = []
        for spec in specs:
            self.add(spec)

    def add(self, fault: str | Fault) -> Fault:
        """Switch a fault on, given as text or made. Raises ValueError for one that is none."""
        made = parse(fault) if isinstance(fault, str) else fault
        self._faults = [*self._faults, made]
        return made

    def remove(self, fault: Fault) -> None:
        self._faults = [other for other in self._faults if other is not fault]

    def clear(self) -> None:
        self._faults = []

    def take(self, bucket: str, host: str, url: str, subject: str = "") -> Fault | None:
        """The fault that meets this request, counted."""
        for fault in self._faults:
            if fault.kind != "refused" and fault.meets(bucket, host, url, subject):
                fault.hits += 1
                return fault
        return None

    def refuses(self, host: str) -> bool:
        """True when no connection to the host is to be had, counted."""
        for fault in self._faults:
            if fault.kind == "refused" and fault.meets("", host, "", ""):
                fault.hits += 1
                return True
        return False


def parse(spec: str) -> Fault:
    """Raises ValueError."""
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ValueError(f"{spec!r} is no fault: SELECTOR:KIND[=VALUE][*COUNT] is wanted")
    parts = dict(_selector(part) for part in match["selector"].split(",") if part != "*")
    value, count = (int(match[name]) if match[name] else None for name in ("value", "count"))
    return Fault(match["kind"], parts.get("bucket"), parts.get("host"), parts.get("url"), value, count)


def _selector(part: str) -> tuple[str, str]:
    name, sign, value = part.partition("=")
    if sign and name in ("host", "url"):
        return name, value.lower() if name == "host" else value
    return "bucket", part
