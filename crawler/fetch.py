"""One address -> what the network said: an Exchange or a Failure, never an exception. Redirects are kept hop by hop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http import Headers as ScrapyHeaders
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.models import Exchange, Failure, FailureKind, Headers, Hop
from archive.urls import NotAURL, canonicalize
from archive.webarchives import retry_after
from crawler.failures import failure_of
from crawler.names import why_unresolved

MAX_REDIRECTS = 10
LONGEST_WAIT = 86400.0  # seconds: a Retry-After beyond a day is a mistake, or a way to be rid of us for ever
REDIRECTS = frozenset({301, 302, 303, 307, 308})

Download = Callable[[Request], Awaitable[Response]]


class Interrupted(Exception):
    """The run is ending: nothing more is asked, and what was begun is left as it was, to be done by the next run."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The answers on the way to a page; `failure` when the last request got none."""

    url: str
    exchanges: tuple[Exchange, ...]
    failure: Failure | None = None

    @property
    def hops(self) -> tuple[Hop, ...]:
        return tuple(Hop(exchange.url, exchange.status, exchange.headers) for exchange in self.exchanges)

    @property
    def last(self) -> Exchange | None:
        """The page itself; None when a request failed on the way."""
        return self.exchanges[-1] if self.exchanges and self.failure is None else None


class Fetcher:
    """Asks Scrapy's downloader, with all its middlewares, slots and limits."""

    def __init__(self, download: Download, now: Callable[[], datetime]) -> None:
        self._download = download
        self._now = now

    async def get(
        self, url: str, headers: Headers = (), *, method: str = "GET", body: bytes = b"", **meta: Any
    ) -> Exchange | Failure:
        """Ask one address, following nothing. `meta` is Scrapy's (download_timeout, dont_obey_robotstxt, …)."""
        how: dict[str, Any] = {"method": method, "body": body, "headers": dict(headers), "meta": meta}
        try:
            request = Request(url, callback=NO_CALLBACK, dont_filter=True, **how)
        except ValueError as error:
            return Failure(url, FailureKind.UNSAFE, str(error))
        try:
            return self.exchange(await self._download(request), url)
        except Interrupted:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network does is an answer
            return await self.failure(url, error)

    async def walk(self, url: str) -> Walk:
        """Fetch an address and follow its redirects."""
        return await self.follow(url, await self.get(url))

    async def follow(self, url: str, first: Exchange | Failure) -> Walk:
        """Follow the redirects of an answer that is here already."""
        exchanges: list[Exchange] = []
        answer, seen = first, {url}
        while isinstance(answer, Exchange):
            exchanges.append(answer)
            if answer.truncated:
                return Walk(url, tuple(exchanges), Failure(answer.url, FailureKind.RESET, "the answer was cut short"))
            target = redirect_target(answer)
            if target is None:
                return Walk(url, tuple(exchanges))
            if target in seen or len(exchanges) > MAX_REDIRECTS:
                loop = Failure(target, FailureKind.REDIRECT_LOOP, f"{len(exchanges)} redirects lead round to {target}")
                return Walk(url, tuple(exchanges), loop)
            seen.add(target)
            answer = await self.get(target)
        return Walk(url, tuple(exchanges), answer)

    def exchange(self, response: Response, url: str) -> Exchange:
        """A response of Scrapy as an Exchange."""
        request = response.request
        return Exchange(
            url=url,
            request_headers=_headers(request.headers) if request else (),
            status=response.status,
            headers=_headers(response.headers),
            body=response.body,
            fetched=self._now(),
            truncated="disconnect" if "dataloss" in response.flags else None,
        )

    async def failure(self, url: str, error: BaseException) -> Failure:
        """An error of the downloader as a Failure; asks the resolver again when a name did not resolve."""
        failure = failure_of(url, error)
        if failure.kind is not FailureKind.DNS_UNKNOWN:
            return failure
        kind = await asyncio.to_thread(why_unresolved, urlsplit(url).hostname or "")
        return Failure(url, kind, failure.detail)


def redirect_target(exchange: Exchange) -> str | None:
    """Where an answer sends us, canonical; None when it does not redirect, or to nothing that can be fetched."""
    location = exchange.header("location")
    if exchange.status not in REDIRECTS or not location:
        return None
    try:
        return canonicalize(urljoin(exchange.url, _utf8(location.strip())))
    except (NotAURL, ValueError):
        return None


def _utf8(location: str) -> str:
    """Many servers write raw UTF-8 into Location, which is read as latin-1 like all headers; browsers undo it as we do."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def wait_asked(answer: Exchange | Failure) -> float | None:
    """Seconds that a server asks to be left alone, at most LONGEST_WAIT; None when it asks for nothing."""
    seconds = answer.retry_after if isinstance(answer, Failure) else retry_after(answer)
    return min(seconds, LONGEST_WAIT) if seconds else None


def _headers(headers: ScrapyHeaders) -> Headers:
    """Header bytes as text: latin-1 loses nothing (RFC 9110, section 5.5)."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values or [])
