"""The write side: documents and visits into `morgue.db` and the WARC files, each in one transaction.

The order that makes an acknowledged page safe: WARC bytes written, WARC fsync, database commit (which fsyncs the WAL).
Killed in between, the file has a tail that no row points to; the next start cuts it off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive.articles import keep_beside, save_article
from archive.budgets import Budgets, Limit
from archive.errors import DiskFull
from archive.frontier import Lease, Seed, SQLiteFrontier
from archive.home import Home
from archive.known import slug_key
from archive.models import Document, Headers, Knowledge, Look, Mention, Role, Verdict
from archive.schedule import until_next_look
from archive.schema import as_json, connect, explained, insert, rows, sqlite3, storable
from archive.searches import add_lookups, add_search, reopen
from archive.sources.base import Entry
from archive.states import State
from archive.timestamps import iso, moment, parse_iso, parse_timestamp
from archive.urls import canonicalize, host, site, urlkey
from archive.visits import Change, Finding, Pending, Receipt, Saved, Task, Visit
from archive.warc import Previous, Recovery, WarcWriter, recover

FRESH = timedelta(days=1)
"""An address that was looked at since is not fetched again just because it is named again."""

LOOKS = 20
"""Earlier looks at an address that a verdict may go by: two months of failures, each three days after the last."""

ASKED, LISTED = 10, 5
"""Priorities of what somebody named and of what a source lists; what pages link to has 0."""


class Store:
    """The one writer of a home. Not thread-safe: one thread owns it."""

    def __init__(self, home: Home, now: Callable[[], datetime], limits: dict[str, Limit] | None = None) -> None:
        self.home = home
        self.now = now
        with self._explained():
            self.db: Database = connect(home.database)
        try:
            self.frontier = SQLiteFrontier(self.db)
            self.budgets = Budgets(self.db, limits)
            found = self._recover_files()
            self._warc = WarcWriter(home.warcs, now=now, closed=found.damaged)
            self.recovered = [*found.lines, *self._recover_rows()]
        except BaseException:
            self.db.close()
            raise

    def _recover_files(self) -> Recovery:
        """Undo what a killed run left in the WARC files."""
        with self._explained():
            ends = rows(self.db, "SELECT warc_file, max(warc_offset + length) AS size FROM captures GROUP BY warc_file")
            return recover(self.home.warcs, {row["warc_file"]: row["size"] for row in ends})

    def _recover_rows(self) -> list[str]:
        """Take back the leases of a killed run, and say of it that it was killed."""
        with self.transaction():
            freed = self.frontier.release_all()
            self.db.execute("UPDATE runs SET state = 'killed' WHERE state = 'running'")
        return [f"{freed} pages were being fetched when the last run ended: queued again"] if freed else []

    def close(self) -> None:
        self._warc.close()
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside reaches the disk together, or nothing does. Raises HomeError for what a person can mend."""
        with self._explained():
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._warc.sync()
                self.db.execute("COMMIT")
            except BaseException:
                self._undo()
                raise
            self._warc.committed()

    def _undo(self) -> None:
        """SQLite has rolled back by itself after some errors of the disk."""
        try:
            if self.db.conn.in_transaction:
                self.db.execute("ROLLBACK")
        finally:
            self._warc.rollback()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors that a person can do something about, as such; any other is a bug and stays as it is."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if told := explained(error, self.home.database):
                raise told from error
            raise
        except OSError as error:
            advice = "free some space or check permissions, then run again"
            raise DiskFull(f"cannot use {error.filename or self.home.folder} ({error.strerror}): {advice}") from error

    # -- what is asked for ---------------------------------------------------------------------------------------

    def add_document(self, document: Document, *, refresh: bool = False) -> list[int]:
        """Keep a document with its mentions and queue them; returns the mentions' ids, in the document's order."""
        now = self.now()
        values = {
            "name": document.name,
            "format": document.format,
            "sha256": document.sha256,
            "title": document.title,
            "text": document.text,
            "body": document.body,
            "reference": iso(document.reference) if document.reference else None,
            "added": iso(now),
        }
        insert(self.db, "documents", values, "ON CONFLICT DO NOTHING")
        document_id = rows(self.db, "SELECT id FROM documents WHERE sha256 = ? AND format = ?", document.sha256, document.format)[
            0
        ]["id"]
        return [self._add_mention(document_id, mention, refresh) for mention in document.mentions]

    def add_url(self, url: str, *, refresh: bool = False, title: str | None = None) -> int:
        """Queue an address named on the command line, with what it is called there; returns its mention's id. Raises NotAURL."""
        mention = Mention((canonicalize(url),), Role.ORIGINAL, 0, 0, url, title)
        return self._add_mention(None, mention, refresh)

    def _add_mention(self, document_id: int | None, mention: Mention, refresh: bool) -> int:
        url_id = self.url_id(mention.url)
        depth = 0 if mention.role is Role.ORIGINAL else 1
        if not self.frontier.add(Seed(url_id, host(mention.url), ASKED, depth), self.now()):
            self._requeue_stale(url_id, refresh)
        start, end = (mention.start, mention.end) if document_id is not None else (None, None)
        values = {
            "document_id": document_id,
            "url_id": url_id,
            "role": mention.role,
            "start": start,
            "end": end,
            "raw_text": mention.raw_text,
            "title": mention.title,
            "excerpt": mention.excerpt,
            "reference": iso(mention.reference) if mention.reference else None,
            "candidates": json.dumps(mention.candidates),
        }
        known = self._known_mention(document_id, url_id, mention)
        if known is None:
            return insert(self.db, "mentions", values)
        # A newer reader may see another address in the same place of the same document.
        self.db.execute(
            "UPDATE mentions SET url_id = ?, role = ?, title = ?, candidates = ? WHERE id = ?",
            (url_id, mention.role, storable(mention.title), values["candidates"], known),
        )
        return known

    def _known_mention(self, document_id: int | None, url_id: int, mention: Mention) -> int | None:
        """The row of the same place in a document; of the same address when it was named on the command line."""
        if document_id is None:
            found = rows(self.db, "SELECT id FROM mentions WHERE document_id IS NULL AND url_id = ?", url_id)
        else:
            sql = "SELECT id FROM mentions WHERE document_id = ? AND start = ? AND end = ?"
            found = rows(self.db, sql, document_id, mention.start, mention.end)
        return int(found[0]["id"]) if found else None

    def _requeue_stale(self, url_id: int, refresh: bool) -> None:
        """Queue an address again that was not looked at lately, or seen dead by a look that searched for nothing."""
        sql = "SELECT checked, json_extract(evidence, '$.searched') AS searched FROM latest_checks WHERE url_id = ?"
        last = rows(self.db, sql, url_id)
        if refresh or not last or last[0]["searched"] == 0 or parse_iso(last[0]["checked"]) < self.now() - FRESH:
            self.frontier.requeue(url_id, self.now())

    def url_id(self, url: str) -> int:
        """The row of an address in canonical form, made when it is new."""
        found = rows(self.db, "SELECT id FROM urls WHERE url = ?", url)
        if found:
            return int(found[0]["id"])
        values = {
            "url": url,
            "urlkey": urlkey(url),
            "host": host(url),
            "site": site(url),
            "slug": slug_key(url),
            "first_seen": iso(self.now()),
        }
        return insert(self.db, "urls", values)

    # -- what is to be done --------------------------------------------------------------------------------------

    def lease(self, limit: int, **how: Any) -> list[Task]:
        """Lease due addresses, each with what is known of it."""
        return [self._task(lease) for lease in self.frontier.lease(limit, self.now(), **how)]

    def _task(self, lease: Lease) -> Task:
        told = rows(
            self.db,
            "SELECT m.role, m.title, m.excerpt, m.candidates, m.raw_text, d.title AS headline, d.body, "
            "coalesce(m.reference, d.reference) AS reference FROM mentions m "
            "LEFT JOIN documents d ON d.id = m.document_id WHERE m.url_id = ? "
            "ORDER BY m.role = 'original' DESC, m.excerpt IS NULL, m.title IS NULL, d.id IS NULL, m.id LIMIT 1",
            lease.url_id,
        )
        if not told:
            return Task(lease, self._knowledge_of_link(lease), **self._before(lease.url_id))
        mention, original = told[0], told[0]["role"] == Role.ORIGINAL
        knowledge = Knowledge(
            lease.url,
            title=mention["title"] or (mention["headline"] if original else None),
            text=mention["excerpt"] or ((mention["body"] or None) if original else None),
            reference=parse_iso(mention["reference"]) if mention["reference"] else None,
        )
        candidates = tuple(json.loads(mention["candidates"])[1:])
        return Task(lease, knowledge, candidates, asked=True, written=mention["raw_text"], **self._before(lease.url_id))

    def announce(self, entry: Entry, depth: int) -> int | None:
        """Queue what a source lists, at a depth; returns the id of its address, None when it is known."""
        if self._is_known(entry.url):
            return None
        url_id = self.url_id(entry.url)
        self.frontier.add(Seed(url_id, host(entry.url), LISTED, depth, None, entry.title), self.now())
        return url_id

    def pending(self, limit: int) -> list[Pending]:
        """Dead addresses whose search in an archive's index is still to come, those of one site together."""
        found = rows(
            self.db,
            "SELECT f.url_id, u.url, f.host, f.depth, f.tries, f.parent_id, f.anchor, r.evidence FROM repairs r "
            "JOIN frontier f ON f.url_id = r.url_id JOIN urls u ON u.id = r.url_id "
            "WHERE r.state = 'pending' ORDER BY u.site, r.url_id LIMIT ?",
            limit,
        )
        return [Pending(self._task(Lease(**row)), json.loads(evidence)) for row in found for evidence in [row.pop("evidence")]]

    def _knowledge_of_link(self, lease: Lease) -> Knowledge:
        """A link on a page: known by its anchor and by when that page looked so."""
        parent = rows(
            self.db,
            "SELECT a.captured FROM urls u JOIN articles a ON a.id = u.article_id WHERE u.id IS ?",
            lease.parent_id,
        )
        return Knowledge(lease.url, title=lease.anchor, reference=parse_iso(parent[0]["captured"]) if parent else None)

    def _before(self, url_id: int) -> dict[str, Any]:
        """What earlier visits to an address left: the last capture, how it was, and what to ask for if it is still so."""
        sql = "SELECT checked, state, rule FROM checks WHERE url_id = ? ORDER BY checked DESC, id DESC LIMIT ?"
        found = rows(self.db, sql, url_id, LOOKS)
        looks = tuple(Look(parse_iso(row["checked"]), State(row["state"]), row["rule"]) for row in found)
        if not looks:
            return {}
        last = rows(
            self.db,
            "SELECT digest, original, timestamp, etag, last_modified FROM captures "
            "WHERE url_id = ? AND archive = 'crawl' AND revisit = 0 ORDER BY timestamp DESC LIMIT 1",
            url_id,
        )
        if not last:
            return {"looks": looks}
        previous = Previous(last[0]["digest"], last[0]["original"], parse_timestamp(last[0]["timestamp"]))
        conditions = _conditions(last[0]) if looks[0].state.living else ()
        return {"looks": looks, "previous": previous, "conditions": conditions}

    # -- what was done -------------------------------------------------------------------------------------------

    def record(self, visit: Visit) -> tuple[Saved, ...]:
        """Write a visit and mark its address done or queue it again; returns what came of each text it brought."""
        url_id = visit.task.lease.url_id
        captures = [self._add_capture(receipt) for receipt in visit.receipts]
        beside = self._keep_instead(visit, captures)
        saved = self._save_finding(visit, captures)
        article_id = saved.article_id if saved else None
        if visit.imported:
            return tuple(filter(None, (saved,)))
        if visit.unchanged:
            self.db.execute(
                "UPDATE articles SET last_seen = ? WHERE id = (SELECT article_id FROM urls WHERE id = ?)",
                (iso(visit.checked), url_id),
            )
        if visit.verdict is not None:
            self.add_check(visit, visit.verdict)
            reopen(self.db, url_id, visit.verdict)
        add_lookups(self.db, url_id, visit.lookups, visit.checked)
        if visit.search:
            add_search(self.db, visit, visit.search, article_id)
        if article_id is not None:
            self._add_related(visit)
        if visit.retry is None:
            self.frontier.done(url_id, self._next_look(visit, saved))
        else:
            self.frontier.retry(url_id, visit.checked, visit.retry or None)
        return tuple(one for one in (beside, saved) if one is not None)

    def _next_look(self, visit: Visit, saved: Saved | None) -> datetime | None:
        """By the age of what is there, and whether it changes."""
        if visit.verdict is None:
            return None
        url_id = visit.task.lease.url_id
        sql = "SELECT a.published, a.first_seen FROM urls u JOIN articles a ON a.id = u.article_id WHERE u.id = ?"
        held = next(iter(rows(self.db, sql, url_id)), None)
        began = min(filter(None, (moment(held["published"]), moment(held["first_seen"])))) if held else visit.checked
        changed = bool(visit.task.looks) and saved is not None and saved.change in (Change.CHANGED, Change.BACK)
        return visit.checked + until_next_look(visit.checked - began, changed=changed, living=visit.verdict.state.living)

    def _add_capture(self, receipt: Receipt) -> int:
        """Keep a response. The same capture again (a memento that two links lead to) is kept once."""
        packed = receipt.packed
        target, original = canonicalize(packed.target), storable(packed.target)
        url_id = self.url_id(target)
        held = rows(
            self.db,
            "SELECT id FROM captures WHERE url_id = ? AND archive = ? AND timestamp = ? AND digest = ?",
            *(url_id, receipt.archive, packed.timestamp, packed.digest),
        )
        if held:
            return int(held[0]["id"])
        location = self._warc.append(packed)
        values = {
            "url_id": url_id,
            "urlkey": urlkey(target),
            "timestamp": packed.timestamp,
            "original": original,
            "mimetype": packed.mimetype,
            "statuscode": packed.statuscode,
            "digest": packed.digest,
            "length": location.length,
            "archive": receipt.archive,
            "archive_url": receipt.archive_url,
            "etag": storable(receipt.etag),
            "last_modified": storable(receipt.last_modified),
            "revisit": packed.revisit,
            "fetched": iso(receipt.fetched),
            "warc_file": location.file,
            "warc_offset": location.offset,
            "kind": receipt.kind,
            "mended": receipt.mended,
            "extracted": receipt.extracted,
            "reason": receipt.reason,
        }
        return insert(self.db, "captures", values)

    def _save_finding(self, visit: Visit, captures: list[int]) -> Saved | None:
        finding = visit.finding
        if finding is None:
            return None
        saved = save_article(self.db, finding, _capture_of(finding, captures), visit.checked)
        self.lead_to(saved.article_id, visit.task.lease.url, finding)
        return saved

    def _keep_instead(self, visit: Visit, captures: list[int]) -> Saved | None:
        """What the address shows now, beside the article that it led to before; nothing when it led to none."""
        finding = visit.instead
        sql = "SELECT article_id FROM urls WHERE id = ? AND article_id IS NOT NULL"
        held = rows(self.db, sql, visit.task.lease.url_id) if finding else []
        if finding is None or not held:
            return None
        return keep_beside(self.db, held[0]["article_id"], finding, _capture_of(finding, captures))

    def lead_to(self, article_id: int, visited: str, finding: Finding) -> None:
        """Note the addresses that lead to an article. One that is another article's own (a site that declares the same
        canonical address on all its pages) stays with that."""
        addresses = {visited, canonicalize(finding.final_url)}
        owner = rows(self.db, "SELECT id FROM articles WHERE url = ?", finding.address)
        if not owner or owner[0]["id"] == article_id:
            addresses.add(canonicalize(finding.address))
        for url_id in map(self.url_id, sorted(addresses)):
            self.db.execute("UPDATE urls SET article_id = ? WHERE id = ?", (article_id, url_id))
            self.frontier.spare(url_id)

    def add_check(self, visit: Visit, verdict: Verdict) -> None:
        """Keep how an address was at a time."""
        values = {
            "url_id": visit.task.lease.url_id,
            "url": visit.task.lease.url,
            "checked": iso(visit.checked),
            "state": verdict.state,
            "rule": verdict.rule,
            "statuscode": visit.statuscode,
            "final_url": visit.final_url if visit.final_url != visit.task.lease.url else None,
            "evidence": as_json(verdict.evidence),
        }
        insert(self.db, "checks", values)

    def _add_related(self, visit: Visit) -> None:
        """Queue what the page calls related and we do not know, one step further from what was asked for."""
        parent = visit.task.lease
        for link in visit.related:
            url_id = self.url_id(link.url)
            if not self._is_known(link.url):
                seed = Seed(url_id, host(link.url), 0, parent.depth + 1, parent.url_id, link.anchor or None)
                self.frontier.add(seed, visit.checked)

    def _is_known(self, url: str) -> bool:
        """True when this page, under any spelling that an index folds, was queued or leads to an article."""
        return bool(
            rows(
                self.db,
                "SELECT 1 FROM urls u LEFT JOIN frontier f ON f.url_id = u.id "
                "WHERE u.urlkey = ? AND (f.url_id IS NOT NULL OR u.article_id IS NOT NULL) LIMIT 1",
                urlkey(url),
            )
        )

    # -- runs ----------------------------------------------------------------------------------------------------

    def begin_run(self, command: str) -> int:
        values = {"command": command, "started": iso(self.now()), "state": "running", "counts": "{}"}
        return insert(self.db, "runs", values)

    def end_run(self, run_id: int, state: str, exit_code: int, counts: dict[str, int]) -> None:
        self.db.execute(
            "UPDATE runs SET finished = ?, state = ?, exit_code = ?, counts = ? WHERE id = ?",
            (iso(self.now()), state, exit_code, as_json(counts), run_id),
        )


def _capture_of(finding: Finding, captures: list[int]) -> int | None:
    return captures[finding.receipt] if finding.receipt is not None else None


def _conditions(capture: dict[str, Any]) -> Headers:
    held = (("If-None-Match", capture["etag"]), ("If-Modified-Since", capture["last_modified"]))
    return tuple((name, value) for name, value in held if value)
