"""The commands that only read, one file each. No Scrapy, no trafilatura: they start in the time that Python needs.

Data goes to stdout, messages to stderr; `--json` prints one object a line. A new command is one file here and one line below.
"""

from __future__ import annotations

from archive.cli.export import export
from archive.cli.search import search
from archive.cli.show import show
from archive.cli.status import status

COMMANDS = (export, search, show, status)
