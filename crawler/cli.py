"""The `morgue` command: archive's commands plus the ones that act. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive import cli as reading
from archive.cli import home_option, json_option
from archive.errors import MorgueError, UsageError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="morgue", message="morgue %(version)s")
def cli() -> None:
    """Fetch news, keep it, find it again, and repair the links that died.

    \b
    Exit codes: 0 complete, 1 error, 2 usage, 3 finished with failures, 4 nothing found, 5 a web archive
    could not be asked (state is saved: run again), 7 another run holds this home, 8 disk full or
    read-only, 9 damaged archive, 130 interrupted (run again to go on).
    """


for command in reading.COMMANDS:
    cli.add_command(command)


@cli.command()
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@home_option
@json_option
@click.option("--dry-run", is_flag=True, help="Print what would be fetched; write nothing.")
@click.option("--limit", default=0, type=click.IntRange(0), help="Fetch at most this many pages; the rest stays due.")
@click.option("--related", default=1, show_default=True, type=click.IntRange(0, 5), help="Steps to related articles.")
@click.option("--refresh", is_flag=True, help="Fetch again what was fetched within a day.")
@click.option("--contact", envvar="MORGUE_CONTACT", default="", help="Address in the user agent (also: MORGUE_CONTACT).")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any setting of Scrapy or ours.")
@click.option("-v", "--verbose", count=True, help="Say more; twice: Scrapy's debug log.")
@click.pass_context
def crawl(
    context: click.Context,
    inputs: tuple[str, ...],
    home: Path,
    settings: tuple[str, ...],
    contact: str,
    limit: int,
    related: int,
    verbose: int,
    *,
    as_json: bool,
    dry_run: bool,
    refresh: bool,
) -> None:
    """Add what FILEs and URLs mention and fetch all that is due.

    A FILE is a clipping or saved page (text, Markdown, HTML) or a list of URLs; - reads standard
    input. Dead pages are looked for in web archives, and each text says where it came from.
    """
    from crawler import crawl as doing  # noqa: PLC0415 - Scrapy takes a second to import

    options = doing.Options(
        home=home,
        settings=_settings(settings),
        contact=contact,
        limit=limit,
        related=related,
        verbose=verbose,
        refresh=refresh,
    )
    given = doing.read_inputs(inputs)
    if dry_run:
        context.exit(doing.preview(given, as_json=as_json))
    context.exit(doing.crawl(given, options, as_json=as_json))


@cli.command()
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@home_option
@json_option
@click.option("--due", is_flag=True, help="Also what was not looked at for a cycle (docs/dead-links.md).")
@click.option("--contact", envvar="MORGUE_CONTACT", default="", help="Address in the user agent (also: MORGUE_CONTACT).")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any setting of Scrapy or ours.")
@click.option("-v", "--verbose", count=True, help="Say more; twice: Scrapy's debug log.")
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
    from crawler import check as doing  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.crawl import Options, read_inputs  # noqa: PLC0415

    chosen = doing.SETTINGS | _settings(settings)
    options = Options(home=home, settings=chosen, contact=contact, related=0, verbose=verbose, refresh=True)
    context.exit(doing.check(read_inputs(inputs), options, due=due, as_json=as_json))


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    found = dict(pair.partition("=")[::2] for pair in pairs)
    if bad := [pair for pair in pairs if "=" not in pair]:
        raise UsageError(f"-s {bad[0]}: write NAME=VALUE")
    return found


def main() -> None:
    """Run the command; errors a person can act on are one line on stderr and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MorgueError as error:
        click.echo(f"morgue: {error}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("morgue: interrupted; run it again to go on", err=True)
        sys.exit(130)
    except BrokenPipeError:  # `morgue search … | head`: the reader has seen enough
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
