"""The full-text index and the triggers that keep it, as SQL to read."""

from __future__ import annotations

SEARCH = """
-- What the index indexes.
CREATE VIEW searchable AS
  SELECT id, coalesce(spaced_text, text) AS text, coalesce(spaced_title, title) AS title,
         coalesce(spaced_authors, authors) AS authors
  FROM articles;

-- The text is the first column, since FTS5 marks each hit in any other with two bytes: the index is a quarter smaller so.
-- The comment is what sqlite-utils and Datasette look for to know that `articles` can be searched.
CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" */ (
  text, title, authors, content=searchable, content_rowid=id, tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO articles_fts(articles_fts, rank) VALUES ('pgsz', 1990);   -- one node of it fills one page of the file

-- The titles alone: a title's hit comes first, and is found here without reading the lists of the whole text.
CREATE VIRTUAL TABLE titles_fts USING fts5 (
  title, content=searchable, content_rowid=id, tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO titles_fts(titles_fts, rank) VALUES ('pgsz', 1990);

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
-- Only when the words change: last_seen moves at every visit and must not cost an index write.
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
"""
