"""The views for people, as SQL to read."""

from __future__ import annotations

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

-- Every text an article ever had here. Rows are never changed.
CREATE VIEW versions AS
  SELECT v.id, v.article_id, v.capture_id, v.captured, v.origin, v.archive_url, v.title, v.authors, v.published, v.modified,
         coalesce(v.text, a.text) AS text, v.text_sha256, v.kind, v.shown, v.note
  FROM version_rows v JOIN articles a ON a.id = v.article_id;

-- All addresses on the pages of articles.
CREATE VIEW page_links AS
  SELECT article_id, position, url, role, anchor FROM links
  UNION ALL
  SELECT m.article_id, j.value ->> 0, j.value ->> 1, 'section', j.value ->> 2 FROM menus m, json_each(m.links) j;

-- All texts of all articles in the order of their capture.
CREATE VIEW timeline AS
  SELECT v.captured, v.origin, v.title, a.url, v.archive_url, length(v.text) AS characters,
         v.id = a.version_id AS is_current, v.note
  FROM versions v JOIN articles a ON a.id = v.article_id
  ORDER BY v.captured;

-- What each host gave us and how it answers.
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
"""
