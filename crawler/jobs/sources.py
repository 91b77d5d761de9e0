"""`morgue source add` and `check`: what they do on the network and in the home."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive import subscriptions
from archive.clippings import MAX_BYTES
from archive.errors import DocumentError, UsageError
from archive.home import Home, HomeLock
from archive.query.base import open_home
from archive.query.sources import unknown as count_unknown
from archive.sources.base import ListingKind, Offer, Source
from archive.sources.places import name_of
from archive.store import Store
from archive.terminal import json_line, safe
from archive.timestamps import parse_iso
from crawler.errand import Network, run_errand
from crawler.inputs import address_of, address_without_scheme, file_bytes
from crawler.jobs.changes import writing
from crawler.jobs.crawl import Options
from crawler.jobs.told import Told, checked, found
from crawler.run import utcnow
from crawler.surveyor import Surveyed, survey_source

AT_ONCE = 16  # sites that are asked at the same time, each at its own pace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says of a source beside its address; `listings` are looked at in place of a search."""

    name: str | None = None
    listings: tuple[tuple[ListingKind, str], ...] = ()
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    language: str | None = None
    depth: int = 1
    delay: float | None = None

    def of(self, url: str) -> Source:
        """A source at an address. Raises UsageError for a listing that is none."""
        offers = tuple(Offer(_usable(address), kind, "given") for kind, address in self.listings)
        return Source(self.name or name_of(url), url, offers, self.allow, self.deny, self.language, self.depth, self.delay)


def _usable(address: str) -> str:
    try:
        return address_of(address)
    except DocumentError as error:
        raise UsageError(str(error)) from error


# -- add --------------------------------------------------------------------------------------------------------------


def add(names: Sequence[str], wanted: Wanted, options: Options, *, dry_run: bool, as_json: bool) -> int:
    """Find out what each offers, keep it and tell; returns the exit code."""
    given, listed, problems = _read(names, wanted)
    if wanted.name and len(given) + len(listed) > 1:
        raise UsageError("--name is for one source: give one URL")
    if not dry_run:
        _require_unlocked(options.home)
    surveyed = [Surveyed(source) for source in listed]
    if given:
        surveyed = [*run_errand(options.scrapy_settings(), lambda network: _survey_all(network, given)), *surveyed]
    told = [found(one) for one in surveyed]
    useful = [one.source for one in surveyed if one.source.offers]
    if useful and not dry_run:
        with writing(options.home, "morgue source add") as store, store.transaction():
            added = {source.url: _added(store, source) for source in useful}
        told = [one.after(added.get(one.url)) for one in told]
    _tell(told, as_json=as_json)
    return _exit_code(told, problems)


def _exit_code(told: Sequence[Told], problems: Sequence[str]) -> int:
    """0 each source has something to read, 4 none has, 3 some have not, or could not be looked at."""
    wrong = [one.result for one in told if not one.useful]
    if not wrong and not problems:
        return 0
    return 4 if wrong == ["nothing"] * len(told) and not problems else 3


def _require_unlocked(folder: Path) -> None:
    """Before a minute is spent on questions. Raises HomeLocked."""
    home = Home(folder)
    if home.database.is_file():
        with HomeLock(home, "morgue source add", utcnow()):
            pass


def _read(names: Sequence[str], wanted: Wanted) -> tuple[list[Source], list[Source], list[str]]:
    """Sources to look at, sources whose listings a file names, and what could not be read."""
    given: list[Source] = []
    listed: list[Source] = []
    problems: list[str] = []
    for name in names:
        try:
            sources = _sources(name, wanted)
        except DocumentError as error:
            problems.append(str(error))
            click.echo(f"morgue: {safe(error)}", err=True)
            continue
        given += [source for source in sources if name.startswith(("http://", "https://")) or not source.offers]
        listed += [source for source in sources if source not in given]
    if not given and not listed and not problems:
        raise UsageError("the files name no source")
    return given, listed, problems


def _sources(name: str, wanted: Wanted) -> list[Source]:
    """What one argument names. Raises DocumentError."""
    path = Path(name)
    if name.lower().startswith(("http://", "https://")):
        return [wanted.of(address_of(name))]
    if name != "-" and not path.exists():
        return [wanted.of(address_without_scheme(name))]
    from archive.sources.files import read_sources  # noqa: PLC0415 - lxml is wanted for files only

    data = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else file_bytes(path)
    listed = read_sources(name, data)
    for skipped in listed.skipped:
        click.echo(f"morgue: {safe(name)}: {safe(skipped.what) or 'an entry'}: {safe(skipped.why)}", err=True)
    return [_with(source, wanted) for source in listed.sources]


def _with(source: Source, wanted: Wanted) -> Source:
    """A file's source with what the command line says of all."""
    return replace(
        source,
        name=wanted.name or source.name,
        allow=source.allow or wanted.allow,
        deny=(*source.deny, *wanted.deny),
        language=source.language or wanted.language,
        delay=wanted.delay if source.delay is None else source.delay,
    )


async def _survey_all(network: Network, sources: Iterable[Source]) -> list[Surveyed]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source) -> Surveyed:
        async with turn:
            return await survey_source(network, source)

    return await asyncio.gather(*map(one, sources))


def _added(store: Store, source: Source) -> subscriptions.Added:
    return subscriptions.add(store.db, source, utcnow())


def _tell(told: Sequence[Told], *, as_json: bool) -> None:
    for one in told:
        click.echo(json_line(one.values()) if as_json else "\n".join(one.lines()))


# -- check ------------------------------------------------------------------------------------------------------------


def check(names: Sequence[str], options: Options, *, as_json: bool) -> int:
    """Look at each listing once and tell what it would give; write nothing. Returns the exit code."""
    db = open_home(Home(options.home))
    try:
        sources = subscriptions.sources_of(db, names)
        if not sources:
            raise UsageError("there are no sources yet: add one with `morgue source add URL`")
        surveyed = run_errand(options.scrapy_settings(), lambda network: _survey_all(network, sources))
        told = [
            checked(source, one, lambda urls: count_unknown(db, urls), _added_of(db, source), utcnow())
            for source, one in zip(sources, surveyed, strict=True)
        ]
    finally:
        db.close()
    _tell(told, as_json=as_json)
    return 0 if all(one.sound for one in told) else 3


def _added_of(db: Any, source: Source) -> datetime:
    return parse_iso(subscriptions.named(db, source.url)["added"])
