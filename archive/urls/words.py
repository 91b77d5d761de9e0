"""What the words of an address tell: slug, ids, date, home page or article."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

from archive.timestamps import month_number
from archive.urls.keys import split_url

_EXTENSION = re.compile(r"\.(s?html?|php\d?|aspx?|jsp|cfm|ece|stm|do|print|amp)$", re.IGNORECASE)
_FRONT = re.compile(
    r"/(index(\.\w+)?|home(page)?(\.\w+)?|default\.\w+|[a-z]{2}([-_][a-z]{2,4})?(/index(\.\w+)?)?)", re.IGNORECASE
)
_PAGE_BY_QUERY = re.compile(
    r"(?:^|&)(?:p|id|[a-z_]*(?:article|story|news|page|post|node|item|doc)_?(?:id)?|aid|nid)=\w*\d", re.IGNORECASE
)
_STATIC = re.compile(
    r"\.(jpe?g|png|gif|svg|webp|avif|ico|css|js|json|xml|rss|atom|pdf|mp[34]|m4[av]|webm|zip|gz|woff2?|docx?|xlsx?)$",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"/(tags?|topics?|authors?|categor(y|ies)|auto(r|ren|res)|auteurs?|themen?|temas?|rubrik|etiquetas?|kategorien?)/"
    r"|^/(section|about|login|subscribe|newsletters?|users?|account)(/|$)|/(search|feed|rss)(/|$)",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"/((about|contact)(-us)?|privacy(-policy.*)?|terms(-(of|and)-.*)?|cookies?(-policy.*)?|legal(-notice)?|impressum|datenschutz)/?$",
    re.IGNORECASE,
)
_STORIES = re.compile(r"/(articles?|stor(y|ies)|artikel|articulo|noticias?)/[^/]+/?$", re.IGNORECASE)
_WORD = r"[^\W\d_]{2,}"
_MIXED = re.compile(r"(?=\w*[a-z])(?=(?:\w*\d){2})[a-z0-9]{8,}", re.IGNORECASE)  # `c4ng5d9kpl0o`, hashes


def is_home(url: str) -> bool:
    """True for a front page: `/`, `/index.*`, `/home`, the root of a language; not when the query names a page (`/?p=123`)."""
    parts = split_url(url)
    path = parts.path.rstrip("/")
    return (not path or _FRONT.fullmatch(path) is not None) and not _PAGE_BY_QUERY.search(parts.query)


def _segments(url: str) -> list[str]:
    return [_EXTENSION.sub("", unquote(segment)).lower() for segment in split_url(url).path.split("/") if segment]


def _is_id(token: str) -> bool:
    """`a65357`, `48020000`, `c4ng5d9kpl0o`, `5f8a3b2c9d`."""
    return re.fullmatch(r"[a-z]{0,3}\d\w*", token) is not None or _MIXED.fullmatch(token) is not None


def _words_of(segment: str) -> str:
    """A segment without the ids at its ends; of an id alone nothing is left."""
    tokens = list(re.finditer(r"[^-_.,~+\s]+", segment))
    while tokens and _is_id(tokens[-1][0]):
        tokens.pop()
    while tokens and re.fullmatch(r"[a-z]{0,3}\d{5,}", tokens[0][0]):
        del tokens[0]
    return segment[tokens[0].start() : tokens[-1].end()] if tokens else ""


def slug(url: str) -> str:
    """The words of the most telling path segment as written, lower case, without extension and without ids at its ends."""
    segments = [_words_of(segment) for segment in reversed(_segments(url))]
    return max(segments, key=lambda segment: len(re.findall(_WORD, segment)), default="")


def slug_words(url: str) -> tuple[str, ...]:
    """The words of `slug`, numbers among them kept."""
    return tuple(re.findall(r"[^\W_]+", slug(url)))


def url_ids(url: str) -> frozenset[str]:
    """The ids of content systems: numbers of five digits or more, and segments of mixed letters and digits. Not dates."""
    parts = split_url(url)
    numbers = re.findall(r"\d{5,}", f"{parts.path}?{parts.query}")
    mixed = (segment for segment in _segments(url) if _MIXED.fullmatch(segment))
    return frozenset(number for number in numbers if not _DIGIT_DATE.fullmatch(number)) | frozenset(mixed)


_YEAR, _MONTH, _DAY = r"(?P<year>(?:19|20)\d\d)", r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>3[01]|[12]\d|0?[1-9])"
_NAME = r"(?P<name>[^\W\d_]{3,10})"
_DIGIT_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}[/_.-]{_MONTH}[/_.-]{_DAY}(?!\d)",  # 2019/04/24
        # 2019/0424, 20190424, and with a time of day behind it
        rf"(?<!\d){_YEAR}[/_-]?(?P<month>0[1-9]|1[0-2])[-_]?(?P<day>0[1-9]|[12]\d|3[01])(?=(?:\d{{4}}|\d{{6}})?(?!\d))",
        rf"(?<!\d){_YEAR}[/_-]{_NAME}[/_-]{_DAY}(?!\d)",  # 2019/apr/24
        rf"(?<!\d){_DAY}[/_.-]{_MONTH}[/_.-]{_YEAR}(?!\d)",  # 24-04-2019
        rf"(?<!\d){_DAY}[/_-]{_NAME}[/_-]{_YEAR}(?!\d)",  # 24-april-2019
        rf"(?<!\d){_YEAR}[/_-]{_MONTH}(?=/|$)",  # 2019/04
        rf"(?<!\d){_YEAR}[/_-]{_NAME}(?=/|$)",
        rf"/{_YEAR}(?P<month>0[1-9]|1[0-2])(?=/|$)",  # 201904
    )
)


def path_date(url: str) -> date | None:
    """The day in the path (`/2019/04/24/`, `/2019/apr/24/`, `/20190424/`, `-24-04-2019`); the first of the month when no day
    stands there."""
    path = unquote(split_url(url).path)
    for pattern in _DATES:
        for match in pattern.finditer(path):
            if found := _date(match):
                return found
    return None


def _date(match: re.Match[str]) -> date | None:
    fields = match.groupdict()
    month = month_number(fields["name"]) if fields.get("name") else int(fields["month"])
    try:
        return date(int(fields["year"]), month or 0, int(fields.get("day") or 1))
    except ValueError:
        return None


def looks_like_article(url: str) -> bool:
    """True when the address has what articles' addresses have: a slug of words, a date and a slug, an id."""
    path, segments = split_url(url).path, _segments(url)
    if is_home(url) or _STATIC.search(path) or _HOUSE.search(path):
        return False
    words, day, ids = len(slug_words(url)), path_date(url), url_ids(url)
    if _LISTING.search(path) and words < 5:
        return False
    last = segments[-1] if segments else ""
    if not re.search(_WORD, last) and not url_ids(f"http://host/{last}"):
        return bool(ids) and bool(words) and not day  # `/2019/04/24/` lists a day
    enough = 2 if _STORIES.search(path) else 3 if _EXTENSION.search(path) else 4
    return words >= enough or bool(words and day) or bool(ids)
