"""Which articles are meant: the filters that search, exports and pages share, as conditions in SQL. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from archive.errors import UsageError
from archive.query.language import all_of, any_of, terms_of
from archive.schema import storable
from archive.states import State
from archive.terminal import safe

VERDICTS: dict[str, tuple[State, ...]] = {
    verdict: tuple(state for state in State if state.verdict == verdict) for verdict in ("alive", "dead", "blocked", "unknown")
}
"""The four answers of promise 3, each with the states of `checks` that give it. A state's own name is a verdict, too."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles. What is None or empty does not matter; what is given must hold all together.

    `words` are in the language of `archive.query.language`. `site` is a host with all below it (`example.org` has
    `www.example.org`), or the publisher's name. `since` and `until` are days, months or years and count inclusively
    against the date of publication as the page gives it; an article without one lies in no span. `language` `en` has
    `en-GB`. `author` are words of the names. `verdict` tells of the last check of any address that leads to the article.
    """

    words: str = ""
    site: str | None = None
    since: str | None = None
    until: str | None = None
    language: str | None = None
    author: str | None = None
    origin: str | None = None
    verdict: str | None = None
    title_only: bool = False  # the words must stand in the title


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `articles AS a` for after WHERE, with its parameters."""

    sql: str = "1"
    parameters: tuple[str | int, ...] = ()

    def __and__(self, other: Where) -> Where:
        if "1" in (self.sql, other.sql):
            return self if other.sql == "1" else other
        return Where(f"{self.sql} AND {other.sql}", self.parameters + other.parameters)


def where(filters: Filters) -> Where:
    """The condition of all filters, words and authors too. Raises UsageError for a date or verdict that cannot be read."""
    return text_condition(filters) & metadata_condition(filters)


def text_condition(filters: Filters) -> Where:
    """What is asked of the text index."""
    terms = terms_of(filters.words)
    if filters.words.strip() and not terms:
        return Where("0")  # signs without a word stand nowhere
    wanted = Where()
    if terms.wanted:
        wanted = in_index(f"{'title : ' * filters.title_only}({all_of(terms.wanted)})")
    return wanted & further_text_condition(filters)


def further_text_condition(filters: Filters) -> Where:
    """`text_condition` without the words that are wanted: who wrote it, and the words that must not occur."""
    terms, found = terms_of(filters.words), Where()
    if terms.excluded:
        found &= in_index(f"{'title : ' * filters.title_only}({any_of(terms.excluded)})", "NOT IN")
    if (filters.author or "").strip():
        names = terms_of(re.sub(r'(?<!\S)-|"', " ", filters.author or "")).wanted
        found &= in_index(f"authors : ({all_of(names)})") if names else Where("0")
    return found


def in_index(query: str, how: str = "IN") -> Where:
    return Where(f"a.id {how} (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)", (query,))  # noqa: S608


def metadata_condition(filters: Filters) -> Where:
    """What is asked of the columns."""
    asked = (
        (filters.site, _site),
        (filters.since, _since),
        (filters.until, _until),
        (filters.language, _language),
        (filters.origin, lambda origin: Where("a.origin = ?", (origin.strip().lower(),))),
        (filters.verdict, _verdict),
    )
    found = Where()
    for value, condition in asked:
        if value is not None and value.strip():
            found &= condition(storable(value))
    return found


def _site(value: str) -> Where:
    """A host is found under each of its dotted ends, one of which is the registrable domain that `urls.site` holds."""
    name = re.sub(r"^[a-z]+://|/.*$", "", value.strip().lower()).rstrip(".")
    labels = _ascii(name).split(".")
    ends = tuple(".".join(labels[start:]) for start in range(len(labels)))[:32]
    marks = ", ".join("?" * len(ends))
    urls = f"SELECT article_id FROM urls WHERE site IN ({marks}) AND (host = ? OR substr(host, ?) = ?)"  # noqa: S608
    return Where(
        f"a.id IN (SELECT id FROM articles WHERE site = ? COLLATE NOCASE UNION ALL {urls})",  # noqa: S608
        (value.strip(), *ends, ends[0], -len(ends[0]) - 1, "." + ends[0]),
    )


def _ascii(name: str) -> str:
    try:
        return name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _since(value: str) -> Where:
    return Where("a.published >= ?", (_span(value)[0],))


def _until(value: str) -> Where:
    return Where("a.published < ?", (_span(value)[1],))


def _span(value: str) -> tuple[str, str]:
    """The first text in `published` that lies in a year, month or day, and the first one after it. Raises UsageError."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?", value.strip(), re.ASCII)
    try:
        year, month, day = (int(part) if part else None for part in match.groups()) if match else (0, None, None)
        date(year or 0, month or 1, day or 1)
    except ValueError:
        raise UsageError(f"{safe(value)!r} is no date: write 2026, 2026-11 or 2026-11-25") from None
    parts = [f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)]
    first = "-".join(parts)
    return first, first + "~"  # behind all that goes on from there with "-", "T", ":" or a digit


def _language(value: str) -> Where:
    """RFC 4647, 3.3.1, basic filtering: the range itself, or the range and a hyphen."""
    wanted = value.strip().lower().replace("_", "-")
    return Where("(lower(a.language) = ? OR substr(lower(a.language), 1, ?) = ?)", (wanted, len(wanted) + 1, wanted + "-"))


def _verdict(value: str) -> Where:
    name = value.strip().lower()
    states = VERDICTS.get(name) or tuple(state for state in State if state == name)
    if not states:
        known = ", ".join([*VERDICTS, *(state for state in State if state not in VERDICTS)])
        raise UsageError(f"{safe(value)!r} is no verdict: choose one of {known}")
    checked = "SELECT 1 FROM urls u JOIN latest_checks c ON c.url_id = u.id WHERE u.article_id = a.id AND c.state IN"
    return Where(f"EXISTS ({checked} ({', '.join('?' * len(states))}))", tuple(map(str, states)))
