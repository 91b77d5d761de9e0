"""The article's own text: what the page shows, or the publisher's articleBody where that is the better copy."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from archive.extract.body import Hints, article_lines
from archive.extract.clean import printable
from archive.extract.lines import Line, width

MIN_WORDS = 25  # less is a caption or a teaser
MIN_AGREEMENT = 0.8  # Dice's coefficient of words: under it, two texts are not the same article
MIN_SURE = 250  # characters: under it, trafilatura is asked, too
MAX_ANCHORS = 5_000  # trafilatura took 12 s for 100,000 (facts, finding 11)

# It reports each page without an article as an error; `Page.status` is where that is said.
for _name in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def main_text(tree: HtmlElement, lines: list[Line], blocks: list[HtmlElement], hints: Hints) -> str:
    """Paragraphs, headings, list items and rows, one a line; empty when there is no article. May change the tree."""
    text = tidy("\n".join(map(_written, article_lines(tree, lines, blocks, hints))))
    return text if width(text) >= MIN_SURE else max(text, _second_opinion(tree), key=len)


def _written(line: Line) -> str:
    return f"- {line.text}" if line.tag == "li" else line.text


def _second_opinion(tree: HtmlElement) -> str:
    """Trafilatura's, in its fast mode."""
    for anchor in list(tree.iter("a"))[MAX_ANCHORS:]:
        anchor.drop_tree()
    options = Extractor(comments=False, fast=True, tables=True, output_format="python", with_metadata=False)
    found: Any = bare_extraction(tree, options=options)
    return tidy(found.text if found is not None and found.text else "")


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
