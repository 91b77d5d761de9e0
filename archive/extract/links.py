"""The typed links of a page: related, inline, section. Related blocks are found here and cut out of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

from archive.extract.clean import clean
from archive.models import Link, Role
from archive.urls import NotAURL, canonicalize, looks_like_article

MAX_ANCHORS = 5_000
MAX_LINKS = 1_000
MAX_BLOCK_TEXT = 6_000  # characters: a larger "related" container is the page's own wrapper

_NAMES = re.compile(
    r"(?<![a-z])(related|read-?(more|next|also|on)|see-?also|more-?(on|stories|news|from|in)|recommend(ed|ation)?s?|recirc(ulation)?"
    r"|you-?may(-also)?(-like)?|also-?read|most-?(read|popular|viewed)|trending|further-?reading|outbrain|taboola|yarpp"
    r"|teaser-?list|jp-relatedposts)(?![a-z])",
    re.IGNORECASE,
)
_HEADINGS = re.compile(
    r"^(related( (articles?|stories|news|content|topics|coverage))?|read (more|also|next|on)|see also|more (on|from|in|about) .{1,60}"
    r"|more (stories|news|articles)|recommended( for you)?|you (may|might) (also )?like|also read|most (read|popular)|further reading"
    r"|mehr zum thema|lesen sie auch|auch interessant|das könnte sie( auch)? interessieren|zum thema|weitere artikel"
    r"|à lire aussi|lire aussi|sur le même sujet|articles liés|voir aussi|lea también|le puede interesar|más información|noticias relacionadas"
    r"|te puede interesar|leggi anche|articoli correlati|potrebbe interessarti|leia (também|mais)|veja também|lees ook|meer over"
    r"|läs också|läs mer|les også|læs også|lue myös|czytaj (też|także|również)|zobacz (też|także)|przeczytaj|čtěte také|číst také"
    r"|читайте также|по теме|похожие( новости| материалы)?|ещё по теме|смотрите также|читайте також|ilgili haberler|関連記事|相关(新闻|阅读)|관련 ?기사"
    r"|اقرأ أيضا|مواضيع ذات صلة|קרא עוד)\s*:?$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^\s*(related( article| story)?s?|read (more|also)|see also|also read|more|lesen sie auch|mehr zum thema|lire aussi|à lire( aussi)?"
    r"|lea también|leggi anche|leia (também|mais)|lees ook|läs (också|mer)|czytaj (też|także)|читайте также)\s*[:–—-]",
    re.IGNORECASE,
)
_CONTENT = ".//article | .//main | .//*[@itemprop='articleBody'] | .//*[@role='main']"


def related_blocks(tree: HtmlElement) -> list[HtmlElement]:
    """The containers that offer other articles, outermost first; never the one that holds the article itself."""
    found: list[HtmlElement] = []
    for element in tree.iter("section", "aside", "div", "ul", "nav", "p", "figure"):
        if len(found) >= 200:
            break
        if (_named(element) or _headed(element)) and _is_block(element):
            found.append(element)
    inside = {id(child) for block in found for child in block.iterdescendants()}
    return [block for block in found if id(block) not in inside]


def _named(element: HtmlElement) -> bool:
    words = " ".join(element.get(name) or "" for name in ("class", "id", "aria-label", "data-component"))
    return bool(_NAMES.search(re.sub(r"[\s_]+", "-", words[:300])))


def _headed(element: HtmlElement) -> bool:
    """True when the block's first words are a heading such as "Read more", or it is a line `Related article: …`."""
    if element.tag == "p":
        return bool(_LEADS.match(_start(element)))
    for child in element[:2]:
        if isinstance(child.tag, str) and child.tag in (
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "strong",
            "b",
            "p",
            "header",
            "span",
            "div",
        ):
            text = _start(child).strip()
            if len(text) <= 80 and _HEADINGS.match(text):
                return True
    return False


def _start(element: HtmlElement) -> str:
    """The first words of an element, without reading all of a large one."""
    text = ""
    for part in element.itertext():
        text += part
        if len(text.strip()) > 100:
            break
    return " ".join(text.split())


def _is_block(element: HtmlElement) -> bool:
    """A list of links, not a wrapper of the page: little text beside the anchors, no article and few paragraphs inside."""
    if element.find(".//a") is None or element.xpath("self::*[.//article//p[3] or .//h1]"):
        return False
    text = sum(len(part) for part in element.itertext())
    if text > MAX_BLOCK_TEXT:
        return False
    linked = sum(len(part) for anchor in element.iter("a") for part in anchor.itertext())
    prose = sum(1 for p in element.iter("p") if p.find(".//a") is None and len("".join(p.itertext())) > 200)
    return linked > 0 and prose <= 1 and (linked * 4 >= text or element.tag == "p")


def read_links(tree: HtmlElement, blocks: list[HtmlElement], base: str) -> tuple[Link, ...]:
    """All links of a page, each address once with its most telling role, in the page's order."""
    related = {id(anchor) for block in blocks for anchor in block.iter("a")}
    content = {id(p) for root in tree.xpath(_CONTENT)[:20] for p in root.iter("p", "li", "blockquote", "td")}
    best: dict[str, Link] = {}
    for position, anchor in enumerate(_anchors(tree)):
        url = _address(anchor.get("href"), base)
        if url is None:
            continue
        role = _role(anchor, url, related, content)
        text = clean(" ".join(anchor.itertext())) or clean(anchor.get("title")) or ""
        known = best.get(url)
        if known is None and len(best) < MAX_LINKS:
            best[url] = Link(url, role, text[:300], position)
        elif known is not None and _RANK[role] > _RANK[known.role]:
            best[url] = Link(url, role, (text or known.anchor)[:300], known.position)
    return tuple(sorted(best.values(), key=lambda link: link.position))


_RANK = {Role.RELATED: 3, Role.INLINE: 2, Role.SECTION: 1, Role.CANONICAL: 0}


def _anchors(tree: HtmlElement) -> Iterator[HtmlElement]:
    for count, anchor in enumerate(tree.iter("a")):
        if count >= MAX_ANCHORS:
            return
        if anchor.get("href"):
            yield anchor


def _role(anchor: HtmlElement, url: str, related: set[int], content: set[int]) -> Role:
    if id(anchor) in related:
        return Role.RELATED
    if looks_like_article(url):
        for ancestor in anchor.iterancestors("p", "li", "blockquote", "td"):
            if id(ancestor) in content or ancestor.tag == "p":
                return Role.INLINE
    return Role.SECTION


def _address(href: str | None, base: str) -> str | None:
    """An absolute, canonical address; None for what is none (javascript:, mailto:, a place on this page)."""
    text = (href or "").strip()
    if not text or len(text) > 4096 or text.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        url = canonicalize(urljoin(base, text))
    except (NotAURL, ValueError):
        return None
    return None if url == base else url
