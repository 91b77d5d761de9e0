"""`morgue diff`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from archive.cli.base import ask, home_option, json_option
from archive.differences import html_page, marked
from archive.differences.shown import in_signs
from archive.errors import UsageError
from archive.query import versions as query
from archive.query.versions import Comparison, Version
from archive.terminal import json_line, safe


@click.command()
@click.argument("what", metavar="URL|ID")
@click.argument("first", metavar="[V1]", required=False)
@click.argument("second", metavar="[V2]", required=False)
@click.option("--full", is_flag=True, help="Unchanged paragraphs, too.")
@click.option("--html", metavar="FILE|-", help="Write an HTML page instead.")
@home_option
@json_option
def diff(what: str, first: str | None, second: str | None, html: str | None, home: Path, *, full: bool, as_json: bool) -> None:
    """Show what was added and removed between two texts of an article, word by word.

    V1 and V2 are numbers of `morgue history`, "current" or "clipping". Without V2 the current text is
    compared, without V1 the one before it. In colour on a terminal, else [-removed-]{+added+}.
    """
    found = ask(home, lambda db: query.compare(db, what, first, second))
    if html:
        _write(html, _page(found))
    elif as_json:
        click.echo(json_line(_object(found)))
    else:
        added, removed = found.counts
        click.echo(f"{safe(found.url)}\n- {_named(found.first)}\n+ {_named(found.second)}\n+{added} -{removed} words\n")
        click.echo(marked(found.pieces, _coloured if _in_colour() else in_signs, full=full), color=_in_colour())


def _named(version: Version) -> str:
    """A text in a line: its name, date and origin."""
    name = f"version {version.name}" if version.name.isdigit() else f"{version.name} {safe(version.document)}"
    current = ", current" if version.current else ""
    date = (version.captured or "undated")[:16].replace("T", " ")
    return f"{name}: {date}, {safe(version.archive_url or version.origin)}{current}"


def _object(found: Comparison) -> dict[str, object]:
    added, removed = found.counts
    pieces = [{"sign": piece.sign, "text": piece.text} for piece in found.pieces]
    texts = {"first": _facts(found.first), "second": _facts(found.second)}
    return {"url": found.url, **texts, "added": added, "removed": removed, "pieces": pieces}


def _facts(version: Version) -> dict[str, object]:
    names = ("name", "captured", "origin", "archive_url", "title", "current", "note", "document")
    return {name: getattr(version, name) for name in names}


def _page(found: Comparison) -> str:
    added, removed = found.counts
    facts = {"Address": found.url, "Removed": f"{removed} words of {_named(found.first)}"}
    facts |= {"Added": f"{added} words of {_named(found.second)}"}
    return html_page(found.second.title or found.first.title or found.url, facts, found.pieces)


def _write(file: str, text: str) -> None:
    if file == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}): give another --html FILE") from error


def _in_colour() -> bool:
    """On a terminal whose owner has not said no (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _coloured(sign: str, text: str) -> str:
    """Also struck out and underlined, for eyes that do not tell red from green."""
    if sign == "-":
        return click.style(text, fg="red", strikethrough=True)
    return click.style(text, fg="green", underline=True) if sign == "+" else text
