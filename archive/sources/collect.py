"""Entries gathered one after the other: what is wrong with one costs that one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from html import unescape
from urllib.parse import urljoin

from archive.extract.clean import clean
from archive.sources.base import MAX_ENTRIES, MAX_TOLD, Entry, Listing, Skipped
from archive.sources.dates import iso_of
from archive.urls import NotAURL, canonicalize

MAX_TITLE = 500  # characters
MAX_AUTHORS = 20
_SHOWN = 120  # characters of what was skipped
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class Collector:
    """What was read so far. Each address is kept once, at its first place."""

    def __init__(self, base: str, seen: datetime) -> None:
        self._base = base
        self._seen = seen
        self._entries: dict[str, Entry] = {}
        self._skipped: list[Skipped] = []
        self._count = 0

    @property
    def full(self) -> bool:
        return len(self._entries) >= MAX_ENTRIES

    def add(
        self,
        address: str | None,
        title: str | None = None,
        *,
        published: str | None = None,
        modified: str | None = None,
        authors: Iterable[str] = (),
        language: str | None = None,
        base: str | None = None,
    ) -> None:
        """Take an entry as written; one without an address that can be fetched is skipped and told."""
        url = self.address(address, title, base)
        if url is None or url in self._entries:
            return
        dates = self.date(published), self.date(modified)
        self._entries[url] = Entry(url, title_of(title), *dates, tuple(dict.fromkeys(authors))[:MAX_AUTHORS], language)

    def address(self, address: str | None, title: str | None = None, base: str | None = None) -> str | None:
        """An absolute, canonical address; None when it is none, which is told."""
        try:
            if address:
                return canonicalize(urljoin(base or self._base, address.strip()))
            self.skip(title or "", "no address")
        except (NotAURL, ValueError) as error:
            self.skip(address or "", str(error))
        return None

    def known(self, address: str | None) -> str | None:
        """Like `address`, for what is no entry: nothing is told."""
        try:
            return canonicalize(urljoin(self._base, address.strip())) if address else None
        except (NotAURL, ValueError):
            return None

    def skip(self, what: str, why: str) -> None:
        """Count an entry that is left out."""
        self._count += 1
        if len(self._skipped) < MAX_TOLD:
            self._skipped.append(Skipped((clean(what) or "")[:_SHOWN], why[:_SHOWN]))

    def date(self, text: str | None) -> str | None:
        """ISO 8601; None for what is no date, lies before the web or after `seen`."""
        return iso_of(text, self._seen) if text else None

    def into(self, listing: Listing) -> Listing:
        """The listing with what was gathered."""
        problem = listing.problem or (f"only its first {MAX_ENTRIES} entries are read" if self.full else None)
        entries, skipped = tuple(self._entries.values()), tuple(self._skipped)
        return replace(listing, entries=entries, skipped=skipped, skipped_count=self._count, problem=problem)


def title_of(text: str | None) -> str | None:
    """A title as a person reads it: publishers escape theirs once too often, or write markup into it."""
    if not text:
        return None
    plain = unescape(_TAG.sub(" ", unescape(text)) if "&" in text or "<" in text else text)
    return (clean(plain) or "")[:MAX_TITLE] or None
