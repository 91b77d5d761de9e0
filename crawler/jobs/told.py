"""What a look at sources is told as: lines for a person, an object for `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archive.sources.base import Entry, ListingKind, Source
from archive.sources.bounds import Ruling, admitted
from archive.subscriptions import Added
from archive.terminal import safe
from crawler.surveyor import Look, Surveyed

FOUND_BY = {
    "given": "as given",
    "config": "morgue.toml",
    "link": "named by the page",
    "anchor": "linked by the page",
    "robots": "named by robots.txt",
    "path": "a usual place",
    "index": "named by its index",
    "front": "the page itself",
}


@dataclass(frozen=True, slots=True)
class ToldListing:
    """One listing: what it gives, or why it gives nothing."""

    url: str
    kind: str
    found_by: str
    format: str | None = None
    entries: int = 0
    children: int = 0
    skipped: int = 0
    newest: str | None = None
    problem: str | None = None
    new: int | None = None
    out_of_bounds: dict[str, int] | None = None

    def text(self) -> str:
        """Its line."""
        return f"  {self.kind:8} {safe(self.url)}\n{'':11}{safe(', '.join(self._facts()))}"

    def _facts(self) -> Iterator[str]:
        if self.format:
            yield (
                f"{self.children} sitemaps"
                if self.children
                else f"{self.entries} articles"
                if self.entries
                else "no articles now"
            )
        if self.new is not None:
            yield f"{self.new} new"
        if self.newest:
            yield f"newest {self.newest[:10]}"
        yield from (f"{count} out of bounds ({why})" for why, count in (self.out_of_bounds or {}).items())
        if self.skipped:
            yield f"{self.skipped} unusable"
        if self.problem:
            yield self.problem
        yield FOUND_BY.get(self.found_by, self.found_by)


@dataclass(frozen=True, slots=True)
class Told:
    """One source. `result` is "found" (a dry run), "added", "known", "nothing", "failed" or "checked"."""

    name: str
    url: str
    result: str
    listings: tuple[ToldListing, ...] = ()
    reason: str | None = None

    @property
    def useful(self) -> bool:
        return self.result not in ("nothing", "failed")

    @property
    def sound(self) -> bool:
        """True when each listing was read."""
        return all(listing.format for listing in self.listings)

    def after(self, added: Added | None) -> Told:
        """With what the home made of it."""
        if added is None:
            return self
        return replace(self, name=added.name, result="added" if added.new or added.listings else "known")

    def values(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        listings = [{name: getattr(one, name) for name in ToldListing.__slots__} for one in self.listings]
        return {"name": self.name, "url": self.url, "result": self.result, "reason": self.reason, "listings": listings}

    def lines(self) -> list[str]:
        """For a person."""
        head = f"{self.result}: {safe(self.name)}" if self.useful else f"{safe(self.url)}: {safe(self.reason)}"
        return [head, *(one.text() for one in self.listings)]


def found(surveyed: Surveyed) -> Told:
    """What a search came to; what was looked at and is none is told where nothing was found, else it is nobody's business."""
    source, reason = surveyed.source, surveyed.reason
    if reason is None:
        looks = surveyed.kept or tuple(Look(offer) for offer in source.offers)
        return Told(source.name, source.url, "found", tuple(map(_listing, looks)))
    if reason != "nothing":
        why = f"it cannot be looked at ({reason}): check the address, or try again later"
        return Told(source.name, source.url, "failed", (), why)
    named = tuple(_listing(look) for look in surveyed.looks if look.offer.found_by not in ("path", "front"))
    return Told(source.name, source.url, "nothing", named, _NOTHING)


_NOTHING = (
    "nothing to read was found there: no feed, no sitemap, and the page links to no articles. "
    "If you know one of them, give it: `morgue source add URL --feed URL`, --sitemap URL or --section URL"
)


def _listing(look: Look) -> ToldListing:
    offer, listing = look.offer, look.listing
    told = ToldListing(offer.url, str(offer.kind), offer.found_by, problem=look.reason)
    if listing is None:
        return told
    newest = max((day for entry in listing.entries if (day := entry.published or entry.modified)), default=None)
    return replace(
        told,
        format=listing.format or None,
        entries=len(listing.entries),
        children=len(listing.offers),
        skipped=listing.skipped_count,
        newest=newest,
        problem=listing.problem,
    )


Unknown = Callable[[list[str]], int]
"""How many of these addresses are not known here."""


def checked(source: Source, surveyed: Surveyed, unknown: Unknown, added: datetime, seen: datetime) -> Told:
    """What each listing would give: how much of it is new here, and what the source's bounds leave out."""
    listings = tuple(
        _weighed(_listing(look), look, lambda entry, kind: admitted(entry, kind, source, added, seen), unknown)
        for look in surveyed.looks
    )
    return Told(source.name, source.url, "checked", listings)


def _weighed(told: ToldListing, look: Look, rule: Callable[[Entry, ListingKind], Ruling], unknown: Unknown) -> ToldListing:
    if look.listing is None:
        return told
    rulings = [rule(entry, look.offer.kind) for entry in look.listing.entries]
    outside = Counter(ruling.why for ruling in rulings if ruling.why)
    return replace(told, new=unknown([ruling.url for ruling in rulings if ruling.url]), out_of_bounds=dict(outside.most_common()))
