"""`morgue status`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive import query
from archive.cli.base import ask, home_option, json_option
from archive.terminal import json_line, safe


@click.command()
@home_option
@json_option
def status(home: Path, *, as_json: bool) -> None:
    """What the archive holds, what is due, what is paused and until when."""
    found = ask(home, query.status)
    click.echo(json_line(found) if as_json else _status_text(home, found))


def _status_text(home: Path, found: dict[str, Any]) -> str:
    lines = [f"{home}: {found['articles']} articles in {found['versions']} versions, {found['captures']} captures"]
    lines.append(f"asked by {found['documents']} documents; {found['urls']} addresses known")
    lines += [_counted("queue", found["frontier"]), _counted("pages", found["health"])]
    lines.append(_counted("dead links", found["repairs"]))
    lines += [f"paused: {safe(p['service'])} until {p['until']} ({safe(p['reason'])})" for p in found["paused"]]
    if last := found["last_run"]:
        lines.append(f"last run: {safe(last['command'])}, {last['started']}, {last['state']}")
    return "\n".join(line for line in lines if line)


def _counted(name: str, counts: dict[str, int]) -> str:
    return f"{name}: " + ", ".join(f"{count} {key}" for key, count in sorted(counts.items())) if counts else ""
