"""`morgue repair`. Heavy imports wait until the command runs."""

from __future__ import annotations

from typing import Any

import click

from archive.errors import UsageError
from crawler.commands.base import acting, settings_of


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER]...")
@click.option("--write", is_flag=True, help="Rewrite dead links in place; each file keeps a backup.")
@click.option("--style", type=click.Choice(["replace", "append"]), default="replace", show_default=True, help="See --write.")
@click.option("--redirect-map", type=click.Choice(["nginx", "apache", "netlify", "csv"]), help="Print one for your server.")
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="Whose dead links the redirect map is for.")
@click.option("--review", is_flag=True, help="Decide on what was proposed, one by one.")
@acting
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
        from crawler.jobs.review import review as deciding  # noqa: PLC0415

        context.exit(deciding(given["home"]))
    if not paths:
        raise UsageError("give a FILE or FOLDER with links, or --review")
    from crawler.jobs import crawl as doing  # noqa: PLC0415
    from crawler.jobs.repair import Wanted  # noqa: PLC0415
    from crawler.jobs.repair import repair as repairing  # noqa: PLC0415

    wanted = Wanted(given.pop("as_json"), given.pop("write"), given.pop("style"), redirect_map, hosts)
    options = doing.Options(**given | {"settings": settings_of(given["settings"])})
    context.exit(repairing(paths, options, wanted))
