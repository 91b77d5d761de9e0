"""The searches in archives' indexes that visits left pending: done when nothing else is due, those of one site together.

The index has a twentieth of replay's budget (24 questions a minute): asked link by link, 1,000 dead links would take 42
minutes. Put off to the end, all links of a site share their questions, and what was found meanwhile needs none.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import groupby

from archive.models import Outcome
from archive.urls import site
from archive.visits import Pending, Search
from crawler.fetch import Interrupted
from crawler.ladder.desk import IndexDesk
from crawler.pipelines import keep
from crawler.run import Run
from crawler.visitor import Visitor, broken

FEW = 8  # searches: with more, the index's pace is what a run waits for, and not the time of one answer
LOT = 500  # searches read from the database at once
SITES = 12  # under way at once


class Searches:
    """One for a run."""

    def __init__(self, run: Run, visitor: Visitor) -> None:
        self._run = run
        self._visitor = visitor
        self._turn = asyncio.Semaphore(SITES)

    async def run(self) -> bool:
        """Do all that are pending; False when there were none."""
        pending = await self._run.writer.run(lambda store: store.pending(LOT))
        groups = [list(group) for _, group in groupby(pending, lambda one: site(one.task.lease.url))]
        await asyncio.gather(*(self._site(group, frugal=len(pending) > FEW) for group in groups))
        return bool(pending)

    async def _site(self, group: list[Pending], *, frugal: bool) -> None:
        async with self._turn:
            desk = self._visitor.desk(len(group), frugal=frugal)
            await asyncio.gather(*(self._one(pending, desk) for pending in group))

    async def _one(self, pending: Pending, desk: IndexDesk) -> None:
        try:
            visit = await self._visitor.search(pending, desk)
        except Interrupted:
            return
        except Exception as error:  # noqa: BLE001 - ours: whatever it is, the other searches go on
            search = Search(Outcome.UNKNOWN, "open", None, {"reasons": [f"{type(error).__name__}: {error}"[:300]]})
            visit = replace(broken(pending.task, self._run.now(), error), verdict=None, search=search)
        finally:
            desk.leave()
        await keep(self._run, visit)
