"""`morgue reextract`. Heavy imports wait until the command runs."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from archive.cli.base import home_option, json_option


@click.command()
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), metavar="DATE", help="Captures fetched since then."
)
@click.option("--site", metavar="HOST", help="Of this host, or of all hosts of this domain.")
@click.option("--limit", default=0, type=click.IntRange(0), help="Read at most this many; the next run goes on.")
@click.option("--workers", default=os.cpu_count() or 1, type=click.IntRange(1, 64), help="Processes.  [default: one a core]")
@click.option("--dry-run", is_flag=True, help="Tell what would change; write nothing.")
@home_option
@json_option
@click.pass_context
def reextract(
    context: click.Context,
    since: datetime | None,
    site: str | None,
    limit: int,
    workers: int,
    home: Path,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read the pages that are kept again, with today's extraction and without the network.

    Where today's reading of the current text differs, it becomes the current text, as a version with
    the note "re-extracted"; the former reading stays. An interrupted or limited run is gone on with.

    \b
    Exit codes: 0 all read, 3 a page could not be extracted, 4 nothing matches, 9 a record is damaged.
    """
    from crawler.jobs import reextract as doing  # noqa: PLC0415 - worker processes and libraries of the WARC files

    scope = doing.Scope(f"{since.isoformat()}Z" if since else None, site.lower() if site else None, limit)
    work = doing.preview if dry_run else doing.reextract
    context.exit(work(home, scope, workers=workers, as_json=as_json))
