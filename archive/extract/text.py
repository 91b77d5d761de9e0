"""The article's own text: trafilatura on the shared tree, with the parts that are not the article taken out before."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

from lxml.etree import strip_elements
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from archive.extract.clean import printable

MIN_WORDS = 25  # less is a caption or a teaser
MIN_AGREEMENT = 0.8  # Dice's coefficient of words: under it, two texts are not the same article
MIN_PARAGRAPH = 40  # characters: less is a label
MAX_ANCHORS = 5_000  # trafilatura took 12 s for 100,000 (facts, finding 11)

# It reports each page without an article as an error; `Page.status` is where that is said.
for _name in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

# What trafilatura discards too, but only after it has copied the tree several times: taken out before, the text is the same
# and the page costs a tenth less (F1 equal on 119 pages, 2026-11-24). Figures and forms it may keep, so they stay.
_SILENT = (
    *("head", "script", "style", "noscript", "template", "link"),
    *("svg", "canvas", "iframe", "object", "embed", "picture", "video", "audio"),
    *("nav", "footer", "aside", "menu", "dialog", "button", "fieldset", "label", "input", "select", "datalist", "textarea"),
)


def main_text(tree: HtmlElement) -> str:
    """Paragraphs, headings and list items, one a line; empty when there is no article. Changes the tree.

    Trafilatura's fast mode, without comments and without its metadata: F1 0.962 against 0.960 of its standard mode on the
    article-extraction benchmark at half the time (facts/performance, 2026-11-23).
    """
    strip_elements(tree, *_SILENT, with_tail=False)
    for anchor in list(tree.iter("a"))[MAX_ANCHORS:]:
        anchor.drop_tree()
    found: Any = bare_extraction(tree, options=_options())
    return tidy(found.text if found is not None and found.text else _paragraphs(tree))


def _options() -> Extractor:
    return Extractor(comments=False, fast=True, tables=True, output_format="python", with_metadata=False)


def _paragraphs(tree: HtmlElement) -> str:
    """What stands in <p>, for a page that trafilatura gives up on without saying why."""
    return "\n".join(text for p in tree.iter("p") if len(text := " ".join("".join(p.itertext()).split())) >= MIN_PARAGRAPH)


def chosen(shown: str, stated: str | None) -> str:
    """The shown text, or the publisher's own articleBody where the two differ clearly and that one is not a stub."""
    if not stated or len(stated) < 0.8 * len(shown) or not is_article_text(stated):
        return shown
    ours, theirs = Counter(shown.split()), Counter(stated.split())
    agreement = 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())
    return tidy(stated) if agreement < MIN_AGREEMENT else shown


def tidy(text: str) -> str:
    """Printable lines without blanks at their ends, and no empty ones."""
    lines = (" ".join(line.split()) for line in printable(text).splitlines())
    return "\n".join(line for line in lines if line)


def is_article_text(text: str) -> bool:
    """Enough words for an article; scripts without blanks count by characters, three a word."""
    words = len(text.split())
    return words >= MIN_WORDS or sum(1 for sign in text if sign >= "\u2e80") >= MIN_WORDS * 3
