"""A second opinion on the article's text: trafilatura, on the same tree, where our own reading is not sure of itself.

On pages of news whose publisher marks the article, our own reading is better (docs/extraction.md); on short, old and odd pages
trafilatura is. It costs half of what a page costs otherwise, so it is asked only then.
"""

from __future__ import annotations

import logging
from typing import Any

from lxml.etree import strip_elements
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from archive.extract.lines import Line

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # `Page.status` says what it reports as errors

MAX_ANCHORS = 5_000  # it took 12 s for 100,000 (facts/reliability, finding 11)
_SILENT = ("script", "style", "noscript", "template", "svg", "iframe", "nav", "footer", "aside", "form", "button", "select")


def second_opinion(tree: HtmlElement, lines: list[Line]) -> list[str]:
    """Its lines that stand on the page as running text; empty when it finds no article. Takes the tree apart.

    Fast mode without comments and metadata: as good as its standard mode at half the time (facts/performance).
    """
    strip_elements(tree, *_SILENT, with_tail=False)
    for anchor in list(tree.iter("a"))[MAX_ANCHORS:]:
        anchor.drop_tree()
    options = Extractor(comments=False, fast=True, tables=True, output_format="python", with_metadata=False)
    found: Any = bare_extraction(tree, options=options)
    shown = "\n".join(line.text for line in lines)  # it gives the <title> too, on pages that have little else
    texts = (" ".join(text.split()).removeprefix("- ") for text in (found.text or "").splitlines()) if found is not None else ()
    return [text for text in texts if text and text in shown]
