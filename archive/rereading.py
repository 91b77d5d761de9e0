"""Stored captures read again by today's extraction: which ones, what came of each, and what is written of it.

A text that stands is replaced only by today's reading of a page that shows it; the former reading stays as a version.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.articles import SHOWN, add_version, current_of, known_versions, save_article, show_version, shows
from archive.errors import DamagedArchive
from archive.health import judge
from archive.models import Exchange, Hop, Observation, Page
from archive.schema import Reader, rows, storable
from archive.states import State
from archive.store import Store
from archive.timestamps import parse_iso, parse_timestamp
from archive.visits import Current, Finding, article_address, objection, text_digest
from archive.warc import Stored, read_record

NOTE = "re-extracted"


class Reading(StrEnum):
    """What came of reading a capture again."""

    SAME = "same"  # the text that it showed before
    DETAILS = "details"  # that text, with other authors, dates or names
    CHANGED = "changed"  # another text: the current one from now on
    WORSE = "worse"  # a text that may not replace the current one: kept beside it
    FOUND = "found"  # an article where none was read before
    FORMER = "former"  # another reading of a text that is not current: left as it is
    LOST = "lost"  # no article any more: the text that was read before stays
    NONE = "none"  # no article, then or now
    FAILED = "failed"  # the page cost too much, or an error of ours
    DAMAGED = "damaged"  # its record cannot be read


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture that answered 200, and the version that it shows."""

    id: int
    url: str
    original: str
    timestamp: str
    archive: str
    archive_url: str | None
    digest: str
    revisit: bool
    extracted: str
    fetched: str
    warc_file: str
    warc_offset: int
    length: int
    version_id: int | None


def kept_after(db: Reader, cursor: int, limit: int, *, since: str | None, site: str | None) -> list[Kept]:
    """The next captures in the order in which they were kept, after the one with the id `cursor`.

    `since` is an ISO time before which they were fetched, `site` a host or a registrable domain.
    """
    found = rows(
        db,
        "SELECT c.id, u.url, c.original, c.timestamp, c.archive, c.archive_url, c.digest, c.revisit, c.extracted, c.fetched, "
        f"c.warc_file, c.warc_offset, c.length, c.version_id {_SCOPE} AND c.id > ? ORDER BY c.id LIMIT ?",
        *(since, since, site, site, site, cursor, limit),
    )
    return [Kept(**row | {"revisit": bool(row["revisit"])}) for row in found]


def count_after(db: Reader, cursor: int, *, since: str | None, site: str | None) -> int:
    """How many `kept_after` would give in all."""
    sql = f"SELECT count(*) AS n {_SCOPE} AND c.id > ?"
    return int(rows(db, sql, since, since, site, site, site, cursor)[0]["n"])


_SCOPE = (
    "FROM captures c JOIN urls u ON u.id = c.url_id WHERE c.statuscode = 200 "
    "AND (? IS NULL OR c.fetched >= ?) AND (? IS NULL OR u.site = ? OR u.host = ?)"
)


def exchange_of(db: Reader, folder: Path, kept: Kept) -> Exchange:
    """The answer as it came, a revisit with the body that it refers to. Raises DamagedArchive."""
    stored = _record(folder, kept)
    body = _referred(db, folder, kept) if kept.revisit else stored.body
    return Exchange(kept.original, (), stored.status or 200, stored.headers, body, parse_iso(kept.fetched), stored.truncated)


def _record(folder: Path, kept: Kept) -> Stored:
    return read_record(folder, kept.warc_file, kept.warc_offset, kept.length)


def _referred(db: Reader, folder: Path, kept: Kept) -> bytes:
    sql = "SELECT warc_file, warc_offset, length FROM captures WHERE digest = ? AND revisit = 0 ORDER BY id LIMIT 1"
    whole = rows(db, sql, kept.digest)
    if not whole:
        raise DamagedArchive(f"{kept.warc_file}, offset {kept.warc_offset}: the body that it refers to is not here")
    return read_record(folder, whole[0]["warc_file"], whole[0]["warc_offset"], whole[0]["length"]).body


# -- what came of it --------------------------------------------------------------------------------------------------


def judged(db: Reader, kept: Kept, page: Page) -> tuple[Reading, Finding | None, str | None]:
    """What came of reading a capture again, the article, and why it may not stand. Writes nothing."""
    if page.status in ("timeout", "memory", "error"):
        return Reading.FAILED, None, page.reason
    finding = _finding(kept, page)
    shown = _shown(db, kept)
    if finding is None:
        return (Reading.LOST if shown and shown["shown"] else Reading.NONE), None, page.reason
    if shown is None:
        return (Reading.FOUND if _is_new(db, kept, page) else Reading.NONE), finding, None
    if shown["text_sha256"] == text_digest(finding.article):
        current = shown["current"] and _details(shown) != _details_of(finding)
        return (Reading.DETAILS if current else Reading.SAME), finding, None
    if not shown["current"]:
        return _not_current(db, shown, finding), finding, None
    note = objection(Current(shown["title"], shown["text"], "", finding.captured, shown["kind"]), finding)
    return (Reading.WORSE if note else Reading.CHANGED), finding, note


def _not_current(db: Reader, shown: dict[str, Any], finding: Finding) -> Reading:
    """Another capture may have brought this reading before. A text that was refused may have been misread: then today's
    reading stands. What was a soft-404 stays one."""
    if known_versions(db, shown["article_id"], text_digest(finding.article)):
        return Reading.SAME
    refused = not shown["shown"] and not (shown["note"] or "").startswith("soft-404")
    stands = refused and objection(current_of(db, shown["article_id"]), finding) is None
    return Reading.CHANGED if stands else Reading.FORMER


def _finding(kept: Kept, page: Page) -> Finding | None:
    if page.article is None:
        return None
    return Finding(
        article=page.article,
        links=page.links,
        address=article_address(kept.url, page.article.canonical_url),
        final_url=kept.url,
        origin="live" if kept.archive == "crawl" else kept.archive,
        captured=parse_timestamp(kept.timestamp),
        archive_url=kept.archive_url,
        kind=page.kind,
    )


def _shown(db: Reader, kept: Kept) -> dict[str, Any] | None:
    """The version that a capture shows, with what its article says now."""
    details = ", ".join(f"a.{name}" for name in SHOWN if name not in ("title", "text"))
    found = rows(
        db,
        f"SELECT v.id, v.article_id, v.title, v.text, v.text_sha256, v.kind, v.shown, v.note, {details}, "  # noqa: S608
        "v.id = a.version_id AS current FROM versions v JOIN articles a ON a.id = v.article_id WHERE v.id = ?",
        kept.version_id,
    )
    return found[0] if found else None


def _details(shown: dict[str, Any]) -> list[Any]:
    return [shown[name] for name in SHOWN if name not in ("title", "text")]


def _details_of(finding: Finding) -> list[Any]:
    values = {name: storable(getattr(finding.article, name)) for name in SHOWN if name not in ("title", "text")}
    return list((values | {"authors": json.dumps(finding.article.authors, ensure_ascii=False)}).values())


LOOK_OF_CAPTURE = """
SELECT state FROM (
  SELECT c.id, c.state, c.checked FROM checks c WHERE c.final_url IN (?1, ?2)
  UNION ALL SELECT c.id, c.state, c.checked FROM urls u JOIN checks c ON c.url_id = u.id
  WHERE u.url IN (?1, ?2) AND c.final_url IS NULL AND c.statuscode IS NOT NULL
) WHERE checked >= ?3 ORDER BY checked, id LIMIT 1
"""


def _is_new(db: Reader, kept: Kept, page: Page) -> bool:
    """A page of its own site that lived when it was fetched, and of which no article was read; not a page of a dead address,
    nor a capture that the ladder did not take."""
    if kept.archive != "crawl" or kept.extracted == "ok":
        return False
    look = rows(db, LOOK_OF_CAPTURE, kept.original, kept.url, kept.fetched)
    verdict = judge(Observation(kept.url, (Hop(kept.url, 200),), page=page))
    return bool(look) and State(look[0]["state"]).living and verdict.state.living


# -- what is written --------------------------------------------------------------------------------------------------


def reread(store: Store, kept: Kept, page: Page) -> tuple[Reading, int | None]:
    """Write what came of reading a capture again: the reading, and the article when its text changed. Part of the caller's
    transaction."""
    reading, finding, note = judged(store.db, kept, page)
    if reading is Reading.FAILED:
        return reading, None
    sql = "UPDATE captures SET extracted = ?, reason = ?, kind = ?, mended = ? WHERE id = ?"
    store.db.execute(sql, (page.status, storable(page.reason), page.kind, page.mended, kept.id))
    if finding is None:
        return reading, None
    if reading is Reading.FOUND:
        saved = save_article(store.db, finding, kept.id, store.now())
        store.lead_to(saved.article_id, kept.url, finding)
        return reading, saved.article_id
    if reading is Reading.SAME:
        _point(store.db, kept, finding)
    if reading not in (Reading.DETAILS, Reading.CHANGED, Reading.WORSE):
        return reading, None
    article_id, version_id = _version(store.db, kept, reading, finding, note)
    if reading is not Reading.WORSE:
        show_version(store.db, article_id, finding, version_id)
    return reading, article_id


def _point(db: Database, kept: Kept, finding: Finding) -> None:
    """A capture shows the version that has its text: the newest of them, since that is how it is read today."""
    [row] = rows(db, "SELECT article_id FROM versions WHERE id = ?", kept.version_id)
    known = known_versions(db, row["article_id"], text_digest(finding.article))
    if kept.version_id not in known:
        shows(db, kept.id, next(reversed(known)))


def _version(db: Database, kept: Kept, reading: Reading, finding: Finding, note: str | None) -> tuple[int, int]:
    """The version that has the text: one that is there, or a new one; and the article."""
    [row] = rows(db, "SELECT article_id FROM versions WHERE id = ?", kept.version_id)
    article_id = int(row["article_id"])
    known = known_versions(db, article_id, text_digest(finding.article))
    fit = [version_id for version_id, shown in known.items() if shown or reading is Reading.WORSE]
    why = f"{NOTE}; {note}" if note else NOTE
    version_id = fit[-1] if fit else add_version(db, article_id, finding, kept.id, why, shown=reading is not Reading.WORSE)
    if reading is not Reading.WORSE:
        shows(db, kept.id, version_id)
    return article_id, version_id
