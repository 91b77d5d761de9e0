"""The day that a document speaks of: what a capture is to be near to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from archive.models import Mention, Role
from archive.urls import path_date

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"\b(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)\b"
    rf"|\b(?P<n2>{_NAMES})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)\b"
    rf"|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?P<n3>{_NAMES})\.?,?\s+(?P<y3>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
MAX_TEXT = 200_000


def reference_of(mentions: Iterable[Mention], body: str) -> datetime | None:
    """Noon UTC of the date in the original's address, else of the date that the text names most often; None if neither."""
    originals = [mention.url for mention in mentions if mention.role is Role.ORIGINAL]
    day = next((found for url in originals[:1] if (found := path_date(url))), None) or _written(body[:MAX_TEXT])
    return datetime.combine(day, time(12), UTC) if day else None


def _written(text: str) -> date | None:
    found = Counter(day for match in _WRITTEN.finditer(text) if (day := _day(match)))
    return max(found, key=lambda day: (found[day], day)) if found else None


def _day(match: re.Match[str]) -> date | None:
    fields = match.groupdict()
    year = fields["y1"] or fields["y2"] or fields["y3"]
    month = fields["m1"] or _MONTHS.get((fields["n2"] or fields["n3"] or "").lower())
    try:
        return date(int(year), int(month or 0), int(fields["d1"] or fields["d2"] or fields["d3"]))
    except ValueError:
        return None
