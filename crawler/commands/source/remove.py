"""`morgue source remove`. Heavy imports wait until the command runs."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.base import home_option, json_option


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME|URL...")
@click.option("--dry-run", is_flag=True, help="Say which; change nothing.")
@home_option
@json_option
@click.pass_context
def remove(context: click.Context, names: tuple[str, ...], home: Path, *, dry_run: bool, as_json: bool) -> None:
    """Forget sources. What was fetched from them stays in the archive."""
    from archive import subscriptions  # noqa: PLC0415
    from crawler.jobs.changes import change  # noqa: PLC0415

    context.exit(change(names, home, "remove", subscriptions.remove, dry_run=dry_run, as_json=as_json))
