"""The end of a run: what came of everything that was asked for, the row in `runs`, the exit code."""

from __future__ import annotations

import json

import click
from sqlite_utils import Database

from archive.query import open_home
from archive.schema import rows
from archive.terminal import json_line
from crawler import saving
from crawler.report import exit_code, nothing_due, outcomes, public, summary
from crawler.run import Run

_STATES = {0: "complete", 130: "interrupted", 5: "archive unavailable"}


def conclude(run: Run, problems: tuple[str, ...], *, as_json: bool, interrupted: bool) -> int:
    """Tell, write the run's end, let go of the home; returns the exit code. Raises what ended the run early."""
    if run.failure is not None:
        run.finish("failed", getattr(run.failure, "exit_code", 1))
        raise run.failure
    db = open_home(run.home)
    found = outcomes(db, run.asked)
    unknown = _archive_unknown(db, run.asked)
    run.counts["stored"] = rows(db, "SELECT count(*) AS n FROM articles")[0]["n"]
    left = rows(db, "SELECT count(*) AS n, min(due) AS due FROM frontier WHERE state != 'done'")[0]
    db.close()
    code = 130 if interrupted else exit_code(found, problems, archive_unknown=unknown) or saving.exit_code(_saved(run))
    run.finish(_STATES.get(code, "failures"), code)
    for outcome in found if as_json else ():
        click.echo(json_line(public(outcome)))
    idle = not found and not run.counts["pages"]
    lines = nothing_due(left["due"], run.home.folder) if idle else summary(found, run.counts, problems, run.home.folder)
    lines += saving.tally(run.counts)
    if run.limited and left["n"]:
        lines.append(f"{left['n']} addresses are left for the next run (--limit)")
    for line in lines:
        click.echo(line, err=as_json)
    if interrupted:
        click.echo("morgue: interrupted; run it again to go on", err=True)
    return code


def _saved(run: Run) -> set[str]:
    return {verdict for verdict in saving.MEANINGS if run.counts[f"save_{verdict}"]}


def _archive_unknown(db: Database, asked: list[int]) -> bool:
    """Whether an archive could not be asked about something that was asked for."""
    return bool(
        rows(
            db,
            "SELECT 1 FROM repairs r JOIN mentions m ON m.url_id = r.url_id "
            "WHERE r.outcome = 'unknown' AND r.state = 'open' AND m.id IN (SELECT value FROM json_each(?)) LIMIT 1",
            json.dumps(asked),
        )
    )
