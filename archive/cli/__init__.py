"""The commands that only read, one file each. No Scrapy, no trafilatura: they start in the time that Python needs.

Data goes to stdout, messages to stderr; `--json` prints one object a line. A new command is one file here and one line below.
"""

from __future__ import annotations

COMMANDS = {  # imported when it is asked for; what the list of all commands says of it
    "diff": ("archive.cli.diff:diff", "Show what was added and removed between two texts of an article, word..."),
    "export": ("archive.cli.export:export", "Write the articles that hold all WORDS, or all, to a file, a folder..."),
    "history": ("archive.cli.history:history", "Tell how an article's text changed: live fetches, archive captures..."),
    "links": ("archive.cli.links:links", "List the links on an article's page: alive, dead, blocked or unknown,..."),
    "runs": ("archive.cli.runs:runs", "List the last runs: when, how long, how they ended, and what they..."),
    "schedule": ("archive.cli.schedule:schedule", "Print what makes cron or systemd start `morgue crawl` regularly."),
    "search": ("archive.cli.search:search", "Find articles that hold all WORDS, best first."),
    "serve": ("archive.cli.serve:serve", "Read the archive in a browser, on this machine only, until you press..."),
    "show": ("archive.cli.show:show", "Print an article: its text, where it came from, what mentions it,..."),
    "sql": ("archive.cli.sql:sql", "Ask the database one question in SQL."),
    "status": ("archive.cli.status:status", "What the archive holds, what is due, what failed and why, what is..."),
}
