"""The parts of `morgue source` that only read, one file each; crawler.commands.source has the others."""

from __future__ import annotations

COMMANDS = {
    "export": "archive.cli.sources.export:export",
    "list": "archive.cli.sources.list:list_",
    "show": "archive.cli.sources.show:show",
}
