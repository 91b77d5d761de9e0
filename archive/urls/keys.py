"""What an address is filed under: SURT, host, registrable domain."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urlsplit

from archive.urls.canonical import NotAURL, encoded_host, remembered, without_dots

_SESSIONS = (  # in a query, as the `surt` library knows them
    r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}",
    r"aspsessionid[a-z]{8}=[a-z]{24}",
    r"cfid=[^&]+&cftoken=[^&]+",
)
_SESSION = re.compile(rf"(?:{'|'.join(_SESSIONS)})(?:&|$)")
_ASP_SESSION = re.compile(r"/(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))(?=/[^?]+\.aspx)")
_OTHER_SCHEME = re.compile(r"(?!https?:|ftp:)[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_SURT_SAFE = b"!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"


@remembered
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
    path = re.sub(r"/{2,}", "/", without_dots(_unescaped(parts.path)))
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
            host = encoded_host(host)
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
    """The list that came with it: no download at run time, nothing written to a cache. Its private part tells the papers of
    one blog host apart."""
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
