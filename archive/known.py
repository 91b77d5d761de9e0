"""What is known here of a site: its addresses by their words, and how its dead ones were repaired. Read side of the ladder."""

from __future__ import annotations

from sqlite_utils import Database

from archive.repair import KnownAnswer
from archive.schema import rows
from archive.urls import host, site, slug_words

MIN_WORDS = 3  # fewer name no story
MAX_ADDRESSES = 20
MAX_REPAIRS = 50  # the newest of a site
MAX_KEY = 300  # characters


def slug_key(url: str) -> str:
    """The words of an address as they are looked up."""
    return "-".join(slug_words(url))[:MAX_KEY]


def known_of(db: Database, url: str) -> KnownAnswer:
    """Addresses of the same site with the same words, or with these and more; and the site's proven repairs."""
    key, owner = slug_key(url), site(url)
    addresses = ()
    if len(slug_words(url)) >= MIN_WORDS:
        # "-" and "." are neighbours in ASCII: all keys that go on after a hyphen lie between them
        sql = "SELECT url FROM urls WHERE site = ?1 AND (slug = ?2 OR (slug > ?2 || '-' AND slug < ?2 || '.')) AND url != ?3"
        addresses = tuple(row["url"] for row in rows(db, f"{sql} ORDER BY slug, id LIMIT {MAX_ADDRESSES}", owner, key, url))
    pairs = rows(
        db,
        "SELECT r.url, r.replacement FROM repairs r JOIN urls u ON u.id = r.url_id WHERE u.site = ? AND r.state = 'accepted' "
        "AND r.outcome = 'found' AND r.replacement IS NOT NULL ORDER BY r.id DESC LIMIT ?",
        *(owner, MAX_REPAIRS),
    )
    return KnownAnswer(addresses, tuple((pair["url"], pair["replacement"]) for pair in pairs))


def ended_at(db: Database, url: str, final: str) -> list[str]:
    """Other addresses of the host of `url` that were seen to be sent to `final`."""
    found = rows(
        db,
        "SELECT DISTINCT c.url FROM checks c JOIN urls u ON u.id = c.url_id "
        "WHERE c.final_url = ? AND u.host = ? AND c.url NOT IN (?, c.final_url) LIMIT 50",
        *(final, host(url), url),
    )
    return [row["url"] for row in found]
