"""Changes to the sources of a home outside a run: `morgue source pause`, `resume`, `remove`. They need nothing of Scrapy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from archive import subscriptions
from archive.config import config_of
from archive.home import Home, HomeLock
from archive.query.base import open_home
from archive.store import Store
from archive.terminal import json_line, safe
from crawler.run import utcnow

Act = Callable[[Any, str], str]
"""Changes the source of a name in the database; returns what it is called."""


@contextmanager
def writing(folder: Path, command: str) -> Iterator[Store]:
    """The store of a home, `morgue.toml` brought in first. Raises HomeError and UsageError."""
    home = Home(folder)
    config = config_of(home)
    home.create()
    with HomeLock(home, command, utcnow()):
        store = Store(home, utcnow)
        try:
            with store.transaction():
                subscriptions.sync(store.db, config.sources, utcnow())
            yield store
        finally:
            store.close()


def change(names: Sequence[str], folder: Path, verb: str, act: Act, *, dry_run: bool, as_json: bool) -> int:
    """Do one thing to each source of these names, all or none; returns the exit code. Raises NothingFound."""
    done = f"{verb.removesuffix('e')}ed"
    if dry_run:
        db = open_home(Home(folder))
        try:
            found_names = [str(subscriptions.named(db, name)["name"]) for name in names]
        finally:
            db.close()
    else:
        Home(folder).require()
        with writing(folder, f"morgue source {verb}") as store, store.transaction():
            found_names = [act(store.db, name) for name in names]
    for name in dict.fromkeys(found_names):
        values: dict[str, Any] = {"name": name, "action": verb, "done": not dry_run}
        click.echo(json_line(values) if as_json else f"{'would be ' if dry_run else ''}{done}: {safe(name)}")
    return 0
