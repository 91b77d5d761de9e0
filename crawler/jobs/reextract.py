"""`morgue reextract`: today's extraction over the captures that are kept, in the worker processes, without the network."""

from __future__ import annotations

import asyncio
import json
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from archive.errors import DamagedArchive, NothingFound
from archive.extract import extract
from archive.home import Home
from archive.models import Page
from archive.progress import Progress
from archive.query.base import open_home
from archive.rereading import Kept, Reading, count_after, exchange_of, judged, kept_after, reread
from archive.schema import Reader, rows
from archive.store import Store
from archive.terminal import json_line, safe
from archive.timestamps import parse_timestamp
from archive.visits import text_digest
from crawler.run import Run
from crawler.workers.pool import CallFailed, Workers

BATCH = 64
"""Captures in one transaction: what a killed run reads twice."""

MEANINGS = {
    Reading.SAME: "as before",
    Reading.CHANGED: "read otherwise: the current text from now on, the former one is kept",
    Reading.DETAILS: "the same text with other authors, dates or names",
    Reading.FOUND: "now read as articles",
    Reading.WORSE: "read worse than the current text: kept beside it",
    Reading.FORMER: "of texts that are not current: left as they are",
    Reading.LOST: "no longer read as articles: their text stays",
    Reading.NONE: "not of an article",
    Reading.FAILED: "could not be extracted",
    Reading.DAMAGED: "could not be read from their WARC file",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which captures: fetched since an ISO time, of a host or registrable domain, and how many at most (0: all)."""

    since: str | None = None
    site: str | None = None
    limit: int = 0

    @property
    def command(self) -> str:
        """What `runs` calls it, and an interrupted run of the same scope is known by."""
        chosen = {"--since": self.since, "--site": self.site}
        return " ".join(["morgue reextract", *(f"{name} {value}" for name, value in chosen.items() if value)])


@dataclass(slots=True)
class Tally:
    """What came of all of it. `articles` are those whose text changed, with the reading."""

    counts: Counter[str] = field(default_factory=Counter)
    articles: dict[int, Reading] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    cursor: int = 0
    left: int = 0

    def add(self, kept: Kept, reading: Reading, article: int | None, why: str | None) -> None:
        self.counts[reading] += 1
        if article is not None:
            self.articles[article] = reading
        if reading in (Reading.FAILED, Reading.DAMAGED):
            self.problems.append(f"{kept.url} ({kept.timestamp}): {why}")

    @property
    def exit_code(self) -> int:
        """9 a record is damaged, 3 a page could not be extracted, else 0."""
        return 9 if self.counts[Reading.DAMAGED] else 3 if self.counts[Reading.FAILED] else 0


Take = Callable[[list[tuple[Kept, Page | DamagedArchive]]], Awaitable[None]]


def reextract(home: Path, scope: Scope, *, workers: int, as_json: bool) -> int:
    """Read again and write; returns the exit code. Raises HomeError and NothingFound."""
    Home(home).require()
    run = Run(home, scope.command, workers=workers)
    run.open()
    tally = Tally()
    try:
        for line in run.recovered:
            click.echo(f"morgue: {line}", err=True)
        with closing(open_home(run.home)) as db:
            tally.cursor = _cursor(db, scope, before=run.id)
            _go(db, run.home, run.workers, scope, tally, lambda read: _write(run, tally, read))
        state = "limited" if tally.left else "failures" if tally.exit_code else "complete"
        _finish(run, tally, state, tally.exit_code)
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        _finish(run, tally, "interrupted" if interrupted else "failed", 130 if interrupted else getattr(error, "exit_code", 1))
        raise
    _tell(tally, scope, as_json=as_json, dry_run=False)
    return tally.exit_code


def preview(home: Path, scope: Scope, *, workers: int, as_json: bool) -> int:
    """Read again and write nothing."""
    place, tally, pool = Home(home), Tally(), Workers(workers)
    try:
        with closing(open_home(place)) as db:
            tally.cursor = _cursor(db, scope, before=None)
            pending: dict[int, str] = {}
            _go(db, place, pool, scope, tally, lambda read: _judge(db, tally, pending, read))
    finally:
        pool.stop()
    _tell(tally, scope, as_json=as_json, dry_run=True)
    return tally.exit_code


def _finish(run: Run, tally: Tally, state: str, code: int) -> None:
    run.counts.update({f"captures_{name}": count for name, count in tally.counts.items()})
    run.counts.update({"articles_changed": len(tally.articles), "cursor": tally.cursor, "left": tally.left})
    run.finish(state, code)


def _cursor(db: Reader, scope: Scope, *, before: int | None) -> int:
    """Where the last run of this scope came to, when it did not come to its end."""
    sql = "SELECT state, counts FROM runs WHERE command = ? AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT 1"
    last = rows(db, sql, scope.command, before, before)
    if not last or last[0]["state"] in ("complete", "failures"):
        return 0
    return int(json.loads(last[0]["counts"]).get("cursor", 0))


def _go(db: Reader, home: Home, workers: Workers, scope: Scope, tally: Tally, take: Take) -> None:
    """All of it, batch by batch. Raises NothingFound when there is nothing, KeyboardInterrupt when somebody ends it."""
    where = {"since": scope.since, "site": scope.site}
    total = count_after(db, tally.cursor, **where)
    if not total and not tally.cursor:
        raise NothingFound(f"no captures in {home.folder} match: look with `morgue status`, or give another --since or --site")
    wanted = min(total, scope.limit or total)
    with Progress(lambda: f"{tally.counts.total()} of {wanted} captures read, {len(tally.articles)} articles changed"):
        asyncio.run(_batches(db, home, workers, where, wanted, tally, take))
    tally.left = total - wanted


async def _batches(
    db: Reader, home: Home, workers: Workers, where: dict[str, Any], wanted: int, tally: Tally, take: Take
) -> None:
    current = asyncio.current_task()
    with suppress(NotImplementedError, ValueError, RuntimeError):  # SIGTERM as Ctrl-C, where there are signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: current and current.cancel())
    try:
        while (size := min(BATCH, wanted - tally.counts.total())) > 0:
            batch = kept_after(db, tally.cursor, size, **where)
            if not batch:
                return
            pages = await asyncio.gather(*(_read(db, home, workers, kept) for kept in batch))
            await take(list(zip(batch, pages, strict=True)))
            tally.cursor = batch[-1].id
    except asyncio.CancelledError as error:
        raise KeyboardInterrupt from error


async def _read(db: Reader, home: Home, workers: Workers, kept: Kept) -> Page | DamagedArchive:
    try:
        exchange = exchange_of(db, home.warcs, kept)
    except DamagedArchive as error:
        return error
    captured = parse_timestamp(kept.timestamp)
    try:
        page: Page = await workers.call(extract, exchange.body, exchange.headers, kept.original, captured)
    except CallFailed as error:
        return Page("error", str(error))
    return page


async def _write(run: Run, tally: Tally, read: list[tuple[Kept, Page | DamagedArchive]]) -> None:
    """One transaction for a batch and the place that the run has come to."""
    for told in await run.writer.run(lambda store: _all(store, run.id, read)):
        tally.add(*told)


def _all(
    store: Store, run_id: int, read: list[tuple[Kept, Page | DamagedArchive]]
) -> list[tuple[Kept, Reading, int | None, str | None]]:
    told: list[tuple[Kept, Reading, int | None, str | None]] = []
    for kept, page in read:
        if isinstance(page, DamagedArchive):
            told.append((kept, Reading.DAMAGED, None, str(page)))
        else:
            told.append((kept, *reread(store, kept, page), page.reason))
    sql = "UPDATE runs SET counts = json_set(counts, '$.cursor', ?) WHERE id = ?"
    store.db.execute(sql, (read[-1][0].id, run_id))
    return told


async def _judge(db: Reader, tally: Tally, pending: dict[int, str], read: list[tuple[Kept, Page | DamagedArchive]]) -> None:
    """What `_write` would do. `pending` are the versions whose text a former capture of this run would have replaced."""
    for kept, page in read:
        if isinstance(page, DamagedArchive):
            tally.add(kept, Reading.DAMAGED, None, str(page))
            continue
        reading, finding, _ = judged(db, kept, page)
        if reading is Reading.CHANGED and finding is not None and kept.version_id is not None:
            digest = text_digest(finding.article)
            if pending.get(kept.version_id) == digest:
                reading = Reading.SAME
            pending[kept.version_id] = digest
        article = kept.version_id if reading in (Reading.CHANGED, Reading.WORSE) else -kept.id
        changed = reading in (Reading.CHANGED, Reading.WORSE, Reading.DETAILS, Reading.FOUND)
        tally.add(kept, reading, article if changed else None, page.reason)


def _tell(tally: Tally, scope: Scope, *, as_json: bool, dry_run: bool) -> None:
    """Problems to stderr; the counts as one object, or in lines."""
    for problem in tally.problems:
        click.echo(f"morgue: {safe(problem)}", err=True)
    read = tally.counts.total()
    if as_json:
        counts = {str(reading): tally.counts[reading] for reading in Reading}
        click.echo(json_line({"read": read, "left": tally.left, "articles": len(tally.articles), "dry_run": dry_run} | counts))
        return
    click.echo(f"{read} captures read again" + (" (--dry-run: nothing was written)" if dry_run else ""))
    for reading, meaning in MEANINGS.items():
        if tally.counts[reading]:
            click.echo(f"  {tally.counts[reading]:>6}  {meaning}")
    if tally.left:
        click.echo(f"{tally.left} captures are left: run `{scope.command}` again to go on")
