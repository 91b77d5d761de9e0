"""Items in, commits out: pages are parsed by many processes at once and written in the order in which they stand in the file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.errors import DamagedArchive, HomeError
from archive.imports import Address, Broken, Captured, Item, Left, ListedIn, SavedPage, Told
from archive.imports.known import Known
from archive.store import Store
from archive.visits import Finding, Visit, article_address
from crawler.importing.pages import Answer, Concluded, Walks, captured, concluded, saved, task_for, write
from crawler.importing.tally import Tally
from crawler.run import Run

PAGES = 16  # for each worker process, under way at most
BYTES = 64 << 20  # of their bodies
WRITES = 256  # not yet committed

Fate = tuple[str, str | None]  # of Tally.note
Write = Callable[[Store], Fate]


@dataclass(frozen=True, slots=True)
class _Step:
    """An item under way: what will be written of it, and how much memory it holds until then."""

    write: Awaitable[Write]
    size: int
    digest: str | None


class Pipeline:
    """One for a run; `known` sees what is committed."""

    def __init__(self, run: Run, known: Known, workers: int) -> None:
        self._run = run
        self._known = known
        self._pages = PAGES * workers
        self._walks = Walks()
        self._steps: deque[tuple[_Step, Tally]] = deque()
        self._writes: deque[tuple[Awaitable[Fate], Tally, str | None]] = deque()
        self._size = 0
        self._under_way: set[str] = set()  # digests of what is not committed

    async def take(self, items: Iterator[Item], tally: Tally, file: Path) -> None:
        """Import all items of a file. Raises OSError for a file that cannot be read on, HomeError."""
        for item in items:
            await self._take(item, tally, file)
            while len(self._steps) > self._pages or self._size > BYTES:
                await self._write_next()
            await asyncio.sleep(0)  # the answers of the workers come in here

    async def drain(self) -> None:
        """Until all that was taken is committed."""
        while self._steps:
            await self._write_next()
        while self._writes:
            await self._committed()

    async def _take(self, item: Item, tally: Tally, file: Path) -> None:
        match item:
            case Broken():
                tally.note("failed", item.reason, where=f"{file}, {item.where}")
            case Left():
                tally.note("left", item.reason)
            case Captured() | SavedPage():
                await self._page(item, tally, file)
            case Told():
                self._add(_ready(lambda store: _tell(store, item, self._run.now())), tally)
            case Address():
                self._add(_ready(lambda store: _queue(store, item)), tally)
            case ListedIn():
                await self.drain()
                fate = await self._run.writer.run(lambda store: _queue_all(store, item))
                tally.note(fate, times=len(item.document.mentions))

    async def _page(self, item: Captured | SavedPage, tally: Tally, file: Path) -> None:
        now = self._run.now()
        if isinstance(item, SavedPage):
            answer = saved(item, now)
        elif item.stored.warc_type == "revisit":
            found = await self._revisit(item, now)
            if isinstance(found, str):
                tally.note("failed", found, where=f"{file}, {item.url}")
                return
            answer = found
        else:
            answer = captured(item, self._walks, now)
        if answer.is_known(self._known):
            tally.note("known")
            return
        self._add(self._parsed(answer), tally, len(answer.job.exchange.body), answer.digest)

    async def _revisit(self, item: Captured, now: datetime) -> Answer | str:
        """A revisit with the body that it refers to, or why it has none."""
        digest = item.stored.digest
        if digest is None:
            return "a revisit that does not say of what"
        if digest in self._under_way:
            await self.drain()
        try:
            body = self._known.body_of(self._run.home, item.url, digest)
        except DamagedArchive as error:
            return str(error)
        if body is None:
            return "a revisit of a page that is not here: import the file that holds it, then this one again"
        return captured(item, self._walks, now, body)

    async def _parsed(self, answer: Answer) -> Write:
        made = concluded(answer, await self._run.workers.run(answer.job))
        return lambda store: _keep(store, made)

    def _add(self, write_: Awaitable[Write], tally: Tally, size: int = 0, digest: str | None = None) -> None:
        self._steps.append((_Step(asyncio.ensure_future(write_), size, digest), tally))
        self._size += size
        if digest:
            self._under_way.add(digest)

    async def _write_next(self) -> None:
        """Hand the oldest item to the writer, when it is ready."""
        step, tally = self._steps.popleft()
        write_ = await step.write
        self._size -= step.size
        self._writes.append((asyncio.wrap_future(self._run.writer.submit(write_)), tally, step.digest))
        if len(self._writes) >= WRITES:
            await self._committed()

    async def _committed(self) -> None:
        """The oldest write is on the disk; what the store cannot take costs that item alone."""
        done, tally, digest = self._writes.popleft()
        try:
            fate, reason = await done
        except HomeError:
            raise
        except Exception as error:  # noqa: BLE001 - one item must not end the import
            fate, reason = "failed", f"an error of morgue's own, please report it: {type(error).__name__}: {error}"
        self._under_way.discard(digest or "")
        tally.note(fate, reason)
        self._run.counts[fate] += 1


async def _ready(write_: Write) -> Write:
    return write_


# -- in the writer's thread -------------------------------------------------------------------------------------------


def _keep(store: Store, made: Concluded) -> Fate:
    if made.answer.is_known(Known(store.db)):
        return "known", None
    write(store, made)
    return ("imported", None) if made.has_article else ("not_an_article", made.why_none)


def _tell(store: Store, told: Told, now: datetime) -> Fate:
    if Known(store.db).text(told):
        return "known", None
    finding = Finding(
        article=told.article,
        links=(),
        address=article_address(told.url, told.article.canonical_url),
        final_url=told.url,
        origin=told.origin or "import",
        captured=told.captured,
        archive_url=told.archive_url,
    )
    store.record(Visit(task_for(store, told.url), now, None, finding=finding, imported=True))
    return "imported", None


def _queue(store: Store, address: Address) -> Fate:
    if Known(store.db).address(address.url):
        return "known", None
    store.add_url(address.url, title=address.title)
    return "queued", None


def _queue_all(store: Store, listed: ListedIn) -> str:
    if Known(store.db).document(listed.document.sha256):
        return "known"
    store.add_document(listed.document)
    return "queued"
