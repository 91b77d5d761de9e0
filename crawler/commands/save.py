"""`morgue save`. Heavy imports wait until the command runs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import home_option, json_option
from crawler.commands.base import contact_option, settings_of, settings_option


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|URL|-...")
@home_option
@json_option
@click.option("--dry-run", is_flag=True, help="Print what would be saved; ask nobody.")
@contact_option
@settings_option
@click.pass_context
def save(
    context: click.Context,
    inputs: tuple[str, ...],
    home: Path,
    settings: tuple[str, ...],
    contact: str,
    *,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Have the Wayback Machine capture living pages, before they die.

    What it captured within 30 days is not asked for again. Needs the keys of an account at
    archive.org (archive.org/account/s3.php) in MORGUE_IA_KEY and MORGUE_IA_SECRET; takes some 12
    seconds a page, since 5 a minute are sent.
    """
    from crawler.jobs import save as doing  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.jobs.crawl import Options, read_inputs  # noqa: PLC0415

    given = read_inputs(inputs)
    if dry_run:
        context.exit(doing.preview(given, as_json=as_json))
    options = Options(home=home, settings=settings_of(settings), contact=contact)
    context.exit(doing.save(given, options, as_json=as_json))
