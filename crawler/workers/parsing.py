"""What the worker processes do with listings (`Workers.call`): named here so that the reactor's process need not import lxml."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from archive.models import Headers
from archive.sources.base import Listing, ListingKind

if TYPE_CHECKING:
    from archive.sources.discovery import Survey


def parse_listing(body: bytes, headers: Headers, url: str, seen: datetime, kind: ListingKind | None = None) -> Listing:
    """archive.sources.listings.read_listing."""
    from archive.sources.listings import read_listing  # noqa: PLC0415 - see above

    return read_listing(body, headers, url, seen, kind)


def parse_survey(body: bytes, headers: Headers, url: str, seen: datetime) -> Survey:
    """archive.sources.discovery.survey."""
    from archive.sources.discovery import survey  # noqa: PLC0415 - see above

    return survey(body, headers, url, seen)
