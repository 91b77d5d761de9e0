"""A tree -> its lines of text in the order of reading, each with its block and with how much of it is links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.extract.noise import marks_of

# Not text, or the page's apparatus by what HTML says of it (HTML, 4.3, 4.8 and 4.10). <head> is none of these: libxml2 puts an
# <article> in there when a page opens no <body> (2.14, seen 2026-11-25).
SILENT = frozenset(
    {"title", "script", "style", "noscript", "template", "link", "meta", "svg", "canvas", "iframe", "object", "embed"}
    | {"applet", "picture", "video", "audio", "map", "math", "rt", "rp", "frameset", "noframes", "nav", "footer", "aside", "menu"}
    | {"dialog", "button", "fieldset", "label", "input", "select", "option", "datalist", "textarea", "figcaption"}
)
BLOCKS = frozenset(
    {
        "html",
        "head",
        "body",
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "hgroup",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "center",
    }
    | {"ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "blockquote", "pre", "figure", "form"}
    | {"address", "hr", "br", "details", "summary"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
NEAR = 15  # lines below a headline
MIN_PROSE = 60  # characters: a shorter line may be a label
_CELL = " | "  # between the cells of a row
_TELLING = HEADINGS | {"p", "li", "tr", "blockquote", "pre", "dt", "dd", "summary", "figure"}
_WIDE = re.compile("[\u2e80-\ud7ff\uf900-\ufaff\u0e00-\u0e7f]")


@dataclass(slots=True, eq=False)
class Line:
    """One paragraph, heading, list item or row of a table."""

    text: str
    linked: int  # characters inside links
    strong: int  # characters in bold
    element: HtmlElement  # the innermost block
    tag: str  # of the innermost element that says what it is: p, h2, li, tr ...
    marks: tuple[str, ...]  # what the elements around it call themselves, where that is no article's name
    own: tuple[str, ...]  # the same of the paragraph itself
    prose: int  # characters of running text; 0 for a heading, a label or a link

    @property
    def heads(self) -> bool:
        """True for a heading, also one that is only a paragraph in bold."""
        return self.tag in HEADINGS or self.strong > 0.9 * len(self.text)


def width(text: str) -> int:
    """Characters; those of scripts without blanks count three times."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def beside(lines: list[Line], headline: Line | None) -> list[Line]:
    """The lines beside the headline, or above the text: where bylines and dates stand."""
    first = next((index for index, line in enumerate(lines) if line.prose and not line.marks), 0)
    start = lines.index(headline) if headline is not None else max(0, first - NEAR)
    return lines[max(0, start - 3) : start + NEAR]


def lines_of(tree: HtmlElement) -> list[Line]:
    """All lines of text that the tree shows."""
    reader = _Reader()
    reader.walk(tree, tree, "div", ())
    reader.flush(tree, "div", ())
    return reader.lines


class _Reader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._own: tuple[str, ...] = ()
        self._links = self._bolds = 0  # open elements
        self._linked = self._strong = 0  # characters of this line inside them

    def walk(self, element: HtmlElement, block: HtmlElement, tag: str, marks: tuple[str, ...]) -> None:
        """Depth first; the depth of the tree is bounded by `tree.parse`."""
        if text := element.text:
            self._add(text)
        for child in element:
            name = child.tag
            if name in BLOCKS:
                self.flush(block, tag, marks)
                self._block(child, name, tag, marks)
            elif name not in SILENT:
                self._inline(child, name, block, tag, marks)
            if text := child.tail:
                self._add(text)

    def _block(self, child: HtmlElement, name: str, tag: str, marks: tuple[str, ...]) -> None:
        """A block ends the line before it and its own."""
        told = name if name in _TELLING else tag
        inner = marks if name == "tr" else marks_of(child, marks)
        if name == "p":
            self._own, inner = inner[len(marks) :], marks
        self.walk(child, child, told, inner)
        self.flush(child, told, inner)
        self._own = ()

    def _inline(self, child: HtmlElement, name: str, block: HtmlElement, tag: str, marks: tuple[str, ...]) -> None:
        if name == "a" and child.get("href"):
            self._links += 1
            self.walk(child, block, tag, marks)
            self._links -= 1
        elif name in ("b", "strong"):
            self._bolds += 1
            self.walk(child, block, tag, marks)
            self._bolds -= 1
        elif name in ("td", "th"):
            if any(not part.isspace() for part in self._parts):
                self._parts.append(_CELL)
            self.walk(child, child, tag, marks)
        elif (inner := marks_of(child, marks)) is marks:
            self.walk(child, block, tag, marks)
        else:
            self.flush(block, tag, marks)
            self.walk(child, block, tag, inner)
            self.flush(block, tag, inner)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        if self._links or self._bolds:
            size = len(" ".join(text.split()))
            self._linked += size if self._links else 0
            self._strong += size if self._bolds else 0

    def flush(self, block: HtmlElement, tag: str, marks: tuple[str, ...]) -> None:
        """End the line."""
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        if _CELL in self._parts:
            text = text.rstrip(_CELL)  # before empty ones
        self._parts.clear()
        if text:
            linked = min(self._linked, len(text))
            prose = _prose(text, linked, tag)
            self.lines.append(Line(text, linked, self._strong, block, tag, marks, self._own, prose))
        self._linked = self._strong = 0


def _prose(text: str, linked: int, tag: str) -> int:
    if len(text) * 3 < MIN_PROSE or tag in HEADINGS or linked * 2 >= len(text):
        return 0
    size = width(text)
    return size - 2 * linked if size >= MIN_PROSE else 0
