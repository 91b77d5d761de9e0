"""`morgue add`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import home_option, json_option


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|URL|-...")
@home_option
@json_option
@click.option("--dry-run", is_flag=True, help="Print what would be queued; write nothing.")
@click.option("--refresh", is_flag=True, help="Queue again what was fetched within a day.")
@click.pass_context
def add(context: click.Context, inputs: tuple[str, ...], home: Path, *, as_json: bool, dry_run: bool, refresh: bool) -> None:
    """Queue what FILEs and URLs mention, and fetch nothing.

    The next `morgue crawl` fetches it. Inputs are those of `morgue crawl`: clippings, saved pages,
    lists of URLs, addresses, and - for standard input.
    """
    from crawler.jobs import add as doing  # noqa: PLC0415 - what a command needs is imported when it runs

    context.exit(doing.add(inputs, home, as_json=as_json, dry_run=dry_run, refresh=refresh))
