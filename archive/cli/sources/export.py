"""`morgue source export`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import ask, home_option
from archive.subscriptions import sources_of


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--format", "wanted", type=click.Choice(["opml", "bookmarks", "csv"]), default="opml", show_default=True, help="Of the list."
)
@home_option
def export(names: tuple[str, ...], home: Path, wanted: str) -> None:
    """Print all sources, or those called NAME, as a list that feed readers and `morgue source add` read.

    OPML has no words for bounds, depth and delay, bookmarks have none for sitemaps and sections either: CSV
    keeps everything.
    """
    from archive.sources.files import EXPORTS  # noqa: PLC0415 - lxml is wanted by none of the other commands that read

    click.echo(EXPORTS[wanted](ask(home, lambda db: sources_of(db, names))), nl=False)
