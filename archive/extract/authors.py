"""Who wrote an article: people and agencies in order, without "By", roles, dates, addresses or the site's own name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.extract.clean import clean
from archive.extract.lines import HEADINGS, Line
from archive.extract.names import site_key
from archive.extract.structured import Meta, Stated
from archive.extract.tree import xpath

MAX_AUTHORS = 30
MAX_BYLINE = 6  # names that a page shows: more are those of teasers
MAX_NAME = 120  # characters
NEAR = 15  # lines below a headline

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
    for people in map(_people, _sources(stated, meta, lines, headline)):
        if any(not _is_site(name, sites) for name in people):
            return people
        own = own or people
    return own


def authors_in(elements: list[HtmlElement]) -> tuple[str, ...]:
    """The texts of elements that a site's rules name as its authors, each one author."""
    return tuple(dict.fromkeys(text for element in elements[:MAX_AUTHORS] if (text := clean(" ".join(element.itertext())))))


def _sources(stated: Stated, meta: Meta, lines: list[Line], headline: Line | None) -> Iterator[tuple[str, ...]]:
    yield stated.authors
    yield meta.all(*_META)
    yield _bylines(lines, headline)
    yield _signatures(lines)


def _is_site(name: str, sites: set[str]) -> bool:
    key = site_key(name)
    return any(key == site or (len(site) > 4 and key.startswith(site)) for site in sites)


# -- names ------------------------------------------------------------------------------------------------------------

_BY = r"\W*(?:by|von|par|por|di|av|af|door|text(?:o|e)?|autor(?:in|es|a)?|автор|текст)\s*(?:(?<=\w)\s|:)\s*"
_LEADING = re.compile(_BY, re.IGNORECASE)
_BYLINE = re.compile(rf"{_BY}(?=[^\W\d_])", re.IGNORECASE)
_AND = re.compile(r"\s*[;|]\s*|\s+(?:and|und|et|y|e|og|och|en|i|&)\s+(?=[A-ZÀ-Þ])")
_ROLE = re.compile(
    r"\b(editor|reporter|correspondent|writer|staff|journalist\w*|redakt\w+|korrespondent\w*|professor\w*|profesorius|contributor"
    r"|columnist|analyst|director)\b|^\w+\.(com|org|net|[a-z]{2})$",
    re.IGNORECASE,
)


def _people(texts: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(name for text in texts for name in _names(text))
    return tuple(found)[:MAX_AUTHORS]


def _names(text: str) -> Iterator[str]:
    """The names in one text; addresses, handles and roles are none."""
    if "://" in text or text.startswith("www."):
        return
    for index, part in enumerate(_parts(_LEADING.sub("", text, count=1))):
        name = re.sub(r"\([^)]*\)", "", _LEADING.sub("", part, count=1)).strip(" ,;:")
        if name and _is_name(name) and not (index and _ROLE.search(name)):
            yield name


def _parts(text: str) -> Iterator[str]:
    """Split at semicolons and at "and"; at commas too, except between a single word and another: "Smith, John"."""
    for part in _AND.split(text):
        pieces = re.split(r"\s*,\s+", part)
        yield from pieces if len(pieces) > 2 or " " in pieces[0] else [part]


def _is_name(name: str) -> bool:
    return "@" not in name and len(name) <= MAX_NAME and not re.fullmatch(r"[\d\W]+|[a-z]+(-[a-z]+)+", name)


# -- bylines ----------------------------------------------------------------------------------------------------------

_STRING = xpath("string()")
_MARKS = frozenset({"author", "authors", "authorname", "byline", "bylines"})
_PERSON = re.compile(r"[^\W\d_a-zß-ÿ][\w.'’\-]*(?:\s+(?:[\w'’\-]+\.?|[a-z]{2,3})){1,5}")
_NO_NAME = re.compile(
    r"\d|\b(follow|published|updated|min|read|share|contact|comments?|about|more|posted|modified|uhr|stand|aktualisiert|news|photos?)\b",
    re.IGNORECASE,
)


def _bylines(lines: list[Line], headline: Line | None) -> tuple[str, ...]:
    """The names shown beside the headline, or above the text."""
    first = next((index for index, line in enumerate(lines) if line.prose and not line.marks), 0)
    start = lines.index(headline) if headline is not None else max(0, first - NEAR)
    near = lines[max(0, start - 3) : start + NEAR]
    found = dict.fromkeys(text for line in near if line is not headline for text in _byline(line))
    return tuple(found) if len(found) <= MAX_BYLINE else ()


def _byline(line: Line) -> Iterator[str]:
    if len(line.text) > MAX_NAME or line.tag in HEADINGS:
        return
    if not _MARKS.isdisjoint((*line.marks, *line.own)):
        yield from filter(_is_person, _pieces(line))
    elif line.linked and (linked := [_STRING(anchor) for anchor in line.element.iter("a") if anchor.get("rel") == "author"]):
        yield from filter(_is_person, linked)
    else:
        for part in line.text.split("|"):
            if _BYLINE.match(part) and _is_person(_LEADING.sub("", part, count=1).strip()):
                yield part


def _pieces(line: Line) -> list[str]:
    """The texts of a byline's elements where each is a name, else the whole line."""
    pieces = [piece for text in line.element.itertext() if (piece := clean(text))]
    return pieces if len(pieces) <= MAX_BYLINE and all(map(_is_person, pieces)) else [line.text]


def _is_person(text: str) -> bool:
    names = list(_names(text))
    return bool(names) and all(
        _PERSON.fullmatch(name) and not _NO_NAME.search(name) and not name.split()[-1][0].islower() for name in names
    )


# -- signatures -------------------------------------------------------------------------------------------------------

_DUTY = re.compile(r"(?:责任?编辑?|作者|记者|編集|文)\s*[:：]\s*([^)）\s]{2,30})")


def _signatures(lines: list[Line]) -> tuple[str, ...]:
    """A name in bold at the beginning or the end of a text; the editor in charge, as Chinese papers give him."""
    for line in lines:
        if len(line.text) < 60 and (match := _DUTY.search(line.text)):
            return tuple(re.split("[、，,]", match[1]))
    longest = max(lines, key=lambda line: line.prose, default=None)
    prose = [index for index, line in enumerate(lines) if line.prose and longest and line.marks == longest.marks]
    near = [prose[0] - 1, prose[-1] + 1] if prose else []
    signed = [lines[index] for index in near if 0 <= index < len(lines) and lines[index].strong == len(lines[index].text)]
    return next(((line.text,) for line in signed if _is_person(line.text) and len(line.text) < 40), ())
