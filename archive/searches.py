"""What came of searching for a dead page: the questions asked, and what stands for it. Part of the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.models import Outcome, Verdict
from archive.schema import as_json, insert, rows
from archive.timestamps import iso
from archive.visits import Lookup, Search, Visit

NEGATIVE_TTL = timedelta(days=30)
"""How long "not archived" and "excluded" stand (facts/web-archives 5.4, after IABot)."""


def add_lookups(db: Database, url_id: int, lookups: Iterable[Lookup], asked: datetime) -> None:
    """Keep questions that were asked on behalf of an address."""
    for lookup in lookups:
        stands = {Outcome.FOUND: None, Outcome.UNKNOWN: timedelta()}.get(lookup.outcome, NEGATIVE_TTL)
        values = {
            "url_id": url_id,
            "archive": lookup.archive,
            "service": lookup.service,
            "question": lookup.question,
            "asked": iso(asked),
            "outcome": lookup.outcome,
            "reason": lookup.reason,
            "expires_at": iso(asked + stands) if stands is not None else None,
        }
        insert(db, "lookups", values)


def add_search(db: Database, visit: Visit, search: Search, article_id: int | None) -> None:
    """What was proven stays, whatever an archive cannot show today or a copy beside a blocked page says; and so does
    what a person decided."""
    url_id, repair = visit.task.lease.url_id, search.repair
    held = rows(db, "SELECT outcome, state FROM repairs WHERE url_id = ?", url_id)
    proven = held[0]["state"] if held and held[0]["outcome"] == Outcome.FOUND else None
    if proven and (search.outcome != Outcome.FOUND or (proven != "supplement" and search.state == "supplement")):
        return
    if held and held[0]["state"] == "rejected" and search.state == "proposed":
        return  # a person has said no to what was offered
    values = {
        "url_id": url_id,
        "url": visit.task.lease.url,
        "outcome": search.outcome,
        "replacement": repair.replacement if repair else None,
        "archive_url": repair.archive_url if repair else None,
        "timestamp": repair.timestamp if repair else None,
        "method": repair.method if repair else None,
        "confidence": repair.confidence if repair else None,
        "state": search.state,
        "evidence": as_json(repair.evidence if repair else search.evidence),
        "article_id": article_id,
        "decided": iso(visit.checked),
    }
    sets = ", ".join(f"{name} = excluded.{name}" for name in values)
    insert(db, "repairs", values, f"ON CONFLICT(url_id) DO UPDATE SET {sets}")


def decide(db: Database, repair_id: int, state: str, now: datetime) -> None:
    """What a person says of a proposal: "accepted" makes it a repair, "rejected" keeps it from being offered again."""
    outcome = Outcome.FOUND if state == "accepted" else Outcome.NONE
    db.execute(
        "UPDATE repairs SET state = ?, outcome = ?, decided = ? WHERE id = ? AND state = 'proposed'",
        (state, outcome, iso(now), repair_id),
    )


def reopen(db: Database, url_id: int, verdict: Verdict) -> None:
    """A link that lives again needs no repair: what was found waits, open, and stands again when the page dies again."""
    was, now = ("accepted", "open") if verdict.state.living else ("open", "accepted")
    if verdict.state.living or verdict.state.dead:
        sql = "UPDATE repairs SET state = ? WHERE url_id = ? AND state = ? AND outcome = 'found'"
        db.execute(sql, (now, url_id, was))
