"""Who wrote an article: people and agencies in order, without "By", roles, dates, addresses or the site's own name."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.extract.bylines import bylines, signatures
from archive.extract.clean import clean
from archive.extract.lines import Line
from archive.extract.names import site_key
from archive.extract.people import people_in
from archive.extract.structured import Meta, Stated

MAX_AUTHORS = 30

_META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
)


def authors_of(stated: Stated, meta: Meta, lines: list[Line], headline: Line | None, sites: set[str]) -> tuple[str, ...]:
    """Stated, else shown in a byline, else signed. The site itself only when nobody else is; `sites` are its names' keys."""
    own: tuple[str, ...] = ()
    for people in map(people_in, _sources(stated, meta, lines, headline, sites)):
        if any(not _is_site(name, sites) for name in people):
            return people[:MAX_AUTHORS]
        own = own or people
    return own


def authors_in(elements: list[HtmlElement]) -> tuple[str, ...]:
    """The texts of elements that a site's rules name as its authors, each one author."""
    return tuple(dict.fromkeys(text for element in elements[:MAX_AUTHORS] if (text := clean(" ".join(element.itertext())))))


def _sources(stated: Stated, meta: Meta, lines: list[Line], headline: Line | None, sites: set[str]) -> Iterator[tuple[str, ...]]:
    yield stated.authors
    yield meta.all(*_META)
    shown = bylines(lines, headline)
    yield tuple(name for name in shown if not _is_site(name, sites)) or shown
    yield signatures(lines)


def _is_site(name: str, sites: set[str]) -> bool:
    key = site_key(name)
    return any(key == site or (len(site) > 4 and key.startswith(site)) for site in sites)
