"""`morgue source check`. Heavy imports wait until the command runs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import home_option, json_option
from crawler.commands.base import contact_option, settings_of, settings_option, verbose_option


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|URL]...")
@home_option
@json_option
@contact_option
@settings_option
@verbose_option
@click.pass_context
def check(
    context: click.Context,
    names: tuple[str, ...],
    home: Path,
    settings: tuple[str, ...],
    contact: str,
    verbose: int,
    *,
    as_json: bool,
) -> None:
    """Fetch the listings of all sources, or of those called NAME, and tell what each would give.

    How many articles, how many of them are not known here, and what the source's bounds leave out.
    Writes nothing.

    \b
    Exit codes: 0 each listing was read, 3 one was not.
    """
    from crawler.jobs.crawl import Options  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.jobs.sources import check as checking  # noqa: PLC0415

    options = Options(home=home, settings=settings_of(settings), contact=contact, verbose=verbose)
    context.exit(checking(names, options, as_json=as_json))
