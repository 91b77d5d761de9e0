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

from archive.articles import save_article
from archive.budgets import Budgets
from archive.errors import DamagedArchive, DiskFull
from archive.frontier import Lease, Seed, SQLiteFrontier
from archive.home import Home
from archive.models import Document, Knowledge, Mention, Role
from archive.schema import connect, rows, sqlite3
from archive.timestamps import iso, parse_iso, parse_timestamp
from archive.urls import canonicalize, host, urlkey
from archive.visits import Lookup, Receipt, Search, Task, Visit
from archive.warc import Previous, WarcWriter, recover

FRESH = timedelta(days=1)
"""An address that was looked at since is not fetched again just because it is named again."""

NEGATIVE_TTL = timedelta(days=30)
"""How long "not archived" and "excluded" stand (facts/web-archives 5.4, after IABot)."""

ASKED = 10
"""Priority of what somebody named, over what pages link to."""


class Store:
    """The one writer of a home. Not thread-safe: one thread owns it."""

    def __init__(self, home: Home, now: Callable[[], datetime]) -> None:
        self.home = home
        self.now = now
        try:
            self.db: Database = connect(home.database)
        except sqlite3.DatabaseError as error:
            raise _wrapped(error, home) from error
        self.frontier = SQLiteFrontier(self.db)
        self.budgets = Budgets(self.db)
        self._warc = WarcWriter(home.warcs, now=now)
        self.recovered = self._recover()

    def _recover(self) -> list[str]:
        """Undo what a killed run left: torn WARC tails, leases."""
        ends = rows(self.db, "SELECT warc_file, max(warc_offset + length) AS size FROM captures GROUP BY warc_file")
        lines = recover(self.home.warcs, {row["warc_file"]: row["size"] for row in ends})
        with self.transaction():
            if freed := self.frontier.release_all():
                lines.append(f"{freed} pages were being fetched when the last run ended: queued again")
            self.db.execute("UPDATE runs SET state = 'killed' WHERE state = 'running'")
        return lines

    def close(self) -> None:
        self._warc.close()
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside reaches the disk together, or nothing does."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._warc.sync()
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.conn.in_transaction:
                    self.db.execute("ROLLBACK")
                self._warc.rollback()
                raise
            self._warc.committed()
        except sqlite3.DatabaseError as error:
            raise _wrapped(error, self.home) from error

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
        document_id = self._insert("documents", values, "sha256")
        return [self._add_mention(document_id, mention, refresh) for mention in document.mentions]

    def add_url(self, url: str, *, refresh: bool = False) -> int:
        """Queue an address named on the command line; returns its mention's id. Raises NotAURL."""
        mention = Mention((canonicalize(url),), Role.ORIGINAL, 0, 0, url)
        return self._add_mention(None, mention, refresh)

    def _add_mention(self, document_id: int | None, mention: Mention, refresh: bool) -> int:
        url_id = self.url_id(mention.url)
        depth = 0 if mention.role is Role.ORIGINAL else 1
        if not self.frontier.add(Seed(url_id, host(mention.url), ASKED, depth), self.now()):
            self._requeue_stale(url_id, refresh)
        known = rows(
            self.db,
            "SELECT id FROM mentions WHERE url_id = ? AND document_id IS ? AND start IS ?",
            *(url_id, document_id, mention.start if document_id else None),
        )
        if known:
            return int(known[0]["id"])
        cursor = self.db.execute(
            "INSERT INTO mentions(document_id, url_id, role, start, end, raw_text, title, candidates) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document_id,
                url_id,
                mention.role,
                mention.start if document_id else None,
                mention.end if document_id else None,
                mention.raw_text,
                mention.title,
                json.dumps(mention.candidates),
            ),
        )
        return int(cursor.lastrowid or 0)

    def _requeue_stale(self, url_id: int, refresh: bool) -> None:
        last = rows(self.db, "SELECT max(checked) AS checked FROM checks WHERE url_id = ?", url_id)[0]["checked"]
        if refresh or last is None or parse_iso(last) < self.now() - FRESH:
            self.frontier.requeue(url_id, self.now())

    def url_id(self, url: str) -> int:
        """The row of an address in canonical form, made when it is new."""
        found = rows(self.db, "SELECT id FROM urls WHERE url = ?", url)
        if found:
            return int(found[0]["id"])
        values = {"url": url, "urlkey": urlkey(url), "host": host(url), "first_seen": iso(self.now())}
        return self._insert("urls", values, "url")

    def _insert(self, table: str, values: dict[str, Any], unique: str) -> int:
        """Insert a row unless one with that key is there; returns its id."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        self.db.execute(
            f"INSERT INTO {table}({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608
            tuple(values.values()),
        )
        found = rows(self.db, f"SELECT id FROM {table} WHERE {unique} = ?", values[unique])  # noqa: S608
        return int(found[0]["id"])

    # -- what is to be done --------------------------------------------------------------------------------------

    def lease(self, limit: int, **how: Any) -> list[Task]:
        """Lease due addresses, each with what is known of it."""
        return [self._task(lease) for lease in self.frontier.lease(limit, self.now(), **how)]

    def _task(self, lease: Lease) -> Task:
        told = rows(
            self.db,
            "SELECT m.role, m.title, m.candidates, d.title AS headline, d.body, d.reference FROM mentions m "
            "LEFT JOIN documents d ON d.id = m.document_id WHERE m.url_id = ? "
            "ORDER BY m.role = 'original' DESC, d.id IS NULL, m.id LIMIT 1",
            lease.url_id,
        )
        if not told:
            return Task(lease, self._knowledge_of_link(lease), previous=self._previous(lease.url_id))
        mention, original = told[0], told[0]["role"] == Role.ORIGINAL
        knowledge = Knowledge(
            lease.url,
            title=mention["title"] or (mention["headline"] if original else None),
            text=(mention["body"] or None) if original else None,
            reference=parse_iso(mention["reference"]) if mention["reference"] else None,
        )
        candidates = tuple(json.loads(mention["candidates"])[1:])
        return Task(lease, knowledge, candidates, asked=True, previous=self._previous(lease.url_id))

    def _knowledge_of_link(self, lease: Lease) -> Knowledge:
        """A link on a page: known by its anchor and by when that page looked so."""
        parent = rows(
            self.db,
            "SELECT a.captured FROM urls u JOIN articles a ON a.id = u.article_id WHERE u.id IS ?",
            lease.parent_id,
        )
        return Knowledge(lease.url, title=lease.anchor, reference=parse_iso(parent[0]["captured"]) if parent else None)

    def _previous(self, url_id: int) -> Previous | None:
        last = rows(
            self.db,
            "SELECT digest, original, timestamp FROM captures WHERE url_id = ? AND archive = 'crawl' AND revisit = 0 "
            "ORDER BY timestamp DESC LIMIT 1",
            url_id,
        )
        return Previous(last[0]["digest"], last[0]["original"], parse_timestamp(last[0]["timestamp"])) if last else None

    # -- what was done -------------------------------------------------------------------------------------------

    def record(self, visit: Visit) -> int | None:
        """Write a visit and mark its address done or queue it again; returns the id of the article, if any."""
        url_id = visit.task.lease.url_id
        captures = [self._add_capture(receipt) for receipt in visit.receipts]
        article_id = self._save_finding(visit, captures)
        self._add_check(visit)
        for lookup in visit.lookups:
            self._add_lookup(url_id, lookup, visit.checked)
        if visit.search:
            self._add_search(visit, visit.search, article_id)
        if article_id is not None:
            self._add_related(visit, article_id)
        if visit.retry is None:
            self.frontier.done(url_id)
        else:
            self.frontier.retry(url_id, visit.checked, visit.retry or None)
        return article_id

    def _add_capture(self, receipt: Receipt) -> int:
        """Keep a response. The same capture again (a memento that two links lead to) is kept once."""
        packed = receipt.packed
        target = canonicalize(packed.target)
        held = rows(
            self.db,
            "SELECT id FROM captures WHERE archive = ? AND urlkey = ? AND timestamp = ? AND digest = ? AND original = ?",
            *(receipt.archive, urlkey(target), packed.timestamp, packed.digest, packed.target),
        )
        if held:
            return int(held[0]["id"])
        location = self._warc.append(packed)
        cursor = self.db.execute(
            "INSERT INTO captures(url_id, urlkey, timestamp, original, mimetype, statuscode, digest, length, archive, "
            "archive_url, revisit, fetched, warc_file, warc_offset, extracted, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.url_id(target),
                urlkey(target),
                packed.timestamp,
                packed.target,
                packed.mimetype,
                packed.statuscode,
                packed.digest,
                location.length,
                receipt.archive,
                receipt.archive_url,
                packed.revisit,
                iso(receipt.fetched),
                location.file,
                location.offset,
                receipt.extracted,
                receipt.reason,
            ),
        )
        return int(cursor.lastrowid or 0)

    def _save_finding(self, visit: Visit, captures: list[int]) -> int | None:
        finding = visit.finding
        if finding is None:
            return None
        capture_id = captures[finding.receipt] if finding.receipt is not None else None
        article_id = save_article(self.db, finding, capture_id, visit.checked)
        addresses = {visit.task.lease.url, finding.final_url, finding.address}
        for url_id in map(self.url_id, addresses):
            self.db.execute("UPDATE urls SET article_id = ? WHERE id = ?", (article_id, url_id))
            self.frontier.spare(url_id)
        return article_id

    def _add_check(self, visit: Visit) -> None:
        verdict = visit.verdict
        self.db.execute(
            "INSERT INTO checks(url_id, url, checked, state, rule, statuscode, final_url, evidence) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                visit.task.lease.url_id,
                visit.task.lease.url,
                iso(visit.checked),
                verdict.state,
                verdict.rule,
                visit.statuscode,
                visit.final_url,
                _json(verdict.evidence),
            ),
        )

    def _add_lookup(self, url_id: int, lookup: Lookup, asked: datetime) -> None:
        expires = None if lookup.outcome == "found" else asked + (timedelta() if lookup.outcome == "unknown" else NEGATIVE_TTL)
        self.db.execute(
            "INSERT INTO lookups(url_id, archive, service, question, asked, outcome, reason, expires_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                url_id,
                lookup.archive,
                lookup.service,
                lookup.question,
                iso(asked),
                lookup.outcome,
                lookup.reason,
                iso(expires) if expires else None,
            ),
        )

    def _add_search(self, visit: Visit, search: Search, article_id: int | None) -> None:
        repair = search.repair
        held = rows(self.db, "SELECT outcome FROM repairs WHERE url_id = ?", visit.task.lease.url_id)
        if held and held[0]["outcome"] == "found" and repair is None:
            return  # what was proven stays, whatever an archive cannot show today
        self.db.execute(
            "INSERT OR REPLACE INTO repairs(id, url_id, url, outcome, replacement, archive_url, timestamp, method, "
            "confidence, state, evidence, article_id, decided) "
            "VALUES ((SELECT id FROM repairs WHERE url_id = ?1), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            (
                visit.task.lease.url_id,
                visit.task.lease.url,
                search.outcome,
                repair.replacement if repair else None,
                repair.archive_url if repair else None,
                repair.timestamp if repair else None,
                repair.method if repair else None,
                repair.confidence if repair else None,
                search.state,
                _json(repair.evidence if repair else search.evidence),
                article_id,
                iso(visit.checked),
            ),
        )

    def _add_related(self, visit: Visit, article_id: int) -> None:
        """Queue what the page calls related and we do not know, one step further from what was asked for."""
        parent = visit.task.lease
        for link in visit.related:
            url_id = self.url_id(link.url)
            self.db.execute("UPDATE links SET url_id = ? WHERE article_id = ? AND url = ?", (url_id, article_id, link.url))
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
        cursor = self.db.execute(
            "INSERT INTO runs(command, started, state, counts) VALUES (?, ?, 'running', '{}')",
            (command, iso(self.now())),
        )
        return int(cursor.lastrowid or 0)

    def end_run(self, run_id: int, state: str, exit_code: int, counts: dict[str, int]) -> None:
        self.db.execute(
            "UPDATE runs SET finished = ?, state = ?, exit_code = ?, counts = ? WHERE id = ?",
            (iso(self.now()), state, exit_code, _json(counts), run_id),
        )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _wrapped(error: sqlite3.DatabaseError, home: Home) -> Exception:
    """The errors that a person can do something about; any other is a bug and stays as it is."""
    text = str(error)
    if "full" in text or "readonly" in text or "disk I/O" in text or "unable to open" in text:
        return DiskFull(f"cannot write {home.database} ({text}): free some space or check permissions, then run again")
    if "malformed" in text or "not a database" in text:
        return DamagedArchive(f"{home.database} is damaged ({text}): restore a copy; the WARC files hold the pages")
    return error
