"""`morgue search`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from archive import query
from archive.cli.base import ask, home_option, json_option, origin_of
from archive.errors import NothingFound
from archive.terminal import json_line, safe, shorten


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Articles at most.")
@home_option
@json_option
def search(words: tuple[str, ...], limit: int, home: Path, *, as_json: bool) -> None:
    """Find articles that hold all WORDS, best first.

    Any text is a query: quotes, dashes and signs are looked for, never obeyed.
    """
    found = ask(home, lambda db: query.search(db, " ".join(words), limit))
    for hit in found:
        click.echo(_hit_json(hit) if as_json else _hit_text(hit))
    if not found:
        raise NothingFound(f"nothing in {home} holds all of: {safe(' '.join(words))}")


def _hit_json(hit: dict[str, Any]) -> str:
    plain = hit["snippet"].replace(query.MARK_START, "").replace(query.MARK_END, "")
    return json_line(hit | {"snippet": plain})


def _hit_text(hit: dict[str, Any]) -> str:
    marked = _marked(hit["snippet"])
    where = " · ".join(safe(part) for part in ((hit["published"] or "")[:10], hit["site"], origin_of(hit)) if part)
    title = click.style(shorten(hit["title"] or "(no title)", 100), bold=True)
    return f"{hit['id']:>5}  {title}\n       {where}\n       {marked}\n       {safe(hit['url'])}\n"


def _marked(snippet: str) -> str:
    """A snippet with its hits in bold; each piece is made safe, so that only our own signs command the terminal."""
    pieces = re.split(f"{query.MARK_START}([^{query.MARK_END}]*){query.MARK_END}", " ".join(snippet.split()))
    styled = [click.style(_piece(piece), bold=True) if place % 2 else _piece(piece) for place, piece in enumerate(pieces)]
    return "".join(styled).strip()


def _piece(text: str) -> str:
    """`safe` for a part of a line: the blanks at its ends stay."""
    if text.isspace():
        return " "
    return f"{' ' * text.startswith(' ')}{safe(text)}{' ' * text.endswith(' ')}"
