"""Finding out what a site offers, by few and polite requests: its page, its robots.txt, what they name, then the usual places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from archive.codings import CodingError
from archive.models import Exchange
from archive.sources.base import Listing, ListingKind, Offer, Source
from archive.sources.places import name_of, usual_places
from archive.sources.robots import sitemaps_in
from archive.urls import is_home, same_site
from crawler.errand import Network
from crawler.fetch import Walk
from crawler.middlewares.robots import robots_text
from crawler.workers.parsing import parse_listing, parse_survey
from crawler.workers.pool import CallFailed

if TYPE_CHECKING:
    from archive.sources.discovery import Survey

MAX_LOOKS = 12  # listings of one kind and origin that are looked at
FEW = 3  # articles that a page must link to before it is a section page
FEED, SITEMAP, SECTION = ListingKind.FEED, ListingKind.SITEMAP, ListingKind.SECTION


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a listing gave; `offer` is where it really is. `reason` says why there is no `listing`."""

    offer: Offer
    listing: Listing | None = None
    reason: str | None = None
    is_page: bool = False  # a web page came in its place

    @property
    def useful(self) -> bool:
        """True when it is what it is said to be. A feed without entries is one: it may be new."""
        listing = self.listing
        if listing is None or not listing.known:
            return False
        return listing.kind is not SECTION or len(listing.entries) >= FEW


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A source with the listings that were found, and every look that was taken; `reason` says why there are none."""

    source: Source
    looks: tuple[Look, ...] = ()
    reason: str | None = None

    @property
    def kept(self) -> tuple[Look, ...]:
        wanted = {offer.url for offer in self.source.offers}
        return tuple(look for look in self.looks if look.offer.url in wanted)


async def look(network: Network, offer: Offer) -> Look:
    """Fetch a listing and read it in a worker process."""
    walk = await network.fetcher.walk(offer.url)
    last, reason = _answer(walk)
    if last is None:
        return Look(offer, None, reason)
    place = replace(offer, url=_lasting(walk))
    try:
        listing: Listing = await network.workers.call(parse_listing, last.body, last.headers, last.url, last.fetched, offer.kind)
    except CallFailed as error:
        return Look(place, None, str(error))
    if not listing.known:
        return Look(place, None, listing.problem, is_page=listing.kind is SECTION)
    return Look(replace(place, kind=listing.kind, title=listing.title or offer.title), listing)


def _answer(walk: Walk) -> tuple[Exchange | None, str | None]:
    """The page, or why there is none."""
    if walk.failure is not None:
        return None, walk.failure.detail or str(walk.failure.kind)
    last = walk.last
    if last is None or last.status != 200:
        return None, f"it answers {last.status}" if last else "it does not answer"
    return last, None


def _lasting(walk: Walk) -> str:
    """The address that redirects lead to as long as they say that it is for good; a temporary one is asked again each time."""
    for exchange, after in zip(walk.exchanges, walk.exchanges[1:], strict=False):
        if exchange.status not in (301, 308):
            return exchange.url
        if after is walk.exchanges[-1]:
            return after.url
    return walk.url


async def survey_source(network: Network, wanted: Source) -> Surveyed:
    """Look at the listings that are given with a source; at its address for others when there are none."""
    if wanted.offers:
        looks = [await look(network, offer) for offer in wanted.offers]
        return _concluded(wanted, looks, [one for one in looks if one.useful])
    return await _Search(network, wanted).run()


class _Search:
    """One site; each address is asked once."""

    def __init__(self, network: Network, wanted: Source) -> None:
        self._network = network
        self._wanted = wanted
        self._looks: dict[str, Look] = {}

    async def run(self) -> Surveyed:
        """By the page itself, then by what it names, then by robots.txt, then by the usual places; section pages come last."""
        walk = await self._network.fetcher.walk(self._wanted.url)
        last, reason = _answer(walk)
        if last is None:
            return Surveyed(self._wanted, (), reason)
        url = last.url
        self._wanted = _placed(self._wanted, _lasting(walk))
        try:
            found: Survey = await self._network.workers.call(parse_survey, last.body, last.headers, url, last.fetched)
        except CallFailed as error:
            return Surveyed(self._wanted, (), str(error))
        own = Look(Offer(_lasting(walk), found.listing.kind, "given", found.listing.title), found.listing)
        if found.listing.known and found.listing.kind is not SECTION:
            self._looks[url] = own
            return self._end(_at_home(self._wanted, found.listing, url), [own])
        await self._all(found.offers)
        await self._listed_elsewhere()
        if is_home(url):
            await self._site(url)
        kept = self._useful()
        if not any(one.offer.kind is FEED or _is_news(one) for one in kept):
            front = replace(own, offer=replace(own.offer, kind=SECTION, found_by="front"))
            self._looks[url] = front
            await self._all(found.sections if is_home(url) else ())
            kept = self._useful()
        return self._end(self._wanted, kept)

    async def _listed_elsewhere(self) -> None:
        """A link called RSS often leads to a page that lists the feeds: it is read when there is nothing else."""
        if any(one.useful for one in self._looks.values()):
            return
        page = next((one.offer for one in self._looks.values() if one.offer.found_by == "anchor" and one.is_page), None)
        if page is not None and (found := await self._surveyed(await self._network.fetcher.walk(page.url))) is not None:
            await self._all(found.offers)

    async def _surveyed(self, walk: Walk) -> Survey | None:
        last, _ = _answer(walk)
        if last is None:
            return None
        try:
            found: Survey = await self._network.workers.call(parse_survey, last.body, last.headers, last.url, last.fetched)
        except CallFailed:
            return None
        return found

    async def _site(self, url: str) -> None:
        """What a whole site says of itself, asked of its front page only."""
        await self._all(await sitemaps_of(self._network, url))
        for kind in (FEED, SITEMAP):
            for offer in usual_places(url, kind):
                if any(one.useful and one.offer.kind is kind for one in self._looks.values()):
                    break
                await self._one(offer)

    async def _all(self, offers: tuple[Offer, ...]) -> None:
        for offer in offers[:MAX_LOOKS]:
            await self._one(offer)

    async def _one(self, offer: Offer) -> None:
        """A host is asked one thing at a time, so that there is nothing to win from asking all at once."""
        if offer.url not in self._looks:
            self._looks[offer.url] = await look(self._network, offer)

    def _useful(self) -> list[Look]:
        """What is to be kept: the same feed under two addresses is one."""
        found: dict[object, Look] = {}
        for one in self._looks.values():
            if one.useful and one.listing is not None:
                addresses = frozenset(entry.url for entry in one.listing.entries)
                found.setdefault((one.offer.kind, addresses) if addresses else one.offer.url, one)
        return list({one.offer.url: one for one in found.values()}.values())

    def _end(self, source: Source, kept: list[Look]) -> Surveyed:
        return _concluded(source, list(self._looks.values()), kept)


async def sitemaps_of(network: Network, url: str) -> tuple[Offer, ...]:
    """The sitemaps that the robots.txt of a site names."""
    parts = urlsplit(url)
    place = f"{parts.scheme}://{parts.netloc}/robots.txt"
    walk = await network.fetcher.follow(place, await network.fetcher.get(place, dont_obey_robotstxt=True))
    last, _ = _answer(walk)
    try:
        return sitemaps_in(robots_text(last), last.url) if last else ()
    except CodingError:
        return ()


def _at_home(wanted: Source, listing: Listing, url: str) -> Source:
    """A source that was given by its feed or sitemap, with the front page that the listing names when its articles are there."""
    home = listing.home
    if home is None or (listing.entries and not any(same_site(entry.url, home) for entry in listing.entries)):
        home = urljoin(url, "/")
    return _placed(wanted, home)


def _placed(wanted: Source, url: str) -> Source:
    """A source at the address where it is, called after it unless somebody named it."""
    return replace(wanted, url=url, name=name_of(url) if wanted.name == name_of(wanted.url) else wanted.name)


def _concluded(source: Source, looks: list[Look], kept: list[Look]) -> Surveyed:
    languages = (one.listing.language for one in kept if one.listing and one.listing.language)
    entries = (entry.language for one in kept if one.listing for entry in one.listing.entries[:1] if entry.language)
    language = source.language or next(languages, None) or next(entries, None)
    offers = tuple(one.offer for one in kept)
    return Surveyed(replace(source, offers=offers, language=language), tuple(looks), None if kept else "nothing")


def _is_news(one: Look) -> bool:
    """A sitemap of what is new; others hold all that there ever was, and many of them are years old."""
    listing = one.listing
    return listing is not None and (listing.format == "news_sitemap" or any("news" in offer.url for offer in listing.offers))
