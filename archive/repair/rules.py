"""How a site moved its pages, learnt from its verified repairs: the rest of its dead links may have moved the same way. Pure.

A rule costs no question to an archive (FABLE infers such rules per folder and finds 232 of 500 moved pages by them alone:
facts/web-archives, 1.1). What it gives is a guess: the page behind it is judged like any other candidate.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from archive.urls import host, site

SITES = 2  # whose pages moved alike: one relaunch is no custom
MAX_ALIKE = 2

Piece = str | int  # a segment as it stands, or the place of a date's segment in the old folder

_DATE = re.compile(r"(19|20)\d\d|0?[1-9]|[12]\d|3[01]|(19|20)\d\d[-_]\d\d([-_]\d\d)?|(19|20)\d{6}")
_EXTENSION = re.compile(r"\.[a-z]\w{1,4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """`folder` is the old one, None for a date's segment; `template` the new one.

    `extension` is what the last segment has now, or the slash behind it.
    """

    old_host: str
    new_host: str
    folder: tuple[str | None, ...] | None  # None: any
    template: tuple[Piece, ...]
    extension: str

    def apply(self, url: str) -> str | None:
        """Where the page would be; None when the rule is not for it."""
        parts = urlsplit(url)
        *folder, last = _segments(parts.path)
        if host(url) != self.old_host or not last or not self._fits(folder):
            return None
        places = [folder[piece] if isinstance(piece, int) else piece for piece in self.template]
        path = "/".join(["", *places, _EXTENSION.sub("", last) + self.extension])
        return urlunsplit((parts.scheme, self.new_host, path, "", ""))

    def _fits(self, folder: list[str]) -> bool:
        if self.folder is None:
            return True
        if len(folder) != len(self.folder):
            return False
        pairs = zip(self.folder, folder, strict=True)
        return all(_DATE.fullmatch(there) is not None if here is None else here == there for here, there in pairs)


def learn(repairs: Iterable[tuple[str, str]]) -> list[Rule]:
    """The rules behind pairs of old and new address, the often seen first; those for any folder last."""
    found = Counter(rule for old, new in repairs for rule in rules_of(old, new))
    return sorted(found, key=lambda rule: (rule.folder is None, -found[rule]))


def moved(url: str, repairs: Iterable[tuple[str, str]]) -> list[str]:
    """Where a page may be now, likeliest first."""
    guesses = (rule.apply(url) for rule in learn(repairs))
    return list(dict.fromkeys(guess for guess in guesses if guess and guess != url))


def moved_alike(url: str, repairs: Iterable[tuple[str, str]]) -> list[str]:
    """Where a page may be now if its site moved as others did: publishers of one group and users of one system do.

    `repairs` are of other sites. Only rules that hold within a host count, seen on SITES sites or more.
    """
    own, seen = host(url), defaultdict[Rule, set[str]](set)
    for old, new in repairs:
        for rule in rules_of(old, new):
            if rule.old_host == rule.new_host:
                seen[replace(rule, old_host=own, new_host=own)].add(site(old))
    common = sorted((rule for rule, sites in seen.items() if len(sites) >= SITES), key=lambda rule: -len(seen[rule]))
    guesses = (rule.apply(url) for rule in common)
    return list(dict.fromkeys(guess for guess in guesses if guess and guess != url))[:MAX_ALIKE]


@lru_cache(maxsize=1024)  # one run learns from the same pairs for each of its links
def rules_of(old: str, new: str) -> tuple[Rule, ...]:
    """The rules that one page's move may follow: for its own folder, and for any."""
    return tuple(_rules(old, new))


def _rules(old: str, new: str) -> Iterator[Rule]:
    """A rule says nothing when the last segment changed in more than its extension (an id was appended)."""
    before, after = urlsplit(old), urlsplit(new)
    *folder, last = _segments(before.path)
    *target, now = _segments(after.path)
    if not last or _EXTENSION.sub("", last) != _EXTENSION.sub("", now) or (before.netloc, folder) == (after.netloc, target):
        return
    extension = match[0] if (match := _EXTENSION.search(now)) else "/" if after.path.endswith("/") else ""
    template = tuple(_piece(segment, folder) for segment in target)
    pattern = tuple(None if _DATE.fullmatch(segment) else segment for segment in folder)
    yield Rule(host(old), host(new), pattern, template, extension)
    if not any(isinstance(piece, int) for piece in template):
        yield Rule(host(old), host(new), None, template, extension)


def _segments(path: str) -> list[str]:
    """`/news/story/` is a page as `/news/story` is."""
    return path.rstrip("/").split("/")[1:] or [""]


def _piece(segment: str, folder: list[str]) -> Piece:
    return folder.index(segment) if _DATE.fullmatch(segment) and segment in folder else segment
