"""The article's title and site as its reader sees them."""

from __future__ import annotations

import re
from itertools import islice, product

from archive.extract.clean import fold
from archive.extract.structured import Meta, Stated
from archive.urls import host

# -- title ------------------------------------------------------------------------------------------------------------

_SEPARATED = re.compile(r"(\s+[|–—\-·»:•*/]+\s+|\s*[|｜]\s*)")
_BOUNDARY = re.compile(r"\s*[|｜：–—·»•*/]\s*|:\s+|\s+-+\s+|--")
MAX_HEADLINE = 100  # characters: what search engines show of a headline (110), less a word
MAX_KICKER = 35  # characters


def title_of(stated: Stated, meta: Meta, headings: list[str], head_title: str | None, url: str) -> str | None:
    """The headline, without the site's name, its section or its author.

    Publishers state it in JSON-LD, og:title, the page's heading and <title>, and on every second page these disagree
    (docs/extraction.md, "Titles").
    """
    sites = site_names(stated, meta, url)
    own, shared, tweeted = (_bare(text, sites) for text in (stated.headline, meta.first("og:title"), meta.first("twitter:title")))
    head = _bare(head_title, sites)
    known = [title for title in (own, shared or tweeted, head) if title]
    shown = next((bare for h1 in headings if (bare := _bare(h1, sites)) and _is_headline(bare, known)), None)
    titles = [title for title in (shared or tweeted, own, shown, head) if title]
    if not titles:
        return None
    best = _judged(own, shared, shown, _whole(head or "", titles), tweeted) if own and shared else titles[0]
    return _without_kickers(_whole(best, titles), shown or "")


def _judged(own: str, shared: str, shown: str | None, head: str, tweeted: str | None) -> str:
    """JSON-LD's headline or og:title.

    JSON-LD's is the headline proper. Where heading and <title> only repeat it, it is a default, and og:title was written by hand.
    """
    first, second, heading, title = map(site_key, (own, shared, shown or "", head))
    if first == second or _is_behind_kicker(own, shared) or _is_behind_kicker(shared, own):
        return own if heading == first != second else shared  # as the reader sees it
    repeated = heading == first and title != second and (title == first or site_key(tweeted or "") == second)
    return shared if repeated and not first.startswith(second) else own


def _is_behind_kicker(whole: str, title: str) -> bool:
    """True for "War: Talks fail" and "Talks fail"."""
    return whole.endswith(title) and re.search(r"(?:[|:/–—*]|\s-)\s*$", whole[: -len(title)]) is not None


def _is_headline(heading: str, known: list[str]) -> bool:
    return not known or any(agree(heading, title) for title in known)


def agree(heading: str, title: str) -> bool:
    """True when a heading is this article's, not "Log in" or the site's name: most of the shorter one's words are shared."""
    one, other = set(re.findall(r"\w+", fold(heading))), set(re.findall(r"\w+", fold(title)))
    return len(one & other) * 2 > min(len(one), len(other)) and len(one) * 3 >= len(other)


def _whole(title: str, titles: list[str]) -> str:
    """The title without what only it has at its end, or with what was cut from it."""
    for other in titles:
        if (title.startswith(other) and _BOUNDARY.match(title[len(other) :])) or _is_cut(title, other):
            return other  # "Headline - National" beside "Headline"
    return title


def _without_kickers(title: str, shown: str) -> str:
    """What two titles have in common behind different kickers: "War: Talks fail" and "Peace - Talks fail"."""
    heads, others = (list(islice(_BOUNDARY.finditer(text), 10)) for text in (title, shown))
    for one, other in product(heads, others):
        first, second = site_key(title[: one.start()]), site_key(shown[: other.start()])
        if title[one.end() :] == shown[other.end() :] and max(len(first), len(second)) < MAX_KICKER:
            return title if first in second or second in first else title[one.end() :]
    return title


def _is_cut(title: str, whole: str) -> bool:
    """A headline cut for a search engine stands whole elsewhere."""
    kept = title.rstrip("….").rstrip()
    more = whole[len(kept) :]
    ellipsis = title.endswith(("…", "..."))
    return (
        (ellipsis or len(kept) >= MAX_HEADLINE) and bool(more.strip()) and whole.startswith(kept) and not _SEPARATED.match(more)
    )


def _bare(title: str | None, sites: set[str]) -> str | None:
    bare = without_site(title, sites) if title else ""
    return bare if bare and site_key(bare) not in sites else None


def site_names(stated: Stated, meta: Meta, url: str) -> set[str]:
    """Keys of all that the site calls itself, its initials among them."""
    names = {name for name in (meta.first("og:site_name"), meta.first("application-name"), stated.publisher) if name}
    bare = host(url).removeprefix("www.")
    initials = ("".join(word[0] for word in name.split()) for name in names if name.count(" ") > 1)
    return {site_key(name) for name in (*names, *initials, bare, bare.split(".")[0])} - {""}


def site_key(name: str) -> str:
    """For comparing names and titles: signs, blanks and a leading "the" do not count."""
    return re.sub(r"\W", "", fold(name).removeprefix("the "))


def without_site(title: str, sites: set[str]) -> str:
    """Without ` | Site` at its end or `Site | ` at its start."""
    parts = _SEPARATED.split(title)
    while len(parts) > 2 and (site_key(parts[-1]) in sites or (len(parts) > 4 and parts[-1].startswith("by "))):
        parts = parts[:-2]
    while len(parts) > 2 and site_key(parts[0]) in sites:
        parts = parts[2:]
    return "".join(parts).strip()


# -- site -------------------------------------------------------------------------------------------------------------


def site_of(stated: Stated, meta: Meta, url: str) -> str | None:
    """The name of the publication, else its host."""
    return meta.first("og:site_name", "application-name") or stated.publisher or host(url).removeprefix("www.") or None
