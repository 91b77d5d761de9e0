"""The one form in which an address is stored, compared and fetched."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import idna

MAX_LENGTH = 8192  # characters; servers refuse longer request lines (Apache's limit is 8190 bytes)


class NotAURL(ValueError):
    """A text that cannot be an address on the web; says why."""


_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi|ns_mchannel"
    r"|ns_source|ns_campaign|ns_linkname|at_medium|at_campaign|at_custom\d|cmpid|ocid|smid|ftag|_openstat|xtor|wt_mc|wt_zmc)",
    re.IGNORECASE,
)
# What copying and pasting leaves at the ends of an address: controls, blanks, marks of direction, byte order marks.
_EDGES = "".join(map(chr, range(0x21))) + "\u00a0\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2069\u3000\ufeff"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
_DEFAULT_PORTS = {"http": 80, "https": 443}


# One visit asks for the same few addresses a dozen times: 12 % of the crawling process's CPU without this (2026-11-25).
remembered = lru_cache(maxsize=1024)


@remembered
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
    netloc = encoded_host(parts.hostname or "")
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    path = _escape(without_dots(parts.path) or "/", b"/:@!$&'()*+,;=")
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
def encoded_host(name: str) -> str:
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


def without_dots(path: str) -> str:
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
