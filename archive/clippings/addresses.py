"""Addresses in running text, hard-wrapped ones among them: every plausible reading is kept, best first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.urls import cleaned

MAX_ADDRESSES = 100_000  # of one document
MAX_LINES = 6  # that one address is wrapped over
MAX_READINGS = 8

_START = re.compile(r"https?://|(?<![\w@./-])www\d?\.(?=[a-z0-9-]+\.[a-z]{2,})", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s<>\"\u201c\u201d\u00ab\u00bb\\^`{|}]+")
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*")  # indentation, and the quote marks of mail
_OPEN_END = re.compile(r"[-/_=&?%#+~.,]$")
_FRAGMENT = re.compile(r"[-/_=&%\d.]")


@dataclass(frozen=True, slots=True)
class Found:
    """An address in a text: its span, and the canonical addresses that it may stand for."""

    start: int
    end: int
    raw: str
    candidates: tuple[str, ...]


def find_addresses(text: str) -> Iterator[Found]:
    """All addresses of a text in order; what cannot be an address is passed over."""
    place = 0
    for _ in range(MAX_ADDRESSES):
        match = _START.search(text, place)
        if match is None:
            return
        pieces = _pieces(text, match.start())
        found = _found(text, pieces)
        place = max(pieces[-1][1], match.end())
        if found is not None:
            yield found


def _pieces(text: str, start: int) -> list[tuple[int, int]]:
    """The spans that make one address: the token at `start`, and its continuations on the lines below."""
    token = _TOKEN.match(text, start)
    end = token.end() if token else start
    second = _START.search(text, start + 8, end)
    if second and text[second.start() - 1] not in "/=?&:":  # two addresses without a blank between
        return [(start, second.start())]
    pieces = [(start, _balanced_end(text, start, end))]
    while len(pieces) < MAX_LINES:
        further = _continuation(text, pieces)
        if further is None:
            return pieces
        pieces.append(further)
    return pieces


def _balanced_end(text: str, start: int, end: int) -> int:
    """A closing bracket that nothing in the address opened ends it: `(https://…)`, `[x](https://…)`."""
    depth = {")": 0, "]": 0}
    for place in range(start, end):
        sign = text[place]
        if sign in "([":
            depth[")" if sign == "(" else "]"] += 1
        elif sign in depth:
            if depth[sign] == 0:
                return place
            depth[sign] -= 1
    return end


def _continuation(text: str, pieces: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The rest of a wrapped address on the next line; None when that line is something else."""
    end = pieces[-1][1]
    line_end = re.compile(r"[ \t]*\n").match(text, end)
    if line_end is None:
        return None
    prefix = _PREFIX.match(text, line_end.end())
    start = prefix.end() if prefix else line_end.end()
    token = _TOKEN.match(text, start)
    if token is None or _START.match(text, start) or not re.match(r"[\w/?&%#=.~+-]", token[0]):
        return None
    alone = re.compile(r"[ \t]*(\n|$)").match(text, token.end()) is not None
    width = end - (text.rfind("\n", 0, end) + 1)
    return token.span() if _goes_on(text[pieces[0][0] : end], token[0], width, alone=alone) else None


def _goes_on(address: str, token: str, width: int, *, alone: bool) -> bool:
    """Whether a token on the next line reads like the rest of an address rather than like the next word of a text."""
    if not token.isascii() or len(address) < 12:
        return False
    looks = bool(_FRAGMENT.search(token.rstrip(".,;:!?")))
    if _OPEN_END.search(address):
        return alone or looks
    # No sign at the line's end: a wrapped line is full, and the rest stands alone on its line.
    return alone and looks and width >= 60 and not re.match(r"[A-Z][a-z]+[.,:]?$", token)


def _found(text: str, pieces: list[tuple[int, int]]) -> Found | None:
    start, end = pieces[0][0], pieces[-1][1]
    parts = [text[a:b] for a, b in pieces]
    readings = _readings(parts)
    candidates = tuple(dict.fromkeys(url for reading in readings for url in cleaned(reading)))
    if not candidates:
        return None
    tail = re.search(r"[.,;:!?'\"’”*]+$", text[start:end])
    end -= len(tail[0]) if tail else 0
    return Found(start, end, text[start:end], candidates[:MAX_READINGS])


def _readings(parts: list[str]) -> list[str]:
    """The joins of a wrapped address: as it stands, without the hyphens at line ends, and the first line alone."""
    if len(parts) == 1:
        return parts
    whole = "".join(parts)
    without = "".join(part.removesuffix("-") for part in parts[:-1]) + parts[-1]
    shorter = ["".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    return list(dict.fromkeys([whole, without, *shorter]))
