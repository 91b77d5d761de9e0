"""Which of a page's lines are the article: those of its container, without what pleads, offers and repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from archive.extract.clean import fold
from archive.extract.container import container
from archive.extract.lead import lead
from archive.extract.lines import HEADINGS, Line, width
from archive.extract.noise import believed
from archive.extract.phrases import ends_article, is_credit, is_sentence, pleads, says_nothing
from archive.extract.shingles import coverage, shingles

MIN_HEADING = 45  # characters: a shorter one without text under it is a label
MIN_STATED = 500  # characters of an articleBody that can be a witness


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page states of its article, to know it by."""

    titles: frozenset[str] = frozenset()  # as `title_key` gives them
    headline: Line | None = None
    authors: tuple[str, ...] = ()
    description: str | None = None
    body: str | None = None


def headline_of(lines: list[Line], titles: frozenset[str]) -> Line | None:
    """The heading that shows one of these titles."""
    return next((line for line in lines if line.tag in HEADINGS and title_key(line.text) in titles), None)


def title_key(text: str) -> str:
    """For comparing headlines: signs and blanks do not count."""
    return re.sub(r"\W+", "", fold(text))


def article_lines(tree: HtmlElement, lines: list[Line], blocks: list[HtmlElement], hints: Hints) -> list[Line]:
    """The lead and the lines of the body, in order; none when the page shows no article. `lines` are all of the tree,
    `blocks` its related blocks."""
    offers = {element for block in blocks for element in block.iter()}
    lines = [line for line in lines if line.prose or line.element not in offers]
    noise = believed(lines, hints.headline)
    kept = [line for line in lines if noise.isdisjoint(line.marks) and (line.prose > 150 or noise.isdisjoint(line.own))]
    headline = hints.headline
    titled = {headline.element, *headline.element.iterancestors()} if headline else set()
    inside = container(tree, kept, titled)
    body = _told([line for line in kept if line.element in inside], hints)
    return [*lead(_above(lines, body, headline), body, hints.description), *body] if body else []


def _above(lines: list[Line], body: list[Line], headline: Line | None) -> list[Line]:
    """The lines between the headline and the body."""
    start = lines.index(body[0]) if body else 0
    above = lines[max(0, start - 30) : start]
    return above[above.index(headline) + 1 :] if headline in above else above


# -- from the container to the article --------------------------------------------------------------------------------


def _told(lines: list[Line], hints: Hints) -> list[Line]:
    pulled = _pulled(lines)
    longest = max(map(len, hints.titles), default=0) * 4 // 3 + 10  # characters: a title with its blanks and signs
    found = []
    for line in lines:
        title = len(line.text) < longest and title_key(line.text) in hints.titles
        if not (line in pulled or title or _is_noise(line)):
            found.append(line)
    found = _without_bio(_without_tail(_without_head(_before_end(found))), hints.authors)
    return _witnessed([line for line, after in _with_next(found) if not _is_label(line, after)], hints.body)


def _pulled(lines: list[Line]) -> set[Line]:
    """Quotes shown large: the second of two lines that say the same in different places. A page may repeat a paragraph."""
    same: dict[str, list[Line]] = {}
    for line in lines:
        if len(line.text) > 30:
            same.setdefault(line.text, []).append(line)
    pairs = (pair for pair in same.values() if len(pair) == 2)
    return {second for first, second in pairs if first.element.getparent() is not second.element.getparent()}


def _is_noise(line: Line) -> bool:
    text = line.text
    return bool(line.tag == "figure" or is_teaser(line) or says_nothing(text) or is_credit(text) or pleads(text))


def is_teaser(line: Line) -> bool:
    """True for a link to another article, not for a sentence that holds one."""
    size, sentence = len(line.text), is_sentence(line.text)
    if line.tag == "li" and line.linked >= 0.5 * size:
        return not (sentence and size - line.linked > 40)
    return line.linked >= 0.9 * size or (line.linked >= 0.6 * size and not sentence)


def _before_end(lines: list[Line]) -> list[Line]:
    """Up to the heading under which something else begins: one after which no part of the page goes on that began before."""
    whole, so_far, reach = sum(line.prose for line in lines), 0, -1
    last = {line.element.getparent(): index for index, line in enumerate(lines) if line.prose}
    for index, line in enumerate(lines):
        label = line.heads or (not line.prose and not line.linked and len(line.text) < 40)
        if label and so_far > 0.4 * whole and reach < index and ends_article(line.text):
            return lines[:index]
        so_far += line.prose
        reach = max(reach, last[line.element.getparent()]) if line.prose else reach
    return lines


def _without_head(lines: list[Line]) -> list[Line]:
    """Without what stands above the first paragraph and is no sentence: dates, places, names."""
    first = next((index for index, line in enumerate(lines) if line.prose), len(lines))
    if first < len(lines):
        parent = lines[first].element.getparent()
        rows = [line for line in lines[:first] if line.element.getparent() is parent and line.tag in ("p", "h2", "h3", "h4")]
        if len(rows) >= 4:  # a list made of short paragraphs
            return rows + lines[first:]
    return [line for line in lines[:first] if _opens(line)] + lines[first:]


def _opens(line: Line) -> bool:
    heading = line.tag in HEADINGS and line.tag != "h1" and len(line.text) > 25
    return heading or (line.tag in ("p", "blockquote", "li") and is_sentence(line.text))


def _without_tail(lines: list[Line]) -> list[Line]:
    """Without labels below the last sentence."""
    end = len(lines)
    while end and not _closes(lines[end - 1]):
        end -= 1
    return lines[:end]


def _closes(line: Line) -> bool:
    if line.tag in HEADINGS:
        return width(line.text) >= MIN_HEADING and not line.linked
    return bool(line.prose) or line.tag in ("li", "tr") or (is_sentence(line.text) and line.text[-1] != ":")


def _without_bio(lines: list[Line], authors: tuple[str, ...]) -> list[Line]:
    """Without the authors' lives and addresses at the end."""
    names = [name.casefold() for name in authors if " " in name]
    end = len(lines)
    for index in range(len(lines) - 1, max(0, len(lines) - 4), -1):
        text = lines[index].text.casefold()
        if len(text) < 450 and any(name in text[: len(name) + 50] for name in names):
            end = index
    return lines[:end]


def _with_next(lines: list[Line]) -> Iterator[tuple[Line, Line | None]]:
    return zip(lines, chain(lines[1:], [None]), strict=False)


def _is_label(line: Line, after: Line | None) -> bool:
    """A heading that stands over nothing."""
    if line.tag not in HEADINGS:
        return False
    return after is None or (after.tag in HEADINGS and after.tag <= line.tag and width(line.text) < MIN_HEADING)


def _witnessed(lines: list[Line], stated: str | None) -> list[Line]:
    """Without the lines that the publisher's own articleBody does not have, where it has nearly all of the others."""
    if not stated or len(stated) < MIN_STATED:
        return lines
    known = shingles(stated)
    witnessed = {line for line in lines if coverage(line.text, known) >= 0.5}
    prose = sum(line.prose for line in witnessed)
    if prose < 0.75 * max(len(stated), sum(line.prose for line in lines)):
        return lines
    last = max(index for index, line in enumerate(lines) if line in witnessed)
    return [line for index, line in enumerate(lines) if line in witnessed or (line.heads and index < last)]
