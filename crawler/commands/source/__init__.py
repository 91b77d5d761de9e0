"""`morgue source`: the parts that read (archive.cli.sources) and the parts that act, one file each, one line below."""

from __future__ import annotations

import click

from archive.cli import sources as reading
from archive.cli.lazy import LazyGroup

COMMANDS = {name: f"crawler.commands.source.{name}:{name}" for name in ("add", "check", "pause", "remove", "resume")}


@click.group(cls=LazyGroup, places=reading.COMMANDS | COMMANDS)
def source() -> None:
    """What is read again and again for new articles: feeds, sitemaps and section pages of a site.

    Sources may also be written in morgue.toml (docs/sources.md).
    """
