"""JSON Lines: each line an object `{"id", "url", "title"?, "excerpt"?, "date"?}`, one question."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from archive.documents.base import ARCHIVED, Aside, Edit, Found, Unwritable
from archive.documents.spelling import safe
from archive.documents.words import moment

_BLANK = re.compile(r"[ \t\r]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its span, quotes included."""

    value: Any
    start: int
    end: int


class Jsonl:
    """Objects, one a line."""

    name = "jsonl"
    extensions = (".jsonl", ".ndjson")

    def matches(self, view: str) -> bool:
        lines = [line.strip() for line in view[:20_000].split("\n") if line.strip()]
        if not lines or not all(line.startswith("{") for line in lines):
            return False
        try:
            return "url" in members(lines[0], 0, len(lines[0]))
        except (ValueError, RecursionError):
            return False

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:
        return _with_ids(list(_questions(view, warn)), warn)


def _questions(view: str, warn: Callable[[str], None]) -> Iterator[Found]:
    place = 0
    for number, line in enumerate(view.split("\n"), 1):
        if line.strip():
            try:
                fields = members(view, place, place + len(line))
            except (ValueError, RecursionError):
                warn(f"line {number} is no JSON object: left as it is")
            else:
                url = fields.get("url")
                if url is not None and isinstance(url.value, str):
                    yield _question(view, fields, url)
                else:
                    warn(f'line {number} has no "url": left as it is')
        place += len(line) + 1


def members(view: str, start: int, end: int) -> dict[str, Value]:
    """The members of the object on a line, of a repeated name the last. Raises ValueError."""
    place = _expect(view, _behind_blanks(view, start), "{")
    found: dict[str, Value] = {}
    while view[place : place + 1] != "}":
        place = _expect(view, place, ",") if found else place
        name, place = _name(view, place)
        place = _expect(view, _behind_blanks(view, place), ":")
        value, stop = _DECODER.raw_decode(view, place)
        found[name] = Value(value, place, stop)
        place = _behind_blanks(view, stop)
    if place >= end or view[place + 1 : end].strip():
        raise ValueError("more than one object")
    return found


def _name(view: str, place: int) -> tuple[str, int]:
    name, end = _DECODER.raw_decode(view, place)
    if not isinstance(name, str):
        raise ValueError("a name is missing")
    return name, end


def _expect(view: str, place: int, sign: str) -> int:
    if view[place : place + 1] != sign:
        raise ValueError(f"{sign} is missing")
    return _behind_blanks(view, place + 1)


def _behind_blanks(view: str, place: int) -> int:
    match = _BLANK.match(view, place)
    return match.end() if match else place


def _question(view: str, fields: dict[str, Value], url: Value) -> Found:
    def text(*names: str) -> str | None:
        return next((value for name in names if (value := _text(fields.get(name)))), None)

    dated = next((fields[name].value for name in ("date", "published") if name in fields), None)
    return Found(
        url.start + 1,
        url.end - 1,
        url.value,
        UrlMember(view, url, fields.get("archive_url"), fields.get("replacement")),
        (url.start, url.end),
        id=text("id"),
        title=text("title"),
        excerpt=text("excerpt"),
        date=moment(dated),
        accessed=moment(_text(fields.get("accessed"))),
        archived=text("archive_url", "replacement"),
        is_question=True,
    )


def _text(member: Value | None) -> str | None:
    """A string or a number as text; None for what is empty or something else."""
    value = member.value if member else None
    return str(value).strip() or None if isinstance(value, str | int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class UrlMember:
    """The member `url`; a capture goes into `archive_url`, a new address into `replacement`, beside it."""

    view: str
    url: Value
    archive_url: Value | None
    replacement: Value | None

    def spelled(self, url: str) -> str:
        return json.dumps(safe(url))[1:-1]

    def beside(self, aside: Aside) -> tuple[Edit, ...]:
        name, present = ("archive_url", self.archive_url) if aside.label == ARCHIVED else ("replacement", self.replacement)
        text = json.dumps(safe(aside.url))
        if present is not None:
            if present.value not in (None, ""):
                raise Unwritable(f'its member "{name}" holds something else')
            return (Edit(present.start, present.end, text),)
        gap = " " if self.view[self.url.start - 1] == " " else ""
        return (Edit(self.url.end, self.url.end, f',{gap}"{name}":{gap}{text}'),)


def _with_ids(found: list[Found], warn: Callable[[str], None]) -> Iterator[Found]:
    """Lines without an id are numbered; an id that was given before gets the line's turn behind it."""
    seen: Counter[str] = Counter()
    for number, link in enumerate(found, 1):
        wanted = link.id or str(number)
        seen[wanted] += 1
        if seen[wanted] > 1:
            own = f"{wanted}#{seen[wanted]}"
            warn(f"the id {wanted!r} is given more than once: the next is {own!r}")
            wanted = own
        yield replace(link, id=wanted)
