"""Bars as shapes to draw: where each part begins and how long it is. Pure; the templates draw them as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 100.0  # of the longest bar; templates scale it


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: `start` and `length` are of WIDTH."""

    name: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, its parts in order."""

    label: str
    total: int
    parts: tuple[Part, ...]


def bars(counts: Mapping[str, Mapping[str, int]], names: Sequence[str]) -> list[Bar]:
    """A stacked bar for each label, all on one scale; parts that are nothing are left out."""
    longest = max((sum(parts.get(name, 0) for name in names) for parts in counts.values()), default=0)
    return [_bar(label, parts, names, longest) for label, parts in counts.items()]


def _bar(label: str, counts: Mapping[str, int], names: Sequence[str], longest: int) -> Bar:
    parts, place = [], 0.0
    for name in names:
        if count := counts.get(name, 0):
            length = round(WIDTH * count / longest, 3)
            parts.append(Part(name, count, round(place, 3), length))
            place += length
    return Bar(label, sum(part.count for part in parts), tuple(parts))
