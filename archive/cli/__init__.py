"""The commands that only read, one file each. No Scrapy, no trafilatura: they start in the time that Python needs.

Data goes to stdout, messages to stderr; `--json` prints one object a line. A new command is one file here and one line below.
"""

from __future__ import annotations

COMMANDS = {  # each is imported when it is asked for
    "export": "archive.cli.export:export",
    "links": "archive.cli.links:links",
    "search": "archive.cli.search:search",
    "show": "archive.cli.show:show",
    "sql": "archive.cli.sql:sql",
    "status": "archive.cli.status:status",
}
