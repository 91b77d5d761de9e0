"""Templates of wikitext, and how those that cite a page name their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.documents.base import Aside, Edit, Unwritable
from archive.documents.spelling import percent, safe
from archive.timestamps import iso, parse_timestamp

_SIGN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\||=")
_CAPTURE_TIME = re.compile(r"/(\d{8}(?:\d{6})?)(?:[a-z]{2}_)?/")


@dataclass(slots=True)
class Parameter:
    """One parameter: spans of the whole (from its `|`), and of the value without the blanks around it."""

    name: str
    bar: int
    equals: int | None
    start: int
    end: int


@dataclass(slots=True)
class Template:
    """`{{name|…}}`; parameters in order."""

    start: int
    name: str = ""
    end: int = -1
    parameters: list[Parameter] = field(default_factory=list)

    def get(self, *names: str) -> Parameter | None:
        """The last parameter of the first of these names that is there; a repeated one overrides, as MediaWiki reads it."""
        for name in names:
            found = [parameter for parameter in self.parameters if parameter.name == name]
            if found:
                return found[-1]
        return None


@dataclass(frozen=True, slots=True)
class Family:
    """The parameter names of one wiki's citation templates; `status` with the value that says dead."""

    names: re.Pattern[str]
    url: tuple[str, ...] = ("url",)
    title: tuple[str, ...] = ("title",)
    date: tuple[str, ...] = ("date", "year")
    accessed: tuple[str, ...] = ("access-date", "accessdate")
    archive_url: tuple[str, ...] = ("archive-url", "archiveurl")
    archive_date: tuple[str, ...] = ("archive-date", "archivedate")
    status: tuple[tuple[str, str], ...] = ()


# As the templates' own documentation pages name them; of several names the first is the one to write.
FAMILIES = (
    Family(re.compile(r"cite [\w -]+|citation", re.I), status=(("url-status", "dead"), ("dead-url", "yes"), ("deadurl", "yes"))),
    Family(
        re.compile(r"internetquelle", re.I),
        title=("titel",), date=("datum",), accessed=("abruf", "zugriff"),
        archive_url=("archiv-url",), archive_date=("archiv-datum",),
    ),
    Family(
        re.compile(r"lien web", re.I),
        title=("titre", "title"), accessed=("consulté le", "access-date"),
        archive_url=("archive-url", "archiveurl"), archive_date=("archive-date", "archivedate"),
    ),
    Family(
        re.compile(r"cita (web|noticia|publicación|libro)", re.I),
        title=("título", "titulo"), date=("fecha",), accessed=("fechaacceso",),
        archive_url=("urlarchivo", "archive-url"), archive_date=("fechaarchivo", "archive-date"),
    ),
)  # fmt: skip


def family_of(template: Template) -> Family | None:
    return next((family for family in FAMILIES if family.names.fullmatch(template.name)), None)


def templates(view: str) -> Iterator[Template]:
    """All templates of a text, inner ones before those around them; what is never closed is none."""
    stack: list[Template | None] = []  # None for `[[`, whose bars are its own
    for match in _SIGN.finditer(view):
        sign, place = match[0], match.start()
        top = stack[-1] if stack else None
        if sign == "{{":
            stack.append(Template(place))
        elif sign == "[[":
            stack.append(None)
        elif sign == "]]" and stack and top is None:
            stack.pop()
        elif sign == "}}" and any(stack):
            while stack[-1] is None:
                stack.pop()
            closed = stack.pop()
            if closed is not None:
                yield _closed(view, closed, match.end())
        elif top is not None:
            _mark(view, top, sign, place)


def _mark(view: str, template: Template, sign: str, place: int) -> None:
    if sign == "|":
        _finish(view, template, place)
        template.parameters.append(Parameter("", place, None, place + 1, -1))
    elif sign == "=" and template.parameters and template.parameters[-1].equals is None:
        parameter = template.parameters[-1]
        parameter.name = view[parameter.bar + 1 : place].strip().lower()
        parameter.equals, parameter.start = place, place + 1


def _closed(view: str, template: Template, end: int) -> Template:
    _finish(view, template, end - 2)
    template.end = end
    first = template.parameters[0].bar if template.parameters else end - 2
    template.name = " ".join(view[template.start + 2 : first].replace("_", " ").split()).lower()
    return template


def _finish(view: str, template: Template, end: int) -> None:
    if template.parameters:
        parameter = template.parameters[-1]
        value = view[parameter.start : end]
        parameter.end = end - len(value) + len(value.rstrip())
        parameter.start = min(parameter.start + len(value) - len(value.lstrip()), parameter.end)
        parameter.end = max(parameter.end, parameter.start)


def value_spelling(url: str) -> str:
    """Signs that end a link, a parameter or italics are percent-encoded."""
    return percent(safe(url), "[]'")


@dataclass(frozen=True, slots=True)
class CitedUrl:
    """The `url` of a citation template: a capture goes into the parameters that the template has for it."""

    view: str = field(repr=False)
    template: Template
    family: Family
    url: Parameter

    def spelled(self, url: str) -> str:
        return value_spelling(url)

    def beside(self, aside: Aside) -> tuple[Edit, ...]:
        if aside.label != "archived":
            link = f" ([{value_spelling(aside.url)} {aside.label}])"
            return (Edit(self.template.end, self.template.end, link),)
        day = _day(aside)
        wanted = [(self.family.archive_url, value_spelling(aside.url))]
        wanted += [(self.family.archive_date, day)] if day else []
        status = next((pair for pair in self.family.status if self.template.get(pair[0])), None) or next(
            iter(self.family.status), None
        )
        wanted += [((status[0],), status[1])] if status else []
        edits = [edit for names, value in wanted if (edit := self._filled(names, value))]
        added = "".join(self._added(names[0], value) for names, value in wanted if self.template.get(*names) is None)
        return (*edits, *([Edit(self.url.end, self.url.end, added)] if added else []))

    def _filled(self, names: tuple[str, ...], value: str) -> Edit | None:
        """An empty parameter, or a status that says otherwise, is written into."""
        present = self.template.get(*names)
        return Edit(present.start, present.end, value) if present else None

    def _added(self, name: str, value: str) -> str:
        """In the manner of the parameter that the address stands in: blanks, line ends."""
        before = self.view[: self.url.bar]
        blanks = before[len(before.rstrip()) :]
        if self.url.equals is None:
            raise Unwritable("the template gives the address no name")
        lead = self.view[self.url.bar + 1 : self.url.equals]
        gap = self.view[self.url.equals + 1 : self.url.start]
        return f"{blanks}|{lead.replace(lead.strip(), name, 1)}={gap}{value}"


def _day(aside: Aside) -> str | None:
    inside = _CAPTURE_TIME.search(aside.url)
    digits = aside.timestamp or (inside[1] if inside else None)
    try:
        return iso(parse_timestamp(digits))[:10] if digits else None
    except ValueError:
        return None
