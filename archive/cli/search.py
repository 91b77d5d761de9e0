"""`morgue search`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from archive.cli.base import ask, home_option, json_option, origin_of
from archive.cli.filtering import filter_options
from archive.errors import NothingFound, UsageError
from archive.query import search as query
from archive.query.filters import Filters
from archive.terminal import json_line, safe, shorten


class _QueryCommand(click.Command):
    """A command whose words may begin with a dash: `-word` is a word that must not occur, never an unknown option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        # the sign parts words, as a blank does: click then takes them for what they are
        marked = [f"\x1f{one}" if re.match(r"-[^-]", one) and one != "-h" else one for one in args[:end]]
        return super().parse_args(ctx, marked + args[end:])


@click.command(cls=_QueryCommand)
@click.argument("words", nargs=-1)
@filter_options
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance", show_default=True, help="The order.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="Articles at most.")
@click.option("--offset", default=0, type=click.IntRange(0, 9000), help="Leave out as many, for the next page.")
@home_option
@json_option
def search(filters: Filters, sort: query.Sort, limit: int, offset: int, home: Path, *, as_json: bool) -> None:
    """Find articles that hold all WORDS, best first.

    \b
    "storm gates"   a phrase (several words in one argument beside others are one, too)
    storm*          all words that begin so
    -storm          must not occur

    Any text is a query: all other signs are looked for, never obeyed. Without WORDS the filters alone
    list articles, the latest first.
    """
    if filters == Filters():
        raise UsageError("say what to look for: WORDS, or a filter like --since 2026-11 (`morgue search --help` has them)")
    found = ask(home, lambda db: query.search(db, filters, sort=sort, limit=limit, offset=offset))
    for hit in found:
        click.echo(_hit_json(hit) if as_json else _hit_text(hit))
    if not found:
        what = f"holds all of: {safe(filters.words)}" if filters.words.strip() else "is let through by these filters"
        raise NothingFound(f"nothing{' more' * bool(offset)} in {home} {what}")


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
