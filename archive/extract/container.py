"""The part of the tree that holds the article: down from the root, always to where most of the running text is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.extract.lines import Line
from archive.extract.tree import xpath

MOST = 0.6  # of an element's prose in one child: the article is in there
_LEAVES = frozenset({"p", "li", "blockquote", "td", "tr", "ul", "ol", "table", "pre"})
_PARTS = frozenset({"p", "blockquote", "ul", "ol", "pre", "h2", "h3", "h4"})
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:article|story|entry|post|news|text|main)[-_]*(?:body|content|text|copy)|articleBody|body-?copy|bodytext"
    r"|(?:^|\s)(?:article|story|entry|post)(?:$|\s)",
    re.IGNORECASE,
)
_ANOTHER = xpath("boolean(self::article or .//h1 or .//article)")
_STRING = xpath("string()")
_PICTURED = xpath("boolean(.//img or .//picture or .//figure or .//ul or self::figure or self::ul or self::footer)")


class Weights:
    """How much running text each element holds."""

    def __init__(self, lines: list[Line]) -> None:
        self.prose: Counter[HtmlElement] = Counter()
        self.direct: Counter[HtmlElement] = Counter()
        self.paragraphs: Counter[HtmlElement] = Counter()
        for line in lines:
            if line.prose:
                self._count(line)
        for counter in (self.prose, self.paragraphs):
            _pass_up(counter)

    def _count(self, line: Line) -> None:
        self.direct[line.element] += line.prose
        # Items of a list are teasers more often than not.
        self.prose[line.element] += line.prose if line.tag != "li" else line.prose * 2 // 5
        self.paragraphs[line.element] += line.tag == "p"


def _pass_up(counter: Counter[HtmlElement]) -> None:
    """Give each element's count to all around it. The parents come first: one holds most of the paragraphs of a page."""
    parents: Counter[HtmlElement] = Counter()
    for element, count in counter.items():
        if (parent := element.getparent()) is not None:
            parents[parent] += count
    for parent, count in parents.items():
        counter[parent] += count
        for ancestor in parent.iterancestors():
            counter[ancestor] += count


def container(root: HtmlElement, lines: list[Line], titled: set[HtmlElement]) -> set[HtmlElement]:
    """Every element of the article. `titled` are those around its headline."""
    weights = Weights(lines)
    found: set[HtmlElement] = set()
    nodes = [root]
    while len(nodes) == 1 and (inner := _inner(nodes[0], weights, titled)):
        if len(inner) == 1 and nodes[0].tag not in ("html", "body"):
            found.update(*(part.iter() for part in _beside(nodes[0], inner[0], weights)))
        elif len(inner) > 1:
            found.update(*(part.iter() for part in _between(inner, weights)))
        nodes = inner
    found.update(*(node.iter() for node in nodes))
    return found - _offers(root, found, nodes, weights)


def _inner(node: HtmlElement, weights: Weights, titled: set[HtmlElement]) -> list[HtmlElement]:
    """Where to go from here: one child, several of a kind, or nowhere."""
    children = [child for child in node if weights.prose[child]]
    best = max(children, key=weights.prose.__getitem__, default=None)
    if best is None or best.tag in _LEAVES or weights.direct[node] > max(300, 0.2 * weights.prose[node]):
        return []
    own = next((child for child in children if child in titled and child is not best), None)
    if own is not None and weights.prose[own] > 400 and (weights.paragraphs[own] >= 5 or _ANOTHER(best)):
        return [own]  # the longest is the next article of an endless scroll, or a stream of teasers
    if twins := _twins(best, children, weights):
        return twins
    if weights.prose[best] >= MOST * weights.prose[node]:
        return [best]
    return _by_name(node, best, own, weights)


def _twins(best: HtmlElement, children: list[HtmlElement], weights: Weights) -> list[HtmlElement]:
    """The parts of an article that advertisements cut in pieces."""
    if best.tag == "article":
        return []
    twins = [child for child in children if child.tag == best.tag and _is_alike(child, best)]
    together, whole = sum(weights.prose[twin] for twin in twins), weights.prose[best.getparent()]
    return twins if together >= MOST * whole and together - weights.prose[best] > 0.05 * whole else []


def _is_alike(one: HtmlElement, other: HtmlElement) -> bool:
    """True with the same classes: the first and the last of the pieces may have one more."""
    first, second = ({*(element.get("class") or "").split()} for element in (one, other))
    return first == second or (bool(first & second) and len(first ^ second) == 1)


def _between(twins: list[HtmlElement], weights: Weights) -> Iterator[HtmlElement]:
    """Headings and lists among the pieces, and paragraphs that have no piece of their own."""
    element = twins[0]
    while element is not None and element is not twins[-1]:
        prose = weights.prose[element]
        if element.tag in _PARTS or (prose > 150 and not _ANOTHER(element) and _linked(element) < 0.25 * prose):
            yield element
        element = element.getnext()


def _linked(element: HtmlElement) -> int:
    """Characters inside links."""
    return sum(len(_STRING(anchor)) for anchor in element.iter("a"))


def _by_name(node: HtmlElement, best: HtmlElement, own: HtmlElement | None, weights: Weights) -> list[HtmlElement]:
    """No child holds most: the one that is called an article, or has the headline."""
    least = max(0.3 * weights.prose[node], 0.9 * weights.prose[best])
    named = [element for element in node.iterdescendants() if weights.prose[element] >= least and _is_named(element)]
    if named:
        return [max(named, key=weights.prose.__getitem__)]
    if own is not None and node.tag != "article" and weights.prose[own] >= max(200, 0.2 * weights.prose[node]):
        return [own]
    return []


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag == "article" or element.get("itemprop") == "articleBody" or bool(_NAMED.search(names[:500]))


def _beside(node: HtmlElement, best: HtmlElement, weights: Weights) -> Iterator[HtmlElement]:
    """What belongs to the article though most of it is in `best`: paragraphs, and parts before it."""
    before = True
    for child in node:
        before = before and child is not best
        paragraph = before and weights.direct[child] >= max(1, weights.prose[child]) and child.find(".//a") is None
        if child.tag in _PARTS or paragraph or (child is not best and _is_part(child, best, before, weights)):
            yield child


def _is_part(child: HtmlElement, best: HtmlElement, before: bool, weights: Weights) -> bool:
    prose = weights.prose[child]
    if prose < max(150, 0.03 * weights.prose[best]) or not (before or prose >= 0.2 * weights.prose[best]):
        return False
    paragraphs = weights.paragraphs[child]
    told = paragraphs >= 2 or (paragraphs and not _PICTURED(child))
    return bool(told) and not _ANOTHER(child) and _linked(child) < 0.25 * prose


def _offers(root: HtmlElement, found: set[HtmlElement], nodes: list[HtmlElement], weights: Weights) -> set[HtmlElement]:
    """Small articles inside the article are offers of others; large ones are the entries of a live blog."""
    offers: set[HtmlElement] = set()
    prose = 0
    for element in root.iter("article"):
        if element in found and element not in nodes and element not in offers and element.getparent() in found:
            offers.update(element.iter())
            prose += weights.prose[element]
    return offers if prose < 0.3 * sum(weights.prose[node] for node in nodes) else set()
