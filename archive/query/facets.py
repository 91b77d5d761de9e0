"""What the articles that a query finds have in common, counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from archive.query.filters import Filters, where
from archive.schema import Reader, rows

MOST = 10_000  # articles that are counted: a common word is in most of a million


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles are found, and their sites, languages (without region), origins and years, most frequent first.

    `whole` is False when only the first MOST were counted; `total` is MOST then.
    """

    total: int
    whole: bool
    site: Counter[str] = field(default_factory=Counter)
    language: Counter[str] = field(default_factory=Counter)
    origin: Counter[str] = field(default_factory=Counter)
    year: Counter[str] = field(default_factory=Counter)


def facets(db: Reader, filters: Filters) -> Facets:
    """Count what the filters find. Raises UsageError for a date or verdict that cannot be read."""
    wanted = where(filters)
    found = rows(
        db,
        "SELECT a.site, a.language, a.origin, substr(a.published, 1, 4) AS year FROM articles a "  # noqa: S608 - from where()
        f"WHERE {wanted.sql} LIMIT {MOST + 1}",
        *wanted.parameters,
    )
    counted = Facets(min(len(found), MOST), len(found) <= MOST)
    for row in found[:MOST]:
        counted.site.update([row["site"]] if row["site"] else [])
        counted.language.update(_language(row["language"]))
        counted.origin.update([row["origin"]])
        counted.year.update([row["year"]] if (row["year"] or "").isdigit() else [])
    return counted


def _language(tag: str | None) -> list[str]:
    """The language of a tag (RFC 5646, 2.2.1), without script and region."""
    found = re.match(r"[a-z]{2,8}(?=-|$)", (tag or "").lower())
    return [found[0]] if found else []
