"""`morgue runs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.cli.base import ask, home_option, json_option
from archive.errors import NothingFound
from archive.query import runs as query
from archive.terminal import json_line, safe
from archive.timestamps import parse_iso

CURSOR = "cursor"  # where a reextract had come to: a capture's id, and no count


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Runs at most.")
@home_option
@json_option
def runs(limit: int, home: Path, *, as_json: bool) -> None:
    """List the last runs: when, how long, how they ended, and what they counted."""
    found = ask(home, lambda db: query.runs(db, limit))
    if not found:
        raise NothingFound(f"nothing has run in {home} yet: start with `morgue crawl URL|FILE`")
    for run in found:
        click.echo(json_line(run) if as_json else _lines(run))


def _lines(run: dict[str, Any]) -> str:
    ended = run["state"] if run["exit_code"] is None else f"{run['state']} ({run['exit_code']})"
    started = run["started"][:16].replace("T", " ")
    counts = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in sorted(run["counts"].items()) if count and name != CURSOR
    )
    head = f"{run['id']:>5}  {started}  {_lasted(run):>8}  {safe(ended):20} {safe(run['command'])}"
    return f"{head}\n       {safe(counts)}" if counts else head


def _lasted(run: dict[str, Any]) -> str:
    """Hours, minutes, seconds; nothing for a run that did not end."""
    if run["finished"] is None:
        return ""
    seconds = max(0, int((parse_iso(run["finished"]) - parse_iso(run["started"])).total_seconds()))
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
