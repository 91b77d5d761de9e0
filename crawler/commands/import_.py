"""`morgue import`. Heavy imports wait until the command runs."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.cli.base import home_option, json_option


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what the files hold and what of it is known; write nothing.")
@click.option("--workers", default=os.cpu_count() or 1, type=click.IntRange(1, 256), help="Processes.  [default: all cores]")
@home_option
@json_option
@click.pass_context
def import_(context: click.Context, paths: tuple[Path, ...], home: Path, workers: int, *, dry_run: bool, as_json: bool) -> None:
    """Take in what other programs kept: WARC (CC-NEWS, too), WACZ, saved HTML pages, bookmarks, CSV, JSON and JSON Lines.

    What each FILE is tells its content. Pages are read as those of a crawl are, and their records kept;
    addresses without a text are queued for the next crawl. Killed, it goes on where it was when it is
    run again.

    \b
    Exit codes: 0 complete, 3 something failed (and why is told), 4 nothing to import.
    """
    if dry_run:
        from crawler.importing.preview import preview  # noqa: PLC0415

        context.exit(preview(paths, home, datetime.now(UTC), as_json=as_json))
    from crawler.importing.doing import bring_in  # noqa: PLC0415

    context.exit(bring_in(paths, home, workers, as_json=as_json))
