"""What the next scheduled run would do: `morgue crawl --dry-run` without FILE and URL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from archive.cli.base import ask
from archive.query import due as query
from archive.terminal import json_line, safe


def print_due(home: Path, *, as_json: bool) -> None:
    """One line for each listing and page that is due. Raises NothingFound when there is no home."""
    for row in ask(home, lambda db: query.due(db, datetime.now(UTC))):
        click.echo(json_line(row) if as_json else f"{row['what']:8} {safe(row['url'])}")
