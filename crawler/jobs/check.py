"""`morgue check`: look at links and tell how they are. A crawl without a ladder and without related pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import click

from archive.errors import UsageError
from archive.health.history import SECOND_LOOK, look_again
from archive.query.base import open_home
from archive.schema import rows
from archive.states import State
from archive.store import Store
from archive.terminal import json_line, safe
from archive.timestamps import iso, parse_iso
from crawler.inputs import Given, complain, ingest
from crawler.jobs.crawl import Options, fetch
from crawler.run import Run

FIELDS = ("url", "state", "rule", "checked", "statuscode", "final_url", "evidence")
SETTINGS = {"MORGUE_LADDER": "False"}
_TELLING = ("status", "detail", "header", "title", "heading", "sibling", "strikes", "shared")


def check(given: Given, options: Options, *, due: bool, as_json: bool) -> int:
    """Look and tell; returns the exit code. Raises UsageError when nothing was named."""
    complain(given)
    if not given.items and not due:
        if given.problems:
            return 3
        raise UsageError("name a URL or a FILE, or give --due for what was not looked at for a while")
    links = Links(given, due=due)
    run = fetch(options, "morgue check", links.take)
    return _conclude(run, links, as_json=as_json)


class Links:
    """The addresses that a run looks at, in the order they were asked for."""

    def __init__(self, given: Given, *, due: bool) -> None:
        self.given = given
        self.ids: list[int] = []
        self.last_check = 0  # the last row of `checks` before this run
        self._due = due

    def take(self, run: Run, store: Store) -> list[int]:
        """Queue them, and let the run fetch nothing else."""
        self.last_check = rows(store.db, "SELECT coalesce(max(id), 0) AS id FROM checks")[0]["id"]
        mentions = ingest(store, self.given, refresh=True) if self.given.items else []
        self.ids = list(dict.fromkeys([*_addresses(store, mentions), *(due_ids(store) if self._due else ())]))
        for url_id in self.ids:
            store.frontier.requeue(url_id, store.now())
        run.only = frozenset(self.ids)
        return mentions


def _addresses(store: Store, mentions: list[int]) -> list[int]:
    sql = "SELECT m.url_id FROM json_each(?) j JOIN mentions m ON m.id = j.value ORDER BY j.key"
    return [row["url_id"] for row in rows(store.db, sql, json.dumps(mentions))]


def due_ids(store: Store) -> list[int]:
    """Addresses that were looked at once and are due for another look, longest waiting first."""
    now = store.now()
    sql = "SELECT url_id, state, checked, evidence FROM latest_checks WHERE checked <= ? ORDER BY checked, url_id"
    return [
        row["url_id"] for row in rows(store.db, sql, iso(now - SECOND_LOOK)) if now - parse_iso(row["checked"]) >= _cycle(row)
    ]


def _cycle(row: dict[str, Any]) -> timedelta:
    return look_again(State(row["state"]), confirmed=json.loads(row["evidence"]).get("confirmed", True))


def _conclude(run: Run, links: Links, *, as_json: bool) -> int:
    """Tell, write the run's end, let go of the home; returns the exit code. Raises what ended the run early."""
    if run.failure is not None:
        run.finish("failed", getattr(run.failure, "exit_code", 1))
        raise run.failure
    db = open_home(run.home)
    found = [_told(row) for row in rows(db, _LOOKS, json.dumps(links.ids), links.last_check)]
    db.close()
    code = 130 if run.interrupted else exit_code(found, links.given.problems)
    run.finish({0: "complete", 130: "interrupted"}.get(code, "failures"), code)
    for one in found:
        click.echo(json_line(one) if as_json else "\n".join(lines(one)))
    click.echo(summary(found, links.given.problems, run.home.folder), err=as_json)
    if run.interrupted:
        click.echo("morgue: interrupted; run it again to go on", err=True)
    return code


_LOOKS = """
SELECT u.url, c.state, c.rule, c.checked, c.statuscode, c.final_url, c.evidence
FROM json_each(?1) j JOIN urls u ON u.id = j.value
LEFT JOIN latest_checks c ON c.url_id = u.id AND c.id > ?2
ORDER BY j.key
"""


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """The object that `check --json` prints; a link that was not looked at in this run has no state."""
    row["rule"] = row["rule"] or "not_fetched"
    row["evidence"] = json.loads(row["evidence"]) if row["evidence"] else {}
    return {name: row[name] for name in FIELDS}


def exit_code(found: Iterable[dict[str, Any]], problems: tuple[str, ...]) -> int:
    """0 when each link lives or refuses us, which is no death; 3 when one is dead or could not be told."""
    fine = all(one["state"] and (State(one["state"]).living or one["state"] == State.BLOCKED) for one in found)
    return 0 if fine and not problems else 3


def lines(one: dict[str, Any]) -> list[str]:
    """A link for people: its state; then why, and where it ends, unless it is simply alive."""
    told = [f"{one['state'] or 'unknown':16} {click.style(safe(one['url']), bold=True)}"]
    if one["state"] == State.ALIVE:
        return told
    shown = ", ".join(_shown(one["evidence"][name]) for name in _TELLING if one["evidence"].get(name))
    told.append(f"{'':16} {safe(one['rule'])}" + (f" ({safe(shown)})" if shown else ""))
    if one["final_url"]:
        told.append(f"{'':16} ends at {safe(one['final_url'])}")
    return told


def _shown(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)[:200]


def summary(found: list[dict[str, Any]], problems: tuple[str, ...], home: object) -> str:
    """One line that counts."""
    if not found and not problems:
        return f"nothing is due in {home}"
    counts = Counter(one["state"] or "not looked at" for one in found)
    told = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    unread = f"; {len(problems)} inputs could not be read" if problems else ""
    return f"{len(found)} links: {told or 'none'}{unread}"
