"""`morgue links`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.cli.base import ask, home_option, json_option
from archive.errors import NothingFound
from archive.query.links import links_from, links_to
from archive.terminal import json_line, safe, shorten

_COLOURS = {"alive": "green", "dead": "red", "blocked": "yellow"}


@click.command()
@click.argument("what", metavar="URL|ID")
@click.option("--to", "incoming", is_flag=True, help="Who links to it instead.")
@home_option
@json_option
def links(what: str, home: Path, *, incoming: bool, as_json: bool) -> None:
    """List the links on an article's page: alive, dead, blocked or unknown, with what stands for the dead.

    What was not looked at is unknown: `morgue check URL` looks.
    """
    found = ask(home, lambda db: (links_to if incoming else links_from)(db, what))
    if not found:
        raise NothingFound(f"nothing in {home} links to {safe(what)}" if incoming else f"no links are kept of {safe(what)}")
    for row in found:
        click.echo(json_line(row) if as_json else _incoming(row) if incoming else _outgoing(row))


def _outgoing(row: dict[str, Any]) -> str:
    verdict = click.style(f"{row['verdict']:8}", fg=_COLOURS.get(row["verdict"]))
    why = f" ({row['state']}, {row['checked'][:10]})" if row["state"] not in (None, "alive") else ""
    lines = [f"{verdict} {row['role']:8} {shorten(row['anchor'], 90)}{why}", f"{'':18}{safe(row['url'])}"]
    lines += [f"{'':18}-> {safe(row[name])}" for name in ("replacement", "archive_url") if row[name]]
    return "\n".join(lines)


def _incoming(row: dict[str, Any]) -> str:
    number = row["article"] or ""
    return f"{number:>5}  {shorten(row['title'] or row['source'], 90)}  ({row['role']})\n       {safe(row['source'])}"
