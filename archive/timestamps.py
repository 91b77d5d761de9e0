"""Times on the wire: 14 digits of a capture index, ISO 8601 of everything else. Always aware UTC inside."""

from __future__ import annotations

import re
import unicodedata
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
    if len(digits) in (5, 7) and digits[-1] != "0":  # half a month or day: "20191" begins in October
        digits += "0"
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


def moment(text: str | None) -> datetime | None:
    """`parse_iso` for what a page or a listing says: None for nothing, and for what is no day (a month alone, the year 0)."""
    try:
        return parse_iso(text) if text else None
    except (ValueError, OverflowError):
        return None


# -- months -----------------------------------------------------------------------------------------------------------

# Names as texts and addresses write them, folded; the first letters are what abbreviations keep.
_MONTHS = (
    "january januar janvier enero gennaio janeiro januari styczen stycznia leden ledna ocak tammikuu января січня gener",
    "february februar fevrier febrero febbraio fevereiro februari luty lutego unor unora subat helmikuu февраля лютого febrer",
    "march marz maerz mars marzo marco maart marzec marca brezen brezna mart maaliskuu марта березня martie",
    "april avril abril aprile aprilie kwiecien kwietnia duben dubna nisan huhtikuu апреля квітня",
    "may mai mayo maggio maio mei maj maja kveten kvetna mayis toukokuu мая травня maig",
    "june juni juin junio giugno junho czerwiec czerwca cerven cervna haziran kesakuu июня червня juny iunie",
    "july juli juillet julio luglio julho lipiec lipca cervenec cervence temmuz heinakuu июля липня juliol iulie",
    "august aout agosto augusti augustus sierpien sierpnia srpen srpna agustos elokuu августа серпня agost",
    "september septembre septiembre settembre setembro wrzesien wrzesnia zari eylul syyskuu сентября вересня",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika rijen rijna ekim lokakuu октября жовтня",
    "november novembre noviembre novembro listopad listopadu kasim marraskuu ноября листопада",
    "december dezember decembre diciembre dicembre dezembro desember grudzien grudnia prosinec prosince"
    " aralik joulukuu декабря грудня",
)
_SHORT = (
    "jan ene gen янв", "feb fev fevr febr фев", "mar mrz мар", "apr avr abr апр", "may mai mei maj май", "jun июн",
    "jul июл", "aug ago авг", "sep sept set сен", "oct okt ott out окт", "nov ноя", "dec dez dic дек",
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(zip(_MONTHS, _SHORT, strict=True), 1) for name in " ".join(names).split()}


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name or abbreviation in the languages of `_MONTHS`; None for any other word."""
    folded = unicodedata.normalize("NFKD", name.casefold().rstrip("."))
    return MONTHS.get("".join(sign for sign in folded if not unicodedata.combining(sign)).replace("ı", "i"))
