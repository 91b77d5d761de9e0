"""How surely is this page that article? Pure scoring of a candidate against what is known.

The levels are those of facts/web-archives, section 5.3.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from archive.models import Article, Knowledge, Page
from archive.urls import slug_words, url_ids

ACCEPT = 0.8
SHINGLE = 5  # words
MAX_COMPARED = 200_000  # characters of a text: more proves nothing more

_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]|[^\W_]+")  # scripts without blanks sign by sign


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a candidate; each part 0 to 1 or None when there is nothing to compare."""

    title: float | None
    text: float | None
    slug: float | None
    same_id: bool
    days: int | None
    confidence: float
    why: str

    @property
    def accepted(self) -> bool:
        return self.confidence >= ACCEPT

    def as_dict(self) -> dict[str, Any]:
        """For the database; parts without a value are left out."""
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if value is not None
        }


def weigh(known: Knowledge, page: Page, url: str, *, same_address: bool) -> Evidence:
    """Score a page found at `url`. With `same_address` it is a capture of the very link: only content can speak against it."""
    article = page.article
    if article is None:
        return Evidence(None, None, None, same_id=False, days=None, confidence=0.0, why=f"no article ({page.status})")
    title = _best_title(known.title, page)
    text = containment(known.text, article.text) if known.text else None
    slug = _slug_in(known.url, page, url)
    same_id = bool(url_ids(known.url) & url_ids(url))
    days = _days(known.reference, article.published)
    confidence, why = _level(title, text, slug, len(slug_words(known.url)), days, same_id=same_id, same_address=same_address)
    return Evidence(title, text, slug, same_id, days, confidence, why)


def _level(
    title: float | None,
    text: float | None,
    slug: float | None,
    slug_length: int,
    days: int | None,
    *,
    same_id: bool,
    same_address: bool,
) -> tuple[float, str]:
    """The first level that holds. Text is the best witness, then the title with a date, then the address's own words."""
    timely = days is None or days <= 31
    if text is not None and text >= 0.6:
        return 0.95 + 0.04 * text, "its text is the document's"
    if text is not None and text < 0.1 and (title or 0) < 0.9:
        return 0.2, "its text is another one"
    if title is not None and title >= 0.9 and (timely or same_address):
        return 0.96, "its title is the document's"
    if same_id and (slug or 0) >= 0.8:
        return 0.95, "same id, same words"
    if same_address:
        return _same_address(title, text, slug)
    if title is not None and title < 0.5:
        return 0.3, "its title is another one"
    if slug is not None and slug >= 0.8 and slug_length >= 4 and timely:
        return 0.85, "its title holds the address's words"
    if title is not None and title >= 0.7:
        return 0.7, "its title is near the document's"
    return 0.4 * (slug or 0), "too little speaks for it"


def _same_address(title: float | None, text: float | None, slug: float | None) -> tuple[float, str]:
    """A healthy capture of the link itself. An anchor ("read here") need not be the title, so it cannot speak against it."""
    if (slug or 0) >= 0.6 or (title or 0) >= 0.6 or (text or 0) >= 0.3:
        return 0.93, "a capture of the same address, with its words in the title"
    return 0.85, "a capture of the same address"


def match(known: Knowledge, article: Article) -> float | None:
    """How well an article agrees with what a document says of it: its text, else its title; None when it says nothing."""
    if known.text:
        return containment(known.text, article.text)
    return title_similarity(known.title, article.title) if known.title and article.title else None


def words(text: str) -> list[str]:
    """The words of a text for comparing: case, line breaks, quotes, dashes and accents do not count."""
    plain = unicodedata.normalize("NFKD", text[:MAX_COMPARED]).casefold()
    return _WORDS.findall("".join(sign for sign in plain if not unicodedata.combining(sign)).replace("'", "").replace("’", ""))


@lru_cache(maxsize=64)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    found = words(text)
    size = min(SHINGLE, max(1, len(found)))
    return frozenset(tuple(found[i : i + size]) for i in range(len(found) - size + 1))


def containment(known: str, candidate: str) -> float:
    """The share of the known text's five-word sequences that the candidate holds: 1 when all of it is there."""
    wanted = _shingles(known)
    return len(wanted & _shingles(candidate)) / len(wanted) if wanted else 0.0


def title_similarity(one: str, other: str) -> float:
    """Share of common words (Dice); a title that is wholly in a longer one is nearly equal."""
    a, b = words(one), words(other)
    if not a or not b:
        return 0.0
    common = len(set(a) & set(b))
    dice = 2 * common / (len(set(a)) + len(set(b)))
    short = min(a, b, key=len)
    within = common == len(set(short)) and len(set(short)) >= 5
    return max(dice, 0.92) if within else dice


def _titles(page: Page) -> list[str]:
    article = page.article
    return [title for title in (article.title if article else None, page.heading, page.head_title) if title]


def _best_title(known: str | None, page: Page) -> float | None:
    titles = _titles(page)
    return max(title_similarity(known, title) for title in titles) if known and titles else None


def _slug_in(known_url: str, page: Page, url: str) -> float | None:
    """The share of the dead address's words that the candidate's title (or its address, in another script) holds."""
    wanted = [word for word in slug_words(known_url) if len(word) > 1]
    if len(wanted) < 2:
        return None
    shown = {word for title in _titles(page) for word in words(title)}
    # "north-koreas" is "North Korea's": words() folds the apostrophe away.
    in_title = sum(word in shown for word in wanted) / len(wanted)
    if any(word.isascii() for word in shown) or not shown:
        return in_title
    there = set(slug_words(url))
    return max(in_title, sum(word in there for word in wanted) / len(wanted))


def _days(reference: datetime | None, published: str | None) -> int | None:
    """Days between what the document speaks of and the publication."""
    if reference is None or not published:
        return None
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return None
    return abs((reference - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))).days)
