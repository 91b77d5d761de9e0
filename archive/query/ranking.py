"""Which articles hold the words of a query, the best first, in a time that does not grow with how common the words are.

Articles that have all words in their title come first, then the others; within both, bm25 decides, in which a title's hit
counts eight times a text's and an author's four times. bm25 asks every article that holds a word, and weighs every article
that matches: at a million articles that is a second for one stop word (measured: docs/decisions.md). Two limits bound it:

- A word in more than COMMON articles tells nothing of any: it must be there and does not count for the order. A query of
  such words only is answered with the newest articles first.
- Of more than MOST articles that match, the MOST that were added last are weighed.

A smaller archive reaches neither limit.
"""

from __future__ import annotations

from archive.query.filters import Filters, Where, fts_author, metadata_condition
from archive.query.language import Term, all_of, any_of, terms_of
from archive.schema import Reader

COMMON = 50_000
MOST = 10_000
SAMPLE = 200
RANK = "bm25(articles_fts, 1.0, 8.0, 4.0)"  # of text, title, authors
# bm25 is negative, better matches are smaller: SQLite's documentation of FTS5, section 4.


def best(db: Reader, filters: Filters, count: int) -> list[int]:
    """The ids of the first `count` articles; the filters hold at least one word that is wanted."""
    terms = terms_of(filters.words)
    telling = all_of(_telling(db, terms.wanted))
    found = _stage(db, filters, "title : ", telling, count)
    if len(found) < count and not filters.title_only:
        found += [one for one in _stage(db, filters, "", telling, count) if one not in found]
    return found[:count]


def _telling(db: Reader, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms that are not common, as the newest articles have it: to count a common word's articles takes too long."""
    newest = db.execute("SELECT max(id) FROM articles").fetchone()[0] or 0
    if newest <= COMMON:
        return terms
    sql = f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET {SAMPLE - 1}"  # noqa: S608
    reached = newest - SAMPLE * newest // COMMON  # a word that has SAMPLE articles beyond it is in COMMON of all
    return tuple(term for term in terms if all(row[0] < reached for row in db.execute(sql, (term.fts,)).fetchall()))


def _stage(db: Reader, filters: Filters, column: str, telling: str, count: int) -> list[int]:
    """The best `count` of the newest articles that have all words in a column, or anywhere."""
    matching = _matching(filters, column)
    sql = f"SELECT rowid FROM ({matching.sql} LIMIT {MOST if telling else count})"  # noqa: S608
    parameters = matching.parameters
    if telling:
        # the plus keeps FTS5 from being asked once for each rowid, which would count every word's articles each time
        sql = (
            f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND +rowid IN ({sql}) "  # noqa: S608
            f"ORDER BY {RANK}, rowid DESC LIMIT {count}"
        )
        parameters = (telling, *parameters)
    return [row[0] for row in db.execute(sql, parameters).fetchall()]


def _matching(filters: Filters, column: str) -> Where:
    """A whole SELECT: the articles that all filters let through, the newest first."""
    terms, columns = terms_of(filters.words), metadata_condition(filters)
    query = f"({column}({all_of(terms.wanted)}))"
    if author := fts_author(filters.author):
        query += f" AND {author}"
    if terms.excluded:
        query = f"({query}) NOT ({'title : ' * filters.title_only}({any_of(terms.excluded)}))"
    joined = "JOIN articles a ON a.id = f.rowid" if columns.sql != "1" else ""
    sql = f"SELECT f.rowid FROM articles_fts f {joined} WHERE f.articles_fts MATCH ? AND {columns.sql} ORDER BY f.rowid DESC"  # noqa: S608
    return Where(sql, (query, *columns.parameters))
