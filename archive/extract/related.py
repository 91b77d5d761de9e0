"""The blocks of a page that offer other articles: found by what they call themselves, or by the words above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from archive.extract.tree import xpath

MAX_TEXT = 6_000  # characters: a larger "related" container is the page's own wrapper
MAX_BLOCKS = 200

_NAMES = re.compile(
    r"(?<![a-z])(related|read-?(more|next|also|on)|see-?also|more-?(on|stories|news|from|in)|recommend(ed|ation)?s?|recirc(ulation)?"
    r"|you-?may(-also)?(-like)?|also-?read|most-?(read|popular|viewed)|trending|further-?reading|outbrain|taboola|yarpp"
    r"|teaser-?list|jp-relatedposts)(?![a-z])"
)
_PHRASES = {
    "en": "related( (articles?|stories|news|content|topics|coverage|reading))?|read (more|also|next|on)|see also"
    "|more (on|from|in|about) .{1,60}|more (stories|news|articles|coverage)|recommended( (for you|stories|articles))?"
    "|(you )?(may|might) (also )?like|also read"
    "|most (read|popular)|further reading",
    "de": "mehr zum thema|lesen sie auch|auch interessant|das könnte (sie|dich)( auch)? interessieren|zum thema"
    "|weitere artikel|passend dazu|mehr dazu",
    "fr": "à lire aussi|lire aussi|sur le même sujet|articles liés|voir aussi|à lire également",
    "es": "lea también|lee también|le puede interesar|te puede interesar|más información|noticias relacionadas|ver también",
    "it": "leggi anche|articoli correlati|potrebbe interessarti",
    "pt": "leia (também|mais)|veja também|notícias relacionadas",
    "nl": "lees ook|meer over",
    "sv, no, da": "läs också|läs mer|les også|læs også",
    "fi": "lue myös",
    "pl, cs": "czytaj (też|także|również)|zobacz (też|także)|przeczytaj|čtěte také|číst také",
    "ru, uk": "читайте также|читать также|по теме|похожие( новости| материалы| статьи)?|ещё по теме|еще по теме"
    "|смотрите также|материалы по теме|читайте також|за темою",
    "tr": "ilgili haberler",
    "ja, zh, ko": "関連記事|相关(新闻|阅读)|관련 ?기사",
    "ar, he": "اقرأ أيضا|مواضيع ذات صلة|קרא עוד",
}  # fmt: skip
# Of lower-case text: half the price of IGNORECASE.
_HEADING = re.compile(rf"({'|'.join(_PHRASES.values())})\s*[:…]?")
_LEAD = re.compile(rf"(related (article|story)|more|{'|'.join(_PHRASES.values())})\s*[:–—]")
_BLOCKS: tuple[str, ...] = ("section", "aside", "div", "ul", "ol", "nav", "p", "figure")
_SPEAKING: tuple[str, ...] = ("h2", "h3", "h4", "h5", "h6", "strong", "b", "em", "p", "header", "span", "div", "li", "summary")
_CLIMB = 4  # levels between a heading's text and its block

_STRING = xpath("string()")
_LINKED = xpath(".//a")


def related_blocks(tree: HtmlElement) -> list[HtmlElement]:
    """The containers that offer other articles, outermost first; never the one that holds the article itself."""
    found: dict[HtmlElement, None] = {}
    for element in (*_named(tree), *_headed(tree)):
        if len(found) >= MAX_BLOCKS:
            break
        if element not in found and _is_block(element):
            found[element] = None
    outer = [block for block in found if not any(ancestor in found for ancestor in block.iterancestors())]
    return list(dict.fromkeys(element for block in outer for element in (*_heading_before(block), block)))


def _heading_before(block: HtmlElement) -> Iterator[HtmlElement]:
    """The words above a list go with it."""
    before = block.getprevious()
    if before is not None and before.tag in _SPEAKING and _HEADING.fullmatch(" ".join(_STRING(before)[:200].lower().split())):
        yield before


def _named(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements whose class, id or label says so."""
    for element in tree.iter(*_BLOCKS):
        value = element.get
        if _says_related(value("class"), value("id"), value("aria-label"), value("data-component")):
            yield element


@lru_cache(maxsize=8192)
def _says_related(*names: str | None) -> bool:
    words = " | ".join(filter(None, names)).lower()
    return bool(_NAMES.search(re.sub(r"[\s_]+", "-", words[:300])))


def _headed(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that stand under words such as "Read more", with those words."""
    for element in tree.iter(*_SPEAKING):
        text = element.text
        if not text or not 4 <= len(text) <= 200 or not (text := " ".join(text.lower().split())):
            continue
        if len(text) <= 90 and _HEADING.fullmatch(text):
            yield from _under(element)
        elif element.tag == "p" and _LEAD.match(text):
            yield element


def _under(heading: HtmlElement) -> Iterator[HtmlElement]:
    """What may be the block of a heading: the list that follows it, or an element that begins with it."""
    node = heading
    yield node
    for _ in range(_CLIMB):
        following, parent = node.getnext(), node.getparent()
        if following is not None and following.tag in _BLOCKS:
            yield following
        if parent is None or parent.tag in ("html", "body", "main", "article") or node not in parent[:2]:
            return
        yield parent
        node = parent


def _holds_the_page(element: HtmlElement) -> bool:
    """True with a main heading, or an article of three paragraphs, inside."""
    article = element.find(".//article")
    return element.find(".//h1") is not None or (article is not None and len(list(islice(article.iter("p"), 3))) == 3)


def _is_block(element: HtmlElement) -> bool:
    """A list of links, not a wrapper of the page: little text beside the anchors, no article and few paragraphs inside."""
    anchors = _LINKED(element)
    if not anchors or _holds_the_page(element):
        return False
    text = len(_STRING(element))
    linked = sum(len(_STRING(anchor)) for anchor in anchors)
    if not linked or text > MAX_TEXT or linked * 4 < text:
        return False
    prose = sum(1 for p in element.iter("p") if p.find(".//a") is None and len(_STRING(p)) > 200)
    return prose <= 1
