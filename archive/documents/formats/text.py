"""Plain text: bare addresses, hard-wrapped ones among them, whose whole span is the target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from archive.clippings.addresses import find_addresses
from archive.documents.base import Found, Reading, Spot
from archive.documents.readings import readings_of
from archive.documents.scan import paired
from archive.documents.spelling import bare

_MARKS = re.compile(r"[ \t]*(?:>[ \t]?)*")  # indentation, and the quote marks of mail
_ITEM = re.compile(r"[ \t>]*(?:[-*+•·–—]|\(?\d{1,3}[.)]|\[\d{1,3}\]|#{1,6})[ \t]")
_TAIL = ".,;:!?'\"’”*"


class Text:
    """Whatever no other format takes."""

    name = "text"
    extensions = (".txt", ".text")

    def matches(self, view: str) -> bool:  # noqa: ARG002
        return True

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:  # noqa: ARG002
        return paired(view, text_links(view))


def text_links(view: str) -> Iterator[Found]:
    """The addresses of running text with every way in which a wrapped one can be joined."""
    for address in find_addresses(view):
        pieces = list(_pieces(view, address.start, address.end))
        end = pieces[-1][1]
        target = "".join(view[a:b] for a, b in pieces)
        spot = Spot(bare, lambda label, url: f" ({label}: {bare(url)})", end)
        yield Found(address.start, end, target, spot, (address.start, end), readings=tuple(_readings(view, pieces)))


def _pieces(view: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of an address on its lines. An item of a list is not the rest of the address above it.

    A wrong join would take a word of the text away when the target is written anew.
    """
    place = start
    while True:
        line_end = view.find("\n", place, end)
        stop = line_end if line_end >= 0 else end
        yield place, stop - len(view[place:stop]) + len(view[place:stop].rstrip(" \t"))
        if line_end < 0 or _ITEM.match(view, line_end + 1):
            return
        marks = _MARKS.match(view, line_end + 1)
        place = marks.end() if marks else line_end + 1


def _readings(view: str, pieces: list[tuple[int, int]]) -> Iterator[Reading]:
    """All lines, without the hyphens at their ends, then fewer lines."""
    seen: set[str] = set()
    for count in range(len(pieces), 0, -1):
        parts = [view[a:b] for a, b in pieces[:count]]
        end = pieces[count - 1][1] - len(parts[-1]) + len(parts[-1].rstrip(_TAIL))
        for joined in ("".join(parts), "".join([*map(partial(_without_hyphen), parts[:-1]), parts[-1]])):
            for url in readings_of(joined):
                if url not in seen:
                    seen.add(url)
                    yield Reading(url, end)


def _without_hyphen(part: str) -> str:
    return part.removesuffix("-")
