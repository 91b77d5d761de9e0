"""`morgue source`: the parts that read (archive.cli.sources) and the parts that act, one file each, one line below."""

from __future__ import annotations

import click

from archive.cli import sources as reading
from archive.cli.lazy import LazyGroup

COMMANDS = {  # imported when it is asked for; what `morgue source --help` says of it
    "add": ("crawler.commands.source.add:add", "Add sources: find the feeds, sitemaps and section pages of a site, or..."),
    "check": ("crawler.commands.source.check:check", "Fetch the listings of all sources, or of those called NAME, and tell..."),
    "pause": ("crawler.commands.source.pause:pause", "Leave sources alone until `morgue source resume`."),
    "remove": ("crawler.commands.source.remove:remove", "Forget sources."),
    "resume": ("crawler.commands.source.resume:resume", "Read paused sources again when they are due."),
}


@click.group(cls=LazyGroup, places=reading.COMMANDS | COMMANDS)
def source() -> None:
    """What is read again and again for new articles: feeds, sitemaps and section pages of a site.

    Sources may also be written in morgue.toml (docs/sources.md).
    """
