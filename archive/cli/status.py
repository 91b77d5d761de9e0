"""`morgue status`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.cli.base import ask, home_option, json_option
from archive.query import status as query
from archive.terminal import json_line, safe


@click.command()
@home_option
@json_option
def status(home: Path, *, as_json: bool) -> None:
    """What the archive holds, what is due, what failed and why, what is paused and until when."""
    found = ask(home, query.status)
    click.echo(json_line(found) if as_json else _status_text(home, found))


def _status_text(home: Path, found: dict[str, Any]) -> str:
    lines = [f"{home}: {found['articles']} articles in {found['versions']} versions, {found['captures']} captures"]
    lines.append(f"asked by {found['documents']} documents; {found['urls']} addresses known")
    lines += [_counted("queue", found["frontier"]), _counted("pages", found["health"])]
    lines.append(_counted("dead links", found["repairs"]))
    lines += [_counted("sources", found["sources"]), _counted("due now", found["due"])]
    if found["next_due"] and not found["due"]:
        lines.append(f"next due: {found['next_due']}")
    lines += _troubles(found)
    lines += [f"paused: {safe(p['service'])} until {p['until']} ({safe(p['reason'])})" for p in found["paused"]]
    if last := found["last_run"]:
        lines.append(f"last run: {safe(last['command'])}, {last['started']}, {last['state']}")
    return "\n".join(line for line in lines if line)


def _troubles(found: dict[str, Any]) -> list[str]:
    """What needs somebody's eyes, or will be tried again by itself."""
    lines = alarms(found["unwell"])
    lines += [
        f"listing failed {row['tries']} times: {safe(row['url'])} ({safe(row['reason'] or '')}); again {row['due']}"
        for row in found["failing"]
    ]
    return lines + [f"{row['pages']} pages are tried again ({safe(row['rule'])}), from {row['due']}" for row in found["waiting"]]


def alarms(unwell: list[dict[str, Any]]) -> list[str]:
    """One line for each source that needs somebody's eyes."""
    return [f"{row['state']}: {safe(row['name'])}, since {row['since']}: {safe(row['reason'] or '')}" for row in unwell]


def _counted(name: str, counts: dict[str, int]) -> str:
    return f"{name}: " + ", ".join(f"{count} {key}" for key, count in sorted(counts.items())) if counts else ""
