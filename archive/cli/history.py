"""`morgue history`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.cli.base import ask, home_option, json_option
from archive.query import history as query
from archive.terminal import json_line, safe, shorten


@click.command()
@click.argument("what", metavar="URL|ID")
@home_option
@json_option
def history(what: str, home: Path, *, as_json: bool) -> None:
    """Tell how an article's text changed: live fetches, archive captures and the clipping, by date.

    The numbers are those of `morgue diff`; * marks the current text.
    """
    found = ask(home, lambda db: query.history(db, what))
    if as_json:
        for event in found["events"]:
            click.echo(json_line({"url": found["url"]} | event))
        return
    click.echo(click.style(shorten(found["title"] or "(no title)", 100), bold=True))
    click.echo(safe(found["url"]))
    for event in found["events"]:
        click.echo(_line(event))


def _line(event: dict[str, Any]) -> str:
    mark = "*" if event["current"] else " "
    number = event["version"] if event["event"] in ("first", "changed", "refused", "back") else ""
    date = (event["date"] or "undated")[:16].replace("T", " ")
    return f"{mark}{number:>4}  {date:16}  {safe(event['origin']):9} {_story(event)}"


def _story(event: dict[str, Any]) -> str:
    """What happened, in words."""
    again = f", {event['times']} times until {event['until'][:10]}" if event["times"] > 1 else ""
    match event["event"]:
        case "first":
            return f"first text, {event['words']} words{_note(event)}"
        case "changed":
            return f"{_counts(event)}{_note(event)}"
        case "back":
            return f"back to version {event['version']}: {_counts(event)}{again}"
        case "refused":
            return f"not shown: {safe(event['note'])}"
        case "clipping":
            return f"{safe(event['document'])}, {event['words']} words; from it to the current text {_counts(event)}"
        case "gone":
            return f"no page: answered {event['statuscode']}{again}"
        case _:
            return f"version {event['version']} again{again}"


def _counts(event: dict[str, Any]) -> str:
    return f"+{event['added']} -{event['removed']} words" if event["added"] or event["removed"] else "the same words"


def _note(event: dict[str, Any]) -> str:
    return f" ({safe(event['note'])})" if event["note"] else ""
