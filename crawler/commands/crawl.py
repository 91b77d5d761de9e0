"""`morgue crawl`. Heavy imports wait until the command runs."""

from __future__ import annotations

from typing import Any

import click

from crawler.commands.base import acting, settings_of


@click.command()
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@click.option("--dry-run", is_flag=True, help="Print what would be fetched; write nothing.")
@click.option("--related", default=1, show_default=True, type=click.IntRange(0, 5), help="Steps to related articles.")
@click.option("--save", is_flag=True, help="Have the Wayback Machine capture what lives (see `morgue save`).")
@acting
def crawl(context: click.Context, inputs: tuple[str, ...], *, as_json: bool, dry_run: bool, **given: Any) -> None:
    """Add what FILEs and URLs mention and fetch all that is due.

    A FILE is a clipping or saved page (text, Markdown, HTML) or a list of URLs; - reads standard
    input. Dead pages are looked for in web archives, and each text says where it came from.
    """
    from crawler import crawl as doing  # noqa: PLC0415 - Scrapy takes a second to import

    options = doing.Options(**given | {"settings": settings_of(given["settings"])})
    found = doing.read_inputs(inputs)
    if dry_run:
        context.exit(doing.preview(found, as_json=as_json))
    context.exit(doing.crawl(found, options, as_json=as_json))
