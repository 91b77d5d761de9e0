"""`morgue source list`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive import query
from archive.cli.base import ask, home_option, json_option
from archive.terminal import json_line, safe, shorten

WIDTH = 32  # columns of a name


@click.command(name="list")
@home_option
@json_option
def list_(home: Path, *, as_json: bool) -> None:
    """Print all sources: what they are read by, when they are due, when they last brought something."""
    found = ask(home, query.sources)
    for source in found:
        click.echo(json_line(source) if as_json else _line(source))
    if not found:
        click.echo("there are no sources yet: add one with `morgue source add URL`", err=True)


def _line(source: dict[str, Any]) -> str:
    """Its name, its listings, and what a person would want to know first."""
    kinds = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(source["listings"].items()))
    told = [source["state"]] if source["state"] != "active" else [f"due {source['due']}"] if source["due"] else []
    told += [f"last new {source['last_new']}"] if source["last_new"] else []
    told += [f"{count} {state}" for state, count in sorted(source["states"].items()) if state in ("failed", "broken", "gone")]
    return f"{shorten(source['name'], WIDTH):{WIDTH}}  {safe(kinds or 'no listings'):28}  {', '.join(told)}"
