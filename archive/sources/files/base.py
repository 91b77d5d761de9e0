"""What the readers of lists of sources share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from archive.extract.clean import clean
from archive.sources.base import MAX_TOLD, ListingKind, Offer, Skipped, Source
from archive.sources.places import name_of
from archive.urls import NotAURL, canonicalize

MAX_SOURCES = 10_000  # of one file


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The sources of a file; `skipped` are lines of it that name none, with the reason."""

    sources: tuple[Source, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Format(Protocol):
    """A module of this package that reads one format."""

    def matches(self, name: str, text: str) -> bool:
        """True when the text is in this format; `name` is the file's."""

    def read(self, text: str) -> Subscriptions:
        """Its sources; never raises for what it holds."""


class Gathering:
    """Sources found so far, one for each site's front page: feeds that belong to one page make one source."""

    def __init__(self) -> None:
        self._found: dict[str, Source] = {}
        self._skipped: list[Skipped] = []

    def add(self, name: str | None, home: str | None, offers: tuple[tuple[str | None, ListingKind], ...] = ()) -> Source | None:
        """Take a source as written: its name, its front page and its listings. None when it has no usable address."""
        listed = tuple(Offer(url, kind, "given") for address, kind in offers if (url := self._address(address)))
        url = self._address(home) or next((offer.url for offer in listed), None)
        if url is None:
            if not home and not any(address for address, _ in offers):
                self.skip(name, "no address")
            return None
        known = self._found.get(url)
        if known is None and len(self._found) >= MAX_SOURCES:
            self.skip(url, f"only {MAX_SOURCES} sources of one file are read")
            return None
        name = (clean(name) or "")[:100] or name_of(url)
        source = known or Source(name, url)
        self._found[url] = source = replace(source, offers=tuple(dict.fromkeys((*source.offers, *listed))))
        return source

    def change(self, source: Source) -> None:
        """Put what else is known of a source that was added."""
        self._found[source.url] = source

    def _address(self, address: str | None) -> str | None:
        try:
            return canonicalize(address) if address else None
        except NotAURL as error:
            self.skip(address, str(error))
            return None

    def skip(self, what: str | None, why: str) -> None:
        if len(self._skipped) < MAX_TOLD:
            self._skipped.append(Skipped((clean(what) or "")[:120], why))

    def end(self) -> Subscriptions:
        """All of it; two sources of one name are told apart by their hosts."""
        names: dict[str, Source] = {}
        for source in self._found.values():
            name, number = source.name, 2
            if name in names:
                name = f"{source.name} ({name_of(source.url)})"
            while name in names:
                name, number = f"{source.name} ({number})", number + 1
            names[name] = replace(source, name=name)
        return Subscriptions(tuple(names.values()), tuple(self._skipped))
