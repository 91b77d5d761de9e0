"""Link text and dates as evidence of the article behind a link."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from archive.timestamps import month_number, parse_iso, parse_timestamp

# A link text of these alone says nothing of the article.
_WORDS = """\
a about above also an and archive archived article at below blog by click continue copy details find for found from full
go here in info information is it item learn link listen more news now of on online original our out page paper pdf post
press read reading reference release report see site source story tap text that the this to url version via video view
visit watch web website whole you"""
_GENERIC = frozenset(_WORDS.split())
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Thai, kana, Han, Hangul
MAX_TITLE = 300


def telling(text: str | None) -> str | None:
    """Link text that can be an article's title: at least three words (or eight signs of a script without blanks)."""
    words = " ".join((text or "").split())
    if not words or len(words) > MAX_TITLE or "://" in words or re.match(r"www\.\S+$", words):
        return None
    if _GENERIC.issuperset(re.findall(r"[^\W_]+", words.lower())):
        return None
    enough = len(re.findall(r"[^\W\d_]{2,}|\d+", words)) >= 3 or len(_UNSPACED.findall(words)) >= 8
    return words if enough else None


_WRITTEN = re.compile(
    r"(?P<d1>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:de\s+)?(?P<n1>[^\W\d_]{3,12})\.?,?\s+(?:de\s+)?(?P<y1>\d{4})"
    r"|(?P<n2>[^\W\d_]{3,12})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{4})"
    r"|(?P<n3>[^\W\d_]{3,12})\.?\s+(?P<y3>\d{4})"
    r"|(?P<y4>\d{4})[/.](?P<m4>\d{1,2})[/.](?P<d4>\d{1,2})"
    r"|(?P<y5>\d{4})-(?P<m5>\d{2})"
)


def moment(text: object) -> datetime | None:
    """A date or time as people and formats write it, aware UTC; noon where no time is given, None when it cannot be
    told (`04/05/2019` is two days)."""
    words = str(text).strip() if isinstance(text, (str, int)) and not isinstance(text, bool) else ""
    try:
        if re.fullmatch(r"\d{8}|\d{14}", words):
            return _noon(parse_timestamp(words), timed=len(words) == 14)
        if re.match(r"\d{4}-\d\d-\d\d", words):
            return _noon(parse_iso(words), timed=len(words) > 10)
        match = _WRITTEN.fullmatch(words)
        return _noon(_day(match), timed=False) if match else None
    except (ValueError, OverflowError):
        return None


def _noon(day: datetime, *, timed: bool) -> datetime:
    return day if timed else day.replace(hour=12, minute=0, second=0)


def _day(match: re.Match[str]) -> datetime:
    fields = {name[0]: value for name, value in match.groupdict().items() if value}
    month = month_number(fields["n"]) if "n" in fields else int(fields["m"])
    if month is None:
        raise ValueError(match[0])
    return datetime(int(fields["y"]), month, int(fields.get("d", 1)), tzinfo=UTC)
