"""The `morgue` command: archive's commands plus the ones that act. Heavy imports wait until a command needs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of all commands that fetch."""
    options: tuple[_Decorator, ...] = (
        home_option,
        json_option,
        click.option("--limit", default=0, type=click.IntRange(0), help="Fetch at most this many pages; the rest stays due."),
        click.option("--refresh", is_flag=True, help="Fetch again what was fetched within a day."),
        click.option("--contact", envvar="MORGUE_CONTACT", default="", help="Address in the user agent (also: MORGUE_CONTACT)."),
        click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any setting of Scrapy or ours."),
        click.option("-v", "--verbose", count=True, help="Say more; twice: Scrapy's debug log."),
        click.pass_context,
    )
    for option in reversed(options):
        command = option(command)
    return command


@cli.command()
@click.argument("inputs", nargs=-1, metavar="[FILE|URL|-]...")
@click.option("--dry-run", is_flag=True, help="Print what would be fetched; write nothing.")
@click.option("--related", default=1, show_default=True, type=click.IntRange(0, 5), help="Steps to related articles.")
@click.option("--save", is_flag=True, help="Have the Wayback Machine capture what lives (see `morgue save`).")
@_acting
def crawl(context: click.Context, inputs: tuple[str, ...], *, as_json: bool, dry_run: bool, **given: Any) -> None:
    """Add what FILEs and URLs mention and fetch all that is due.

    A FILE is a clipping or saved page (text, Markdown, HTML) or a list of URLs; - reads standard
    input. Dead pages are looked for in web archives, and each text says where it came from.
    """
    from crawler import crawl as doing  # noqa: PLC0415 - Scrapy takes a second to import

    options = doing.Options(**given | {"settings": _settings(given["settings"])})
    found = doing.read_inputs(inputs)
    if dry_run:
        context.exit(doing.preview(found, as_json=as_json))
    context.exit(doing.crawl(found, options, as_json=as_json))


@cli.command()
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER]...")
@click.option("--write", is_flag=True, help="Rewrite dead links in place; each file keeps a backup.")
@click.option("--style", type=click.Choice(["replace", "append"]), default="replace", show_default=True, help="See --write.")
@click.option("--redirect-map", type=click.Choice(["nginx", "apache", "netlify", "csv"]), help="Print one for your server.")
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="Whose dead links the redirect map is for.")
@click.option("--review", is_flag=True, help="Decide on what was proposed, one by one.")
@_acting
def repair(
    context: click.Context,
    paths: tuple[str, ...],
    *,
    review: bool,
    hosts: tuple[str, ...],
    redirect_map: str | None,
    **given: Any,
) -> None:
    """Check the links in FILEs and FOLDERs and find what stands for the dead ones.

    Reads Markdown, HTML, text, reStructuredText, wikitext, CSV and JSONL. Prints what is dead, what
    replaces it, why and how sure; writes only when asked to. An address is never deleted: --style
    append sets the archived page beside it.
    """
    if review:
        from crawler.review import review as deciding  # noqa: PLC0415

        context.exit(deciding(given["home"]))
    if not paths:
        raise UsageError("give a FILE or FOLDER with links, or --review")
    from crawler import crawl as doing  # noqa: PLC0415
    from crawler.repair import Wanted  # noqa: PLC0415
    from crawler.repair import repair as repairing  # noqa: PLC0415

    wanted = Wanted(given.pop("as_json"), given.pop("write"), given.pop("style"), redirect_map, hosts)
    options = doing.Options(**given | {"settings": _settings(given["settings"])})
    context.exit(repairing(paths, options, wanted))


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|URL|-...")
@home_option
@json_option
@click.option("--dry-run", is_flag=True, help="Print what would be saved; ask nobody.")
@click.option("--contact", envvar="MORGUE_CONTACT", default="", help="Address in the user agent (also: MORGUE_CONTACT).")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any setting of Scrapy or ours.")
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
    from crawler import save as doing  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.crawl import Options, read_inputs  # noqa: PLC0415

    given = read_inputs(inputs)
    if dry_run:
        context.exit(doing.preview(given, as_json=as_json))
    options = Options(home=home, settings=_settings(settings), contact=contact)
    context.exit(doing.save(given, options, as_json=as_json))


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
