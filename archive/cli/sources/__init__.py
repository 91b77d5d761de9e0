"""The parts of `morgue source` that only read, one file each; crawler.commands.source has the others."""

from __future__ import annotations

COMMANDS = {  # imported when it is asked for; what `morgue source --help` says of it
    "export": ("archive.cli.sources.export:export", "Print all sources, or those called NAME, as a list that feed readers..."),
    "list": ("archive.cli.sources.list:list_", "Print all sources: what they are read by, when they are due, when..."),
    "show": ("archive.cli.sources.show:show", "Print a source: its bounds, and each of its feeds, sitemaps and..."),
}
