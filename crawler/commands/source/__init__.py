"""`morgue source`: the parts that read (archive.cli.sources) and the parts that act, one file each, one line below."""

from __future__ import annotations

import click

from archive.cli import sources as reading
from crawler.commands.source.add import add
from crawler.commands.source.check import check
from crawler.commands.source.pause import pause
from crawler.commands.source.remove import remove
from crawler.commands.source.resume import resume

COMMANDS = (add, check, pause, remove, resume)


@click.group()
def source() -> None:
    """What is read again and again for new articles: feeds, sitemaps and section pages of a site.

    Sources may also be written in morgue.toml (docs/sources.md).
    """


for command in (*reading.COMMANDS, *COMMANDS):
    source.add_command(command)
