"""Authors as a page shows them: in a byline beside the headline, as links to their pages, or as a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.extract.clean import clean
from archive.extract.lines import HEADINGS, Line, beside
from archive.extract.people import ALONE, BYLINE, MAX_NAME, is_pen_name, is_person, names_in
from archive.extract.tree import xpath

MAX_BYLINE = 6  # names that a page shows: more are those of teasers

_STRING = xpath("string()")
_MARKS = frozenset({"author", "authors", "authorname", "byline", "bylines"})
_PAGES = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|profiles?|by|staff|people|contributors?|journalists?|reporters?|redakteure?)/[^/?]+/?$",
    re.IGNORECASE,
)
# What stands behind a name: a date, an address, when the page was changed.
_TAIL = re.compile(
    r"\s*(?:[-–—|/•·,]|\b(?:on|am|at|le|el)\b)?\s*(?:@\w|\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|dien|mitt|donners|frei"
    r"|sams|sonn)tag\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|\b(?:updated|published|posted|modified|follow"
    r"|contact|twitter|e-?mail)\b).*",
    re.IGNORECASE | re.DOTALL,
)


def bylines(lines: list[Line], headline: Line | None) -> tuple[str, ...]:
    """The names shown beside the headline, or above the text."""
    near = [line for line in beside(lines, headline) if line is not headline]
    found: dict[str, None] = {}
    for line, before in zip(near, [None, *near], strict=False):
        found.update(dict.fromkeys(_byline(line, before is not None and ALONE.fullmatch(before.text) is not None)))
    return tuple(found) if len(found) <= MAX_BYLINE else ()


def _byline(line: Line, called: bool) -> Iterator[str]:
    """The names of one line; `called` says that "By" stands above it."""
    if len(line.text) > MAX_NAME or line.tag in HEADINGS:
        return
    if called or not _MARKS.isdisjoint((*line.marks, *line.own)):
        yield from _people(_spaced(line)) or _linked(line)
    elif line.linked and (linked := _linked(line)):
        yield from linked
    else:
        for part in line.text.split("|"):
            if BYLINE.match(part):
                yield from _people(part)


def _people(text: str) -> list[str]:
    """The persons that a byline begins with; none when it begins with something else."""
    names = list(names_in(_TAIL.sub("", re.split(r"\s[/|•·]\s", text)[0], count=1)))
    return list(filter(is_person, names)) if names and is_person(names[0]) else []


def _spaced(line: Line) -> str:
    """Its text with something between the texts of its elements: "<a>John Smith</a><span>Editor</span>"."""
    pieces = [piece for text in line.element.itertext() if (piece := clean(text))]
    whole = "".join(line.text.split()) == "".join("".join(pieces).split())
    return "; ".join(pieces) if whole and all(map(is_person, pieces[:1])) and len(pieces) <= MAX_BYLINE else line.text


def _linked(line: Line) -> list[str]:
    """The names among its links to authors' pages."""
    names = (_name_of(anchor) for anchor in line.element.iter("a") if _leads_to_author(anchor))
    return [name for name in names if is_person(name) or is_pen_name(name)]


def _leads_to_author(anchor: HtmlElement) -> bool:
    return "author" in (anchor.get("rel") or "").split() or _PAGES.search((anchor.get("href") or "")[:500]) is not None


def _name_of(anchor: HtmlElement) -> str:
    return clean(_STRING(anchor)[:MAX_NAME]) or ""


# -- signatures -------------------------------------------------------------------------------------------------------

_DUTY = re.compile(r"(?:责任?编辑?|作者|记者|編集|文)\s*[:：]\s*([^)）\s]{2,30})")


def signatures(lines: list[Line]) -> tuple[str, ...]:
    """A name in bold at the beginning or the end of a text; the editor in charge, as Chinese papers give him."""
    for line in lines:
        if len(line.text) < 60 and (match := _DUTY.search(line.text)):
            return tuple(re.split("[、，,]", match[1]))
    longest = max(lines, key=lambda line: line.prose, default=None)
    prose = [index for index, line in enumerate(lines) if line.prose and longest and line.marks == longest.marks]
    near = [prose[0] - 1, prose[-1] + 1] if prose else []
    signed = [lines[index] for index in near if 0 <= index < len(lines) and lines[index].strong == len(lines[index].text)]
    return next(((line.text,) for line in signed if len(line.text) < 40 and _are_people(line.text)), ())


def _are_people(text: str) -> bool:
    names = list(names_in(text))
    return bool(names) and all(map(is_person, names))
