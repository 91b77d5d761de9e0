"""The parts of `morgue source` that only read, one file each; crawler.commands.source has the others."""

from __future__ import annotations

from archive.cli.sources.export import export
from archive.cli.sources.list import list_
from archive.cli.sources.show import show

COMMANDS = (export, list_, show)
