"""`morgue repair`: the links of documents, what stands for the dead ones, and the documents written anew."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from archive.documents import (
    DocumentLink,
    LinkedDocument,
    Move,
    Replacement,
    Style,
    documents_in,
    read,
    read_file,
    redirect_map,
    write_atomically,
)
from archive.documents import rewrite as rewritten
from archive.errors import DocumentError, MorgueError
from archive.home import Home
from archive.models import Document, Mention, Outcome, Role
from archive.query.asked import asked
from archive.query.base import open_home
from archive.schema import rows
from archive.states import State
from archive.store import Store
from archive.terminal import json_line, safe
from crawler.conclude import end
from crawler.inputs import Given, complain, ingest
from crawler.jobs.crawl import Options, fetch
from crawler.run import Run

FIELDS = [
    *("id", "url", "verdict", "rule", "replacement", "archive_url", "timestamp", "method", "confidence", "evidence"),
    "document",
]


@dataclass(frozen=True, slots=True)
class Source:
    """A file with links."""

    path: Path
    data: bytes
    document: LinkedDocument

    @property
    def format(self) -> str:
        return f"links:{self.document.format.name}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with what is found."""

    as_json: bool = False
    write: bool = False
    style: Style = "replace"
    redirect_map: str | None = None
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class Sources:
    """The files that could be read, and one line for each that could not."""

    files: list[Source] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, names: Iterable[str]) -> Sources:
        found = cls()
        for name in names:
            try:
                for path in documents_in(Path(name), found.problems.append):
                    found.add(path)
            except DocumentError as error:
                found.problems.append(str(error))
        return found

    def add(self, path: Path) -> None:
        try:
            data = read_file(path)
            self.files.append(Source(path, data, read(str(path), data)))
        except DocumentError as error:
            self.problems.append(str(error))

    def given(self) -> Given:
        """As what a crawl is given: the links are mentions that speak of the pages behind them."""
        return Given(tuple(map(_as_document, self.files)), tuple(self.problems))


def _as_document(source: Source) -> Document:
    mentions = tuple(_as_mention(link) for link in source.document.links if link.candidates)
    return Document(
        name=str(source.path),
        format=source.format,
        sha256=source.sha256,
        text=source.document.text.text,
        body="",
        mentions=mentions,
        warnings=source.document.warnings,
    )


def _as_mention(link: DocumentLink) -> Mention:
    day = link.date or link.accessed
    return Mention(link.candidates, Role.INLINE, link.start, link.end, link.raw, link.title, link.excerpt, day)


def repair(names: tuple[str, ...], options: Options, wanted: Wanted) -> int:
    """Check the links of files and folders, repair the dead ones, tell, and write if that is wanted; returns the exit code."""
    sources = Sources.of(names)
    given = sources.given()
    complain(given)
    if not sources.files:
        return 3 if sources.problems else 0
    run = fetch(replace(options, related=0), "morgue repair", lambda run, store: _take(run, store, given, options))
    ending = end(run, given.problems, interrupted=run.interrupted)
    found = {source.path: _outcomes(options, source) for source in sources.files}
    code = ending.code
    for source in sources.files:
        _tell(source, found[source.path], wanted)
    if wanted.write and not run.interrupted:
        code = max(code, _write(sources.files, found, wanted))
    _sum_up([outcome for outcomes in found.values() for outcome in outcomes], as_json=wanted.as_json or bool(wanted.redirect_map))
    if run.limited and ending.left:
        click.echo(f"{ending.left} addresses are left for the next run (--limit)", err=True)
    if wanted.redirect_map:
        _print_map(found.values(), wanted)
    return code


def _take(run: Run, store: Store, given: Given, options: Options) -> list[int]:
    """Queue the links, and let the run fetch nothing else."""
    mentions = ingest(store, given, refresh=options.refresh) if given.items else []
    sql = "SELECT DISTINCT m.url_id FROM json_each(?) j JOIN mentions m ON m.id = j.value"
    run.only = frozenset(row["url_id"] for row in rows(store.db, sql, json.dumps(mentions)))
    return mentions


# -- what was found ---------------------------------------------------------------------------------------------------


def _outcomes(options: Options, source: Source) -> list[dict[str, Any]]:
    """One object for each link of a file, in its order."""
    db = open_home(Home(options.home))
    try:
        sql = "SELECT m.id, m.start FROM mentions m JOIN documents d ON d.id = m.document_id WHERE d.sha256 = ? AND d.format = ?"
        places = {row["start"]: row["id"] for row in rows(db, sql, source.sha256, source.format)}
        ids = [places[link.start] for link in source.document.links if link.candidates]
        known = iter(asked(db, ids))
        return [
            _outcome(next(known) if link.candidates else None, link.id, link.url) | {"document": str(source.path)}
            for link in source.document.links
        ]
    finally:
        db.close()


def _outcome(row: dict[str, Any] | None, id_: str, url: str) -> dict[str, Any]:
    if row is None:
        return dict.fromkeys(FIELDS) | {"id": id_, "url": url, "verdict": "unknown", "rule": "no_address", "evidence": {}}
    verdict = verdict_of(row)
    shown = verdict in ("replaced", "proposed", "blocked")
    evidence = json.loads((row["repair_evidence"] if row["outcome"] else row["check_evidence"]) or "{}")
    return {
        "id": id_,
        "url": row["url"],
        "verdict": verdict,
        "rule": row["rule"] or "not_fetched",
        "replacement": row["replacement"] if verdict != "blocked" and shown else None,
        "archive_url": row["repair_url"] if shown else None,
        "timestamp": row["timestamp"] if shown else None,
        "method": row["method"] if shown else None,
        "confidence": row["confidence"] if shown else None,
        "evidence": evidence,
    }


def verdict_of(row: dict[str, Any]) -> str:
    """alive, blocked, replaced, proposed, none, excluded or unknown. Unknown is never none."""
    verdict = State(row["state"]).verdict if row["state"] else "unknown"
    if verdict != "dead":
        return verdict
    if row["outcome"] == Outcome.FOUND:  # only our own capture has no address that others could open
        return "replaced" if row["replacement"] or row["repair_url"] else "none"
    return "proposed" if row["repair_state"] == "proposed" else str(row["outcome"] or "unknown")


# -- told and written -------------------------------------------------------------------------------------------------


def _tell(source: Source, outcomes: list[dict[str, Any]], wanted: Wanted) -> None:
    """Each link that is not alive, with what stands for it and why; with JSON each link. A map is to have stdout alone."""
    aside = wanted.redirect_map is not None
    if wanted.as_json and not aside:
        for outcome in outcomes:
            click.echo(json_line(outcome))
        return
    dead = [outcome for outcome in outcomes if outcome["verdict"] != "alive"]
    click.echo(f"{safe(source.path)}: {len(outcomes)} links, {len(dead)} of them not alive", err=aside)
    for outcome in dead:
        click.echo(f"  {outcome['verdict']:9} {safe(outcome['url'])} ({safe(outcome['rule'])})", err=aside)
        for line in filter(None, (outcome["replacement"], outcome["archive_url"], _why(outcome))):
            click.echo(f"  {'':9} {safe(line)}", err=aside)


def _why(outcome: dict[str, Any]) -> str | None:
    if outcome["confidence"] is None or outcome["verdict"] == "blocked":
        return None
    method = str(outcome["method"]).replace("_", " ")
    return f"by {method}, {outcome['confidence']:.0%} sure: {outcome['evidence'].get('why', '')}"


def _sum_up(outcomes: list[dict[str, Any]], *, as_json: bool) -> None:
    tally = Counter(outcome["verdict"] for outcome in outcomes)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in tally.most_common())
    click.echo(f"{len(outcomes)} links: {counts or 'none'}", err=as_json)
    if tally["proposed"]:
        click.echo("decide on what is proposed with `morgue repair --review`", err=as_json)


def _write(sources: list[Source], found: dict[Path, list[dict[str, Any]]], wanted: Wanted) -> int:
    """Rewrite what is replaced, with a backup of each file; returns 3 when something could not be written."""
    code = 0
    for source in sources:
        made = rewritten(source.document, _decisions(found[source.path]), wanted.style)
        for id_, reason in made.left.items():
            click.echo(f"morgue: {safe(source.path)}: link {safe(id_)} is left as it is: {safe(reason)}", err=True)
        try:
            backup = write_atomically(source.path, made.data, source.data) if made.changed else None
        except MorgueError as error:
            click.echo(f"morgue: {safe(error)}", err=True)
            code = 3
            continue
        if backup:
            line = f"{safe(source.path)}: {len(made.changed)} links written anew; as it was: {safe(backup)}"
            click.echo(line, err=wanted.as_json)
    return code


def _decisions(outcomes: list[dict[str, Any]]) -> dict[str, Replacement]:
    return {
        outcome["id"]: Replacement(target, outcome["archive_url"], outcome["timestamp"], outcome["url"])
        for outcome in outcomes
        if (target := _target(outcome))
    }


def _target(outcome: dict[str, Any]) -> str | None:
    """What a reader can open: of a page found in an archive its capture, since its true address may be as dead."""
    if outcome["verdict"] != "replaced":
        return None
    found: str | None = outcome["archive_url"] if outcome["timestamp"] else outcome["replacement"]
    return found


def _print_map(found: Iterable[list[dict[str, Any]]], wanted: Wanted) -> None:
    moves = [Move(outcome["url"], target) for outcomes in found for outcome in outcomes if (target := _target(outcome))]
    made = redirect_map(wanted.redirect_map or "", moves, wanted.hosts)
    click.echo(made.text, nl=False)
    for url, reason in made.left.items():
        click.echo(f"morgue: {safe(url)} is not in the map: {safe(reason)}", err=True)
