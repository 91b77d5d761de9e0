"""Which addresses belong to a source: its patterns, and the traps that no crawl comes out of by itself. Pure.

A pattern is read as in robots.txt (RFC 9309, 2.2.3): the beginning of a path, `*` for anything, `$` for its end. One that holds
`://` is matched against the whole address: that is how a source takes in articles of another site.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from archive.sources.base import Source
from archive.urls import looks_like_article, path_date, same_site

MAX_LENGTH = 2_000  # characters; the longest address of an article in our real pages has 330
MAX_SEGMENTS = 12  # of a path
MAX_PARAMETERS = 8  # of a query
MAX_PAGE = 100  # of a paged list: what is further back is an archive, and its end may never come
TIMES = 3  # that a part of a path may stand in it before it is a loop


@dataclass(frozen=True, slots=True)
class Ruling:
    """`url` is the address to fetch, without a session id; None when it is out of bounds, and then `why` says which one."""

    url: str | None
    why: str | None = None


def accept(url: str, source: Source, today: date) -> Ruling:
    """Is this address (canonical) one of the source's?"""
    url = without_session(url)
    refusal = _by_patterns(url, source)
    if refusal is None:
        parts = urlsplit(url)
        refusal = next((why for trap in TRAPS if (why := trap(url, parts, today))), None)
    return Ruling(None, refusal) if refusal else Ruling(url)


def _by_patterns(url: str, source: Source) -> str | None:
    if pattern := _matching(url, source.deny):
        return f"denied by {pattern!r}"
    if source.allow:
        return None if _matching(url, source.allow) else "no pattern allows it"
    return None if same_site(url, source.url) else "on another site"


def _matching(url: str, patterns: Iterable[str]) -> str | None:
    return next((pattern for pattern in patterns if matches(pattern, url)), None)


def matches(pattern: str, url: str) -> bool:
    """One pattern against an address; takes time in proportion to their lengths, whatever the pattern."""
    parts = urlsplit(url)
    text = url if "://" in pattern else urlunsplit(("", "", parts.path, parts.query, ""))
    first, *others = pattern.removesuffix("$").split("*")
    if not text.startswith(first):
        return False
    place = len(first)
    last = others.pop() if others and pattern.endswith("$") else None
    for piece in others:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if last is not None:
        return len(text) - len(last) >= place and text.endswith(last)
    return not pattern.endswith("$") or place == len(text)


def fault(pattern: str) -> str | None:
    """What is wrong with a pattern, for people; None when nothing is."""
    if not pattern.startswith(("/", "*")) and not re.match(r"(https?|\*)://", pattern):
        return "a pattern begins with / (a path), with * or with https:// (a whole address)"
    return None


# -- sessions ---------------------------------------------------------------------------------------------------------

_SESSION_KEY = re.compile(
    r"(jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|cfid|cftoken|zenid|oscsid|osCsid|s_?id)", re.IGNORECASE
)
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*|/\((?:[A-Z]\([0-9a-z]{20,30}\))+\)", re.IGNORECASE)
_TOKEN = re.compile(r"(?=.*\d)[0-9a-z_-]{8,}", re.IGNORECASE)  # `sid=12` is a number of something


def without_session(url: str) -> str:
    """The address that every visitor gets: a session id makes each visit's addresses new."""
    parts = urlsplit(url)
    if not parts.query and ";" not in parts.path and "/(" not in parts.path:
        return url
    pairs = (pair for pair in parts.query.split("&") if not _is_session(pair))
    return urlunsplit(parts._replace(path=_SESSION_PATH.sub("", parts.path), query="&".join(pairs)))


def _is_session(pair: str) -> bool:
    key, _, value = pair.partition("=")
    return _SESSION_KEY.fullmatch(key) is not None and (_TOKEN.fullmatch(value) is not None or key.lower().startswith("cf"))


# -- traps ------------------------------------------------------------------------------------------------------------


def _too_long(url: str, parts: SplitResult, today: date) -> str | None:  # noqa: ARG001
    return f"longer than {MAX_LENGTH} characters" if len(url) > MAX_LENGTH else None


def _too_deep(url: str, parts: SplitResult, today: date) -> str | None:  # noqa: ARG001
    return f"more than {MAX_SEGMENTS} steps deep" if len(_segments(parts)) > MAX_SEGMENTS else None


def _loop(url: str, parts: SplitResult, today: date) -> str | None:  # noqa: ARG001
    """A relative link taken for an absolute one: /news/news/news, /a/b/a/b/a/b."""
    repeated = (segment for segment, times in Counter(_segments(parts)).items() if times >= TIMES)
    return next((f"{segment!r} stands {TIMES} times in its path" for segment in repeated), None)


def _segments(parts: SplitResult) -> list[str]:
    return [segment for segment in parts.path.split("/") if segment]


_CALENDAR = re.compile(
    r"/(calendars?|kalender|calendrier|calendario|agenda|events?|termine|veranstaltungen|whats-?on)(/|$)", re.IGNORECASE
)
_WHEN = re.compile(
    r"(tribe-bar-date|ical|outlook-ical|year|month|day|date|week|from|to|start|end|jahr|monat|tag|datum|mes|annee)", re.IGNORECASE
)


def _calendar(url: str, parts: SplitResult, today: date) -> str | None:
    """A day for every day there is: in a calendar's path, in a query, or to come."""
    day = path_date(url)
    if day is not None and day > today + timedelta(days=2):
        return f"of a day to come, {day}"
    if _CALENDAR.search(parts.path) and (day is not None or re.search(r"/\d{4}-\d\d?(/|$)", parts.path)):
        return "a day of a calendar"
    asked = [key for key, value in parse_qsl(parts.query) if _WHEN.fullmatch(key) and re.search(r"\d", value)]
    return "a day of a calendar" if asked and not looks_like_article(url) else None


def _parameters(url: str, parts: SplitResult, today: date) -> str | None:  # noqa: ARG001
    keys = [pair.partition("=")[0] for pair in parts.query.split("&")] if parts.query else []
    if len(keys) > MAX_PARAMETERS:
        return f"more than {MAX_PARAMETERS} parameters"
    return f"{keys[0]!r} is asked again and again" if keys and max(Counter(keys).values()) > TIMES else None


_ACTION = re.compile(
    r"(^|&)(replytocom|share|print|printable|sort|sortby|order_?by|add-to-cart|action|redirect_to|login|lightbox|slideshow|like_comment"
    r"|unapproved|moderation-hash|format=(pdf|print|ical))(=|&|$)",
    re.IGNORECASE,
)


def _action(url: str, parts: SplitResult, today: date) -> str | None:  # noqa: ARG001
    found = _ACTION.search(parts.query)
    return f"another view of a page ({found[2]})" if found else None


_PAGED = re.compile(r"(?:/page/|/seite/|/pagina/|(?:^|[?&])(?:page|paged|seite|pagina|p)=)(\d{1,9})(?=/|&|$)", re.IGNORECASE)


def _far_page(url: str, parts: SplitResult, today: date) -> str | None:  # noqa: ARG001
    found = _PAGED.search(f"{parts.path}?{parts.query}")
    far = found is not None and int(found[1]) > MAX_PAGE and not looks_like_article(url)
    return f"beyond page {MAX_PAGE} of a list" if far else None


Trap = Callable[[str, SplitResult, date], str | None]
TRAPS: tuple[Trap, ...] = (_too_long, _too_deep, _loop, _parameters, _action, _calendar, _far_page)
"""In this order; each gives why an address is one, or None."""
