"""Dates of feeds and sitemaps: ISO 8601, RFC 822 with its many misspellings, and days in words."""

from __future__ import annotations

import re
from datetime import datetime

from archive.extract.dates import readable
from archive.timestamps import month_number

_WORDS = re.compile(
    r"(?:^|[\s,])(?P<day>\d{1,2})\.?[ -](?P<month>[^\W\d_]{3,10}\.?)[ ,-]+(?P<year>(?:19|20)\d\d)"
    r"(?:[ ,T-]+(?P<clock>\d{1,2}:\d\d(?::\d\d)?))?(?:\s*(?P<zone>Z|GMT|UTC|[+-]\d\d:?\d\d))?",
)


def iso_of(text: str, seen: datetime) -> str | None:
    """ISO 8601 as precise as written; None for what is no date, lies before the web or after `seen`."""
    return readable(text, seen) or readable(_from_words(text[:100]), seen)


def _from_words(text: str) -> str | None:
    """`mar., 24 nov. 2026 9:05:00 +0100`: weekdays and months in the publisher's language."""
    match = _WORDS.search(text)
    month = month_number(match["month"]) if match else None
    if match is None or month is None:
        return None
    day = f"{match['year']}-{month:02}-{int(match['day']):02}"
    if match["clock"] is None:
        return day
    clock = match["clock"].rjust(5 if match["clock"].count(":") == 1 else 8, "0")
    return f"{day}T{clock}{(match['zone'] or '').replace('UTC', 'Z').replace('GMT', 'Z')}"
