"""CSV: a line a source. The first line names the columns; without one, each line's first address is a source."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.sources.base import ListingKind, Source
from archive.sources.bounds import fault
from archive.sources.files.base import Gathering, Subscriptions

COLUMNS = ("name", "url", "feeds", "sitemaps", "sections", "allow", "deny", "language", "depth", "delay")
_ALSO = {"title": "name", "feed": "feeds", "rss": "feeds", "xmlurl": "feeds", "sitemap": "sitemaps", "section": "sections"}
_ALSO |= {"link": "url", "homepage": "url", "home": "url", "site": "url", "website": "url", "htmlurl": "url", "lang": "language"}
_KINDS = {"feeds": ListingKind.FEED, "sitemaps": ListingKind.SITEMAP, "sections": ListingKind.SECTION}
_ADDRESS = re.compile(r"\s*(https?://|www\.)\S", re.IGNORECASE)


def matches(name: str, text: str) -> bool:
    """True for `.csv` and `.tsv`, and for a first line that names a column of addresses."""
    first = text.lstrip().partition("\n")[0]
    if first.startswith(("<", "{")):
        return False
    named = name.lower().endswith((".csv", ".tsv")) and (_ADDRESS.search(text) is not None)
    return named or bool({"url", "feeds"} & set(_columns(next(csv.reader([first], delimiter=_delimiter(first)), []))))


def read(text: str) -> Subscriptions:
    """Its lines as far as they can be read; a value that makes no sense is told and left out."""
    found = Gathering()
    rows = _rows(text)
    first = next(rows, [])
    columns = _columns(first)
    if not {"url", "feeds", "sitemaps", "sections"} & set(columns):
        columns = []
        rows = iter([first, *rows])
    for row in rows:
        if any(cell.strip() for cell in row):
            _take(found, dict(zip(columns, row, strict=False)) if columns else _without_names(row))
    return found.end()


def _delimiter(line: str) -> str:
    return max("\t;,", key=lambda sign: (line.count(sign), sign == ","))


def _rows(text: str) -> Iterator[list[str]]:
    first = text.lstrip().partition("\n")[0]
    try:
        yield from csv.reader(io.StringIO(text.lstrip("\n")), delimiter=_delimiter(first), skipinitialspace=True)
    except csv.Error:
        return


def _columns(cells: list[str]) -> list[str]:
    named = (cell.strip().lower().replace(" ", "") for cell in cells)
    return [_ALSO.get(name, name) for name in named]


def _without_names(row: list[str]) -> dict[str, str]:
    url = next((cell for cell in row if _ADDRESS.match(cell)), "")
    name = next((cell for cell in row if cell.strip() and cell != url), "")
    return {"url": url, "name": name}


def _take(found: Gathering, fields: dict[str, str]) -> None:
    cells = {name: _plain(value) for name, value in fields.items() if isinstance(value, str)}
    offers = tuple((url, kind) for column, kind in _KINDS.items() for url in cells.get(column, "").split())
    source = found.add(cells.get("name"), cells.get("url"), offers)
    if source is not None:
        found.change(_described(found, source, cells))


def _described(found: Gathering, source: Source, cells: dict[str, str]) -> Source:
    source = replace(source, allow=_patterns(found, cells.get("allow", "")), deny=_patterns(found, cells.get("deny", "")))
    if depth := cells.get("depth"):
        source = replace(source, depth=int(depth)) if re.fullmatch(r"[0-5]", depth) else _told(found, source, "depth", depth)
    if delay := cells.get("delay"):
        usable = re.fullmatch(r"\d{1,5}(\.\d{1,3})?", delay)
        source = replace(source, delay=float(delay)) if usable else _told(found, source, "delay", delay)
    return replace(source, language=cells.get("language") or None)


def _patterns(found: Gathering, cell: str) -> tuple[str, ...]:
    for pattern in cell.split():
        if why := fault(pattern):
            found.skip(pattern, why)
    return tuple(pattern for pattern in cell.split() if not fault(pattern))


def _told(found: Gathering, source: Source, column: str, value: str) -> Source:
    found.skip(source.url, f"its {column} {value!r} makes no sense and is left out")
    return source


def write(sources: Sequence[Source]) -> str:
    """A line a source; read again by `read` without loss. Lists are separated by blanks."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for source in sources:
        listed = (" ".join(offer.url for offer in source.offers if offer.kind is kind) for kind in _KINDS.values())
        delay = "" if source.delay is None else f"{source.delay:g}"
        bounds = (" ".join(source.allow), " ".join(source.deny))
        writer.writerow([_cell(source.name), source.url, *listed, *bounds, source.language or "", source.depth, delay])
    return out.getvalue()


_FORMULA = tuple("=+-@\t\r")


def _cell(text: str) -> str:
    """A name that a spreadsheet would take for a formula (OWASP, CSV injection) stands behind an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
