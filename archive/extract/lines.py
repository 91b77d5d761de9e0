"""A tree -> its lines of text in the order of reading, each with its block and with how much of it is links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.extract.noise import marks_of

# Not text, or the page's apparatus by what HTML says of it (HTML, 4.3, 4.8 and 4.10).
SILENT = frozenset(
    {"head", "title", "script", "style", "noscript", "template", "link", "meta", "svg", "canvas", "iframe", "object", "embed"}
    | {"applet", "picture", "video", "audio", "map", "math", "rt", "rp", "frameset", "noframes", "nav", "footer", "aside", "menu"}
    | {"dialog", "button", "fieldset", "label", "input", "select", "option", "datalist", "textarea", "figcaption"}
)
BLOCKS = frozenset(
    {"html", "body", "p", "div", "section", "article", "main", "header", "hgroup", "h1", "h2", "h3", "h4", "h5", "h6", "center"}
    | {"ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "blockquote", "pre", "figure", "form"}
    | {"address", "hr", "br", "details", "summary"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MIN_PROSE = 60  # characters: a shorter line may be a label
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
        self._sizes = {"a": 0, "b": 0}  # characters of this line inside links, in bold
        self._open = {"a": 0, "b": 0}

    def walk(self, element: HtmlElement, block: HtmlElement, tag: str, marks: tuple[str, ...]) -> None:
        """Depth first; the depth of the tree is bounded by `tree.parse`."""
        if element.text:
            self._add(element.text)
        for child in element:
            name = child.tag
            if name in BLOCKS:
                self.flush(block, tag, marks)
                self._block(child, name, tag, marks)
            elif name not in SILENT:
                self._inline(child, name, block, tag, marks)
            if child.tail:
                self._add(child.tail)

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
        kind = "a" if name == "a" else "b" if name in ("b", "strong") else None
        if kind:
            self._open[kind] += 1
            self.walk(child, block, tag, marks)
            self._open[kind] -= 1
        elif name in ("td", "th"):
            if any(not part.isspace() for part in self._parts):
                self._parts.append(" | ")
            self.walk(child, child, tag, marks)
        elif (inner := marks_of(child, marks)) is marks:
            self.walk(child, block, tag, marks)
        else:
            self.flush(block, tag, marks)
            self.walk(child, block, tag, inner)
            self.flush(block, tag, inner)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        for kind, depth in self._open.items():
            if depth:
                self._sizes[kind] += len(" ".join(text.split()))

    def flush(self, block: HtmlElement, tag: str, marks: tuple[str, ...]) -> None:
        """End the line."""
        if self._parts:
            text = " ".join("".join(self._parts).split())
            self._parts.clear()
            linked, strong = self._sizes.values()
            self._sizes = {"a": 0, "b": 0}
            if text:
                linked = min(linked, len(text))
                prose = _prose(text, linked, tag)
                self.lines.append(Line(text, linked, strong, block, tag, marks, self._own, prose))


def _prose(text: str, linked: int, tag: str) -> int:
    size = width(text)
    return size - 2 * linked if size >= MIN_PROSE and tag not in HEADINGS and linked * 2 < len(text) else 0
