"""Bytes of a document -> its links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive.clippings.bytes import text_of
from archive.documents.base import DocumentLink, Format, Found, Reading
from archive.documents.formats import format_of
from archive.documents.lossless import Text, lossless
from archive.documents.readings import readings_of
from archive.documents.words import telling
from archive.errors import DocumentError


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document whose links can be written anew. `warnings` are lines for people, such as lines that are no JSON."""

    name: str
    format: Format
    text: Text
    links: tuple[DocumentLink, ...]
    warnings: tuple[str, ...] = ()


def read(name: str, data: bytes, format: Format | None = None) -> LinkedDocument:  # noqa: A002
    """Find the links of a document. Raises DocumentError for what is no text, or larger than 32 MiB."""
    _refuse_what_no_text_is(name, data)
    text = lossless(name, data)
    view = text.view
    warnings: list[str] = []
    format_ = format or format_of(name, view)
    found = sorted(format_.find(view, warnings.append), key=lambda link: link.start)
    return LinkedDocument(name, format_, text, tuple(_numbered(text.text, found)), tuple(warnings))


def _refuse_what_no_text_is(name: str, data: bytes) -> None:
    """Archives, pictures, programs, and what is too large. An empty file is a document without links."""
    try:
        text_of(name, data)
    except DocumentError as error:
        if error.reason != "is empty":
            raise


def _numbered(text: str, found: Iterable[Found]) -> Iterable[DocumentLink]:
    links = [(link, readings) for link in found if (readings := _readings(link)) or link.is_question]
    given = Counter(link.id for link, _ in links)
    for number, (link, readings) in enumerate(links, 1):
        unique = link.id is not None and given[link.id] == 1
        yield _link(str(link.id) if unique else str(number), text, link, readings)


def _readings(link: Found) -> tuple[Reading, ...]:
    return link.readings or tuple(Reading(url, link.end) for url in readings_of(link.target))


def _link(id_: str, text: str, link: Found, readings: tuple[Reading, ...]) -> DocumentLink:
    return DocumentLink(
        id=id_,
        url=readings[0].url if readings else link.target,
        start=link.start,
        end=link.end,
        raw=text[link.start : link.end],
        readings=readings,
        title=link.title or telling(link.words) or telling(link.hint),
        excerpt=link.excerpt,
        date=link.date,
        accessed=link.accessed,
        archived=link.archived,
        target=link.target,
        place=link.place,
    )
