"""The lead: what stands between headline and body and sums the article up."""

from __future__ import annotations

import re
from itertools import chain, islice

from archive.extract.lines import Line, width
from archive.extract.phrases import is_sentence
from archive.extract.shingles import coverage, shingles, words
from archive.extract.tree import xpath

MIN_LEAD = 40  # characters
_NAMES = re.compile(
    r"(?:^|[-_ ])(lead|lede|lead-?text|intro|introduction|intro-?text|standfirst|dek|deck|sub|sub-?title|sub-?line|sub-?hed"
    r"|sub-?head(?:line|ing)?|teaser-?text|summary|excerpt|abstract|description|preamble|ingress|chapo|chapeau|perex|vorspann|sapo"
    r"|entradilla|bajada|sommario)(?=$|[-_ ])",
    re.IGNORECASE,
)
_PICTURED = xpath("boolean(.//img or .//picture or .//figure or .//ul)")


def lead(above: list[Line], body: list[Line], description: str | None) -> list[Line]:
    """The lines of the lead among those above the body, without what the body says again."""
    told = [line for line in above if width(line.text) >= MIN_LEAD and line.linked < 0.5 * len(line.text)]
    around = {mark for line in body[:1] for mark in line.marks}
    told = [line for line in told if _is_lead(line, around, description)]
    known = shingles("\n".join(line.text for line in body)) if told else set()
    found = []
    for line in told:
        if coverage(line.text, known) < 0.6:
            found.append(line)
            known |= shingles(line.text)
    return found


def _is_lead(line: Line, around: set[str], description: str | None) -> bool:
    """The page describes itself with it, its element is called so, or it is a sentence in the lead's place."""
    if _describes(line.text, description):
        return True
    return around.issuperset(line.marks) and (_is_called_so(line) or _is_placed_so(line))


def _describes(text: str, description: str | None) -> bool:
    own, told = set(words(text)), set(words(description or ""))
    return len(own) > 5 and bool(told) and len(own & told) >= 0.7 * min(len(own), len(told))


def _is_called_so(line: Line) -> bool:
    near = islice(chain([line.element], line.element.iterancestors()), 3)
    return any(_NAMES.search((element.get("class") or "")[:300]) for element in near)


def _is_placed_so(line: Line) -> bool:
    if line.prose < 80 or line.linked or not is_sentence(line.text) or line.tag not in ("p", "div"):
        return False
    parent = line.element.getparent()
    return parent is not None and not _PICTURED(parent)
