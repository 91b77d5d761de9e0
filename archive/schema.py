"""The tables of `morgue.db` as SQL to read, and the migrations that made them.

Times are ISO 8601 in UTC (`2026-11-24T09:00:00Z`); `timestamp` is the 14 digits of a capture index; JSON where a column
says so. A stranger with sqlite-utils or Datasette needs no manual: docs/database.md.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where there is one

from archive.errors import DamagedArchive, DiskFull, HomeLocked, MorgueError, UsageError

__all__ = ["connect", "connect_readonly", "explained", "insert", "migrations", "rows", "sqlite3", "storable"]

APPLICATION_ID = 0x6D6F7267  # "morg": lets file(1) and us know the database for ours

migrations = Migrations("morgue")

TABLES = """
-- What the user gave us: clippings, saved pages, lists of URLs. The text is kept as evidence.
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,                 -- path as given, or "-" for standard input
  format TEXT NOT NULL,               -- text, markdown, html, urls; "links:…" when `morgue repair` read it
  sha256 TEXT NOT NULL,               -- of the bytes: the same file twice is one document
  title TEXT,
  text TEXT NOT NULL,                 -- as decoded; mentions.start and .end count its characters
  body TEXT NOT NULL,                 -- the prose without the addresses around it
  reference TEXT,                     -- the day the document speaks of
  added TEXT NOT NULL,
  UNIQUE (sha256, format)
);

-- Every address we know of, once, in canonical form.
CREATE TABLE urls (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  urlkey TEXT NOT NULL,               -- SURT, as in a capture index; a lookup key, never fetched
  host TEXT NOT NULL,
  site TEXT NOT NULL,                 -- registrable domain: what one publisher owns
  slug TEXT NOT NULL,                 -- the words of the address, "storm-gates-close"; empty when it has none
  article_id INTEGER REFERENCES articles(id),   -- the article this address leads to, itself or by redirect or repair
  first_seen TEXT NOT NULL
);
CREATE INDEX urls_by_urlkey ON urls(urlkey);         -- aliases of a page, own captures
CREATE INDEX urls_by_article ON urls(article_id);    -- the addresses of an article
CREATE INDEX urls_by_slug ON urls(site, slug);       -- where a dead page of a site may be now

-- An address in a document, or asked for on the command line (then document_id is null).
CREATE TABLE mentions (
  id INTEGER PRIMARY KEY,
  document_id INTEGER REFERENCES documents(id),
  url_id INTEGER NOT NULL REFERENCES urls(id),
  role TEXT NOT NULL,                 -- original, related, inline
  start INTEGER,                      -- span in documents.text
  end INTEGER,
  raw_text TEXT NOT NULL,             -- as written, line breaks and all
  title TEXT,                         -- what the document calls it
  excerpt TEXT,                       -- what it quotes of it
  reference TEXT,                     -- the day it gives for it, when that is not documents.reference
  candidates TEXT NOT NULL,           -- JSON list: the addresses the raw text may stand for, best first
  UNIQUE (document_id, start, end)
);
CREATE INDEX mentions_by_url ON mentions(url_id);

-- The queue: one row for each address that was ever to be fetched.
CREATE TABLE frontier (
  url_id INTEGER PRIMARY KEY REFERENCES urls(id),
  host TEXT NOT NULL,
  state TEXT NOT NULL,                -- queued, leased, done
  priority INTEGER NOT NULL,          -- higher first
  depth INTEGER NOT NULL,             -- steps from what was asked for
  parent_id INTEGER REFERENCES urls(id),        -- the page that linked here, null when asked for
  anchor TEXT,                        -- what that page calls it
  due TEXT NOT NULL,                  -- not before
  tries INTEGER NOT NULL DEFAULT 0,   -- failures in a row
  leased TEXT                         -- since when, while leased
);
CREATE INDEX frontier_by_host ON frontier(state, host, priority DESC, due);   -- leasing, fair between hosts
CREATE INDEX frontier_by_due ON frontier(state, due);                         -- when to look again

-- One row for each response kept in a WARC file, live (archive "crawl") or from a web archive.
CREATE TABLE captures (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  urlkey TEXT NOT NULL,
  timestamp TEXT NOT NULL,            -- when the page was captured, by us or by the archive
  original TEXT NOT NULL,
  mimetype TEXT,
  statuscode INTEGER,
  digest TEXT NOT NULL,               -- base32 SHA-1 of the payload as received
  length INTEGER NOT NULL,            -- of the record in the file
  archive TEXT NOT NULL,              -- "crawl" is ours
  archive_url TEXT,                   -- the memento's address, null for our own
  revisit INTEGER NOT NULL,           -- 1: same payload as an earlier capture, the record has no body
  fetched TEXT NOT NULL,              -- when the bytes reached us
  warc_file TEXT NOT NULL,            -- in the folder warc/
  warc_offset INTEGER NOT NULL,
  kind TEXT,                          -- article, live_blog, gallery, video, paywall_stub, front_page, section, consent_page,
                                      -- login, error; null where no rule knows the page
  mended INTEGER NOT NULL DEFAULT 0,  -- places where its text was garbled and could be repaired with certainty
  extracted TEXT NOT NULL,            -- ok, or why no article came of it
  reason TEXT,                        -- one line on that
  UNIQUE (archive, urlkey, timestamp, digest, original)
);
CREATE INDEX captures_by_url ON captures(url_id, archive, timestamp);   -- the last capture, for revisits
CREATE INDEX captures_by_file ON captures(warc_file, warc_offset, length);   -- where the committed part of a file ends

-- The current text of each article. Former and worse texts are in versions.
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,           -- where it is, or was
  canonical_url TEXT,                 -- what the publisher declares
  title TEXT,
  authors TEXT NOT NULL,              -- JSON list
  published TEXT,                     -- as precise as the page says
  modified TEXT,
  published_from TEXT,                -- where the date stood: json-ld, microdata, meta, time, address, shown
  modified_from TEXT,
  site TEXT,
  language TEXT,
  description TEXT,
  image TEXT,
  text TEXT NOT NULL,
  origin TEXT NOT NULL,               -- live, crawl (our own capture), or the archive
  archive_url TEXT,                   -- the memento the text was taken from, null when live
  captured TEXT NOT NULL,             -- when the page looked so
  first_seen TEXT NOT NULL,           -- when we had it first
  last_seen TEXT NOT NULL,            -- when we saw it last, changed or not
  version_id INTEGER REFERENCES versions(id),
  -- as the index has them where that differs: with blanks between the signs of scripts that write none
  spaced_title TEXT,
  spaced_authors TEXT,
  spaced_text TEXT
);
CREATE INDEX articles_by_published ON articles(published);
CREATE INDEX articles_by_site ON articles(site);

-- Every text an article ever had here. Rows are never changed.
CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  capture_id INTEGER REFERENCES captures(id),
  captured TEXT NOT NULL,
  origin TEXT NOT NULL,
  archive_url TEXT,
  title TEXT,
  authors TEXT NOT NULL,
  published TEXT,
  modified TEXT,
  text TEXT NOT NULL,
  text_sha256 TEXT NOT NULL,
  note TEXT                           -- why it did not become the current text, null when it did
);
CREATE INDEX versions_by_article ON versions(article_id, captured);
CREATE INDEX versions_by_text ON versions(text_sha256);   -- one text at several addresses

-- The addresses on an article's page.
CREATE TABLE links (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  url TEXT NOT NULL,
  url_id INTEGER REFERENCES urls(id), -- set when it is one of ours
  role TEXT NOT NULL,                 -- related, inline, section, canonical, redirect
  anchor TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (article_id, url)
) WITHOUT ROWID;
CREATE INDEX links_by_url ON links(url);      -- who links here

-- Every look at an address.
CREATE TABLE checks (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  url TEXT NOT NULL,
  checked TEXT NOT NULL,
  state TEXT NOT NULL,                -- alive, moved, paywalled, soft404, hard_gone, …: docs/dead-links.md
  rule TEXT NOT NULL,                 -- which rule of health decided
  statuscode INTEGER,                 -- of the last answer, null when there was none
  final_url TEXT,                     -- after redirects
  evidence TEXT NOT NULL              -- JSON
);
CREATE INDEX checks_by_url ON checks(url_id, checked);
CREATE INDEX checks_by_final_url ON checks(final_url);   -- which addresses end on one page

-- What a host answers for addresses that cannot exist: a page that looks the same is not there. Asked once a week.
CREATE TABLE probes (
  host TEXT NOT NULL,
  shape TEXT NOT NULL,                -- folder, extension and query keys, without what differs from page to page
  asked TEXT NOT NULL,
  url TEXT NOT NULL,                  -- the address that was made up
  statuscode INTEGER,                 -- null: no answer, or one that says openly that there is no page
  final_url TEXT NOT NULL,
  title TEXT,
  text_length INTEGER NOT NULL,       -- bytes of text
  sketch TEXT NOT NULL,               -- JSON list: the smallest hashes of the text's shingles
  PRIMARY KEY (host, shape)
) WITHOUT ROWID;

-- Every question put to a web archive and what came of it.
CREATE TABLE lookups (
  id INTEGER PRIMARY KEY,
  url_id INTEGER REFERENCES urls(id), -- on whose behalf
  archive TEXT NOT NULL,
  service TEXT NOT NULL,
  question TEXT NOT NULL,             -- the address asked
  asked TEXT NOT NULL,
  outcome TEXT NOT NULL,              -- found, none, excluded, unknown
  reason TEXT,
  expires_at TEXT                     -- when to ask again; null: the answer stays true
);
CREATE INDEX lookups_by_url ON lookups(url_id, asked);

-- Replacements for dead links, with their proof. The dead address is never deleted.
CREATE TABLE repairs (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL UNIQUE REFERENCES urls(id),
  url TEXT NOT NULL,
  outcome TEXT NOT NULL,              -- found, none, excluded, unknown
  replacement TEXT,                   -- another address of the article
  archive_url TEXT,                   -- the memento
  timestamp TEXT,                     -- of the memento
  method TEXT,                        -- cleaned, redirect, own_capture, memento, variant, rule, date, slug_search
  confidence REAL,                    -- 0 to 1
  state TEXT NOT NULL,                -- accepted, supplement (a copy beside a blocked page), pending (an index search),
                                      -- proposed, rejected (by a person), open
  evidence TEXT NOT NULL,             -- JSON
  article_id INTEGER REFERENCES articles(id),
  decided TEXT NOT NULL
);
CREATE INDEX repairs_pending ON repairs(url_id) WHERE state = 'pending';

-- One row for each service with a limit ("wayback-cdx") and each host that asked us to wait ("host:example.org").
CREATE TABLE budgets (
  service TEXT PRIMARY KEY,
  next_allowed REAL NOT NULL,         -- Unix time
  blocked_until REAL NOT NULL,        -- Unix time
  strikes INTEGER NOT NULL,           -- refusals in a row: the pause doubles
  used INTEGER NOT NULL,              -- requests ever
  reason TEXT
);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,                      -- null while running, or when it was killed
  state TEXT NOT NULL,                -- running, complete, failures, interrupted, …
  exit_code INTEGER,
  counts TEXT NOT NULL                -- JSON
);
"""

SEARCH = """
-- What the index indexes.
CREATE VIEW searchable AS
  SELECT id, coalesce(spaced_title, title) AS title, coalesce(spaced_text, text) AS text,
         coalesce(spaced_authors, authors) AS authors
  FROM articles;

-- The comment is what sqlite-utils and Datasette look for to know that `articles` can be searched.
CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (
  title, text, authors, content=searchable, content_rowid=id, tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
  INSERT INTO articles_fts(rowid, title, text, authors) VALUES (new.id, coalesce(new.spaced_title, new.title),
    coalesce(new.spaced_text, new.text), coalesce(new.spaced_authors, new.authors));
END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, title, text, authors)
  VALUES ('delete', old.id, coalesce(old.spaced_title, old.title), coalesce(old.spaced_text, old.text),
    coalesce(old.spaced_authors, old.authors));
END;
-- Only when the words change: last_seen moves at every visit and must not cost an index write.
CREATE TRIGGER articles_fts_update
AFTER UPDATE OF title, text, authors, spaced_title, spaced_text, spaced_authors ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, title, text, authors)
  VALUES ('delete', old.id, coalesce(old.spaced_title, old.title), coalesce(old.spaced_text, old.text),
    coalesce(old.spaced_authors, old.authors));
  INSERT INTO articles_fts(rowid, title, text, authors) VALUES (new.id, coalesce(new.spaced_title, new.title),
    coalesce(new.spaced_text, new.text), coalesce(new.spaced_authors, new.authors));
END;
"""

VIEWS = """
-- The last check of each address.
CREATE VIEW latest_checks AS
  SELECT c.* FROM checks c
  WHERE c.id = (SELECT id FROM checks WHERE url_id = c.url_id ORDER BY checked DESC, id DESC LIMIT 1);

-- Addresses whose page is gone and for which nothing was found (yet).
CREATE VIEW dead_links AS
  SELECT c.url, c.state, c.rule, c.checked, json_extract(c.evidence, '$.confirmed') AS confirmed,
         r.outcome AS archives_say, group_concat(DISTINCT d.name) AS mentioned_in
  FROM latest_checks c
  LEFT JOIN repairs r ON r.url_id = c.url_id
  LEFT JOIN mentions m ON m.url_id = c.url_id
  LEFT JOIN documents d ON d.id = m.document_id
  WHERE c.state IN ('hard_gone', 'dns_gone', 'soft404', 'redirect_home', 'redirect_section', 'drifted', 'parked')
    AND coalesce(r.outcome, '') != 'found'
  GROUP BY c.url_id;

-- Addresses whose page is gone, with what stands for them now. One that came back to life has left the list.
CREATE VIEW repaired_links AS
  SELECT r.url, c.state AS was, r.method, round(r.confidence, 2) AS confidence, r.replacement, r.archive_url,
         a.title, r.decided
  FROM repairs r
  LEFT JOIN latest_checks c ON c.url_id = r.url_id
  LEFT JOIN articles a ON a.id = r.article_id
  WHERE r.outcome = 'found' AND r.state = 'accepted' AND coalesce(c.state, '') NOT IN ('alive', 'moved', 'paywalled');

-- All texts of all articles in the order of their capture.
CREATE VIEW timeline AS
  SELECT v.captured, v.origin, v.title, a.url, v.archive_url, length(v.text) AS characters,
         v.id = a.version_id AS is_current, v.note
  FROM versions v JOIN articles a ON a.id = v.article_id
  ORDER BY v.captured;

-- What each host gave us and how it answers.
CREATE VIEW source_health AS
  SELECT u.host, count(*) AS urls,
         sum(c.state IN ('alive', 'moved', 'paywalled')) AS alive,
         sum(c.state IN ('hard_gone', 'dns_gone', 'soft404', 'redirect_home', 'redirect_section', 'drifted', 'parked')) AS dead,
         sum(c.state = 'blocked') AS blocked,
         sum(c.state IN ('temporary', 'tls_failure')) AS unknown,
         count(DISTINCT u.article_id) AS articles,
         max(c.checked) AS last_checked
  FROM urls u JOIN latest_checks c ON c.url_id = u.id
  GROUP BY u.host ORDER BY articles DESC, u.host;
"""


@migrations()
def first_tables(db: Database) -> None:
    """2026-11-24: the spine."""
    for script in (TABLES, SEARCH, VIEWS):
        for statement in split(script):
            db.execute(statement)


def split(script: str) -> list[str]:
    """The statements of a script, each with the comments before it; executescript() would end the transaction."""
    statements, lines = [], []
    for line in script.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            statements.append("\n".join(lines))
            lines = []
    return statements


def connect(path: Path) -> Database:
    """Open for writing: current tables, WAL, every commit on disk before it returns.

    synchronous=FULL since an acknowledged page must outlive a power cut; commits are grouped, so it costs nothing that
    one sees (1,980 against 1,900 rows a second: measured 2026-11-23 in batches of 100). Raises UsageError for another
    program's database, which is left as it is.
    """
    connection = sqlite3.connect(str(path), timeout=60, isolation_level=None, check_same_thread=False)
    try:
        _refuse_foreign(connection, path)
        db = Database(connection)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"application_id={APPLICATION_ID}"):
            db.execute(f"PRAGMA {pragma}")
        migrations.apply(db)
    except BaseException:
        connection.close()
        raise
    return db


def connect_readonly(path: Path) -> Database:
    """Open for reading; sees a crawl's commits as they come. Raises UsageError for another program's database."""
    connection = _open_readonly(path)
    try:
        _refuse_foreign(connection, path)
    except BaseException:
        connection.close()
        raise
    return Database(connection)


def _open_readonly(path: Path) -> Any:
    """On a read-only disk SQLite cannot make the shared memory of a WAL: there the file is read as immutable.

    Only when no WAL lies beside it: with one, `immutable=1` gives wrong answers (facts of 2026-11-23).
    """
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=60)
    try:
        connection.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.OperationalError as error:
        connection.close()
        if "unable to open" not in str(error) or path.with_name(path.name + "-wal").exists():
            raise
        return sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True)
    return connection


def _refuse_foreign(connection: Any, path: Path) -> None:
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise UsageError(f"{path} is a database of another program: give another folder with --home DIR")


_FULL = ("is full", "readonly", "disk I/O", "unable to open")
_DAMAGED = ("malformed", "corrupt", "not a database", "no such table", "no such column", "decode to UTF-8")


def explained(error: sqlite3.DatabaseError, path: Path) -> MorgueError | None:
    """An error of SQLite that a person can do something about; None for any other, which is a bug."""
    text = str(error)
    if "locked" in text:
        return HomeLocked(f"{path} is locked by another program ({text}): close what has it open, then run again")
    if any(sign in text for sign in _FULL):
        return DiskFull(f"cannot use {path} ({text}): free some space or check permissions, then run again")
    if any(sign in text for sign in _DAMAGED):
        return DamagedArchive(f"{path} is damaged ({text}): restore a copy of it; the WARC files hold the pages")
    return None


_BEYOND_TEXT = re.compile("[\0\ud800-\udfff]")
_LARGEST = 2**63 - 1


def storable(value: Any) -> Any:
    """A value as SQLite can keep it and its own functions can read it.

    NUL ends a text for `length()` and most tools, a lone surrogate has no UTF-8: each becomes U+FFFD, so that offsets
    into a text stay true. Integers end at 63 bits.
    """
    if isinstance(value, str):
        return _BEYOND_TEXT.sub("\ufffd", value)
    if isinstance(value, int):
        return max(-_LARGEST - 1, min(value, _LARGEST))
    return value


def insert(db: Database, table: str, values: dict[str, Any], otherwise: str = "") -> int:
    """Insert a row, its values made `storable`; returns its id. `otherwise` is an ON CONFLICT clause."""
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    sql = f"INSERT INTO {table}({columns}) VALUES ({marks}) {otherwise}"  # noqa: S608 - names are ours
    return int(db.execute(sql, tuple(map(storable, values.values()))).lastrowid or 0)


def rows(db: Database, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    """The answer to a query as dictionaries."""
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
