"""What is known here of a site: its addresses by their words, and how its dead ones were repaired. Read side of the ladder."""

from __future__ import annotations

import json
from datetime import datetime

from sqlite_utils import Database

from archive.health.sibling import Fingerprint
from archive.repair import KnownAnswer
from archive.schema import insert, rows
from archive.timestamps import iso
from archive.urls import host, site, slug_words

MIN_WORDS = 3  # fewer name no story
MAX_ADDRESSES = 20
MAX_REPAIRS = 50  # the newest of a site
MAX_ELSEWHERE = 200  # the newest of other sites
MAX_KEY = 300  # characters

_PAIRS = """
SELECT r.url, r.replacement FROM repairs r JOIN urls u ON u.id = r.url_id
WHERE u.site {} AND r.state = 'accepted' AND r.outcome = 'found' AND r.replacement IS NOT NULL ORDER BY r.id DESC LIMIT ?
"""


def slug_key(url: str) -> str:
    """The words of an address as they are looked up."""
    return "-".join(slug_words(url))[:MAX_KEY]


def known_of(db: Database, url: str) -> KnownAnswer:
    """Addresses of the same site with the same words, or with these and more; proven repairs of this and other sites."""
    key, owner = slug_key(url), site(url)
    addresses = ()
    if len(slug_words(url)) >= MIN_WORDS:
        # "-" and "." are neighbours in ASCII: all keys that go on after a hyphen lie between them
        sql = "SELECT url FROM urls WHERE site = ?1 AND (slug = ?2 OR (slug > ?2 || '-' AND slug < ?2 || '.')) AND url != ?3"
        addresses = tuple(row["url"] for row in rows(db, f"{sql} ORDER BY slug, id LIMIT {MAX_ADDRESSES}", owner, key, url))
    return KnownAnswer(addresses, _pairs(db, "= ?", owner, MAX_REPAIRS), _pairs(db, "!= ?", owner, MAX_ELSEWHERE))


def _pairs(db: Database, whose: str, *values: object) -> tuple[tuple[str, str], ...]:
    """Old and new addresses of the newest proven repairs of a site, or of all others."""
    return tuple((pair["url"], pair["replacement"]) for pair in rows(db, _PAIRS.format(whose), *values))


def ended_at(db: Database, url: str, final: str) -> list[str]:
    """Other addresses of the host of `url` that were seen to be sent to `final`."""
    found = rows(
        db,
        "SELECT DISTINCT c.url FROM checks c JOIN urls u ON u.id = c.url_id "
        "WHERE c.final_url = ? AND u.host = ? AND c.url != ? LIMIT 50",
        *(final, host(url), url),
    )
    return [row["url"] for row in found]


def is_text_shared(db: Database, url: str, digest: str) -> bool:
    """True when another address of the host of `url` has an article with this text (`archive.visits.text_digest`)."""
    found = rows(
        db, "SELECT a.url FROM version_rows v JOIN articles a ON a.id = v.article_id WHERE v.text_sha256 = ? LIMIT 50", digest
    )
    return any(row["url"] != url and host(row["url"]) == host(url) for row in found)


def probe_of(db: Database, name: str, shape: str, *, since: datetime) -> Fingerprint | None:
    """What a host answered for an address that cannot exist; None when it was not asked since then."""
    sql = "SELECT * FROM probes WHERE host = ? AND shape = ? AND asked >= ?"
    return next((_fingerprint(**row) for row in rows(db, sql, name, shape, iso(since))), None)


def _fingerprint(
    url: str, statuscode: int | None, final_url: str, title: str | None, text_length: int, sketch: str, **_: object
) -> Fingerprint:
    return Fingerprint(url, statuscode, final_url, title, text_length, tuple(json.loads(sketch)))


def keep_probe(db: Database, name: str, shape: str, *, asked: datetime, found: Fingerprint) -> None:
    """Keep what a host answered for an address that cannot exist."""
    values = {
        "host": name,
        "shape": shape,
        "asked": iso(asked),
        "url": found.url,
        "statuscode": found.status,
        "final_url": found.final_url,
        "title": found.title,
        "text_length": found.size,
        "sketch": json.dumps(found.sketch),
    }
    sets = ", ".join(f"{column} = excluded.{column}" for column in values)
    insert(db, "probes", values, f"ON CONFLICT(host, shape) DO UPDATE SET {sets}")
