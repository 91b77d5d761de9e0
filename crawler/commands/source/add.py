"""`morgue source add`. Heavy imports wait until the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.cli.base import home_option, json_option
from archive.errors import UsageError
from archive.sources.base import ListingKind
from archive.sources.bounds import fault
from crawler.commands.base import contact_option, settings_of, settings_option, verbose_option


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="URL|FILE|-...")
@click.option("--name", help="What to call it; otherwise its host.")
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="Take this feed and look for no others.")
@click.option("--sitemap", "sitemaps", multiple=True, metavar="URL", help="Take this sitemap and look for no others.")
@click.option("--section", "sections", multiple=True, metavar="URL", help="Take this page of links and look for no others.")
@click.option("--allow", multiple=True, metavar="PATTERN", help="Only articles at such addresses: /news/, /*/2026/, https://…")
@click.option("--deny", multiple=True, metavar="PATTERN", help="No articles at such addresses.")
@click.option("--language", metavar="CODE", help="ISO 639; otherwise what its listings say.")
@click.option("--depth", default=1, show_default=True, type=click.IntRange(0, 5), help="Steps to related articles.")
@click.option("--delay", type=click.FloatRange(0.1, 3600), metavar="SECONDS", help="Between two requests; otherwise the crawl's.")
@click.option("--dry-run", is_flag=True, help="Look and tell; write nothing.")
@home_option
@json_option
@contact_option
@settings_option
@verbose_option
@click.pass_context
def add(
    context: click.Context,
    /,
    inputs: tuple[str, ...],
    feeds: tuple[str, ...],
    sitemaps: tuple[str, ...],
    sections: tuple[str, ...],
    home: Path,
    settings: tuple[str, ...],
    contact: str,
    verbose: int,
    *,
    as_json: bool,
    dry_run: bool,
    **given: Any,
) -> None:
    """Add sources: find the feeds, sitemaps and section pages of a site, or take those of a FILE.

    URL is a front page, a feed, a sitemap or a section page. A FILE is OPML, a browser's bookmarks or
    CSV (docs/sources.md); sources that it gives no listings for are looked at like URLs. Nothing is
    fetched but the page, robots.txt and what may list articles.

    \b
    Exit codes: 0 each has something to read, 3 one has not, 4 nothing was found.
    """
    from crawler.jobs.crawl import Options  # noqa: PLC0415 - Scrapy takes a second to import
    from crawler.jobs.sources import Wanted  # noqa: PLC0415
    from crawler.jobs.sources import add as adding  # noqa: PLC0415

    kinds = ((ListingKind.FEED, feeds), (ListingKind.SITEMAP, sitemaps), (ListingKind.SECTION, sections))
    wanted = Wanted(listings=tuple((kind, url) for kind, urls in kinds for url in urls), **given)
    for pattern in (*wanted.allow, *wanted.deny):
        if why := fault(pattern):
            raise UsageError(f"{pattern!r}: {why}")
    options = Options(home=home, settings=settings_of(settings), contact=contact, verbose=verbose)
    context.exit(adding(inputs, wanted, options, dry_run=dry_run, as_json=as_json))
