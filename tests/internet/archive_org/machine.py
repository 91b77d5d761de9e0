"""The archive's hosts: which of its services a request is for, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from tests.internet.archive_org import cdx, texts
from tests.internet.archive_org.availability import availability
from tests.internet.archive_org.index import CaptureIndex, key_of
from tests.internet.archive_org.limits import Limits
from tests.internet.archive_org.replay import asked, replay
from tests.internet.archive_org.save import Saver
from tests.internet.archive_org.timemap import asked as asked_timemap
from tests.internet.archive_org.timemap import timemap
from tests.internet.clock import Clock
from tests.internet.corpus import Web
from tests.internet.messages import PLAIN, Answer, Request, packed

HOSTS = frozenset({"web.archive.org", "archive.org", "www.archive.org"})
CDX_TYPE = "text/plain;charset=UTF-8"

_BUCKETS = (  # the first that fits; CDX and timemaps are one service
    ("/cdx", "cdx"),
    ("/web/timemap", "cdx"),
    ("/web/", "replay"),
    ("/wayback/available", "availability"),
    ("/save", "save"),
    ("/robots.txt", "robots"),
)


class Wayback:
    """Answers for `HOSTS`. `excluded_status` is 403, or 200 as in 2020; `limits` is None or what is allowed a minute."""

    def __init__(self, web: Web, fetch: Callable[[Request], Answer | None], clock: Clock, limits: Limits | None = None) -> None:
        self.index = CaptureIndex(web.captures)
        self.limits = limits
        self.excluded_status = 403
        self._clock = clock
        self._hidden = {key_of(name).partition(")")[0] for name, host in web.hosts.items() if host.excluded}
        self.saver = Saver(self.index, fetch, clock, self.excludes)

    def bucket(self, request: Request) -> str:
        """The service that a request is for; "archive" for the rest."""
        return next((name for start, name in _BUCKETS if request.target.startswith(start)), "archive")

    def subject(self, request: Request) -> str:
        """The address that the archive is asked about; empty when there is none."""
        try:
            if self.bucket(request) == "replay":
                return asked(request)[2]
            if request.path.startswith("/web/timemap/"):
                return asked_timemap(request)[1]
        except ValueError:
            return ""
        return {**dict(request.query()), **request.form()}.get("url", "")

    def excludes(self, url: str) -> bool:
        """True when the site may not be shown; hosts are compared without www."""
        return bool(url) and key_of(url.rstrip("*").removeprefix("*.")).partition(")")[0] in self._hidden

    def blocked(self) -> bool:
        """True while the client is locked out: its connections are closed."""
        return self.limits is not None and self.limits.blocked(self._clock.time())

    def answer(self, request: Request, *, excluded: bool = False, empty: bool = False) -> Answer:
        """`excluded` and `empty` are faults: as if the site were excluded, as if nothing were archived."""
        bucket = self.bucket(request)
        if self.limits is not None and not self.limits.admits(bucket, self._clock.time()):
            return texts.rate_limited()
        hidden = excluded or self.excludes(self.subject(request))
        if bucket == "cdx":
            return self._index_answer(request, hidden=hidden, empty=empty)
        if bucket == "replay":
            return self._replay_answer(request, hidden=hidden, empty=empty)
        if bucket == "availability":
            return availability(self.index, request, self._clock.now(), empty=empty or hidden)
        if bucket == "save":
            return self.saver.answer(request, excluded=excluded)
        return texts.own_page(404 if request.path != "/" else 200, "<h2>Internet Archive</h2>")

    def _index_answer(self, request: Request, *, hidden: bool, empty: bool) -> Answer:
        is_timemap = request.path.startswith("/web/timemap")
        if hidden:
            headers = (("X-Archive-Wayback-Runtime-Error", texts.RUNTIME_ERROR), ("X-ts", "403"), *texts.INFRASTRUCTURE)
            return packed(403, "" if is_timemap else texts.RUNTIME_ERROR + "\n", CDX_TYPE, headers)
        index = CaptureIndex() if empty else self.index
        try:
            if is_timemap:
                return timemap(index, request)
            query = cdx.Query.parse(request.query())
            text = cdx.answer(index, query)
        except ValueError as error:
            return packed(400, f"{error}\n", PLAIN, texts.INFRASTRUCTURE)
        is_json = query.one.get("output") == "json"
        return packed(200, text, "application/json" if is_json else CDX_TYPE, (("x-ts", "200"), *texts.INFRASTRUCTURE))

    def _replay_answer(self, request: Request, *, hidden: bool, empty: bool) -> Answer:
        if hidden:
            return texts.excluded(self.excluded_status)
        try:
            if empty:
                return texts.never_archived(asked(request)[2])
            return replay(self.index, request, self._clock.now())
        except ValueError:
            return texts.own_page(400, "<h2>Bad request</h2>")


def host_of(url: str) -> str:
    """The host of an address that may lack its scheme or hold wildcards."""
    bare = url.removeprefix("*.").rstrip("*")
    return (urlsplit(bare if "://" in bare else f"http://{bare}").hostname or "").lower()
