"""robots.txt as RFC 9309 says: unreachable is "stay out", not "come in"; and Crawl-delay."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import NotConfigured

from archive.codings import CodingError, decoded_body
from archive.frontier import keep_robots, read_robots
from archive.models import Exchange, Failure, FailureKind
from crawler.failures import Refused
from crawler.fetch import Fetcher, redirect_target, wait_asked
from crawler.run import Run, utcnow

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB must be read
MAX_HOPS = 5  # RFC 9309, 2.3.1.2: at least five redirects should be followed
LEAST_DELAY = 0.001  # seconds
MAX_DELAY = 60.0  # seconds: a longer Crawl-delay is taken as this
LIFETIME = 86400.0  # seconds that rules stand in a run; archive.frontier has how long from run to run
RETRY = 4.0  # seconds after which an origin that did not tell is asked again: before the frontier's first retry
MAX_ORIGINS = 10_000  # whose rules are remembered


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. `failure` is why it could not be learnt: nothing may be fetched now."""

    parser: Protego | None = None
    failure: Failure | None = None
    text: str | None = None

    def delay(self, agent: str) -> float:
        """Crawl-delay in seconds; 0 when there is none."""
        seconds = self.parser.crawl_delay(agent) if self.parser else None
        return min(float(seconds or 0), MAX_DELAY)

    @property
    def lifetime(self) -> float:
        """Seconds from now for which this stands."""
        return LIFETIME if self.failure is None else max(RETRY, self.failure.retry_after or 0.0)


@dataclass(slots=True)
class _Asked:
    """A question to one origin; requests that come before its answer wait for it."""

    answer: asyncio.Future[Rules]
    until: float = float("inf")  # time.monotonic()


class RobotsMiddleware:
    """Asks each origin (scheme, host, port) once a day; all requests that wait for an answer get the same."""

    def __init__(self, crawler: Crawler, agent: str, run: Run | None = None) -> None:
        self._crawler = crawler
        self._run = run
        self._agent = agent
        self._asked: dict[str, _Asked] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(crawler, crawler.settings["ROBOTSTXT_USER_AGENT"], Run.held(crawler))

    async def process_request(self, request: Request) -> None:
        """Raise Refused when the origin does not allow the request or did not say."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._of(request)
        if rules.failure is not None:
            failure = rules.failure
            raise Refused(Failure(request.url, failure.kind, f"robots.txt: {failure.detail}", failure.retry_after))
        if rules.parser is not None and not rules.parser.can_fetch(request.url, self._agent):
            raise Refused(Failure(request.url, FailureKind.ROBOTS, f"robots.txt does not allow {self._agent} here"))
        self._slow_down(request, rules.delay(self._agent))

    async def _of(self, request: Request) -> Rules:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        asked = self._asked.get(origin)
        if asked is None or asked.until < time.monotonic():
            asked = self._ask(origin)
        return await asyncio.shield(asked.answer)  # one request that is given up must not take the answer from the others

    def _ask(self, origin: str) -> _Asked:
        asked = _Asked(asyncio.ensure_future(self._learn(origin)))
        asked.answer.add_done_callback(lambda answer: _set_lifetime(asked, answer))
        self._asked.pop(origin, None)
        if len(self._asked) >= MAX_ORIGINS:
            del self._asked[next(iter(self._asked))]
        self._asked[origin] = asked
        return asked

    async def _learn(self, origin: str) -> Rules:
        """As it was kept within a day, by this run or one before; else as the origin says now."""
        run = self._run
        kept = await run.writer.run(lambda store: read_robots(store.db, origin, run.now())) if run else None
        if kept is not None:
            return rules_in(kept)
        rules = await self._fetched(origin)
        if run and rules.failure is None:
            await run.writer.run(lambda store: keep_robots(store.db, origin, rules.text or "", run.now()))
        return rules

    async def _fetched(self, origin: str) -> Rules:
        engine = self._crawler.engine
        assert engine is not None
        fetcher = Fetcher(engine.download_async, utcnow)
        answer = await fetcher.get(f"{origin}/robots.txt", dont_obey_robotstxt=True)
        for _ in range(MAX_HOPS):
            target = redirect_target(answer) if isinstance(answer, Exchange) else None
            if target is None:
                break
            answer = await fetcher.get(target, dont_obey_robotstxt=True)
        return rules_of(answer)

    def _slow_down(self, request: Request, delay: float) -> None:
        """Crawl-delay is the host's word, DOWNLOAD_DELAY ours: the longer counts. Scrapy has no public call for it.

        Never quite nothing: without a delay Scrapy 2.19 starts two requests to a host where one is allowed (it counts a
        request when its task begins, not when it is made; 257 connections for 88 hosts, 2026-11-25).
        """
        engine = self._crawler.engine
        assert engine is not None
        _, slot = engine.downloader._get_slot(request)
        slot.delay = max(slot.delay, delay, LEAST_DELAY)


def _set_lifetime(asked: _Asked, answer: asyncio.Future[Rules]) -> None:
    failed = answer.cancelled() or answer.exception() is not None
    asked.until = 0.0 if failed else time.monotonic() + answer.result().lifetime


def rules_of(answer: Exchange | Failure) -> Rules:
    """RFC 9309, 2.3.1: 2xx are rules, 4xx mean no rules, errors of server or network mean complete disallow.

    429 is a server that wants to be asked later, not one without rules; half an answer may lack the rule that matters.
    """
    if isinstance(answer, Failure):
        return Rules(failure=answer)
    if answer.status == 429 or answer.status >= 500:
        return Rules(failure=Failure(answer.url, FailureKind.PROTOCOL, f"answered {answer.status}", wait_asked(answer)))
    if answer.status >= 300:
        return Rules()
    if answer.truncated:
        return Rules(failure=Failure(answer.url, FailureKind.RESET, "the answer was cut short"))
    try:
        return rules_in(robots_text(answer))
    except CodingError as error:
        return Rules(failure=Failure(answer.url, FailureKind.PROTOCOL, str(error)))


def rules_in(text: str) -> Rules:
    """The rules in a text; an empty one has none."""
    return Rules(Protego.parse(text) if text else None, text=text)


def robots_text(answer: Exchange) -> str:
    """The rules as text (RFC 9309, 2.3: UTF-8). Raises CodingError when its content coding does not fit."""
    body = decoded_body(answer.body, answer.headers)[:MAX_BYTES]
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return body.decode(encoding, "replace").replace("\0", "")
