"""What the commands that read have in common: their options, and how they put a question to the home's database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from archive.home import Home
from archive.query.base import open_home
from archive.schema import explained, sqlite3

HomeOption = Callable[[Callable[..., Any]], Callable[..., Any]]

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="MORGUE_HOME",
    default="morgue-home",
    show_default=True,
    help="The home folder (also: MORGUE_HOME).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def ask(home: Path, question: Callable[[Any], Any]) -> Any:
    """Put a question to the home's database; a damaged file gets a line, not a traceback."""
    place = Home(home)
    db = open_home(place)
    try:
        return question(db)
    except sqlite3.DatabaseError as error:
        if told := explained(error, place.database):
            raise told from error
        raise
    finally:
        db.close()


def origin_of(article: dict[str, Any]) -> str:
    """Where a text came from, in words."""
    if article["origin"] == "live":
        return "live"
    return f"{article['origin']} capture of {article['captured'][:10]}"
