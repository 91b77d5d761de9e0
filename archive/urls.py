"""Addresses: one canonical form, lookup keys, and what can be read from their words. Pure; never fetches."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from html import unescape
from typing import Any
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit, urlunsplit

import idna

from archive.timestamps import month_number

MAX_LENGTH = 8192  # characters; servers refuse longer request lines (Apache's limit is 8190 bytes)


class NotAURL(ValueError):
    """A text that cannot be an address on the web; says why."""


# -- the canonical form -----------------------------------------------------------------------------------------------

_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|ns_mchannel"
    r"|ns_source|ns_campaign|ns_linkname|at_medium|at_campaign|at_custom\d|cmpid|ocid|smid|ftag|_openstat|xtor|wt_mc|wt_zmc)",
    re.IGNORECASE,
)
# What copying and pasting leaves at the ends of an address: controls, blanks, marks of direction, byte order marks.
_EDGES = "".join(map(chr, range(0x21))) + "\u00a0\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2069\u3000\ufeff"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonicalize(url: str) -> str:
    """The one form in which an address is stored, compared and fetched. Raises NotAURL. Idempotent.

    Lower case scheme and host, punycode, no default port, credentials, fragment or tracking parameters; dot segments
    resolved; percent-encoding normalised without changing meaning (RFC 3986, 6.2.2). Query order and the trailing slash
    are kept: servers tell them apart. Read as browsers read (WHATWG URL): tabs and newlines go, backslashes are slashes.
    """
    text = _with_scheme(re.sub(r"[\t\r\n]", "", url).strip(_EDGES))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise NotAURL(str(error)) from error
    scheme = parts.scheme.lower()
    netloc = _host(parts.hostname or "")
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    path = _escape(_without_dots(parts.path) or "/", b"/:@!$&'()*+,;=")
    query = _kept(_escape(parts.query, b"/?:@!$&()*+,;="))  # as Scrapy sends it: so it is stored, too
    canonical = urlunsplit((scheme, netloc, path, query, ""))
    if len(canonical) > MAX_LENGTH:
        raise NotAURL(f"longer than {MAX_LENGTH} characters")
    return canonical


def _with_scheme(text: str) -> str:
    before = re.match(r"[^?#]*", text)
    head = before[0].replace("\\", "/") if before else ""
    rest = text[len(head) :]
    if match := re.match(r"(https?):/*", head, re.IGNORECASE):
        return f"{match[1].lower()}://{head[match.end() :]}{rest}"
    if head.startswith("//"):
        return f"https://{head.lstrip('/')}{rest}"
    if re.match(r"[\w.-]+\.([^\W\d_]{2,}|xn--[a-z0-9-]+)(:\d+)?(/|$)", head, re.IGNORECASE):
        return f"https://{head}{rest}"
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", head, re.IGNORECASE)
    raise NotAURL(f"the scheme {scheme[0]} is not fetched" if scheme else "it names no host")


@lru_cache(maxsize=4096)
def _host(name: str) -> str:
    host = unquote(name).strip(".").lower()
    if not host:
        raise NotAURL("it names no host")
    if ":" in host:
        return _ipv6(host)
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode().strip(".")
        except UnicodeError as error:
            raise NotAURL(f"the host {name} is not a name ({error})") from error
    if not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", host) or len(host) > 253:
        raise NotAURL(f"the host {name} is not a name")
    return _ipv4(host) if re.search(r"(^|\.)(\d+|0x[0-9a-f]*)$", host) else host


def _ipv6(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError as error:
        raise NotAURL(f"the host [{host}] is not an address") from error
    if address.scope_id:
        raise NotAURL(f"the host [{host}] is an address of this machine's own network")
    return f"[{address.compressed}]"


def _ipv4(host: str) -> str:
    """`0x7f.1` and `2130706433` are 127.0.0.1 to a resolver, and so to whatever guards private addresses."""
    try:
        numbers = [_ipv4_number(label) for label in host.split(".")]
        *bytes_, last = numbers
        value = sum(number << (24 - 8 * place) for place, number in enumerate(bytes_))
        if len(numbers) > 4 or any(number > 255 for number in bytes_) or last >> (8 * (5 - len(numbers))):
            raise ValueError(host)
        return str(ipaddress.IPv4Address(value + last))
    except ValueError as error:
        raise NotAURL(f"the host {host} is not an address") from error


def _ipv4_number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8) if label.startswith("0") else int(label)


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    kept: list[str] = []
    segments = [re.sub("%2e", ".", segment, flags=re.IGNORECASE) if "%2" in segment else segment for segment in path.split("/")]
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    joined = "/".join(kept)
    return joined if joined.startswith("/") else "/" + joined


def _kept(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.split("=", 1)[0]))


def _escape(text: str, safe: bytes) -> str:
    """Percent-encode what must be; decode what need not be; everything else stays as it is."""
    if "%" in text:
        text = re.sub(r"%([0-9A-Fa-f]{2})?", _escaped, text)
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe + b"%")


def _escaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"


# -- keys -------------------------------------------------------------------------------------------------------------

_SESSIONS = (  # in a query, as the `surt` library knows them
    r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}",
    r"aspsessionid[a-z]{8}=[a-z]{24}",
    r"cfid=[^&]+&cftoken=[^&]+",
)
_SESSION = re.compile(rf"(?:{'|'.join(_SESSIONS)})(?:&|$)")
_ASP_SESSION = re.compile(r"/(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))(?=/[^?]+\.aspx)")
_OTHER_SCHEME = re.compile(r"(?!https?:|ftp:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_SURT_SAFE = b"!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


def urlkey(url: str) -> str:
    """The SURT under which a capture index files an address: `com,example)/path?query`. A lookup key, never fetched.

    Folds what the Wayback Machine folds: scheme, www and wwwN, default port, case, one trailing slash, doubled slashes,
    needless percent-encoding, order of the query, session ids. The rules are those of the `surt` library 0.3.1. What is no
    web address (indexes hold `mailto:` and worse) is its own key.
    """
    text = re.sub(r"[\t\r\n]", "", url.strip())
    try:
        if _OTHER_SCHEME.match(text):
            raise ValueError(text)
        parts = urlsplit(text if "://" in text else f"http://{text}")
        name, port = parts.hostname, parts.port
    except ValueError:
        return quote(text.lower(), safe=_SURT_SAFE, errors="replace")
    path = re.sub(r"/{2,}", "/", _without_dots(_unescaped(parts.path)))
    path = _ASP_SESSION.sub("", _escaped_once(path).lower())
    if len(path) > 1:
        path = path.removesuffix("/")
    query = _SESSION.sub("", _escaped_once(_unescaped(parts.query)).lower())
    pairs = sorted(pair.partition("=") for pair in query.split("&"))
    return f"{_reversed_host(name or '', port)}){path}" + ("?" + "&".join(map("".join, pairs)) if query else "")


def _reversed_host(name: str, port: int | None) -> str:
    host = unquote(name).lower().replace("..", ".").strip(".")
    if not host.isascii():
        with suppress(NotAURL):
            host = _host(host)
    if not re.fullmatch(r"[a-z0-9._-]*", host):
        host = quote(host, safe=_SURT_SAFE, errors="replace").lower()
    labels = re.sub(r"^www\d*\.", "", host).split(".")
    return ",".join(reversed(labels)) + (f":{port}" if port not in (None, 80, 443) else "")


def _unescaped(text: str) -> str:
    """The bytes without percent-encoding, however often they were encoded, one sign each."""
    data = text.encode("utf-8", "surrogatepass")
    while b"%" in data and (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data.decode("latin-1")


def _escaped_once(text: str) -> str:
    return quote(text.encode("latin-1"), safe=_SURT_SAFE)


def split_url(url: str) -> SplitResult:
    """The parts of an address. Never raises: indexes hold originals that nothing can read; those have no parts."""
    try:
        parts = urlsplit(url)
        parts.hostname  # noqa: B018
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def host(url: str) -> str:
    """The host of an address, lower case, without port."""
    return (split_url(url).hostname or "").rstrip(".")


@cache
def _suffixes() -> Any:
    """The list that came with it: no download at run time, no cache. Its private part tells the papers of a blog host apart."""
    import tldextract  # noqa: PLC0415 - it imports requests, which takes longer than all of `morgue show`

    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def _site_of(name: str) -> str:
    found = _suffixes()(name)
    if found.suffix or found.ipv4 or ":" in name:
        return found.top_domain_under_public_suffix or name
    return ".".join(name.split(".")[-2:])  # publicsuffix.org: where no rule matches, the last label is the suffix


def site(url: str) -> str:
    """The registrable domain: what one publisher owns. The host itself where there is none."""
    return _site_of(host(url))


def same_site(one: str, other: str) -> bool:
    """True when both addresses are on one registrable domain."""
    return site(one) == site(other)


# -- words ------------------------------------------------------------------------------------------------------------

_EXTENSION = re.compile(r"\.(s?html?|php\d?|aspx?|jsp|cfm|ece|stm|do|print|amp)$", re.IGNORECASE)
_FRONT = re.compile(
    r"/(index(\.\w+)?|home(page)?(\.\w+)?|default\.\w+|[a-z]{2}([-_][a-z]{2,4})?(/index(\.\w+)?)?)", re.IGNORECASE
)
_PAGE_BY_QUERY = re.compile(
    r"(?:^|&)(?:p|id|[a-z_]*(?:article|story|news|page|post|node|item|doc)_?(?:id)?|aid|nid)=\w*\d", re.IGNORECASE
)
_STATIC = re.compile(
    r"\.(jpe?g|png|gif|svg|webp|avif|ico|css|js|json|xml|rss|atom|pdf|mp[34]|m4[av]|webm|zip|gz|woff2?|docx?|xlsx?)$",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"/(tags?|topics?|authors?|categor(y|ies)|auto(r|ren|res)|auteurs?|themen?|temas?|rubrik|etiquetas?|kategorien?)/"
    r"|^/(section|about|login|subscribe|newsletters?|users?|account)(/|$)|/(search|feed|rss)(/|$)",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"/((about|contact)(-us)?|privacy(-policy.*)?|terms(-(of|and)-.*)?|cookies?(-policy.*)?|legal(-notice)?|impressum|datenschutz)/?$",
    re.IGNORECASE,
)
_STORIES = re.compile(r"/(articles?|stor(y|ies)|artikel|articulo|noticias?)/[^/]+/?$", re.IGNORECASE)
_WORD = r"[^\W\d_]{2,}"
_MIXED = re.compile(r"(?=\w*[a-z])(?=(?:\w*\d){2})[a-z0-9]{8,}", re.IGNORECASE)  # `c4ng5d9kpl0o`, hashes


def is_home(url: str) -> bool:
    """True for a front page: `/`, `/index.*`, `/home`, the root of a language; not when the query names a page (`/?p=123`)."""
    parts = split_url(url)
    path = parts.path.rstrip("/")
    return (not path or _FRONT.fullmatch(path) is not None) and not _PAGE_BY_QUERY.search(parts.query)


def _segments(url: str) -> list[str]:
    return [_EXTENSION.sub("", unquote(segment)).lower() for segment in split_url(url).path.split("/") if segment]


def _is_id(token: str) -> bool:
    """`a65357`, `48020000`, `c4ng5d9kpl0o`, `5f8a3b2c9d`."""
    return re.fullmatch(r"[a-z]{0,3}\d\w*", token) is not None or _MIXED.fullmatch(token) is not None


def _words_of(segment: str) -> str:
    """A segment without the ids at its ends; of an id alone nothing is left."""
    tokens = list(re.finditer(r"[^-_.,~+\s]+", segment))
    while tokens and _is_id(tokens[-1][0]):
        tokens.pop()
    while tokens and re.fullmatch(r"[a-z]{0,3}\d{5,}", tokens[0][0]):
        del tokens[0]
    return segment[tokens[0].start() : tokens[-1].end()] if tokens else ""


def slug(url: str) -> str:
    """The words of the most telling path segment as written, lower case, without extension and without ids at its ends."""
    segments = [_words_of(segment) for segment in reversed(_segments(url))]
    return max(segments, key=lambda segment: len(re.findall(_WORD, segment)), default="")


def slug_words(url: str) -> tuple[str, ...]:
    """The words of `slug`, numbers among them kept."""
    return tuple(re.findall(r"[^\W_]+", slug(url)))


def url_ids(url: str) -> frozenset[str]:
    """The ids of content systems: numbers of five digits or more, and segments of mixed letters and digits. Not dates."""
    parts = split_url(url)
    numbers = re.findall(r"\d{5,}", f"{parts.path}?{parts.query}")
    mixed = (segment for segment in _segments(url) if _MIXED.fullmatch(segment))
    return frozenset(number for number in numbers if not _DIGIT_DATE.fullmatch(number)) | frozenset(mixed)


_YEAR, _MONTH, _DAY = r"(?P<year>(?:19|20)\d\d)", r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>3[01]|[12]\d|0?[1-9])"
_NAME = r"(?P<name>[^\W\d_]{3,10})"
_DIGIT_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?")
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}[/_.-]{_MONTH}[/_.-]{_DAY}(?!\d)",  # 2019/04/24
        # 2019/0424, 20190424, and with a time of day behind it
        rf"(?<!\d){_YEAR}[/_-]?(?P<month>0[1-9]|1[0-2])[-_]?(?P<day>0[1-9]|[12]\d|3[01])(?=(?:\d{{4}}|\d{{6}})?(?!\d))",
        rf"(?<!\d){_YEAR}[/_-]{_NAME}[/_-]{_DAY}(?!\d)",  # 2019/apr/24
        rf"(?<!\d){_DAY}[/_.-]{_MONTH}[/_.-]{_YEAR}(?!\d)",  # 24-04-2019
        rf"(?<!\d){_DAY}[/_-]{_NAME}[/_-]{_YEAR}(?!\d)",  # 24-april-2019
        rf"(?<!\d){_YEAR}[/_-]{_MONTH}(?=/|$)",  # 2019/04
        rf"(?<!\d){_YEAR}[/_-]{_NAME}(?=/|$)",
        rf"/{_YEAR}(?P<month>0[1-9]|1[0-2])(?=/|$)",  # 201904
    )
)


def path_date(url: str) -> date | None:
    """The day in the path (`/2019/04/24/`, `/2019/apr/24/`, `/20190424/`, `-24-04-2019`); the first of the month when no day
    stands there."""
    path = unquote(split_url(url).path)
    for pattern in _DATES:
        for match in pattern.finditer(path):
            if found := _date(match):
                return found
    return None


def _date(match: re.Match[str]) -> date | None:
    fields = match.groupdict()
    month = month_number(fields["name"]) if fields.get("name") else int(fields["month"])
    try:
        return date(int(fields["year"]), month or 0, int(fields.get("day") or 1))
    except ValueError:
        return None


def looks_like_article(url: str) -> bool:
    """True when the address has what articles' addresses have: a slug of words, a date and a slug, an id."""
    path, segments = split_url(url).path, _segments(url)
    if is_home(url) or _STATIC.search(path) or _HOUSE.search(path):
        return False
    words, day, ids = len(slug_words(url)), path_date(url), url_ids(url)
    if _LISTING.search(path) and words < 5:
        return False
    last = segments[-1] if segments else ""
    if not re.search(_WORD, last) and not url_ids(f"http://host/{last}"):
        return bool(ids) and bool(words) and not day  # `/2019/04/24/` lists a day
    enough = 2 if _STORIES.search(path) else 3 if _EXTENSION.search(path) else 4
    return words >= enough or bool(words and day) or bool(ids)


# -- other spellings --------------------------------------------------------------------------------------------------

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


# -- mangled strings --------------------------------------------------------------------------------------------------

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
