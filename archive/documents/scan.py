"""What the readers share: spans made blank, bare addresses, the links that we set beside others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from archive.documents.base import ARCHIVED, MOVED, Found
from archive.urls import cleaned

_BARE = re.compile(r"(?<![A-Za-z0-9@])https?://[^\s<>\"\\^`{|}\u00ab\u00bb\u201c\u201d\u3000-\u3003\u3008-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]+", re.I)  # fmt: skip  # noqa: E501
_TAIL = frozenset(".,;:!?*'’…")
_OPENERS = {")": "(", "]": "["}
_BETWEEN = re.compile(rf"[ \t]*\n?[ \t]*\((?:(?P<label>{ARCHIVED}|{MOVED}): )?")
_NEAR = 200  # characters between a link and what stands beside it


def blanked(view: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans as blanks; offsets and lines stay."""
    out: list[str] = []
    place = 0
    for start, end in sorted(spans):
        if end > place:
            out += view[place : max(start, place)], re.sub(r"[^\n]", " ", view[max(start, place) : end])
            place = end
    return "".join((*out, view[place:]))


def enclosed(view: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], str]) -> Iterator[tuple[int, int]]:
    """Spans from each opening to its closing, a regular expression; what is not closed is none, and is looked for once."""
    place, missing = 0, set[str]()
    while match := opening.search(view, place):
        sign = closing(match)
        end = None if sign in missing else re.compile(sign, re.IGNORECASE).search(view, match.end())
        place = end.end() if end else match.end()
        if end:
            yield match.start(), place
        else:
            missing.add(sign)


def bare_addresses(view: str, tail: str = "", stop: str = "") -> Iterator[tuple[int, int]]:
    """Spans of the addresses that stand in a text as they are, without the punctuation of the sentence around them.

    `tail`: further signs that do not end an address; `stop`: a string that ends it wherever it stands.
    """
    for match in _BARE.finditer(view):
        start, end = match.span()
        if stop and stop in match[0]:
            end = start + match[0].index(stop)
        end = _trimmed(view, start, end, _TAIL | frozenset(tail))
        if end - start > len("https://"):
            yield start, end


def _trimmed(view: str, start: int, end: int, tail: frozenset[str]) -> int:
    """The end before the sentence's punctuation; a bracket that was opened inside stays."""
    counts = {sign: view.count(sign, start, end) for sign in "()[]"}
    while end > start:
        last = view[end - 1]
        opener = _OPENERS.get(last)
        if last not in tail and not (opener and counts[opener] < counts[last]):
            break
        if last in counts:
            counts[last] -= 1
        end -= 1
    return end


def paired(view: str, found: Iterable[Found]) -> list[Found]:
    """In order, each with the capture or new address that was set beside it, which is no link of its own."""
    links: list[Found] = []
    for link in sorted(found, key=lambda link: link.outer):
        if links and links[-1].archived is None and _stands_beside(view, links[-1], link):
            links[-1] = replace(links[-1], archived=link.target)
        else:
            links.append(link)
    return links


def _stands_beside(view: str, link: Found, other: Found) -> bool:
    """`LINK ([archived](OTHER))` as we write it, or in brackets a capture of the very address."""
    start, end = link.outer[1], other.outer[0]
    between = _BETWEEN.fullmatch(view, start, end) if 0 < end - start < _NEAR else None
    if between is None or view[other.outer[1] : other.outer[1] + 1] != ")":
        return False
    label = between["label"] or " ".join((other.words or "").split()).lower()
    if label in (ARCHIVED, MOVED):
        return True
    return any(url in cleaned(other.target)[:-1] for url in cleaned(link.target)[:1])
