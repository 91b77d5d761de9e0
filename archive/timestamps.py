"""Times on the wire: 14 digits of a capture index, ISO 8601 of everything else. Always aware UTC inside."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FIRST = "00010101000000"


def parse_timestamp(text: str) -> datetime:
    """1 to 14 digits as the start of the period they name. Raises ValueError.

    Real indexes hold rows whose month or day is `00` with the digits shifted (`20000800241623`, a nasa.gov row in the
    recordings of EDGI's wayback): the zeros are dropped and seconds appended, as that library does since 2020.
    """
    digits = text.strip()
    if not re.fullmatch(r"[0-9]{4,14}", digits):
        raise ValueError(f"{text!r} is not a timestamp: 4 to 14 digits are wanted")
    try:
        return _read(digits)
    except ValueError:
        return _read(_without_zero_field(digits))


def _read(digits: str) -> datetime:
    padded = digits + _FIRST[len(digits) :]
    return datetime.strptime(padded, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _without_zero_field(digits: str) -> str:
    for place in (4, 6):
        if digits[place : place + 2] == "00":
            return digits[:place] + digits[place + 2 :] + "00"
    raise ValueError(f"{digits!r} is not a time")


def to_timestamp(moment: datetime) -> str:
    """14 digits, UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S").rjust(14, "0")


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC to the second: `2026-11-24T09:00:00Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_iso(text: str) -> datetime:
    """An ISO 8601 time or date as aware UTC; without an offset it is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
