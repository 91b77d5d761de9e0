"""Addresses: one canonical form, lookup keys, and what can be read from their words. Pure; never fetches."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from html import unescape
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import idna
import tldextract

MAX_LENGTH = 8192  # characters; servers refuse longer request lines (Apache's limit is 8190 bytes)

_suffixes = tldextract.TLDExtract(suffix_list_urls=())  # the list that came with it: no download at run time


class NotAURL(ValueError):
    """A text that cannot be an address on the web; says why."""


# -- the canonical form -----------------------------------------------------------------------------------------------

_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|ns_mchannel"
    r"|ns_source|ns_campaign|ns_linkname|at_medium|at_campaign|at_custom\d|cmpid|ocid|smid|ftag|_openstat|xtor|wt_mc|wt_zmc)",
    re.IGNORECASE,
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonicalize(url: str) -> str:
    """The one form in which an address is stored, compared and fetched. Raises NotAURL. Idempotent.

    Lower case scheme and host, punycode, no default port, credentials, fragment or tracking parameters; dot segments
    resolved; percent-encoding normalised without changing meaning (RFC 3986, 6.2.2). Query order and the trailing slash
    are kept: servers tell them apart.
    """
    text = re.sub(r"[\t\r\n]", "", url.strip().translate(_INVISIBLE)).strip("\x00\x1f ")
    if len(text) > MAX_LENGTH:
        raise NotAURL(f"longer than {MAX_LENGTH} characters")
    text = _with_scheme(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise NotAURL(str(error)) from error
    scheme = parts.scheme.lower()
    netloc = _host(parts.hostname or "")
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    path = _escape(_without_dots(parts.path.replace("\\", "/")) or "/", b"/:@!$&'()*+,;=")
    query = _escape("&".join(_kept(parts.query)), b"/?:@!$&'()*+,;=[]|")
    return urlunsplit((scheme, netloc, path, query, ""))


def _with_scheme(text: str) -> str:
    if match := re.match(r"(https?):/*", text, re.IGNORECASE):
        return f"{match[1].lower()}://{text[match.end() :]}"
    if text.startswith("//"):
        return "https:" + text
    if re.match(r"[\w.-]+\.[a-z]{2,}(:\d+)?([/?#]|$)", text, re.IGNORECASE):
        return "https://" + text
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE)
    raise NotAURL(f"the scheme {scheme[0]} is not fetched" if scheme else "it names no host")


@lru_cache(maxsize=4096)
def _host(name: str) -> str:
    host = unquote(name).strip(".").lower()
    if not host:
        raise NotAURL("it names no host")
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError as error:
            raise NotAURL(f"the host {name} is not a name ({error})") from error
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", host) or len(host) > 253:
        raise NotAURL(f"the host {name} is not a name")
    return host


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain == "..":
            del kept[max(1, len(kept) - 1) :]
        elif plain != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    joined = "/".join(kept)
    return joined if joined.startswith("/") else "/" + joined


def _kept(query: str) -> list[str]:
    return [pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.split("=", 1)[0])]


def _escape(text: str, safe: bytes) -> str:
    """Percent-encode what must be; decode what need not be; everything else stays as it is."""

    def one(match: re.Match[str]) -> str:
        byte = int(match[1], 16)
        return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"

    text = re.sub(r"%([0-9A-Fa-f]{2})", one, text)
    text = re.sub(r"%(?![0-9A-F]{2})", "%25", text)
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe + b"%")


# -- keys -------------------------------------------------------------------------------------------------------------

_SESSION = re.compile(r"(?:^|(?<=[&;]))(?:jsessionid|phpsessid|sid|aspsessionid\w*)=[0-9a-z]{16,}(?:&|$)", re.IGNORECASE)


def urlkey(url: str) -> str:
    """The SURT under which a capture index files an address: `com,example)/path?query`. A lookup key, never fetched.

    Folds what the Wayback Machine folds: scheme, www and wwwN, default port, case, trailing slash, doubled slashes,
    order of the query, session ids.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = re.sub(r"^www\d*\.", "", (parts.hostname or "").lower())
    reversed_host = host if _is_ip(host) else ",".join(reversed(host.split(".")))
    port = parts.port
    if port not in (None, 80, 443):
        reversed_host += f":{port}"
    path = re.sub(r"/{2,}", "/", parts.path.lower()) or "/"
    path = re.sub(r";jsessionid=[0-9a-z]{16,}$", "", path)
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    query = "&".join(sorted(_SESSION.sub("", parts.query.lower()).rstrip("&").split("&")))
    return f"{reversed_host}){path}" + (f"?{query}" if query else "")


def _is_ip(host: str) -> bool:
    return ":" in host or re.fullmatch(r"\d+(\.\d+){3}", host) is not None


def host(url: str) -> str:
    """The host of an address, lower case, without port."""
    return (urlsplit(url).hostname or "").rstrip(".")


@lru_cache(maxsize=4096)
def _site_of(name: str) -> str:
    return _suffixes(name).top_domain_under_public_suffix or name


def site(url: str) -> str:
    """The registrable domain: what one publisher owns. The host itself where there is none."""
    return _site_of(host(url))


def same_site(one: str, other: str) -> bool:
    """True when both addresses are on one registrable domain."""
    return site(one) == site(other)


def is_home(url: str) -> bool:
    """True for a front page: `/`, `/index.*`, `/home`, the root of a language."""
    path = urlsplit(url).path.rstrip("/").lower()
    return not path or re.fullmatch(r"/(index(\.\w+)?|home(page)?(\.\w+)?|default\.\w+|[a-z]{2}(-[a-z]{2})?)", path) is not None


# -- words ------------------------------------------------------------------------------------------------------------

_EXTENSION = re.compile(r"\.(s?html?|php\d?|aspx?|jsp|cfm|ece|stm|do|print|amp)$", re.IGNORECASE)
_ID_TAIL = re.compile(r"([-_.,~]+[a-z]{0,3}\d[\w.]*)+$|[-_.,~]+[0-9a-f]{8,}$", re.IGNORECASE)
_STATIC = re.compile(r"\.(jpe?g|png|gif|svg|webp|css|js|ico|pdf|mp[34]|zip|xml|rss|json|woff2?)$", re.IGNORECASE)
_LISTING = re.compile(
    r"^/(tags?|topics?|authors?|categor(y|ies)|search|section|about|contact|privacy|terms|login|subscribe|newsletters?"
    r"|users?|account|feed|rss)(/|$)",
    re.IGNORECASE,
)


def _segments(url: str) -> list[str]:
    return [segment for segment in urlsplit(url).path.split("/") if segment]


def slug(url: str) -> str:
    """The words of the most telling path segment as written, lower case, without extension and trailing id."""
    best = ""
    for segment in reversed(_segments(url)):
        plain = _EXTENSION.sub("", unquote(segment)).lower()
        bare = _ID_TAIL.sub("", plain)
        if len(re.findall(r"[^\W\d_]{2,}", bare)) > len(re.findall(r"[^\W\d_]{2,}", best)):
            best = bare
    return best


def slug_words(url: str) -> tuple[str, ...]:
    """The words of `slug`, numbers among them kept."""
    return tuple(re.findall(r"[^\W_]+", slug(url)))


def url_ids(url: str) -> frozenset[str]:
    """Numbers of five digits or more: the ids of content systems. Not dates."""
    path = urlsplit(url).path + "?" + urlsplit(url).query
    return frozenset(number for number in re.findall(r"\d{5,}", path) if not re.fullmatch(r"(19|20)\d{6}", number))


def path_date(url: str) -> date | None:
    """The day in the path (`/2019/04/24/`, `/2019-04-24/`, `/20190424/`); the first of the month when no day stands there."""
    path = urlsplit(url).path
    match = re.search(
        r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2]|[1-9](?=/))(?:[/_-]?(3[01]|[12]\d|0[1-9]|[1-9](?!\d)))?(?!\d)",
        path,
    )
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None


def looks_like_article(url: str) -> bool:
    """True when the address has what articles' addresses have: a slug of words, a date and a slug, a long id."""
    path = urlsplit(url).path
    if is_home(url) or _STATIC.search(path) or _LISTING.search(path):
        return False
    words = len(slug_words(url))
    return words >= 4 or (words >= 1 and (path_date(url) is not None or bool(url_ids(url))))


# -- other spellings --------------------------------------------------------------------------------------------------

_MOBILE = ("m.", "amp.", "mobile.", "edition.")
_PRINT = {"print", "printable", "output", "outputtype", "amp", "single", "singlepage", "view"}


def variants(url: str) -> tuple[str, ...]:
    """Other addresses of the same page that a capture index does not fold into one, likeliest first."""
    parts = urlsplit(url)
    name, path = parts.netloc, parts.path
    found: list[tuple[str, str, str]] = []
    for prefix in _MOBILE:
        if name.startswith(prefix):
            found += [
                ("www." + name.removeprefix(prefix), path, parts.query),
                (name.removeprefix(prefix), path, parts.query),
            ]
    if parts.query:
        found.append((name, path, ""))
    bare = re.sub(r"/(amp|index\.\w+)/?$|\.amp(?=\.html$|$)", "", path) or "/"
    if bare != path:
        found.append((name, bare, parts.query))
    if not name.startswith(_MOBILE):
        found += [("m." + name.removeprefix("www."), path, parts.query), (name, path.rstrip("/") + "/amp", parts.query)]
    urls = (urlunsplit((parts.scheme, host_, path_, query, "")) for host_, path_, query in found)
    return tuple(dict.fromkeys(other for other in urls if urlkey(other) != urlkey(url)))


_NESTED = re.compile(r"^https?://(?:web\.archive\.org/web|archive\.\w+)/\d{4,14}(?:[a-z]{2}_)?/(.+)$", re.IGNORECASE)
_WRAPPERS = re.compile(r"[?&](?:url|u|q|target|dest|destination|redirect)=(https?(?:%3A|:)[^&]+)", re.IGNORECASE)
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}


def cleaned(text: str) -> tuple[str, ...]:
    """The addresses that a mangled string may stand for, canonical, best first; empty when there is none."""
    bare = re.sub(r"\s+", "", text.translate(_INVISIBLE)).strip("<>\"'“”‘’«»")
    unescaped = unescape(bare)
    found = [_without_tail(unescaped), unescaped, bare]
    if re.search(r"%25[0-9A-Fa-f]{2}", unescaped):
        found.insert(0, _without_tail(unescaped.replace("%25", "%")))
    for pattern in (_NESTED, _WRAPPERS):
        if match := pattern.search(_without_tail(unescaped)):
            found.insert(0, unquote(match[1]) if pattern is _WRAPPERS else match[1])
    urls: list[str] = []
    for candidate in found:
        try:
            urls.append(canonicalize(candidate))
        except NotAURL:
            continue
    return tuple(dict.fromkeys(urls))


def _without_tail(text: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that was opened inside stays."""
    while text:
        last = text[-1]
        opener = _CLOSERS.get(last)
        if last in ".,;:!?\"'”’»*" or (opener and text.count(opener) < text.count(last)):
            text = text[:-1]
        else:
            break
    return text
