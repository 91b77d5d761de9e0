"""How links fare: by the year they date from, by site, and how the dead ones were repaired."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from archive.schema import Reader, rows
from archive.states import State
from archive.urls import path_date

FATES = ("alive", "repaired", "gone", "blocked", "unknown")
"""What became of a link, by its last check: `repaired` is gone with something proven in its place."""


@dataclass(frozen=True, slots=True)
class Rot:
    """Links counted by fate. `years` holds None for those that nothing dates; `methods` counts accepted repairs."""

    fates: Counter[str] = field(default_factory=Counter)
    years: dict[str | None, Counter[str]] = field(default_factory=dict)
    sites: dict[str, Counter[str]] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)  # of the dead: how they died
    methods: Counter[str] = field(default_factory=Counter)

    @property
    def links(self) -> int:
        return self.fates.total()


def _listed(states: list[State]) -> str:
    return ", ".join(f"'{state}'" for state in states)


# A link dates from the day its article was published, else from that of the document it stands in, else from its address.
_COUNTED = f"""
SELECT u.site, c.state, coalesce(iif(a.published GLOB '[12][0-9][0-9][0-9]*', substr(a.published, 1, 4), NULL),
         (SELECT substr(coalesce(m.reference, d.reference), 1, 4) FROM mentions m LEFT JOIN documents d ON d.id = m.document_id
          WHERE m.url_id = u.id AND coalesce(m.reference, d.reference) IS NOT NULL LIMIT 1)) AS year,
       CASE WHEN c.state IN ({_listed([s for s in State if s.living])}) THEN 'alive'
            WHEN c.state IN ({_listed([s for s in State if s.dead])})
            THEN iif(r.outcome = 'found' AND r.state = 'accepted', 'repaired', 'gone')
            WHEN c.state = 'blocked' THEN 'blocked' ELSE 'unknown' END AS fate,
       u.url, count(*) AS n
FROM latest_checks c JOIN urls u ON u.id = c.url_id
LEFT JOIN articles a ON a.id = u.article_id LEFT JOIN repairs r ON r.url_id = u.id
GROUP BY u.site, c.state, year, fate, iif(year IS NULL, u.id, NULL)
"""  # noqa: S608 - states are ours


def rot(db: Reader) -> Rot:
    """Every address that was ever checked, by its last check."""
    found = Rot()
    years: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    sites: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(db, _COUNTED):
        found.fates[row["fate"]] += row["n"]
        years[row["year"] or _address_year(row["url"])][row["fate"]] += row["n"]
        sites[row["site"]][row["fate"]] += row["n"]
        if row["fate"] in ("gone", "repaired"):
            found.states[row["state"]] += row["n"]
    found.years.update(sorted(years.items(), key=lambda item: item[0] or ""))
    found.sites.update(sorted(sites.items(), key=lambda item: (-_dead(item[1]), item[0])))
    for row in rows(db, "SELECT method, count(*) AS n FROM repaired_links GROUP BY method ORDER BY n DESC, method"):
        found.methods[row["method"]] = row["n"]
    return found


def _dead(counts: Counter[str]) -> int:
    return counts["gone"] + counts["repaired"]


def _address_year(url: str) -> str | None:
    day = path_date(url)
    return f"{day.year:04}" if day else None


_GONE = """
SELECT l.url, l.state, l.rule, l.checked, l.archives_say, l.mentioned_in FROM dead_links l ORDER BY l.checked DESC LIMIT ?
"""
_REPAIRED = """
SELECT r.url, r.was, r.method, r.confidence, r.replacement, r.archive_url, r.title, r.decided, p.article_id AS article
FROM repaired_links r LEFT JOIN repairs p ON p.url = r.url ORDER BY r.decided DESC LIMIT ?
"""


def rotten(db: Reader, limit: int) -> dict[str, list[dict[str, Any]]]:
    """The links that died last and have nothing in their place, and the last repairs."""
    return {"gone": rows(db, _GONE, limit), "repaired": rows(db, _REPAIRED, limit)}
