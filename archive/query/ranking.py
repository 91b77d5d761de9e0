"""Which articles hold the words of a query, the best first, in a time that does not grow with how common the words are.

Articles that have all words in their title come first, then the others. Among the former bm25 over the titles decides, among the
latter bm25 over all columns, in which a title's hit counts eight times a text's and an author's four times; what is equal comes
newest first. bm25 asks for all articles that hold a word, and weighs all that match: at a million articles that is a second
for one stop word (measured: docs/decisions.md). Two limits bound it:

- A word in more than COMMON articles tells nothing of any: it must be there and does not count for the order. A query of
  such words only is answered with the newest articles first.
- Of more than MOST articles that match, the MOST that were added last are weighed.

A smaller archive reaches neither limit.
"""

from __future__ import annotations

from archive.query.filters import Filters, further_text_condition, metadata_condition
from archive.query.language import Term, all_of, terms_of
from archive.schema import Reader

COMMON = 50_000
MOST = 10_000
SAMPLE = 200
_RANKS = {"titles_fts": "bm25(titles_fts)", "articles_fts": "bm25(articles_fts, 1.0, 8.0, 4.0)"}  # text, title, authors
# bm25 is negative, better matches are smaller: SQLite's documentation of FTS5, section 4.


def best(db: Reader, filters: Filters, count: int) -> list[int]:
    """The ids of the first `count` articles; the filters hold at least one word that is wanted."""
    found = _stage(db, filters, "titles_fts", count)
    if len(found) < count and not filters.title_only:
        found += [one for one in _stage(db, filters, "articles_fts", count) if one not in found]
    return found[:count]


def _stage(db: Reader, filters: Filters, index: str, count: int) -> list[int]:
    """The best `count` of the newest articles of which an index has all words."""
    terms, rank = terms_of(filters.words).wanted, _RANKS[index]
    telling, everything = _telling(db, index, terms), all_of(terms)
    conditions = further_text_condition(filters) & metadata_condition(filters)
    joined = "CROSS JOIN articles a ON a.id = f.rowid" if conditions.sql != "1" else ""
    # CROSS: the index first, whatever list of articles a condition has (SQLite, "Manual Control Of Query Plans Using CROSS JOIN")
    matching = f"SELECT f.rowid FROM {index} f {joined} WHERE f.{index} MATCH ? AND {conditions.sql} ORDER BY f.rowid DESC"  # noqa: S608
    parameters = (everything, *conditions.parameters)
    if not telling:
        sql = f"{matching} LIMIT {count}"
    else:
        # the plus keeps FTS5 from being asked once for each rowid, which would count every word's articles each time
        sql = (
            f"SELECT rowid FROM {index} WHERE {index} MATCH ? AND +rowid IN (SELECT rowid FROM ({matching} LIMIT {MOST})) "  # noqa: S608
            f"ORDER BY {rank}, rowid DESC LIMIT {count}"
        )
        parameters = (all_of(telling), *parameters)
    return [row[0] for row in db.execute(sql, parameters).fetchall()]


def _telling(db: Reader, index: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms that are not common, as the newest articles have it: to count a common word's articles takes too long."""
    newest = db.execute("SELECT max(id) FROM articles").fetchone()[0] or 0
    if newest <= COMMON:
        return terms
    sql = f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET {SAMPLE - 1}"  # noqa: S608
    reached = newest - SAMPLE * newest // COMMON  # a word that has SAMPLE articles beyond it is in COMMON of all
    return tuple(term for term in terms if all(row[0] < reached for row in db.execute(sql, (term.fts,)).fetchall()))
