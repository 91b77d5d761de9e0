"""Words and forms of the pages: days, numbers, states and methods as people say them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from archive.terminal import shorten

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

STATES = {
    "alive": "alive",
    "moved": "moved",
    "redirect_home": "gone: sends its readers to the front page",
    "redirect_section": "gone: sends its readers to a page of many",
    "soft404": "gone: the page says so",
    "drifted": "shows something else now",
    "hard_gone": "gone",
    "dns_gone": "gone: its host does not exist any more",
    "parked": "gone: its domain is for sale",
    "tls_failure": "not known: its certificate is not valid",
    "temporary": "not known: no answer for now",
    "blocked": "refused us",
    "paywalled": "alive, behind a paywall",
}
FATES = {
    "alive": "alive",
    "repaired": "gone, repaired",
    "gone": "gone",
    "blocked": "refused us",
    "unknown": "not known",
}
METHODS = {
    "memento": "a capture of the same address in a web archive",
    "own_capture": "our own capture of the same address",
    "slug_search": "found by the words in the address",
    "redirect": "the redirect that an archive kept",
    "variant": "another spelling of the address",
    "cleaned": "the address was mangled and could be mended",
    "rule": "the site moved its pages by a rule",
    "date": "the date in the address was wrong",
}
ROLES = {"original": "as its own address", "related": "as a related story", "inline": "in its text", "section": "as a section"}
OUTCOMES = {
    "found": "found",
    "none": "no archive has it",
    "excluded": "its site keeps archives from showing it",
    "unknown": "could not be asked",
}
_OTHER = "other"


def day(text: str | None) -> str:
    """An ISO 8601 date or 14 digits as "25 November 2026", as precise as they are; any other text as it is."""
    match = re.match(r"(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?(?!\d{1,3}$)", text or "", re.ASCII)
    if not match or not match[2] or not 1 <= int(match[2]) <= 12:
        return match[1] if match else (text or "")
    month = _MONTHS[int(match[2]) - 1]
    return f"{int(match[3])} {month} {match[1]}" if match[3] else f"{month} {match[1]}"


def moment(text: str | None) -> str:
    """As `day`, with the time to the minute where there is one: "25 November 2026, 18:30 UTC"."""
    match = re.search(r"T(\d\d:\d\d)", text or "") or re.fullmatch(r"\d{8}(\d\d)(\d\d)\d\d", text or "")
    if not match:
        return day(text)
    return f"{day(text)}, {':'.join(match.groups())}{' UTC' if (text or '').endswith('Z') or (text or '').isdigit() else ''}"


def number(value: int) -> str:
    """Thousands parted by a thin blank that does not break (ISO 80000-1, 7.3.1)."""
    return f"{value:,}".replace(",", "\u202f")


def plural(value: int, one: str, many: str | None = None) -> str:
    return f"{number(value)}\u00a0{one if value == 1 else many or one + 's'}"


def percent(value: float) -> str:
    return f"{value:.0%}".replace("%", "\u202f%")


def size(count: int) -> str:
    """Bytes in the unit that fits."""
    return f"{number(count)} bytes" if count < 10_000 else f"{number(round(count / 1000))} kB"


def web_address(url: str | None) -> str:
    """An address that a link may lead to; empty for any other scheme: pages declare `javascript:` as canonical."""
    return url if url and re.match(r"https?://[^\s/]", url, re.IGNORECASE) else ""


def language_tag(tag: str | None) -> str:
    """A language tag for `lang` (RFC 5646, 2.1); empty when it is none."""
    return tag if tag and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", tag) else ""


def short(text: object, width: int = 90) -> str:
    """An address or title that fits into a table's cell."""
    return shorten(text, width)


def said(words: Mapping[str, str]) -> Callable[[Any], str]:
    """A word of ours for one of the database's; one that we have no word for stays, without its underscores."""
    return lambda value: words.get(value, str(value or _OTHER).replace("_", " "))


def origin(value: str) -> str:
    """Where a text came from."""
    return {"live": "the living page", "crawl": "our own capture", "wayback": "the Wayback Machine"}.get(value, value)


def capture(value: str) -> str:
    """Whose capture of a page."""
    return {"crawl": "our own capture", "wayback": "the Wayback Machine's capture"}.get(value, f"the capture of {value}")


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "moment": moment,
    "number": number,
    "plural": plural,
    "percent": percent,
    "size": size,
    "web_address": web_address,
    "language_tag": language_tag,
    "short": short,
    "origin": origin,
    "capture": capture,
    "state": said(STATES),
    "fate": said(FATES),
    "method": said(METHODS),
    "role": said(ROLES),
    "outcome": said(OUTCOMES),
}
