"""The article's own text: what the page shows, or the publisher's articleBody where the page does not show it."""

from __future__ import annotations

import logging
from collections import Counter

from lxml.html import HtmlElement

from archive.extract.body import Hints, article_lines
from archive.extract.clean import printable
from archive.extract.lines import Line, width
from archive.extract.noise import believed
from archive.extract.second import second_opinion

MIN_WORDS = 25  # less is a caption or a teaser
MIN_AGREEMENT = 0.8  # Dice's coefficient of words: under it, two texts are not the same article
MIN_SURE = 250  # characters: under it, all running text of the page is looked at
SHARE = 0.4  # of the page's running text: with less, ours may be a part of the article
MORE = 1.3  # times as many words: a second opinion that is so much longer

# They report pages that they make nothing of as errors; `Page.status` is where that is said.
for _name in ("htmldate", "charset_normalizer"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def main_text(tree: HtmlElement, lines: list[Line], blocks: list[HtmlElement], hints: Hints) -> str:
    """Paragraphs, headings, list items and rows, one a line; empty when there is no article."""
    text = _written(article_lines(tree, lines, blocks, hints))
    if width(text) >= max(MIN_SURE, SHARE * sum(map(_weight, _running(lines)))):
        return text
    other = tidy("\n".join(second_opinion(tree, lines)))
    if width(text) >= MIN_SURE:
        return other if _holds(other, text) else text
    return max(text, other, _written(_running(lines)), key=len)


def _running(lines: list[Line]) -> list[Line]:
    """All running text, wherever it stands, for a page whose article has no place of its own."""
    noise = believed(lines)
    return [line for line in lines if line.prose and noise.isdisjoint((*line.marks, *line.own))]


def _weight(line: Line) -> int:
    return line.prose


def _holds(other: str, text: str) -> bool:
    """True when another text has nearly all of ours and clearly more: ours has lost a part."""
    ours, theirs = Counter(text.split()), Counter(other.split())
    return (ours & theirs).total() >= 0.9 * ours.total() and theirs.total() >= MORE * ours.total()


def _written(lines: list[Line]) -> str:
    return tidy("\n".join(f"- {line.text}" if line.tag == "li" else line.text for line in lines))


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
