"""Other spellings of an address: those that an index does not fold, and those that a mangled string may stand for."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote, urlunsplit

from archive.urls.canonical import NotAURL, canonicalize
from archive.urls.keys import site, split_url, urlkey
from archive.urls.words import is_home

_MOBILE = ("m.", "amp.", "mobile.", "edition.")
_DOUBLE = re.compile(r"/(amp|print|index\.\w+)/?$|\.amp(?=\.html$|$)|;jsessionid=[^/]*", re.IGNORECASE)


def variants(url: str) -> tuple[str, ...]:
    """Other addresses of the same page that a capture index does not fold into one, likeliest first."""
    parts = split_url(url)
    name, path = parts.netloc, parts.path
    found = [("www." + name.removeprefix(prefix), path, parts.query) for prefix in _MOBILE if name.startswith(prefix)]
    if parts.query:
        found.append((name, path, ""))
    bare = _DOUBLE.sub("", path) or "/"
    if bare != path:
        found.append((name, bare, parts.query))
    if name.removeprefix("www.") == site(url) and not re.search(r"[\d\]]$", name):
        found.append(("m." + name.removeprefix("www."), path, parts.query))
    if not name.startswith(_MOBILE) and bare == path and not is_home(url):
        found.append((name, path.rstrip("/") + "/amp", parts.query))
    urls = (urlunsplit((parts.scheme, host_, path_, query, "")) for host_, path_, query in found)
    by_key: dict[str, str] = {}
    for other in urls:
        by_key.setdefault(urlkey(other), other)
    by_key.pop(urlkey(url), None)
    return tuple(by_key.values())


_SCHEME = re.compile(r"(?:h[tx]{1,3}p|t{1,2}p)(s?)(?:[:;]+/*|/{2,})", re.IGNORECASE)
_REPEATED = re.compile(r"(?:https?:/*)+(?=https?:/)", re.IGNORECASE)
_SPACELESS = re.compile(r"[\u00ad\u200b\u2060\ufeff]|\s")  # not the joiners of Persian and Indic words
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_QUOTES = "\"'`“”‘’‚„«»‹›"
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)  # "&section=2" is none
_NESTED = re.compile(
    r"https?://(?:(?:web|wayback)\.archive\.org/web|arquivo\.pt/(?:no[fF]rame/)?(?:wayback|replay)|wayback\.archive-it\.org/\w+"
    r"|archive\.\w\w+|webcache\.googleusercontent\.com/search\?q=cache:(?:[\w-]{12}:)?|www\.google\.[a-z.]+/amp/s"
    r"|[\w-]+\.cdn\.ampproject\.org/[cv]/s)(?:/?(?:\d[\d.*-]*(?:[a-z]{2}_)?|\*|newest|oldest|o))?/?(?P<inner>[^/\s].*)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(
    r"[?&](?:url|u|q|z|to|target|dest|destination|redirect(?:_?ur[il])?|continue)=(https?(?:%3A|:)[^&]+)", re.IGNORECASE
)
_REDIRECTOR = re.compile(
    r"//[^/]*(safelinks|slack-redir|away\.|click|redir|^l\.|//l\.)[^/]*/|/(url|l\.php|redir(ect)?\w*|out|away|go|link|share\w*(\.php)?|login|signin)(/|\?|$)",
    re.IGNORECASE,
)
_OPENERS = {")": "(", "]": "[", "}": "{", ">": "<", "）": "（", "】": "【", "」": "「", "』": "『", "》": "《", "〉": "〈"}
_TAIL = frozenset(".,;:!?*|…。，、；：！？" + _QUOTES)


def cleaned(text: str) -> tuple[str, ...]:
    """The addresses that a mangled string may stand for, canonical, best first; empty when there is none.

    What is undone: blanks and line breaks, punctuation and brackets around it, damaged schemes, entities, double
    encoding, dashes for hyphens, and the archives and redirectors that an address was copied from (the address itself
    stays among the readings).
    """
    whole = _SPACELESS.sub("", text)
    bare = _with_mended_scheme(_without_head(whole))
    plain = without_entities(bare)
    short = _without_tail(plain)
    found = [*_inner(short), short, plain, bare, short.translate(_DASHES)]
    if re.search(r"%25[0-9A-Fa-f]{2}", short):
        found.insert(found.index(short), short.replace("%25", "%"))
    urls: list[str] = []
    for candidate in found:
        try:
            urls.append(canonicalize(candidate))
        except NotAURL:
            continue
    return tuple(dict.fromkeys(urls))


def without_entities(text: str) -> str:
    """An address as markup writes it, with `&amp;` and its like resolved; `&section=2` is no entity."""
    return _ENTITY.sub(lambda match: unescape(match[0]), text)


def _without_head(text: str) -> str:
    """Without the opening signs and `URL:` before it."""
    bare = text.lstrip(_QUOTES + "".join(_OPENERS.values()) + "*_")
    return re.sub(r"^url:(?=\w)", "", bare, flags=re.IGNORECASE)


def _with_mended_scheme(text: str) -> str:
    if re.match(r"https?%3A", text, re.IGNORECASE):
        text = unquote(text)
    text = _SCHEME.sub(lambda match: f"http{match[1].lower()}://", text, count=1) if _SCHEME.match(text) else text
    return _REPEATED.sub("", text) if _REPEATED.match(text) else text


def _inner(url: str) -> list[str]:
    """What an archive's or a redirector's address leads to, innermost first."""
    nested = _NESTED.match(url)
    if nested and re.match(r"https?(:|%3A)|[^/]+\.", nested["inner"], re.IGNORECASE):
        inner = _with_mended_scheme(nested["inner"])
        return [*_inner(inner), inner]
    wrapped = _WRAPPED.search(url)
    if wrapped and _REDIRECTOR.search(url[: wrapped.start() + 1]):
        inner = unquote(wrapped[1])
        return [*_inner(inner), inner]
    return []


def _without_tail(text: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that was opened inside stays."""
    while text:
        last = text[-1]
        opener = _OPENERS.get(last)
        if last in _TAIL or (opener and text.count(opener) < text.count(last)):
            text = text[:-1]
        else:
            break
    return text
