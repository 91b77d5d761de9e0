"""A memento that comes as a WARC record (a range of Common Crawl's files, our own files) instead of a replay."""

from __future__ import annotations

from archive.models import Exchange
from archive.timestamps import to_timestamp
from archive.warc.read import Stored
from archive.webarchives.answers import joined
from archive.webarchives.base import Memento
from archive.webarchives.cdx import without_port

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def memento_of(
    stored: Stored, archive: str, archive_url: str | None, *, previous: str | None = None, following: str | None = None
) -> Memento | None:
    """A response's record as a memento; None for a record without an address or a status."""
    if not stored.target or stored.status is None or stored.warc_type not in ("response", "revisit"):
        return None
    location = next((value for name, value in stored.headers if name.lower() == "location"), None)
    target = joined(stored.target, location.strip()) if location and stored.status in _REDIRECTS else None
    return Memento(
        archive_url=archive_url,
        original=without_port(stored.target),
        timestamp=to_timestamp(stored.date),
        status=stored.status,
        headers=stored.headers,
        archive=archive,
        previous=previous,
        next=following,
        redirects_to=target if target and target.startswith(("http://", "https://")) else None,
    )


def exchange_of(stored: Stored, memento: Memento, body: bytes | None = None) -> Exchange:
    """The page's own answer as an exchange, asked under the memento's address, if any. A revisit's `body` is elsewhere."""
    content = stored.body if body is None else body
    url = memento.archive_url or memento.original
    return Exchange(url, (), memento.status, stored.headers, content, stored.date, stored.truncated)
