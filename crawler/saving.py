"""Living pages into the Wayback Machine: is there a capture of these days, else one is asked for, waited for and replayed.

Sent from here by Save Page Now 2 (archive.webarchives.save); budgets, queues and pauses are ArchiveClient's.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.models import Outcome
from archive.repair import PageAnswer
from archive.searches import add_lookups
from archive.states import State
from archive.timestamps import parse_timestamp, to_timestamp
from archive.visits import Lookup
from archive.webarchives import Memento
from archive.webarchives.save import ENDPOINT, Keys, SaveAnswer, SavePageNow, SaveState, settled
from archive.webarchives.wayback import Wayback
from crawler.ladder.archives import Ask, replayed
from crawler.run import Run
from crawler.visitor import climber_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Tell = Callable[["Saved"], None]

RECENT = timedelta(days=30)  # a capture of these days is as good as a new one (UNLESS_SAVED_WITHIN there)
AT_ONCE = 6  # jobs; an account may have 12
CONFIRMATIONS = 3  # replays of a new capture: it may take some seconds to show

_OUTCOMES = {"saved": Outcome.FOUND, "captured": Outcome.FOUND, "refused": Outcome.NONE, "excluded": Outcome.EXCLUDED}

MEANINGS = {
    "saved": "saved now",
    "captured": "captured within the last 30 days",
    "refused": "cannot be saved",
    "excluded": "its site keeps the archive from showing it",
    "dead": "gone: `morgue crawl` looks for what stands for it",
    "blocked": "its site refuses us",
    "later": "not now: try again later",
    "unknown": "the archive could not be asked",
}


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of one address; `verdict` is one of MEANINGS."""

    url: str
    verdict: str
    archive_url: str | None = None
    timestamp: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Saver:
    """One for a run; several pages are on their way at once. `pause` waits between two questions about one."""

    service: SavePageNow
    ask: Ask
    look: Callable[[str], Awaitable[PageAnswer]]
    now: Callable[[], datetime]
    pause: Callable[[], Awaitable[None]]
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def save(self, url: str, *, lives: bool = False) -> tuple[Saved, tuple[Lookup, ...]]:
        """Save a page that was captured long ago or never. `lives`: that it does is known. Raises UsageError about the keys."""
        async with self._turn:
            log: list[Lookup] = []
            saved = await self._held(url, log) or (None if lives else await self._unfit(url)) or await self._send(url, log)
            if saved.verdict not in ("captured", "dead", "blocked"):
                outcome = _OUTCOMES.get(saved.verdict, Outcome.UNKNOWN)
                log.append(Lookup(self.service.name, "wayback-save", f"{ENDPOINT}/{url}", outcome, saved.reason))
            return saved, tuple(log)

    async def _held(self, url: str, log: list[Lookup]) -> Saved | None:
        """What the archive says of the page before; None when a new capture is wanted."""
        answer, _, lookup = await replayed(self.ask, Wayback(), url, to_timestamp(self.now()))
        log.append(lookup)
        if answer.outcome is Outcome.UNKNOWN:
            return Saved(url, "unknown", reason=answer.reason)
        if answer.outcome is Outcome.EXCLUDED:
            return Saved(url, "excluded", reason=answer.reason)
        memento = answer.memento
        return Saved(url, "captured", memento.archive_url, memento.timestamp) if memento and self._is_good(memento) else None

    def _is_good(self, memento: Memento) -> bool:
        return memento.status == 200 and self.now() - parse_timestamp(memento.timestamp) < RECENT

    async def _unfit(self, url: str) -> Saved | None:
        """Why a page is not to be saved: it is no page any more, or asks us to stay out."""
        verdict = (await self.look(url)).verdict
        if verdict.state.living:
            return None
        kind = "dead" if verdict.state.dead else "blocked" if verdict.state is State.BLOCKED else "later"
        return Saved(url, kind, reason=verdict.rule)

    async def _send(self, url: str, log: list[Lookup]) -> Saved:
        begun = self.now()
        answer = self.service.read_save(await self.ask(self.service.save(url)))
        while answer.state is SaveState.PENDING and answer.job is not None:
            await self.pause()
            job = answer.job
            said = self.service.read_status(await self.ask(self.service.status(job)), job)
            answer = settled(said, begun, self.now())
        if answer.state is SaveState.DENIED:
            raise UsageError(f"{answer.reason}: check MORGUE_IA_KEY and MORGUE_IA_SECRET (archive.org/account/s3.php)")
        if answer.state is SaveState.REFUSED:
            return Saved(url, "refused", reason=answer.reason)
        if answer.state is SaveState.LATER:
            return Saved(url, "later", reason=answer.reason)
        return await self._confirmed(url, answer, begun, log)

    async def _confirmed(self, url: str, answer: SaveAnswer, begun: datetime, log: list[Lookup]) -> Saved:
        """By replay: what is said to be saved, and what nobody could say of, since it may have been."""
        for attempt in range(CONFIRMATIONS if answer.state is SaveState.SAVED else 1):
            if attempt:
                await self.pause()
            address, stamp = answer.original or url, answer.timestamp or to_timestamp(begun)
            replay, _, lookup = await replayed(self.ask, Wayback(), address, stamp)
            log.append(lookup)
            memento = replay.memento
            if memento and (memento.timestamp == answer.timestamp if answer.timestamp else self._is_good(memento)):
                return Saved(url, "saved", memento.archive_url, memento.timestamp)
        told = f"saved at {answer.timestamp}, but it does not replay yet" if answer.timestamp else answer.reason
        return Saved(url, "unknown", reason=told)


def keys_from_environment() -> Keys:
    """Raises UsageError when there are none: nobody may save without an account."""
    access, secret = (os.environ.get(name, "").strip() for name in ("MORGUE_IA_KEY", "MORGUE_IA_SECRET"))
    if not access or not secret:
        where = "get them at archive.org/account/s3.php"
        raise UsageError(f"saving needs an account's keys in MORGUE_IA_KEY and MORGUE_IA_SECRET: {where}")
    return Keys(access, secret)


def saver_of(crawler: Crawler, keys: Keys) -> Saver:
    """A Saver that asks by a crawler's downloader."""
    climber, client = climber_of(crawler)
    seconds = crawler.settings.getfloat("MORGUE_SAVE_POLL")

    async def pause() -> None:
        await asyncio.sleep(seconds)

    return Saver(SavePageNow(keys), client.ask, climber.look, Run.of(crawler).now, pause)


async def save_all(run: Run, saver: Saver, urls: list[str], tell: Tell | None = None, *, lives: bool = False) -> None:
    """Save pages, keep what was asked, and tell of each when it is done. What one of them raises ends them all."""

    async def one(url: str) -> None:
        saved, lookups = await saver.save(url, lives=lives)
        await run.writer.run(lambda store: add_lookups(store.db, store.url_id(url), lookups, run.now()))
        run.counts[f"save_{saved.verdict}"] += 1
        if tell is not None:
            tell(saved)

    jobs = [asyncio.ensure_future(one(url)) for url in urls]
    run.visits.update(jobs)
    try:
        await asyncio.gather(*jobs)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        run.visits.difference_update(jobs)


def tally(counts: Counter[str]) -> list[str]:
    """Lines for a person: how many pages there were of each verdict."""
    found = ((counts[f"save_{verdict}"], verdict, meaning) for verdict, meaning in MEANINGS.items())
    return [f"  {number:>4}  {verdict}: {meaning}" for number, verdict, meaning in found if number]


def exit_code(verdicts: set[str], *, problems: bool = False) -> int:
    """0 every page has its answer, 3 something is left for later, 5 the archive could not be asked."""
    return 5 if "unknown" in verdicts else 3 if problems or "later" in verdicts else 0
