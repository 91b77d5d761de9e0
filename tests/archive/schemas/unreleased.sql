CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
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
CREATE TABLE urls (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  urlkey TEXT NOT NULL,               -- SURT, as in a capture index; a lookup key, never fetched
  host TEXT NOT NULL,
  site TEXT NOT NULL,                 -- registrable domain: what one publisher owns
  slug TEXT NOT NULL,                 -- the words of the address, "storm-gates-close"; empty when it has none
  article_id INTEGER REFERENCES articles(id) DEFERRABLE INITIALLY DEFERRED,   -- which it leads to: itself, redirect, repair
  first_seen TEXT NOT NULL
);
CREATE INDEX urls_by_urlkey ON urls(urlkey);
CREATE INDEX urls_by_article ON urls(article_id);
CREATE INDEX urls_by_slug ON urls(site, slug);
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
  leased TEXT,                        -- since when, while leased
  revisit TEXT                        -- when a page that is done is to be looked at again
);
CREATE INDEX frontier_by_host ON frontier(state, host, priority DESC, due);
CREATE INDEX frontier_by_due ON frontier(state, due);
CREATE INDEX frontier_by_revisit ON frontier(revisit) WHERE state = 'done';
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
  etag TEXT,                          -- what the server calls this state of the page, for conditional requests
  last_modified TEXT,                 -- likewise, as the server wrote it
  revisit INTEGER NOT NULL,           -- 1: same payload as an earlier capture, the record has no body
  fetched TEXT NOT NULL,              -- when the bytes reached us
  warc_file TEXT NOT NULL,            -- in the folder warc/
  warc_offset INTEGER NOT NULL,
  kind TEXT,                          -- article, live_blog, gallery, video, paywall_stub, front_page, section, consent_page,
                                      -- login, error; null where no rule knows the page
  mended INTEGER NOT NULL DEFAULT 0,  -- places where its text was garbled and could be repaired with certainty
  extracted TEXT NOT NULL,            -- ok, or why no article came of it
  reason TEXT,                        -- one line on that
  version_id INTEGER REFERENCES version_rows(id) DEFERRABLE INITIALLY DEFERRED   -- the text it shows, when it is an article's
);
CREATE UNIQUE INDEX captures_by_url ON captures(url_id, archive, timestamp, digest);
CREATE INDEX captures_by_digest ON captures(digest) WHERE revisit = 0;
CREATE INDEX captures_by_file ON captures(warc_file, warc_offset, length);
CREATE INDEX captures_by_version ON captures(version_id, timestamp);
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
  version_id INTEGER REFERENCES version_rows(id) DEFERRABLE INITIALLY DEFERRED,   -- the version whose text this is
  -- as the index has them where that differs: with blanks between the signs of scripts that write none
  spaced_title TEXT,
  spaced_authors TEXT,
  spaced_text TEXT
);
CREATE INDEX articles_by_published ON articles(published);
CREATE INDEX articles_by_site ON articles(site COLLATE NOCASE);
CREATE TABLE version_rows (
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
  text TEXT,                          -- null while it is articles.text
  text_sha256 TEXT NOT NULL,          -- its first 128 bits, of title and text without stamps, ages and counters
  kind TEXT,                          -- what the page was, as in captures
  shown INTEGER NOT NULL,             -- 1: it is or was the current text
  note TEXT                           -- why it did not become the current text, or "re-extracted"
);
CREATE INDEX versions_by_article ON version_rows(article_id);
CREATE INDEX versions_by_text ON version_rows(text_sha256);
CREATE TRIGGER articles_keep_former_text
BEFORE UPDATE OF version_id, text ON articles WHEN new.text IS NOT old.text OR new.version_id IS NOT old.version_id BEGIN
  UPDATE version_rows SET text = old.text WHERE id = old.version_id AND text IS NULL;
END;
CREATE TRIGGER articles_hold_current_text AFTER UPDATE OF version_id ON articles BEGIN
  UPDATE version_rows SET text = NULL WHERE id = new.version_id AND text IS new.text;
END;
CREATE TABLE links (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,          -- in the page's order
  url TEXT NOT NULL,                  -- as in urls.url, where it is one of ours: most are not
  role TEXT NOT NULL,                 -- related, inline, canonical, redirect
  anchor TEXT NOT NULL,
  PRIMARY KEY (article_id, position)
) WITHOUT ROWID;
CREATE INDEX links_by_url ON links(url);
CREATE TABLE menus (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id),
  links TEXT NOT NULL                 -- JSON list of [position, url, anchor]
);
CREATE TABLE checks (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  url TEXT NOT NULL,
  checked TEXT NOT NULL,
  state TEXT NOT NULL,                -- alive, moved, paywalled, soft404, hard_gone, …: docs/dead-links.md
  rule TEXT NOT NULL,                 -- which rule of health decided
  statuscode INTEGER,                 -- of the last answer, null when there was none
  final_url TEXT,                     -- where redirects led, null when nowhere else
  evidence TEXT NOT NULL              -- JSON
);
CREATE INDEX checks_by_url ON checks(url_id, checked);
CREATE INDEX checks_by_final_url ON checks(final_url) WHERE final_url IS NOT NULL;
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
CREATE TABLE budgets (
  service TEXT PRIMARY KEY,
  next_allowed REAL NOT NULL,         -- Unix time
  blocked_until REAL NOT NULL,        -- Unix time
  strikes INTEGER NOT NULL,           -- refusals in a row: the pause doubles
  used INTEGER NOT NULL,              -- requests ever
  reason TEXT
);
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,          -- what people call it; the host when nobody named it
  url TEXT NOT NULL,                  -- its front page, or the listing that was given
  state TEXT NOT NULL,                -- active, paused
  language TEXT,                      -- ISO 639, as a person or its listings say
  depth INTEGER NOT NULL,             -- steps from its articles to what they call related
  delay REAL,                         -- seconds between two requests; null: the setting of the crawl
  allow TEXT NOT NULL,                -- JSON list: patterns of which an article's address matches one; empty: its own site
  deny TEXT NOT NULL,                 -- JSON list: patterns that no address may match
  origin TEXT NOT NULL,               -- command, or config: written in morgue.toml, which is then right
  added TEXT NOT NULL
);
CREATE TABLE listings (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  kind TEXT NOT NULL,                 -- feed, sitemap, section
  found_by TEXT NOT NULL,             -- given, config, link (of the front page), robots, path (a common one), index, front
  parent_id INTEGER REFERENCES listings(id) ON DELETE CASCADE,   -- the sitemap index that names it
  title TEXT,                         -- as it calls itself
  former_url TEXT,                    -- where it was before it moved for good
  etag TEXT,                          -- of the last answer with a body, for conditional requests
  last_modified TEXT,                 -- likewise, as the server wrote it
  digest TEXT,                        -- base32 SHA-1 of that body
  interval INTEGER NOT NULL,          -- seconds between two looks
  due TEXT NOT NULL,                  -- not before
  fetched TEXT,                       -- the last look, whatever came of it
  last_new TEXT,                      -- the last look that brought an article we had not
  tries INTEGER NOT NULL DEFAULT 0,   -- failures in a row
  state TEXT NOT NULL,                -- new, ok, unchanged, failed, broken (no listing any more), gone
  reason TEXT,                        -- one line on that
  UNIQUE (source_id, url)
);
CREATE INDEX listings_by_due ON listings(due);
CREATE INDEX listings_by_parent ON listings(parent_id);
CREATE TABLE announcements (
  url_id INTEGER PRIMARY KEY REFERENCES urls(id),
  source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  announced TEXT NOT NULL,            -- when we saw it listed first
  published TEXT NOT NULL             -- when it came out, as its listing says; else when we saw it listed
);
CREATE INDEX announcements_by_source ON announcements(source_id, published);
CREATE TABLE source_health (
  source_id INTEGER PRIMARY KEY REFERENCES sources(id) ON DELETE CASCADE,
  state TEXT NOT NULL,                -- ok, new (too few articles to tell), silent, failing, dropped, unreadable
  since TEXT NOT NULL,                -- when it was first seen in this state
  reason TEXT,                        -- one line on that
  usual_gap INTEGER                   -- seconds: 19 of 20 pauses between two articles are no longer
);
CREATE TABLE robots (
  origin TEXT PRIMARY KEY,            -- scheme, host and port
  fetched TEXT NOT NULL,
  text TEXT NOT NULL                  -- empty: it has none
) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,                      -- null while running, or when it was killed
  state TEXT NOT NULL,                -- running, complete, failures, interrupted, …
  exit_code INTEGER,
  counts TEXT NOT NULL                -- JSON
);
CREATE VIEW searchable AS
  SELECT id, coalesce(spaced_text, text) AS text, coalesce(spaced_title, title) AS title,
         coalesce(spaced_authors, authors) AS authors
  FROM articles;
CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (
  text, title, authors, content=searchable, content_rowid=id, tokenize='unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE titles_fts USING fts5 (
  title, content=searchable, content_rowid=id, tokenize='unicode61 remove_diacritics 2'
);
CREATE VIEW latest_checks AS
  SELECT c.* FROM checks c
  WHERE c.id = (SELECT id FROM checks WHERE url_id = c.url_id ORDER BY checked DESC, id DESC LIMIT 1);
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
CREATE VIEW repaired_links AS
  SELECT r.url, c.state AS was, r.method, round(r.confidence, 2) AS confidence, r.replacement, r.archive_url,
         a.title, r.decided
  FROM repairs r
  LEFT JOIN latest_checks c ON c.url_id = r.url_id
  LEFT JOIN articles a ON a.id = r.article_id
  WHERE r.outcome = 'found' AND r.state = 'accepted' AND coalesce(c.state, '') NOT IN ('alive', 'moved', 'paywalled');
CREATE VIEW versions AS
  SELECT v.id, v.article_id, v.capture_id, v.captured, v.origin, v.archive_url, v.title, v.authors, v.published, v.modified,
         coalesce(v.text, a.text) AS text, v.text_sha256, v.kind, v.shown, v.note
  FROM version_rows v JOIN articles a ON a.id = v.article_id;
CREATE VIEW page_links AS
  SELECT article_id, position, url, role, anchor FROM links
  UNION ALL
  SELECT m.article_id, j.value ->> 0, j.value ->> 1, 'section', j.value ->> 2 FROM menus m, json_each(m.links) j;
CREATE VIEW timeline AS
  SELECT v.captured, v.origin, v.title, a.url, v.archive_url, length(v.text) AS characters,
         v.id = a.version_id AS is_current, v.note
  FROM versions v JOIN articles a ON a.id = v.article_id
  ORDER BY v.captured;
CREATE VIEW host_health AS
  SELECT u.host, count(*) AS urls,
         sum(c.state IN ('alive', 'moved', 'paywalled')) AS alive,
         sum(c.state IN ('hard_gone', 'dns_gone', 'soft404', 'redirect_home', 'redirect_section', 'drifted', 'parked')) AS dead,
         sum(c.state = 'blocked') AS blocked,
         sum(c.state IN ('temporary', 'tls_failure')) AS unknown,
         count(DISTINCT u.article_id) AS articles,
         max(c.checked) AS last_checked
  FROM urls u JOIN latest_checks c ON c.url_id = u.id
  GROUP BY u.host ORDER BY articles DESC, u.host;
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
  INSERT INTO articles_fts(rowid, text, title, authors) VALUES (new.id, coalesce(new.spaced_text, new.text),
    coalesce(new.spaced_title, new.title), coalesce(new.spaced_authors, new.authors));
  INSERT INTO titles_fts(rowid, title) VALUES (new.id, coalesce(new.spaced_title, new.title));
END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, text, title, authors)
  VALUES ('delete', old.id, coalesce(old.spaced_text, old.text), coalesce(old.spaced_title, old.title),
    coalesce(old.spaced_authors, old.authors));
  INSERT INTO titles_fts(titles_fts, rowid, title) VALUES ('delete', old.id, coalesce(old.spaced_title, old.title));
END;
CREATE TRIGGER articles_fts_update
AFTER UPDATE OF title, text, authors, spaced_title, spaced_text, spaced_authors ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, text, title, authors)
  VALUES ('delete', old.id, coalesce(old.spaced_text, old.text), coalesce(old.spaced_title, old.title),
    coalesce(old.spaced_authors, old.authors));
  INSERT INTO articles_fts(rowid, text, title, authors) VALUES (new.id, coalesce(new.spaced_text, new.text),
    coalesce(new.spaced_title, new.title), coalesce(new.spaced_authors, new.authors));
  INSERT INTO titles_fts(titles_fts, rowid, title) VALUES ('delete', old.id, coalesce(old.spaced_title, old.title));
  INSERT INTO titles_fts(rowid, title) VALUES (new.id, coalesce(new.spaced_title, new.title));
END;
INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES ('morgue', 'first_tables', '2026-11-25');
PRAGMA application_id = 1836020327;
