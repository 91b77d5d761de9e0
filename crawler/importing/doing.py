"""The run of an import: its files one after the other, what came of each, its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archive.errors import UsageError
from archive.imports import Item, Place, places, reader_of
from archive.imports.known import Known, knowing
from archive.progress import Progress
from archive.terminal import json_line, safe
from crawler.importing.pipeline import Pipeline
from crawler.importing.tally import Tally
from crawler.run import Run


def bring_in(paths: Iterable[Path], home: Path, workers: int, *, as_json: bool) -> int:
    """Import files and folders; returns the exit code. Raises UsageError for one that is not there, HomeError."""
    wanted = list(paths)
    require(wanted)
    run = Run(home, "morgue import", workers=workers)
    run.open()
    for line in run.recovered:
        click.echo(f"morgue: {line}", err=True)
    tallies: list[Tally] = []
    state, code = "failed", 1
    try:
        with knowing(run.home) as known, Progress(lambda: _progress(run, tallies)):
            before = known.sizes()
            try:
                asyncio.run(_all(run, known, wanted, tallies, workers))
                code = exit_code(tallies)
                state = "complete" if code == 0 else "failures"
            except KeyboardInterrupt:
                state, code = "interrupted", 130
            after = known.sizes()
    finally:
        run.finish(state, code)
    _tell(tallies, home, before, after, as_json=as_json)
    if code == 130:
        click.echo("morgue: interrupted; run it again to go on", err=True)
    return code


def require(paths: list[Path]) -> None:
    """Raises UsageError for a path behind which there is nothing."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{safe(path)}: there is no such file or folder")


async def _all(run: Run, known: Known, paths: list[Path], tallies: list[Tally], workers: int) -> None:
    pipeline = Pipeline(run, known, workers)
    for place in places(paths):
        await _one(pipeline, place, tally_of(place, tallies))
    await pipeline.drain()


async def _one(pipeline: Pipeline, place: Place, tally: Tally) -> None:
    with read_by(place, tally) as items:
        await pipeline.take(items, tally, place.path)


def tally_of(place: Place, tallies: list[Tally]) -> Tally:
    """The tally of what was given: the last one, while its files go on."""
    if not tallies or tallies[-1].path != str(place.given):
        tallies.append(Tally(str(place.given)))
    return tallies[-1]


@contextmanager
def read_by(place: Place, tally: Tally) -> Iterator[Iterator[Item]]:
    """The items of a file; none of one that nobody reads, which is told. A folder may hold anything, a file is meant."""
    try:
        reader = reader_of(place)
        if reader is not None:
            tally.formats.setdefault(reader.name)
            yield reader.read(place.path)
            return
        if place.in_folder:
            tally.note("left", "files of other formats")
        else:
            tally.note("failed", "is of no format that can be imported (docs/import.md)")
        yield iter(())
    except OSError as error:
        tally.note("failed", f"cannot be read ({error.strerror or error})", where=str(place.path))


def exit_code(tallies: list[Tally]) -> int:
    """3 when something failed, 4 when there was nothing to import, else 0."""
    if any(tally.counts["failed"] for tally in tallies):
        return 3
    return 0 if any(tally.counts[fate] for tally in tallies for fate in ("imported", "known", "not_an_article", "queued")) else 4


def _progress(run: Run, tallies: list[Tally]) -> str:
    counts = ", ".join(f"{run.counts[fate]} {fate.replace('_', ' ')}" for fate in sorted(run.counts))
    return f"{safe(tallies[-1].path) if tallies else ''}: {counts or 'starting'}"


def _tell(tallies: list[Tally], home: Path, before: dict[str, int], after: dict[str, int], *, as_json: bool) -> None:
    """Each failure on stderr, then what came of all: a line for each file or folder that was given."""
    for tally in tallies:
        for problem in tally.problems:
            click.echo(f"morgue: {safe(problem)}", err=True)
    if as_json:
        for tally in tallies:
            click.echo(json_line(tally.public()))
        return
    for tally in tallies:
        click.echo(tally.line())
    new = {name: after[name] - before[name] for name in after}
    click.echo(
        f"{new['articles']} articles, {new['versions']} versions and {new['captures']} captures are new; "
        f"{after['articles']} articles are in {safe(home)} now"
    )
