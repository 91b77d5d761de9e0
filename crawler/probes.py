"""What a host answers for addresses that cannot exist: asked once for each shape of address and week."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from archive.codings import CodingError, decoded_body
from archive.health import judge
from archive.health.sibling import Fingerprint, fingerprint, same_as_missing, shape, sibling, suspicion
from archive.known import is_text_shared, keep_probe, probe_of
from archive.models import Exchange, Observation, Verdict
from archive.states import State
from archive.urls import host
from archive.visits import text_digest
from crawler.fetch import Fetcher
from crawler.run import Run
from crawler.workers.pool import Job

WEEK = timedelta(days=7)


class Probes:
    """One for a run. A question to a host goes by the same downloader as its pages: robots.txt and delays hold."""

    def __init__(self, fetcher: Fetcher, run: Run, *, enabled: bool = True) -> None:
        self._fetcher = fetcher
        self._run = run
        self._enabled = enabled
        self._asking: dict[tuple[str, str], asyncio.Future[Fingerprint]] = {}

    async def weigh(self, observation: Observation, verdict: Verdict, last: Exchange | None) -> Verdict:
        """The verdict on a page that answered, or that it is what its host shows for any address."""
        if not self._enabled or last is None or not await self._is_suspected(observation, verdict):
            return verdict
        missing = await self._missing(observation.url)
        if missing.status is None:  # the host says openly what is not there: nothing to compare, on most hosts
            return verdict
        page = await asyncio.to_thread(fingerprint, observation, _body(last))
        evidence = same_as_missing(page, missing)
        return Verdict(State.SOFT404, "same_as_missing", verdict.evidence | evidence) if evidence else verdict

    async def _is_suspected(self, observation: Observation, verdict: Verdict) -> bool:
        doubt, page = suspicion(observation, verdict), observation.page
        if doubt in (0.0, 1.0) or page is None or page.article is None:
            return doubt == 1.0
        url, digest = observation.final_url, text_digest(page.article)
        return await self._run.writer.run(lambda store: is_text_shared(store.db, url, digest))

    async def _missing(self, url: str) -> Fingerprint:
        """The answer for a sibling; whoever needs it meanwhile waits for the same one."""
        key = (host(url), shape(url))
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.ensure_future(self._ask(url, key))
            self._run.visits.add(asking)
            asking.add_done_callback(self._run.visits.discard)
        return await asyncio.shield(asking)

    async def _ask(self, url: str, key: tuple[str, str]) -> Fingerprint:
        now = self._run.now()
        held = await self._run.writer.run(lambda store: probe_of(store.db, *key, since=now - WEEK))
        if held is not None:
            return held
        found = await self._answer(sibling(url, f"{now:%G-%V}"))
        await self._run.writer.run(lambda store: keep_probe(store.db, *key, asked=now, found=found))
        return found

    async def _answer(self, url: str) -> Fingerprint:
        """What came; an answer that says openly what it is (404, refusal, "not found") counts as none."""
        walk = await self._fetcher.walk(url)
        last = walk.last
        page = (await self._run.workers.run(Job(last, last.url, last.fetched, want_page=True))).page if last else None
        observation = Observation(url, walk.hops, walk.failure, page)
        if last is None or not judge(observation).state.living:
            return Fingerprint(url, None, observation.final_url)
        return await asyncio.to_thread(fingerprint, observation, _body(last))


def _body(exchange: Exchange) -> bytes:
    with suppress(CodingError):
        return decoded_body(exchange.body, exchange.headers)
    return b""
