"""What a person types, read as a query: words, "phrases", prefix*, -not. Any text is one; nothing in it is FTS5's syntax. Pure.

FTS5's own language (sqlite.org/fts5.html, section 3) refuses 375 of 515 naughty strings with a syntax error (measured
2026-11-23), so that each term is quoted before it reaches it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from archive.spacing import spaced

MOST_TERMS = 64  # of a query that are looked for: somebody may paste a whole article

_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″＂"), '"')  # what word processors and other languages make of a quotation mark
_TERM = re.compile(r'(?P<minus>(?<!\S)-(?=["\w]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>(?<=")\*)?')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that an article must hold, or must not."""

    text: str
    prefix: bool = False  # any word that begins so
    excluded: bool = False

    @property
    def fts(self) -> str:
        """As FTS5 reads it: a string, of which it makes a phrase."""
        return '"' + spaced(self.text).replace('"', '""') + '"' + " *" * self.prefix

    @property
    def shown(self) -> str:
        """As `archive.snippets` looks for it."""
        return self.text + "*" * self.prefix


@dataclass(frozen=True, slots=True)
class Terms:
    """A query: all of `wanted` and none of `excluded`. Both are empty when the text holds no word."""

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.excluded)


@lru_cache(maxsize=64)
def terms_of(words: str) -> Terms:
    """The different terms of a query. Signs that stand in no word (`&`, `!`, emoji) are looked for nowhere.

    Only controls and surrogates part words here: what else does is FTS5's own business, which takes private signs for letters.
    """
    cleaned = "".join(" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in words.translate(_QUOTES))
    found = dict.fromkeys(term for match in _TERM.finditer(cleaned) if (term := _term(match)))
    kept = tuple(found)[:MOST_TERMS]
    return Terms(tuple(one for one in kept if not one.excluded), tuple(one for one in kept if one.excluded))


def _term(match: re.Match[str]) -> Term | None:
    text = match["phrase"] if match["word"] is None else match["word"]
    if not any(sign.isalnum() for sign in text):
        return None
    prefix = bool(match["star"]) or text.endswith("*")
    return Term(" ".join(text.rstrip("*").split()), prefix, bool(match["minus"]))


def all_of(terms: tuple[Term, ...]) -> str:
    """FTS5: every one of them. The implicit AND lets a term without any word pass, which the explicit one does not."""
    return " ".join(term.fts for term in terms)


def any_of(terms: tuple[Term, ...]) -> str:
    """FTS5: at least one of them."""
    return " OR ".join(term.fts for term in terms)
