"""What fits on a page: a page stays under 100 kB whatever the archive holds. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, TypeVar

T = TypeVar("T")

PART = 40_000  # bytes of an article's text on one page


def weight(text: str) -> int:
    """Bytes of a text in a page."""
    return len(escape(text).encode("utf-8", "replace"))


def fitting(items: Sequence[T], budget: int) -> list[T]:
    """The first items that take no more than `budget` bytes in a page."""
    taken: list[T] = []
    for item in items:
        budget -= weight(json.dumps(item, ensure_ascii=False, default=str))
        if budget < 0:
            break
        taken.append(item)
    return taken


def parts(text: str, budget: int = PART) -> list[list[str]]:
    """A text as pages of paragraphs; one empty page when there is none."""
    pages: list[list[str]] = [[]]
    left = budget
    for paragraph in _pieces(text, budget // 4):
        if weight(paragraph) > left and pages[-1]:
            pages.append([])
            left = budget
        pages[-1].append(paragraph)
        left -= weight(paragraph)
    return pages


def _pieces(text: str, most: int) -> Iterator[str]:
    """The paragraphs of a text; one that is too large for a page is cut at blanks. A character is at most 6 bytes here."""
    for line in text.splitlines():
        rest = line.strip()
        while weight(rest) > most:
            place = rest.rfind(" ", 1, most // 6) + 1 or most // 6
            yield rest[:place]
            rest = rest[place:]
        if rest:
            yield rest


def listed(rows: list[dict[str, Any]], budget: int) -> dict[str, Any]:
    """Rows that fit, and how many more there are."""
    shown = fitting(rows, budget)
    return {"rows": shown, "more": len(rows) - len(shown)}
