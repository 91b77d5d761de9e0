"""Links written anew, and nothing else. What was written is read again before it is given out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import unquote

from archive.documents.base import ARCHIVED, MOVED, Aside, DocumentLink, Edit, Replacement, Unwritable
from archive.documents.reading import LinkedDocument, read
from archive.documents.spelling import safe
from archive.urls import cleaned

Style = Literal["replace", "append"]
MAX_PASSES = 50  # a document that is misread in ever new ways is left alone
_MISREAD = "it cannot be written there so that it is read again as it was meant"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new bytes; the ids of links that were changed; and why others that were decided on were left as they are."""

    data: bytes
    changed: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Change:
    edits: tuple[Edit, ...]
    url: str  # what has to be read again
    style: Style


def rewrite(document: LinkedDocument, decisions: Mapping[str, Replacement], style: Style = "replace") -> Rewritten:
    """Write the decided links anew: in place of the target, or beside the link.

    Done again with the same decisions it changes nothing. An id that the document does not have is passed over.
    """
    left: dict[str, str] = {}
    changes: dict[str, _Change] = {}
    for link in document.links:
        if link.id in decisions:
            try:
                change = _change(link, decisions[link.id], style)
            except Unwritable as error:
                left[link.id] = str(error)
            else:
                changes |= {link.id: change} if change else {}
    for _ in range(MAX_PASSES):
        if not changes:
            break
        edits = [edit for change in changes.values() for edit in change.edits]
        data = document.text.spliced(_with_line_ends(document.text.text, edits))
        misread = _misread(document, data, changes)
        if not misread:
            return Rewritten(data, tuple(changes), left)
        for id_ in misread:
            left[id_] = _MISREAD
            del changes[id_]
    return Rewritten(document.text.data, (), left | dict.fromkeys(changes, _MISREAD))


def _with_line_ends(text: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Readers see `\\r\\n` as ` \\n`; what they write gets the document's line ends."""
    ends = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else None
    for edit in edits:
        yield replace(edit, text=re.sub(" ?\n" if ends == "\r\n" else "\n", ends, edit.text)) if ends else edit


def _change(link: DocumentLink, decision: Replacement, style: Style) -> _Change | None:
    """The edits of one link; None when it is as decided already."""
    assert link.place is not None
    if style == "append":
        if link.archived is not None:
            return None
        aside = Aside(ARCHIVED, decision.archive_url, decision.timestamp) if decision.archive_url else Aside(MOVED, decision.url)
        return _Change(link.place.beside(aside), safe(aside.url), style)
    text = link.place.spelled(decision.url)
    edit = Edit(link.start, _end(link, decision), text)
    return None if (edit.end, text) == (link.end, link.raw) else _Change((edit,), safe(decision.url), style)


def _end(link: DocumentLink, decision: Replacement) -> int:
    """Where the reading ends that was repaired: the one named, else the one that the capture is of, else the first."""
    ends = {reading.url: reading.end for reading in link.readings}
    captured = (*cleaned(decision.archive_url or ""), *cleaned(decision.url))
    named = (decision.reading, *(url for url in captured if url in ends))
    return next((ends[url] for url in named if url in ends), link.readings[0].end if link.readings else link.end)


def _misread(document: LinkedDocument, data: bytes, changes: Mapping[str, _Change]) -> list[str]:
    """The changes that do not stand in the new bytes as they were meant, or that changed what another link is."""
    again = read(document.name, data, document.format).links
    wrong: list[str] = []
    last: str | None = None  # the nearest change above
    for number, link in enumerate(document.links):
        change = changes.get(link.id)
        last = link.id if change else last
        if number >= len(again) or not _as_meant(link, again[number], change):
            wrong.append(link.id if change else last or next(iter(changes)))
            if number >= len(again) or change is None:
                break  # what follows is a consequence
    if not wrong and len(again) != len(document.links):
        wrong.append(last or next(iter(changes)))
    return list(dict.fromkeys(wrong))


def _as_meant(link: DocumentLink, again: DocumentLink, change: _Change | None) -> bool:
    target = change.url if change and change.style == "replace" else link.target
    archived = change.url if change and change.style == "append" else link.archived
    return link.id == again.id and _same(target, again.target) and _same(archived, again.archived)


def _same(url: str | None, other: str | None) -> bool:
    return unquote(url or "") == unquote(other or "")
