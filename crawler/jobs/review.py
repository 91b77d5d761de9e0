"""`morgue repair --review`: a person decides on what is likely and not sure; the decisions are remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from archive.home import Home, HomeLock
from archive.schema import rows
from archive.searches import decide
from archive.store import Store
from archive.terminal import safe
from crawler.run import utcnow

_CHOICES = {"a": "accepted", "r": "rejected"}


def review(folder: Path) -> int:
    """Show each proposal and ask; returns the exit code."""
    home = Home(folder)
    home.require()
    with HomeLock(home, "morgue repair --review", utcnow()):
        store = Store(home, utcnow)
        try:
            return _walk(store)
        finally:
            store.close()


def _walk(store: Store) -> int:
    proposals = rows(store.db, "SELECT * FROM repairs WHERE state = 'proposed' ORDER BY confidence DESC, id")
    for number, proposal in enumerate(proposals, 1):
        click.echo(f"\n{number} of {len(proposals)}   {proposal['confidence']:.0%} sure")
        for line in _shown(proposal):
            click.echo(f"  {safe(line)}")
        choice = click.prompt("accept, reject, skip, quit", type=click.Choice(["a", "r", "s", "q"]), default="s")
        if choice == "q":
            break
        if choice in _CHOICES:
            with store.transaction():
                decide(store.db, proposal["id"], _CHOICES[choice], store.now())
    if not proposals:
        click.echo("nothing is proposed")
    return 0


def _shown(proposal: dict[str, Any]) -> list[str]:
    evidence = json.loads(proposal["evidence"])
    parts = [f"{name} {evidence[name]:.0%}" for name in ("title", "text", "slug") if isinstance(evidence.get(name), float)]
    where = [proposal["replacement"], proposal["archive_url"]]
    why = f"{evidence.get('why', '')} ({', '.join(parts)})" if parts else evidence.get("why", "")
    return [f"dead:     {proposal['url']}", *(f"likely:   {url}" for url in where if url), f"because:  {why}"]
