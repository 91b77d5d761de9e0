"""The commands that only read, one file each. No Scrapy, no trafilatura: they start in the time that Python needs.

Data goes to stdout, messages to stderr; `--json` prints one object a line. A new command is one file here and one line below.
"""

from __future__ import annotations

COMMANDS = {  # each is imported when it is asked for
    "diff": "archive.cli.diff:diff",
    "history": "archive.cli.history:history",
    "export": "archive.cli.export:export",
    "links": "archive.cli.links:links",
    "runs": "archive.cli.runs:runs",
    "schedule": "archive.cli.schedule:schedule",
    "search": "archive.cli.search:search",
    "serve": "archive.cli.serve:serve",
    "show": "archive.cli.show:show",
    "sql": "archive.cli.sql:sql",
    "status": "archive.cli.status:status",
}
