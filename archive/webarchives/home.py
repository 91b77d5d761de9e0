"""The home's own captures as an archive: found in the `captures` table, read from the WARC files, without a request.

Pages that we crawled and mementos that archives showed us are both there; the latter keep their address there, the former
have none that anybody else could open. It answers the same question as `replay`, at once: its driver calls `at` in place
of a request, `read_replay` and all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from archive.errors import DamagedArchive
from archive.models import Outcome
from archive.schema import Reader, rows
from archive.timestamps import parse_timestamp
from archive.urls import urlkey
from archive.warc.read import Stored, read_record
from archive.webarchives.base import ReplayAnswer
from archive.webarchives.records import exchange_of, memento_of


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture that lies here: when it was made, whose it is, and its record.

    `readable`: an article was read from it. A `revisit` has the body of an earlier capture of the same digest.
    """

    timestamp: str
    archive: str
    archive_url: str | None
    digest: str
    revisit: bool
    readable: bool
    file: str
    offset: int
    length: int


class Keeper(Protocol):
    """All that is asked of a home."""

    def captures(self, key: str) -> list[Kept]:
        """The captures of a urlkey that answered 200, oldest first."""

    def record(self, kept: Kept) -> Stored:
        """Raises DamagedArchive."""


class HomeArchive:
    """What we have ourselves."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def at(self, url: str, timestamp: str, *, public: bool) -> ReplayAnswer:
        """The readable capture of an address that is nearest to a time, with its neighbours: of mementos, or of our pages."""
        kept = self._keeper.captures(urlkey(url))
        readable = [capture for capture in kept if capture.readable and bool(capture.archive_url) is public]
        if not readable:
            return ReplayAnswer(Outcome.NONE)
        place = min(range(len(readable)), key=lambda index: _apart(readable[index].timestamp, timestamp))
        whole = next((one for one in kept if one.digest == readable[place].digest and not one.revisit), None)
        try:
            return self._replayed(readable, place, whole)
        except DamagedArchive as error:
            return ReplayAnswer(Outcome.UNKNOWN, reason=str(error))

    def _replayed(self, readable: list[Kept], place: int, whole: Kept | None) -> ReplayAnswer:
        here = readable[place]
        stored = self._keeper.record(here)
        memento = memento_of(
            stored,
            here.archive,
            here.archive_url,
            previous=readable[place - 1].timestamp if place else None,
            following=readable[place + 1].timestamp if place + 1 < len(readable) else None,
        )
        if memento is None or whole is None:
            return ReplayAnswer(Outcome.UNKNOWN, reason=f"{here.file}, offset {here.offset}: no page, or its body is not here")
        body = self._keeper.record(whole).body if here.revisit else stored.body
        return ReplayAnswer(Outcome.FOUND, memento=memento, exchange=exchange_of(stored, memento, body))


@dataclass(frozen=True, slots=True)
class SQLiteKeeper:
    """The Keeper of a home folder: its database, open for reading, and its folder of WARC files."""

    db: Reader
    folder: Path

    def captures(self, key: str) -> list[Kept]:
        held = rows(self.db, _CAPTURES, key)
        return [Kept(**row | {"revisit": bool(row["revisit"]), "readable": bool(row["readable"])}) for row in held]

    def record(self, kept: Kept) -> Stored:
        return read_record(self.folder, kept.file, kept.offset, kept.length)


_CAPTURES = """
SELECT c.timestamp, c.archive, c.archive_url, c.digest, c.revisit, c.extracted = 'ok' AS readable,
       c.warc_file AS file, c.warc_offset AS offset, c.length
FROM urls u JOIN captures c ON c.url_id = u.id WHERE u.urlkey = ? AND c.statuscode = 200 ORDER BY c.timestamp, c.id
"""


def _apart(one: str, other: str) -> float:
    return abs((parse_timestamp(one) - parse_timestamp(other)).total_seconds())
