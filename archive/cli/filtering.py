"""The filters as options, the same for every command that picks articles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from archive.query.filters import Filters

_OPTIONS = (
    click.option("--site", metavar="HOST|NAME", help="A host with all below it, or the publisher's name."),
    click.option("--since", metavar="DATE", help="Published on that day or later: 2026, 2026-11 or 2026-11-25."),
    click.option("--until", metavar="DATE", help="Published on that day or before; a month or year counts whole."),
    click.option("--language", metavar="CODE", help="As in `en`, which has `en-GB`, too."),
    click.option("--author", metavar="WORDS", help="Words of the authors' names."),
    click.option("--origin", metavar="NAME", help="Where the text is from: live, crawl, wayback, …"),
    click.option("--verdict", metavar="STATE", help="Of the last look: alive, dead, blocked, unknown, or a state's name."),
    click.option("--in", "within", type=click.Choice(["title"]), help="Where the words must stand."),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options and gives the command one `filters: Filters`; an argument `words`, where it has one, goes into it."""

    @wraps(command)
    def filtered(*, site: Any, since: Any, until: Any, language: Any, author: Any, origin: Any, verdict: Any, within: Any,
                 words: tuple[str, ...] = (), **rest: Any) -> Any:  # fmt: skip
        filters = Filters(as_query(words), site, since, until, language, author, origin, verdict, title_only=bool(within))
        return command(filters=filters, **rest)

    for option in reversed(_OPTIONS):
        filtered = option(filtered)
    return filtered


def as_query(words: tuple[str, ...]) -> str:
    """A command line's words as a query. A shell eats quotation marks: of several words one with blanks is a phrase."""
    if len(words) < 2:
        return " ".join(words)
    return " ".join(f'"{word}"' if " " in word.strip() and '"' not in word else word for word in words)
