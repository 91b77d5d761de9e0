"""`morgue export`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.cli.base import ask, home_option, json_option
from archive.cli.filtering import filter_options
from archive.export import EXPORTERS, Source, Tally, deliver
from archive.home import Home
from archive.progress import Progress
from archive.query.filters import Filters, where
from archive.schema import Reader
from archive.terminal import json_line, safe

SHOWN = 10  # reasons told on stderr


@click.command()
@click.argument("words", nargs=-1)
@click.option("--format", "name", type=click.Choice([one.name for one in EXPORTERS]), required=True, help="See docs/export.md.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file, or a folder; - or nothing is standard output.")
@filter_options
@click.option("--server", default="csv", metavar="NAME", help="Redirects for nginx, apache, netlify, or as csv.")
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="The host whose server redirects.")
@home_option
@json_option
@click.pass_context
def export(
    context: click.Context,
    name: str,
    output: Path | None,
    filters: Filters,
    server: str,
    hosts: tuple[str, ...],
    home: Path,
    *,
    as_json: bool,
) -> None:
    """Write the articles that hold all WORDS, or all, to a file, a folder or standard output.

    A file or folder appears whole under its name, or not at all. With --json the summary is one
    JSON object, on standard error where the data goes to standard output.

    \b
    Exit codes: 0 complete, 3 something was left out (and why is told), 4 nothing to export.
    """
    exporter = next(one for one in EXPORTERS if one.name == name)
    target = None if output is None or str(output) == "-" else output
    condition = where(filters)

    def run(db: Reader) -> tuple[Tally, Path | None]:
        db.execute("BEGIN")  # one state of the archive, whatever a crawl writes meanwhile
        source = Source(db, Home(home), condition, datetime.now(UTC), server, hosts)
        with nullcontext() if target is None and sys.stdout.isatty() else Progress(lambda: f"{source.read['rows']} rows read"):
            return deliver(exporter, source, target)

    tally, place = ask(home, run)
    _tell(name, tally, place, as_json=as_json)
    context.exit(3 if tally.left else 0 if tally.count else 4)


def _tell(name: str, tally: Tally, place: Path | None, *, as_json: bool) -> None:
    left = sum(tally.left.values())
    if as_json:
        told = {"format": name, "what": tally.what, "count": tally.count, "output": str(place) if place else None}
        click.echo(json_line(told | {"left": left, "reasons": dict(tally.left)}), err=place is None)
        return
    where_to = f" to {safe(place)}" if place else ""
    click.echo(f"morgue: {tally.count} {tally.what} exported{where_to}" + (f", {left} left out" if left else ""), err=True)
    for reason, times in tally.left.most_common(SHOWN):
        click.echo(f"morgue: left out: {safe(reason)}" + (f" ({times} times)" if times > 1 else ""), err=True)
