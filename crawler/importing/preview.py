"""`morgue import --dry-run`: what the files hold, and what of it is here already. Nothing is parsed or written."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import click

from archive.home import Home
from archive.imports import Broken, Captured, Item, Left, ListedIn, SavedPage, Told, places
from archive.imports.known import Known, knowing
from archive.terminal import json_line, safe
from crawler.importing.doing import exit_code, read_by, require, tally_of
from crawler.importing.pages import Walks, captured, saved
from crawler.importing.tally import Tally


def preview(paths: Iterable[Path], home: Path, now: datetime, *, as_json: bool) -> int:
    """Tell what an import would find; returns the exit code that it would have at best. Raises UsageError."""
    wanted = list(paths)
    require(wanted)
    tallies: list[Tally] = []
    place_of_home = Home(home)
    with knowing(place_of_home) if place_of_home.database.is_file() else nullcontext() as known:
        for place in places(wanted):
            tally = tally_of(place, tallies)
            with read_by(place, tally) as items:
                for item in items:
                    _count(item, tally, known, now, place.path)
    for tally in tallies:
        click.echo(json_line(tally.public()) if as_json else f"would be: {tally.line()}")
        for problem in tally.problems:
            click.echo(f"morgue: {safe(problem)}", err=True)
    return exit_code(tallies)


def _count(item: Item, tally: Tally, known: Known | None, now: datetime, file: Path) -> None:
    match item:
        case Broken():
            tally.note("failed", item.reason, where=f"{file}, {item.where}")
        case Left():
            tally.note("left", item.reason)
        case Captured() | SavedPage() | Told():
            tally.note("known" if known is not None and _is_kept(item, known, now) else "imported")
        case ListedIn():
            is_known = known is not None and known.document(item.document.sha256)
            tally.note("known" if is_known else "queued", times=len(item.document.mentions))
        case _:
            tally.note("known" if known is not None and known.address(item.url) else "queued")


def _is_kept(item: Captured | SavedPage | Told, known: Known, now: datetime) -> bool:
    if isinstance(item, Told):
        return known.text(item)
    if isinstance(item, SavedPage):
        return saved(item, now).is_known(known)
    digest = item.stored.digest if item.stored.warc_type == "revisit" else None
    answer = captured(item, Walks(), now)
    return known.capture(answer.archive, answer.job.target, answer.job.captured, digest or answer.digest)
