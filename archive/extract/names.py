"""The article's title, authors and site as its reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.extract.clean import clean, fold
from archive.extract.structured import Meta, Stated
from archive.extract.tree import xpath
from archive.urls import host

MAX_AUTHORS = 30
MAX_BYLINE = 4
MAX_NAME = 120  # characters

# -- title ------------------------------------------------------------------------------------------------------------

_SEPARATED = re.compile(r"(\s+[|–—\-·»:•]+\s+|\s*\|\s*)")


def title_of(stated: Stated, meta: Meta, headings: list[str], head_title: str | None, url: str) -> str | None:
    """The headline: the publisher's own, else the page's heading, the shared one, the <title>; without the site's name."""
    sites = _site_names(stated, meta, url)
    shared = [title for title in (meta.first("og:title"), meta.first("twitter:title"), head_title) if title]
    shown = [heading for heading in headings if not shared or any(_agree(heading, title) for title in shared)]
    titles = [without_site(title, sites) for title in (stated.headline, *shown, *shared) if title]
    return next((whole for whole in titles[1:] if _is_cut(titles[0], whole)), titles[0]) if titles else None


def _agree(heading: str, title: str) -> bool:
    """True when a heading is this article's, not "Log in" or the site's name: most of the shorter one's words are shared."""
    one, other = set(re.findall(r"\w+", fold(heading))), set(re.findall(r"\w+", fold(title)))
    return len(one & other) * 2 > min(len(one), len(other)) and len(one) * 3 >= len(other)


def _is_cut(title: str, whole: str) -> bool:
    """A headline cut for a search engine (110 characters) stands whole elsewhere."""
    kept = title.rstrip("….").rstrip()
    more = whole[len(kept) :]
    return len(kept) >= 60 and bool(more.strip()) and whole.startswith(kept) and not _SEPARATED.match(more)


def _site_names(stated: Stated, meta: Meta, url: str) -> set[str]:
    names = {name for name in (meta.first("og:site_name"), meta.first("application-name"), stated.publisher) if name}
    bare = host(url).removeprefix("www.")
    return {_key(name) for name in (*names, bare, bare.split(".")[0])}


def _key(name: str) -> str:
    return re.sub(r"\W", "", fold(name).removeprefix("the "))


def without_site(title: str, sites: set[str]) -> str:
    """Without ` | Site` at its end or `Site | ` at its start."""
    parts = _SEPARATED.split(title)
    while len(parts) > 2 and _key(parts[-1]) in sites:
        parts = parts[:-2]
    while len(parts) > 2 and _key(parts[0]) in sites:
        parts = parts[2:]
    return "".join(parts).strip()


# -- site -------------------------------------------------------------------------------------------------------------


def site_of(stated: Stated, meta: Meta, url: str) -> str | None:
    """The name of the publication, else its host."""
    return meta.first("og:site_name", "application-name") or stated.publisher or host(url).removeprefix("www.") or None


# -- authors ----------------------------------------------------------------------------------------------------------

_BYLINE = re.compile(r"^\W*(by|von|par|por|di|av|af|door|text(o|e)?:|autor(in)?:?|автор:?|текст:?)\s+", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[;|]\s*|\s*,\s+(?=[^\W\d_][\w.'’-]*\s+[^\W\d_])|\s+(?:and|und|et|y|e|og|och|en|i|&)\s+(?=[A-ZÀ-Þ])")
_SAID = xpath(
    "//a[contains(concat(' ', @rel, ' '), ' author ')] | //*[contains(@class, 'author-name') or contains(@class, 'author__name')"
    " or contains(@class, 'authorName') or contains(@class, 'byline__name') or contains(@class, 'byline-name')]"
)
_META = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
)


def authors_of(stated: Stated, meta: Meta, tree: HtmlElement, site: str | None) -> tuple[str, ...]:
    """People and agencies in order, without "By": stated, else shown in a byline. The site itself only when nobody else is."""
    own = _key(site or "")
    whole_site: tuple[str, ...] = ()
    for people in map(_people, _bylines(stated, meta, tree)):
        if any(_key(name) != own for name in people):
            return people
        whole_site = whole_site or people
    return whole_site


def _bylines(stated: Stated, meta: Meta, tree: HtmlElement) -> Iterator[tuple[str, ...]]:
    yield stated.authors
    yield meta.all(*_META)
    yield _shown(tree)


def _shown(tree: HtmlElement) -> tuple[str, ...]:
    """Names that the page marks as its authors'; many of them are those of teasers."""
    found = tuple(
        text for element in _SAID(tree)[:MAX_AUTHORS] if (text := clean(" ".join(element.itertext()))) and len(text) < 80
    )
    return found if len(set(found)) <= MAX_BYLINE else ()


def _people(texts: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(name for text in texts for name in _names(text))
    return tuple(found)[:MAX_AUTHORS]


def _names(text: str) -> Iterator[str]:
    """The names in one text; addresses, handles and credits of photographs are none."""
    if "://" in text or text.startswith("www."):
        return
    for part in _SPLIT.split(_BYLINE.sub("", text)):
        name = re.sub(r"\([^)]*\)", "", _BYLINE.sub("", part)).strip(" ,;:")
        if name and "@" not in name and len(name) <= MAX_NAME and not re.fullmatch(r"[\d\W]+|[a-z]+(-[a-z]+)+", name):
            yield name
