"""`morgue check`. Heavy imports wait until the command runs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import home_option, json_option
from crawler.commands.base import contact_option, settings_of, settings_option, verbose_option


@click.command()
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@home_option
@json_option
@click.option("--due", is_flag=True, help="Also what was not looked at for a cycle (docs/dead-links.md).")
@contact_option
@settings_option
@verbose_option
@click.pass_context
def check(
    context: click.Context,
    inputs: tuple[str, ...],
    home: Path,
    settings: tuple[str, ...],
    contact: str,
    verbose: int,
    *,
    as_json: bool,
    due: bool,
) -> None:
    """Look at the links that FILEs and URLs mention and tell how they are.

    Each look is kept in the table `checks` with its state, rule and evidence. Nothing else is fetched
    and no archive is asked: `morgue crawl` looks for what stands for a dead link.

    \b
    Exit codes: 0 all links live (or refuse us), 3 a link is dead, failed or was not looked at.
    """
    from crawler.jobs import check as doing  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.jobs.crawl import Options, read_inputs  # noqa: PLC0415

    chosen = doing.SETTINGS | settings_of(settings)
    options = Options(home=home, settings=chosen, contact=contact, related=0, verbose=verbose, refresh=True)
    context.exit(doing.check(read_inputs(inputs), options, due=due, as_json=as_json))
