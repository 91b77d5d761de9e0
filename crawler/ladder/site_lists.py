"""What the living sites of dead links list of themselves: sitemaps and feed, each asked once a run.

Three to six requests to a site that has dead links which nothing else explained, and none to an archive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from archive.repair import FindListed, ListedAnswer
from archive.sources.base import ListingKind, Offer
from archive.sources.places import usual_places
from crawler.errand import Network
from crawler.fetch import Fetcher
from crawler.run import Run
from crawler.surveyor import Look, look, sitemaps_of

MAX_SITEMAPS = 2  # of a robots.txt, and of an index
MAX_HELD = 24  # listings at once: one may have 50,000 entries


class SiteLists:
    """One for a run."""

    def __init__(self, fetcher: Fetcher, run: Run) -> None:
        self._network = Network(fetcher, run.workers, run.now)
        self._run = run
        self._held: dict[str, asyncio.Future[Any]] = {}

    async def of(self, want: FindListed) -> ListedAnswer:
        """The entries of a site's sitemaps and feed; of an index, the children that may hold the day in question."""
        parts = urlsplit(want.url)
        home = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
        named: tuple[Offer, ...] = await self._once(f"{home}robots.txt", lambda: sitemaps_of(self._network, home))
        looks = [await self._look(offer) for offer in (named or usual_places(home, ListingKind.SITEMAP)[:1])[:MAX_SITEMAPS]]
        children = [child for one in looks if one.listing for child in one.listing.offers]
        looks += [await self._look(child) for child in _likely(children, want.month)]
        looks.append(await self._look(usual_places(home, ListingKind.FEED)[0]))
        return ListedAnswer(tuple(entry for one in looks if one.listing for entry in one.listing.entries))

    async def _look(self, offer: Offer) -> Look:
        found: Look = await self._once(offer.url, lambda: look(self._network, offer))
        return found

    async def _once(self, url: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Whoever wants the same listing waits for the same answer."""
        asked = self._held.get(url)
        if asked is None:
            asked = self._held[url] = asyncio.ensure_future(ask())
            self._run.visits.add(asked)
            asked.add_done_callback(self._run.visits.discard)
        answer = await asyncio.shield(asked)
        for old in [held for held, future in self._held.items() if future.done()][:-MAX_HELD]:
            del self._held[old]
        return answer


def _likely(children: list[Offer], month: str | None) -> list[Offer]:
    """Those that are named after the month or its year, then those that changed last."""
    year, digits = (month[:4], month.replace("-", "")) if month else ("", "")

    def rank(offer: Offer) -> tuple[bool, bool, str]:
        named = bool(month) and (str(month) in offer.url or digits in offer.url)
        return named, bool(year) and year in offer.url, offer.modified or ""

    return sorted(children, key=rank, reverse=True)[:MAX_SITEMAPS]
