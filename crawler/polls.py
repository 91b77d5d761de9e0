"""Listings that are due, looked at: conditional requests out, new addresses into the frontier."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import click

from archive.models import Exchange, Failure, Headers
from archive.polling import Looked, Poll, due_polls, record_look
from archive.sources.base import Entry, Source
from archive.sources.look import Reading, look
from archive.store import Store
from archive.terminal import safe
from archive.warc.pack import payload_digest
from crawler.fetch import Fetcher, Walk, wait_asked
from crawler.run import Run
from crawler.workers.pool import CallFailed

AT_ONCE = 16  # listings under way; each host is asked by turns as for pages
GONE = frozenset({404, 410})
PERMANENT = frozenset({301, 308})  # RFC 9110, 15.4.2 and 15.4.9


class Poller:
    """Looks at all listings that are due when the run begins, and at those that they lead to."""

    def __init__(self, fetcher: Fetcher, run: Run, *, related_depth: int) -> None:
        self._fetcher = fetcher
        self._run = run
        self._related_depth = related_depth

    async def run(self) -> None:
        """Until none is due. Raises what ends the run; Interrupted when it is ending."""
        begun, under_way = self._run.now(), dict[asyncio.Task[None], int]()
        try:
            while await self._begin(begun, under_way):
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del under_way[task]
                    task.result()
        finally:
            for task in under_way:
                task.cancel()

    async def _begin(self, begun: datetime, under_way: dict[asyncio.Task[None], int]) -> bool:
        """Start what is due and has room; False when nothing is under way."""
        room, busy = AT_ONCE - len(under_way), frozenset(under_way.values())
        if room and not self._run.ending:
            polls = await self._run.writer.run(lambda store: due_polls(store.db, begun, room, busy))
            under_way.update({asyncio.create_task(self._poll(poll)): poll.id for poll in polls})
        return bool(under_way)

    async def _poll(self, poll: Poll) -> None:
        walk = await self._fetcher.follow(poll.url, await self._fetcher.get(poll.url, _conditions(poll)))
        looked = await self._looked(poll, walk)
        new = await self._run.writer.run(lambda store: record_look(store.db, looked, self._queue(store, poll.source)))
        self._run.polled(looked.state, new)
        if looked.state not in ("ok", "unchanged"):
            reason = safe(looked.reason or looked.state)
            click.echo(f"morgue: source {safe(poll.source.name)}: {safe(poll.url)}: {reason}", err=True)

    def _queue(self, store: Store, source: Source) -> Callable[[Entry], int | None]:
        """A source's own depth is kept by where its articles stand: as many steps before the crawl's last one."""
        depth = self._related_depth - source.depth
        return lambda entry: store.announce(entry, depth)

    async def _looked(self, poll: Poll, walk: Walk) -> Looked:
        """What an answer says, without what was read from it where nothing was."""
        page, now = walk.last, self._run.now()
        if page is None or page.status != 200:
            return _without_body(poll, walk, now)
        digest = payload_digest(page.body)
        looked = Looked(poll, now, "ok", url=_moved_to(walk), digest=digest)
        if digest == poll.digest:
            return replace(looked, state="unchanged")
        etag, modified = page.header("etag"), page.header("last-modified")
        return await self._read(replace(looked, etag=etag, last_modified=modified), page)

    async def _read(self, looked: Looked, page: Exchange) -> Looked:
        poll = looked.poll
        arguments = (page.body, page.headers, page.url, poll.kind, poll.source, poll.added, looked.fetched)
        try:
            reading: Reading = await self._run.workers.call(look, *arguments)
        except CallFailed as error:
            return replace(looked, state="broken", reason=str(error))
        if not reading.known:
            return replace(looked, state="broken", reason=reading.problem)
        return replace(looked, reading=reading, reason=reading.problem, url=looked.url or reading.moved_to)


def _conditions(poll: Poll) -> Headers:
    """RFC 9110, 13.1."""
    held = (("If-None-Match", poll.etag), ("If-Modified-Since", poll.last_modified))
    return tuple((name, value) for name, value in held if value)


def _moved_to(walk: Walk) -> str | None:
    """Where a listing is now, when every redirect on the way there is for good."""
    *hops, page = walk.exchanges
    return page.url if hops and all(hop.status in PERMANENT for hop in hops) else None


def _without_body(poll: Poll, walk: Walk, now: datetime) -> Looked:
    last: Exchange | Failure = walk.failure or walk.exchanges[-1]
    if isinstance(last, Failure):
        return Looked(poll, now, "failed", f"{last.kind.replace('_', ' ')} ({last.detail})", wait=_wait(last))
    if last.status == 304:
        return Looked(poll, now, "unchanged", url=_moved_to(walk))
    state = "gone" if last.status in GONE else "failed"
    return Looked(poll, now, state, f"it answered {last.status}", wait=_wait(last))


def _wait(answer: Exchange | Failure) -> timedelta | None:
    seconds = wait_asked(answer)
    return timedelta(seconds=seconds) if seconds else None
