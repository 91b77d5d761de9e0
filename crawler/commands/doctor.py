"""`morgue doctor`. Heavy imports wait until the command runs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import home_option, json_option
from crawler.commands.base import contact_option, settings_of, settings_option


@click.command()
@click.option("--online", is_flag=True, help="Also ask each web archive one question, within its budget.")
@contact_option
@settings_option
@home_option
@json_option
@click.pass_context
def doctor(context: click.Context, settings: tuple[str, ...], contact: str, home: Path, *, online: bool, as_json: bool) -> None:
    """Check installation, database, WARC files, clock, disk and settings, and say what to do.

    \b
    Exit codes: 0 nothing fails (warnings do not count), 1 something fails, 9 what was kept is damaged.
    """
    from crawler.jobs import doctor as doing  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.jobs.crawl import Options  # noqa: PLC0415

    options = Options(home=home, settings=settings_of(settings), contact=contact)
    context.exit(doing.doctor(options, online=online, as_json=as_json))
