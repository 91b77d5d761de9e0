"""A tree -> its lines of text, as a reader sees them, each with its block and how much of it is links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

MAX_LINES = 20_000
MAX_DEPTH = 400

# Not shown as text, or the page's apparatus by what HTML says of them (HTML, 4.3 and 4.8).
SILENT = frozenset(
    {"head", "script", "style", "noscript", "template", "link", "meta", "svg", "canvas", "iframe", "object", "embed", "applet"}
    | {"picture", "video", "audio", "map", "math", "nav", "footer", "aside", "menu", "dialog", "button", "fieldset", "label"}
    | {"input", "select", "datalist", "textarea", "frameset", "noframes", "figcaption", "title", "option", "amp-ad", "amp-iframe"}
)
BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"}
    | {"table", "thead", "tbody", "tr", "blockquote", "pre", "figure", "form", "address", "hr", "details", "summary", "body"}
    | {"center", "html", "hgroup", "search", "caption", "br"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(slots=True)
class Line:
    """One paragraph, heading, list item or row of a table. `linked` counts the characters inside links."""

    text: str
    linked: int
    element: HtmlElement  # the innermost block
    tag: str  # p, h2, li, tr ...: the innermost that says what it is
    roots: tuple[HtmlElement, ...]  # the elements around it that look like no part of the article

    @property
    def prose(self) -> int:
        """Characters of running text, links left out; those of scripts without blanks count three times."""
        return width(self.text) - 2 * self.linked
