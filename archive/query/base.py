"""What all questions need: the database opened for reading, and an article's columns."""

from __future__ import annotations

import json
from typing import Any

from archive.home import Home
from archive.schema import Reader, connect_readonly, explained, rows, sqlite3

ARTICLE_COLUMNS = (
    "id, url, canonical_url, title, authors, published, modified, site, language, description, image, text, origin, "
    "archive_url, captured, first_seen, last_seen"
)


def open_home(home: Home) -> Reader:
    """The database for reading. Raises NothingFound when there is none, UsageError when it is another program's,
    DamagedArchive or DiskFull when it cannot be read."""
    home.require()
    try:
        return connect_readonly(home.database)
    except sqlite3.DatabaseError as error:
        if told := explained(error, home.database):
            raise told from error
        raise


_COUNTED = {
    "articles": "articles",
    "versions": "version_rows",  # the view would join each with its article: a second for a million
    "captures": "captures",
    "documents": "documents",
    "urls": "urls",
}


def holdings(db: Reader) -> dict[str, int]:
    """How many articles, versions, captures, documents and addresses there are."""
    return {name: int(rows(db, f"SELECT count(*) AS n FROM {table}")[0]["n"]) for name, table in _COUNTED.items()}  # noqa: S608


def as_article(row: dict[str, Any]) -> dict[str, Any]:
    """Authors as a list again."""
    return row | {"authors": json.loads(row["authors"])}
