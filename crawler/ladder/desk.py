"""The questions of many searches to one archive's index, put as few: they wait for each other and are asked together."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from archive.models import Outcome
from archive.repair import SearchIndex
from archive.repair.merging import merged, together
from archive.webarchives import IndexAnswer, IndexQuery, WebArchive

MAX_PAGES = 3  # of one long answer
MAX_LEADS = 4  # answers without rows that lead on: a list of crawls, crawls in which nothing is

Ask = Callable[[WebArchive, IndexQuery], Awaitable[IndexAnswer]]


class IndexDesk:
    """For the searches of one site. When all that are left wait here, their questions go out merged.

    A search alone asks its own question first, which is narrow and soon answered; with `frugal` the widest, so that one
    is enough. The whole answer to a merged or wide one is an answer to every question of its searches: nobody asks again.
    """

    def __init__(self, ask: Ask, searches: int, *, frugal: bool) -> None:
        self._ask = ask
        self._searches = searches
        self._frugal = frugal
        self._waiting: list[tuple[SearchIndex, asyncio.Future[IndexAnswer]]] = []
        self._whole: dict[tuple[str, IndexQuery], IndexAnswer] = {}

    async def answer(self, want: SearchIndex) -> IndexAnswer:
        """The answer to a question: at once when it is known, else together with those of the others."""
        held = self._whole.get((want.archive.name, want.widest))
        if held is not None:
            return held
        future: asyncio.Future[IndexAnswer] = asyncio.get_running_loop().create_future()
        self._waiting.append((want, future))
        self._go()
        return await future

    def leave(self) -> None:
        """A search has ended."""
        self._searches -= 1
        self._go()

    def _go(self) -> None:
        if self._waiting and len(self._waiting) >= self._searches:
            waiting, self._waiting = self._waiting, []
            groups: defaultdict[str, list[tuple[SearchIndex, asyncio.Future[IndexAnswer]]]] = defaultdict(list)
            for want, future in waiting:
                groups[want.archive.name].append((want, future))
            for group in groups.values():
                self._answering = asyncio.ensure_future(self._answer(group))

    async def _answer(self, group: list[tuple[SearchIndex, asyncio.Future[IndexAnswer]]]) -> None:
        try:
            answers = await self._answers([want for want, _ in group])
        except BaseException as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            raise
        for (_, future), answer in zip(group, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def _answers(self, wants: list[SearchIndex]) -> list[IndexAnswer]:
        """One for each. A site too large to be searched whole (504, silence) is asked narrow questions."""
        if self._frugal or len(wants) > 1:
            answer = await self._together(wants)
            if answer.outcome is not Outcome.UNKNOWN or answer.retry_after is not None:
                return [answer] * len(wants)
        return [await self._alone(want) for want in wants]

    async def _alone(self, want: SearchIndex) -> IndexAnswer:
        answer = await self._ask(want.archive, want.query)
        return replace(answer, once=want.query.once)

    async def _together(self, wants: list[SearchIndex]) -> IndexAnswer:
        answers = [await read_on(self._ask, wants[0].archive, query) for query in merged(wants)]
        answer = together(answers)
        if answer.complete and answer.outcome in (Outcome.FOUND, Outcome.NONE):
            for want in wants:
                self._whole[want.archive.name, want.widest] = answer
        return replace(answer, resume_key=None)


async def read_on(ask: Ask, archive: WebArchive, query: IndexQuery) -> IndexAnswer:
    """An answer with its further pages."""
    pages: list[IndexAnswer] = []
    while True:
        answer = await ask(archive, query)
        pages.append(answer)
        full = sum(bool(page.captures) for page in pages)
        if answer.resume_key is None or full >= MAX_PAGES or len(pages) - full > MAX_LEADS:
            return replace(together([replace(page, resume_key=None) for page in pages]), resume_key=answer.resume_key)
        query = replace(query, resume_key=answer.resume_key)
