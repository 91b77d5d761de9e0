"""`morgue add`: what was given is kept and queued; the next crawl fetches it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from archive.home import Home, HomeLock
from archive.schema import rows
from archive.store import Store
from archive.terminal import json_line, safe
from crawler.inputs import Given, complain, ingest, preview, read_inputs
from crawler.run import utcnow

_SQL = """
SELECT u.url, m.role, d.name AS document, f.state, f.due
FROM json_each(?) j JOIN mentions m ON m.id = j.value JOIN urls u ON u.id = m.url_id
JOIN frontier f ON f.url_id = u.id LEFT JOIN documents d ON d.id = m.document_id
ORDER BY j.key
"""


def add(inputs: tuple[str, ...], folder: Path, *, as_json: bool, dry_run: bool, refresh: bool) -> int:
    """Queue, and say so; returns the exit code: 3 when an input could not be read. Raises HomeError."""
    given = read_inputs(inputs)
    if dry_run:
        return preview(given, as_json=as_json)
    complain(given)
    queued = _queue(given, Home(folder), refresh=refresh) if given.items else []
    for row in queued:
        click.echo(json_line(row) if as_json else f"{row['state']:9} {safe(row['url'])}")
    tally = Counter(row["state"] for row in queued)
    counts = ", ".join(f"{count} {state}" for state, count in tally.most_common())
    click.echo(f"{len(queued)} addresses: {counts or 'none'}", err=as_json)
    return 3 if given.problems else 0


def _queue(given: Given, home: Home, *, refresh: bool) -> list[dict[str, Any]]:
    """All in one transaction; what came of each mention: queued, or done when it was fetched within a day."""
    home.create()
    with HomeLock(home, "morgue add", utcnow()):
        store = Store(home, utcnow)
        try:
            with store.transaction():
                mentions = ingest(store, given, refresh=refresh)
            return rows(store.db, _SQL, json.dumps(mentions))
        finally:
            store.close()
