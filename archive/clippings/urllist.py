"""A list of addresses: one a line, alone or with a title; labels, headings and comments between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.clippings.addresses import Found, find_addresses
from archive.clippings.base import Draft
from archive.clippings.roles import label_of, mentions_of
from archive.models import Role

MAX_TITLE = 200  # characters beside an address: more is prose
MAX_HEADING = 100  # characters of a line between the addresses

_COMMENT = re.compile(r"[ \t]*(#|//|;)")
_OTHER_FORMAT = re.compile(r"\A\s*(?:<(?!https?:|www\.|url:)|\{)|\A---\n|^\[[^\]]+\]:|\]\(", re.MULTILINE | re.IGNORECASE)
_MARKS_BEFORE = re.compile(r"^[\s>*•·#–—+-]*(\d{1,4}[.)]\s+)?(\[[ xX]?\]\s+)?")
_SEPARATED = re.compile(r"(\s[-–—:|•]+\s*|[:：|,;\t(<\[]\s*|\s{2,})$")
_SENTENCE = re.compile(r"\w[.!?…。！？][\"'”’)]*$")


class UrlList:
    """Matches when addresses are all that there is: each on a line of its own or with its title, no prose between them."""

    name = "urls"

    def matches(self, name: str, text: str) -> bool:  # noqa: ARG002
        if _OTHER_FORMAT.search(text):
            return False
        found = _entries(text)
        return (
            bool(found)
            and all(_is_heading(line) for line in _other_lines(text, found))
            and all(_is_entry(*_beside(text, address)) for address in found)
        )

    def read(self, text: str) -> Draft:
        found = _entries(text)
        titles = {address.start: title for address in found if (title := _title(*_beside(text, address), many=len(found) > 1))}
        return Draft(tuple(mentions_of(text, found, titles, Role.ORIGINAL)), "")


def _entries(text: str) -> list[Found]:
    """The addresses outside comments."""
    return [address for address in find_addresses(text) if not _COMMENT.match(text, text.rfind("\n", 0, address.start) + 1)]


def _other_lines(text: str, found: Sequence[Found]) -> Iterator[str]:
    """Lines without an address that are neither blank nor a comment."""
    place = 0
    for address in found:
        start = text.rfind("\n", 0, address.start) + 1
        yield from _lines(text[place : max(place, start)])
        place = max(place, _line_end(text, address.end))
    yield from _lines(text[place:])


def _lines(part: str) -> Iterator[str]:
    for line in part.split("\n"):
        if line.strip() and not _COMMENT.match(line):
            yield line.strip()


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return end if end >= 0 else len(text)


def _beside(text: str, address: Found) -> tuple[str, str]:
    """The words before and behind an address on its line, without marks of lists."""
    before = text[text.rfind("\n", 0, address.start) + 1 : address.start]
    behind = text[address.end : _line_end(text, address.end)]
    return _MARKS_BEFORE.sub("", before), behind


def _is_entry(before: str, behind: str) -> bool:
    """A title on one side at most; cells on both when signs set them off."""
    left, right = _words(before), _words(behind)
    cells = _SEPARATED.search(before) is not None and re.match(r"\s*[|\t;,]", behind) is not None
    return len(left) + len(right) <= MAX_TITLE and (not left or not right or cells)


def _words(beside: str) -> str:
    return beside.strip(" \t-–—:：|,;•·>*_[]()<\"'“”„«»\u3000")


def _title(before: str, behind: str, *, many: bool) -> str | None:
    """The title beside an address; words that only a blank sets off before it are a title in a list, not in a single line."""
    left, right = _words(before), _words(behind)
    if left and label_of(before) is None and (many or _SEPARATED.search(before)):
        return left if len(left) >= len(right) else right
    return right or None


def _is_heading(line: str) -> bool:
    return len(line) <= MAX_HEADING and (label_of(line) is not None or not (_SENTENCE.search(line) and line.count(" ") >= 3))
