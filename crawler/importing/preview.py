"""`morgue import --dry-run`: what the files hold, and what of it is here already. Nothing is parsed or written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlite_utils import Database

from archive.home import Home
from archive.imports import Broken, Captured, Item, Left, ListedIn, SavedPage, Told, places
from archive.query import open_home
from archive.schema import rows
from archive.terminal import json_line, safe
from archive.warc.pack import payload_digest
from crawler.importing.doing import exit_code, read_by, require, tally_of
from crawler.importing.known import is_capture_kept, is_text_kept
from crawler.importing.pages import Walks, captured, saved
from crawler.importing.tally import Tally


def preview(paths: Iterable[Path], home: Path, now: datetime, *, as_json: bool) -> int:
    """Tell what an import would find; returns the exit code that it would have at best. Raises UsageError."""
    wanted = list(paths)
    require(wanted)
    tallies: list[Tally] = []
    with _reading(Home(home)) as db:
        for place in places(wanted):
            tally = tally_of(place, tallies)
            with read_by(place, tally) as items:
                for item in items:
                    _count(item, tally, db, now, place.path)
    for tally in tallies:
        click.echo(json_line(tally.public()) if as_json else f"would be: {tally.line()}")
        for problem in tally.problems:
            click.echo(f"morgue: {safe(problem)}", err=True)
    return exit_code(tallies)


@contextmanager
def _reading(home: Home) -> Iterator[Database | None]:
    if not home.database.is_file():
        yield None
        return
    db = open_home(home)
    try:
        yield db
    finally:
        db.close()


def _count(item: Item, tally: Tally, db: Database | None, now: datetime, file: Path) -> None:
    match item:
        case Broken():
            tally.note("failed", item.reason, where=f"{file}, {item.where}")
        case Left():
            tally.note("left", item.reason)
        case Captured() | SavedPage() | Told():
            tally.note("known" if db is not None and _is_kept(item, db, now) else "imported")
        case ListedIn():
            tally.note("queued", times=len(item.document.mentions))
        case _:
            known = db is not None and rows(db, "SELECT 1 FROM urls WHERE url = ?", item.url)
            tally.note("known" if known else "queued")


def _is_kept(item: Captured | SavedPage | Told, db: Database, now: datetime) -> bool:
    if isinstance(item, Told):
        return is_text_kept(db, item)
    if isinstance(item, SavedPage):
        answer = saved(item, now)
        return is_capture_kept(db, answer, payload_digest(item.body))
    answer = captured(item, Walks(), now, None)
    return is_capture_kept(db, answer, item.stored.digest or payload_digest(item.stored.body))
