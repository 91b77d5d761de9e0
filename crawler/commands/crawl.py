"""`morgue crawl`. Heavy imports wait until the command runs."""

from __future__ import annotations

import sys
from typing import Any

import click

from archive.cli.due import print_due
from crawler.commands.base import Span, acting, settings_of


@click.command()
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@click.option("--dry-run", is_flag=True, help="Print what would be fetched; write nothing.")
@click.option("--related", default=1, show_default=True, type=click.IntRange(0, 5), help="Steps to related articles.")
@click.option("--save", is_flag=True, help="Have the Wayback Machine capture what lives (see `morgue save`).")
@click.option("--max-time", metavar="SPAN", type=Span(), help="Begin nothing more after this long: 45s, 10m, 2h.")
@click.option("--every", metavar="SPAN", type=Span(), help="Stay, and run again and again: 15m.")
@acting
def crawl(context: click.Context, inputs: tuple[str, ...], *, as_json: bool, dry_run: bool, **given: Any) -> None:
    """Add what FILEs and URLs mention and fetch all that is due.

    A FILE is a clipping or saved page (text, Markdown, HTML) or a list of URLs; - reads standard
    input. Dead pages are looked for in web archives, and each text says where it came from.

    Without FILE and URL it is the run for cron: it reads the sources whose time has come (see
    `morgue source`), fetches what is new in them, and looks again at older pages.
    """
    if dry_run and not inputs:
        print_due(given["home"], as_json=as_json)
        context.exit(0)
    from crawler.jobs import crawl as doing  # noqa: PLC0415 - Scrapy takes a second to import

    if every := given.pop("every"):
        from crawler.jobs.again import again  # noqa: PLC0415

        context.exit(again(every, sys.argv))
    options = doing.Options(**given | {"settings": settings_of(given["settings"])})
    found = doing.read_inputs(inputs)
    if dry_run:
        context.exit(doing.preview(found, as_json=as_json))
    context.exit(doing.crawl(found, options, as_json=as_json))
