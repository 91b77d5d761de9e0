"""`morgue source show`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive import query
from archive.cli.base import ask, home_option, json_option
from archive.terminal import json_line, safe


@click.command()
@click.argument("name", metavar="NAME|URL")
@home_option
@json_option
def show(name: str, home: Path, *, as_json: bool) -> None:
    """Print a source: its bounds, and each of its feeds, sitemaps and section pages with how it is.

    NAME may be the beginning of a name.
    """
    found = ask(home, lambda db: query.source(db, name))
    click.echo(json_line(found) if as_json else _text(found))


def _text(source: dict[str, Any]) -> str:
    facts = {
        "address": source["url"],
        "state": source["state"],
        "written in": "morgue.toml" if source["origin"] == "config" else None,
        "language": source["language"],
        "allow": " ".join(source["allow"]),
        "deny": " ".join(source["deny"]),
        "depth": source["depth"],
        "delay": f"{source['delay']:g} s" if source["delay"] else None,
        "added": source["added"],
    }
    lines = [click.style(safe(source["name"]), bold=True)]
    lines += [f"{name + ':':12}{safe(value)}" for name, value in facts.items() if value not in (None, "")]
    for listing in source["listings"]:
        lines += ["", f"{listing['kind']:9} {safe(listing['url'])}", f"{'':9} {_how(listing)}"]
    return "\n".join(lines)


def _how(listing: dict[str, Any]) -> str:
    told = [f"{listing['state']}: {listing['reason']}" if listing["reason"] else listing["state"]]
    told += [f"every {_span(listing['interval'])}", f"due {listing['due']}"]
    told += [f"last new {listing['last_new']}"] if listing["last_new"] else []
    told += [f"was {listing['former_url']}"] if listing["former_url"] else []
    return safe(", ".join(told))


def _span(seconds: int) -> str:
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds} s"
