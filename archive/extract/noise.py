"""What a part of a page calls itself, where that is no article's name: share boxes, bylines, newsletters, comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from lxml.html import HtmlElement

# One word of a class or an id each. What holds much of a page's prose is the article, whatever it is called.
_WORDS = re.compile(
    r"(?:^|-)("
    r"share(?:s|bar|box|daddy)?|sharing|socials?|social-?media|follow(?:-us)?|newsletters?|subscri(?:be|ption|ptions|ber)|promos?"
    r"|promotions?|ads?|advert(?:s|isement|isements|ising|orial)?|adsbygoogle|sponsor(?:ed|s)?|banners?|cookies?|consent|gdpr|dsgvo|onetrust"
    r"|didomi|privacy|comments?|disqus|commenting|kommentare?|forum|discussions?|related|recommend(?:s|ed|ation|ations)?"
    r"|recirc(?:ulation)?|trending|popular|most-(?:read|viewed)|read-(?:more|next|also|on)|also-read|see-also"
    r"|more-(?:on|stories|news|articles|from)|teasers?|outbrain|taboola|captions?|credits?|copyright|bylines?|authors?|bio|tags?|taglist"
    r"|keywords?|topics?|breadcrumbs?|toolbar|tools|actions?|meta(?:data)?|timestamp|pubdate|dateline|pagination|pager|nav|navigation"
    r"|navbar|menu|sidebar|footer|rail|widgets?|paywall|regwall|piano|fancybox|lightbox|login|sign-?(?:up|in)|register|registration"
    r"|donat(?:e|ion|ions)|poll|quiz|player|gallery|slideshow|carousel|slider|disclaimer|modal|popup|overlay|tooltip|hidden"
    r"|visually-hidden|sr-only|screen-reader(?:-text)?|skip-link|no-?print|print-only|cta|upsell|infobox|factbox|fact-box|infocard"
    r"|expandable|feedback|ratings?|notification|flash|ticker|latest"
    r")(?=-|$)"
)
# WordPress (post_class) says in the classes of an article what it is about: "hentry tag-newsletter category-promotion".
_ENTRIES = frozenset({"hentry", "post", "type-post", "entry", "status-publish"})
_ABOUT = ("tag-", "category-", "format-", "author-", "topic-")
MAX_MARKS = 40  # of one element: hostile markup nests without end
MIN_ARTICLE = 500  # characters of prose outside of a mark, and the headline: there is the article
NEAR, FAR = 0.1, 0.3  # of the prose: with more, a part around the headline, or elsewhere, is the article
_COMMENTS = frozenset({"comment", "comments", "disqus", "commenting", "kommentar", "kommentare"})
# Believed unless nearly the whole page is inside.
_PLAIN = _COMMENTS | {
    *("consent", "cookie", "cookies", "gdpr", "dsgvo", "onetrust", "didomi", "privacy", "newsletter", "newsletters", "related"),
    *("recommend", "recommended", "recommendation", "recommendations", "recirc", "recirculation", "outbrain", "taboola"),
    *("trending", "most-read", "most-viewed"),
}
_LARGE = frozenset({"html", "body", "main", "article"})  # their classes are settings of the whole page
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[_:.]+|-{2,}")


def marks_of(element: HtmlElement, marks: tuple[str, ...]) -> tuple[str, ...]:
    """The marks of the elements around, and this one's own."""
    name, other = element.get("class"), element.get("id")
    if (name is None and other is None) or element.tag in _LARGE:
        return marks
    found = _marks(name or "", other or "")
    new = tuple(mark for mark in found if mark not in marks) if found and len(marks) < MAX_MARKS else ()
    return marks + new if new else marks


@lru_cache(maxsize=16384)
def _marks(name: str, other: str) -> tuple[str, ...]:
    names = f"{name[:300]} {other[:100]}".split()
    about = _ABOUT if _ENTRIES.intersection(names) else ()
    return tuple({mark: None for word in names if not word.startswith(about) for mark in _marks_in(word)})


@lru_cache(maxsize=16384)
def _marks_in(word: str) -> list[str]:
    dashed = _SEPARATORS.sub("-", _CAMEL.sub("-", word)).lower()
    return [match[1] for match in _WORDS.finditer(dashed)]


class Marked(Protocol):
    """A line with its marks."""

    marks: tuple[str, ...]
    own: tuple[str, ...]
    prose: int


def believed(lines: Iterable[Marked], headline: Marked | None = None) -> frozenset[str]:
    """The marks of a page that mean what they say. What is around the headline is the article with less of the prose."""
    lines = list(lines)
    around = frozenset(headline.marks if headline else ())
    enough = 1 - MIN_ARTICLE / max(1, sum(line.prose for line in lines)) if headline else 0.0
    plain = frozenset(
        mark
        for mark, share in _shares(lines).items()
        if mark in _PLAIN and (share < 0.7 or mark in _COMMENTS or (share <= enough and mark not in around))
    )
    rest = [line for line in lines if plain.isdisjoint(line.marks)]
    return plain | {mark for mark, share in _shares(rest).items() if share < (NEAR if mark in around else FAR)}


def _shares(lines: list[Marked]) -> dict[str, float]:
    """The share of the prose that each mark holds."""
    held: Counter[str] = Counter()
    for line in lines:
        for mark in {*line.marks, *line.own}:
            held[mark] += line.prose
    whole = sum(line.prose for line in lines)
    return {mark: prose / whole if whole else 1.0 for mark, prose in held.items()}
