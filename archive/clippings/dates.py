"""The day that a document speaks of: what a capture is to be near to."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time

from archive.clippings.base import Draft
from archive.models import Role
from archive.timestamps import month_number
from archive.urls import path_date

MAX_TEXT = 200_000  # characters that are read
_YEAR, _DAY, _NAME = r"(?P<year>(?:19|20)\d\d)", r"(?P<day>\d{1,2})", r"(?P<name>[^\W\d_]{3,12})"
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"\b{_NAME}\.?\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}\b",  # April 24, 2019
        rf"\b{_DAY}(?:st|nd|rd|th|er)?[.ºª]?(?:\s+(?:de|of))?\s+{_NAME}\.?,?(?:\s+(?:de|del))?\s+{_YEAR}\b",  # 24 de abril, 2019
        rf"\b{_DAY}\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}\b",  # 24.04.2019: slashes would leave open which is the month
        rf"{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?{_DAY}\s?[日일]",
    )
)


def reference_of(draft: Draft) -> datetime | None:
    """Noon UTC of the date in the original's address, else of the day that the document declares, else of the one that its
    text names most often; None if there is none. A list of several originals speaks of no day."""
    originals = [mention.url for mention in draft.mentions if mention.role is Role.ORIGINAL]
    by_address = path_date(originals[0]) if len(originals) == 1 else None
    day = by_address or draft.published or most_named_day(draft.body[:MAX_TEXT])
    return datetime.combine(day, time(12), UTC) if day else None


def most_named_day(text: str) -> date | None:
    """The day that a text writes out most often, the latest of several; None when it writes none."""
    found = Counter(day for pattern in _WRITTEN for match in pattern.finditer(text) if (day := _day(match)))
    return max(found, key=lambda day: (found[day], day)) if found else None


def _day(match: re.Match[str]) -> date | None:
    fields = match.groupdict()
    month = month_number(fields["name"]) if "name" in fields else int(fields["month"])
    try:
        return date(int(fields["year"]), month or 0, int(fields["day"]))
    except ValueError:
        return None
