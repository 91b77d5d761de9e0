"""How surely is this page that article? Pure scoring of a candidate against what is known.

The levels are those of facts/web-archives, section 5.3. Their confidence is measured: the share of the candidates of a
level that were right, (right + 1) / (all + 2), on the links of the real repair set and of our own (docs/repair.md has the
table, `python -m bench.repair` the measure), rounded down; 0.99 is the most that is claimed.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.models import Article, Knowledge, Page
from archive.repair.words import containment, numbers_differ, spellings, title_similarity, words
from archive.urls import path_date, site, slug_words, url_ids

ACCEPT = 0.8
PROPOSE = 0.5  # confidence from which a candidate is shown to a person
TELLING_TEXT = 30  # words: a shorter one (a caption, a summary of one's own) need not stand in its article
MIN_TEXT = 12  # words: a shorter excerpt stands in many articles
SAME_TEXT = 0.6  # share of the known text's word sequences
SAME_TITLE = 0.98
NEAR = 31  # days between what a document speaks of and the publication
LACK = 0.34  # of the address's words: a page that holds fewer, in title and text, shows something else


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a candidate; each part 0 to 1 or None when there is nothing to compare.

    `slug` is the share of the dead address's words in the candidate's title, `lead` in title or text; `same_slug` says
    that both addresses have the same words. `days` lie between the reference (or the date in the dead address, whichever
    is nearer) and the publication.
    """

    title: float | None
    text: float | None
    slug: float | None
    lead: float | None
    same_slug: bool
    same_id: bool
    days: int | None
    confidence: float = 0.0
    why: str = ""

    @property
    def accepted(self) -> bool:
        return self.confidence >= ACCEPT

    @property
    def timely(self) -> bool:
        return self.days is None or self.days <= NEAR

    def as_dict(self) -> dict[str, Any]:
        """For the database; parts without a value are left out."""
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if value is not None
        }


def weigh(known: Knowledge, page: Page, url: str, *, same_address: bool, redirected: bool = False) -> Evidence:
    """Score a page found at `url`.

    With `same_address` it is a capture of the very link: only content can speak against it. With `redirected` the link
    led there once.
    """
    article = page.article
    if article is None:
        return Evidence(None, None, None, None, same_slug=False, same_id=False, days=None, why=f"no article ({page.status})")
    shown = _titles(page)
    name = article.site or site(url).partition(".")[0]
    found = Evidence(
        title=max((title_similarity(known.title, title, name) for title in shown), default=None) if known.title else None,
        text=containment(known.text, article.text) if known.text and len(words(known.text)) >= MIN_TEXT else None,
        slug=_share(known.url, " \n ".join(shown)),
        lead=_share(known.url, " \n ".join([*shown, article.text[:20_000]])),
        same_slug=_same_slug(known.url, url),
        same_id=bool(url_ids(known.url) & url_ids(url)),
        days=_days(known, article.published),
    )
    apart = not (same_address or redirected) and _numbered_apart(known.url, url)
    level = (0.05, "another number in its address: another part or day") if apart and (found.text or 0) < SAME_TEXT else None
    confidence, why = level or _level(found, known, shown, url, same_address=same_address, redirected=redirected)
    values = {name: getattr(found, name) for name in ("title", "text", "slug", "lead", "same_slug", "same_id", "days")}
    return Evidence(**values, confidence=confidence, why=why)


def _level(
    found: Evidence, known: Knowledge, shown: list[str], url: str, *, same_address: bool, redirected: bool
) -> tuple[float, str]:
    """The first level that holds. Text is the best witness, then the title with a date, then the address's own words."""
    title, text, slug = found.title or 0.0, found.text, found.slug or 0.0
    if text is not None and text >= SAME_TEXT:
        return 0.95 + 0.04 * text, "its text is the document's"
    if text is not None and text < 0.1 and title < 0.9 and len(words(known.text or "")) >= TELLING_TEXT:
        return 0.05, "its text is another one"
    telling = title >= SAME_TITLE and len(set(words(known.title or ""))) >= 6  # enough, whatever the date: sites date anew
    if title >= 0.9 and (found.timely or same_address or redirected or telling):
        return 0.98, "its title is the document's"
    if same_address:
        return (0.97, "same id, same words") if found.same_id and slug >= 0.8 else _same_address(found)
    if found.same_id and (slug >= 0.8 or (found.same_slug and (found.lead is None or found.lead >= LACK))):
        return 0.97, "same id, same words"
    if found.title is not None and title < 0.5:
        return 0.05, "its title is another one"
    if redirected and (found.same_id or found.same_slug or slug >= 0.6 or title >= 0.7):
        return 0.9, "the link led there, and its words or its id are there"
    return _by_words(found, known, shown, url)


def _same_address(found: Evidence) -> tuple[float, str]:
    """A healthy capture of the link itself. An anchor ("read here") need not be the title, so it cannot speak against it."""
    if (found.slug or 0) >= 0.6 or (found.title or 0) >= 0.6 or (found.text or 0) >= 0.3:
        return 0.97, "a capture of the same address, with its words in the title"
    if found.lead is not None and found.lead < LACK:
        return 0.5, "a capture of the same address, but nothing of its words is there"
    return 0.95, "a capture of the same address"


def _by_words(found: Evidence, known: Knowledge, shown: list[str], url: str) -> tuple[float, str]:
    """Another address, of which only words speak. One number or month that differs makes it another story."""
    length, slug, title = len(slug_words(known.url)), found.slug or 0.0, found.title or 0.0
    other = _other_date(known, shown)
    if found.same_slug and length >= 4 and max(slug, found.lead or 0.0) >= 0.6 and not other:
        if not found.timely:
            doubt = found.title is not None or known.reference is not None
            noted = not doubt and _noted_wrongly(known.url, url)
            return (0.85, "same words, noted with a wrong date") if noted else (0.05, "same words in the address, another date")
        return 0.93 if found.days is None else 0.95, "same words in the address"
    if slug >= 0.8 and length >= 4 and found.timely and not other:
        return 0.9, "its title holds the address's words"
    if title >= 0.7:
        return 0.7, "its title is near the document's"
    return 0.4 * slug, "too little speaks for it"


def match(known: Knowledge, article: Article) -> float | None:
    """How well an article agrees with what a document says of it: its text, else its title; None when it says nothing."""
    if known.text:
        return containment(known.text, article.text)
    return title_similarity(known.title, article.title, article.site) if known.title and article.title else None


def _titles(page: Page) -> list[str]:
    article = page.article
    return [title for title in (article.title if article else None, page.heading, page.head_title) if title]


# -- the address's own words -------------------------------------------------------------------------------------------


def _share(known_url: str, text: str) -> float | None:
    """The share of the dead address's words that a text holds; None when they cannot be compared.

    Addresses in Latin letters on pages in other scripts are transliterated: their words cannot stand there.
    """
    wanted = _telling(known_url)
    there = spellings(text)
    if len(wanted) < 2 or not there:
        return None
    if all(word.isascii() for word in wanted) and sum(word.isascii() for word in there if not word.isdigit()) < len(there) / 4:
        return None
    return sum(word in there for word in wanted) / len(wanted)


def _telling(url: str) -> list[str]:
    return [word for word in words(" ".join(slug_words(url))) if len(word) > 1 or not word.isascii()]


def _same_slug(one: str, other: str) -> bool:
    """The same words in both addresses, or one cut short after four words."""
    a, b = sorted((slug_words(one), slug_words(other)), key=len)
    return len(a) >= 3 and (a == b or (len(a) >= 4 and a == b[: len(a)]))


_MONTHS = frozenset(
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}
    | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)


def _other_date(known: Knowledge, shown: list[str]) -> bool:
    """True when the candidate's title names another number, month or weekday than the address, or than the title we know."""
    wanted = set(words(" ".join(slug_words(known.url))))
    there = set(words(shown[0])) if shown else set()
    titled = set(words(known.title or ""))
    return any(
        numbers_differ(said, there) or bool(said & _MONTHS - there and there & _MONTHS - said) for said in (wanted, titled)
    )


_NUMBER_AT_END = re.compile(r"(?<![^\W_])[a-z]{0,3}\d{4,}(\.\w{2,5})?/?$", re.IGNORECASE)  # `-a65357`, `-1234567.html`


def _noted_wrongly(known_url: str, url: str) -> bool:
    """The same five words or more and no system's number in the link: noted by hand, and the date may be wrong as well.

    A whole address, with its number, that has another date is what comes again every year.
    """
    wanted = slug_words(known_url)
    return len(wanted) >= 5 and wanted == slug_words(url) and not _NUMBER_AT_END.search(urlsplit(known_url).path)


def _numbered_apart(one: str, other: str) -> bool:
    """Different short numbers in the last segments: `part-2` and `part-3`, `day-12` and `day-13`."""
    a, b = (
        set(re.findall(r"(?<![^\W_])\d{1,3}(?![^\W_])", urlsplit(url).path.rstrip("/").rpartition("/")[2]))
        for url in (one, other)
    )
    return numbers_differ(a, b)


# -- dates -------------------------------------------------------------------------------------------------------------


def _days(known: Knowledge, published: str | None) -> int | None:
    """Days from the publication to what the document speaks of, or to the date in the dead address; the nearer one."""
    day = _day(published)
    told = [known.reference.astimezone(UTC).date()] if known.reference else []
    written = path_date(known.url)
    if day is None or not (told or written):
        return None
    return min(abs((day - other).days) for other in [*told, *([written] if written else [])])


def _day(published: str | None) -> date | None:
    try:
        return datetime.fromisoformat(published).date() if published else None
    except ValueError:
        return None
