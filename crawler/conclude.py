"""The end of a run: what came of everything that was asked for, the row in `runs`, the exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import click

from archive.cli.status import alarms
from archive.polling import watch
from archive.query.base import open_home
from archive.query.watching import next_due, unwell
from archive.schema import Reader, rows
from archive.terminal import json_line
from crawler import saving
from crawler.report import exit_code, nothing_due, outcomes, public, scheduled, summary, texts
from crawler.run import Run

_STATES = {0: "complete", 130: "interrupted", 5: "archive unavailable", 6: "a source is unwell"}


@dataclass(frozen=True, slots=True)
class Ending:
    """What a run left behind: the outcomes of what was asked for, its exit code, and what is still in the queue."""

    found: list[dict[str, Any]]
    code: int
    left: int
    due: str | None


def conclude(run: Run, problems: tuple[str, ...], *, as_json: bool, interrupted: bool) -> int:
    """Tell what came of a crawl and end its run; returns the exit code. Raises what ended the run early."""
    ending = end(run, problems, interrupted=interrupted)
    for outcome in ending.found if as_json else ():
        click.echo(json_line(public(outcome)))
    lines = [*_lines(run, ending, problems), *texts(run.counts, run.refused), *saving.tally(run.counts)]
    if run.limited and ending.left:
        lines.append(f"{ending.left} addresses are left for the next run (--limit, --max-time)")
    for line in lines:
        click.echo(line, err=as_json)
    return ending.code


def _lines(run: Run, ending: Ending, problems: tuple[str, ...]) -> list[str]:
    """What was asked for, then what the schedule brought, then what needs somebody's eyes."""
    home, worked = run.home.folder, run.counts["pages"] or run.counts["listings"]
    lines = summary(ending.found, run.counts, problems, home) if ending.found or problems else []
    if run.scheduled and worked:
        lines += scheduled(run.counts, home, ending.due)
    if not lines:
        lines = nothing_due(ending.due, home)
    return lines + alarms(run.unwell)


def end(run: Run, problems: tuple[str, ...], *, interrupted: bool) -> Ending:
    """Write the run's end and let go of the home. Raises what ended the run early."""
    if run.failure is not None:
        run.finish("failed", getattr(run.failure, "exit_code", 1))
        raise run.failure
    db = open_home(run.home)
    found = outcomes(db, run.asked)
    unknown = _archive_unknown(db, run.asked)
    run.counts["stored"] = rows(db, "SELECT count(*) AS n FROM articles")[0]["n"]
    left = rows(db, "SELECT count(*) AS n FROM frontier WHERE state != 'done'")[0]
    due = next_due(db)
    if run.scheduled:
        run.writer.submit(lambda store: watch(store.db, run.begun, store.now())).result()
        run.unwell = unwell(db)
    db.close()
    code = exit_code(found, problems, archive_unknown=unknown) or saving.exit_code(_saved(run)) or (6 if run.unwell else 0)
    code = 130 if interrupted else code
    run.finish(_STATES.get(code, "failures"), code)
    if interrupted:
        click.echo("morgue: interrupted; run it again to go on", err=True)
    return Ending(found, code, left["n"], due)


def _saved(run: Run) -> set[str]:
    return {verdict for verdict in saving.MEANINGS if run.counts[f"save_{verdict}"]}


def _archive_unknown(db: Reader, asked: list[int]) -> bool:
    """Whether an archive could not be asked about something that was asked for."""
    return bool(
        rows(
            db,
            "SELECT 1 FROM repairs r JOIN mentions m ON m.url_id = r.url_id "
            "WHERE r.outcome = 'unknown' AND r.state = 'open' AND m.id IN (SELECT value FROM json_each(?)) LIMIT 1",
            json.dumps(asked),
        )
    )
