"""Names: which addresses we may connect to, and whether a name that did not resolve is gone or only unknown."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from archive.models import FailureKind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

Resolve = Callable[[str, int], Any]

_GONE = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def why_unresolved(name: str, resolve: Resolve = socket.getaddrinfo) -> FailureKind:
    """Whether a name does not exist (DNS) or could not be looked up now (DNS_UNKNOWN). Blocks: call it in a thread.

    getaddrinfo(3): EAI_NONAME and EAI_NODATA are the name server's word; EAI_AGAIN, EAI_FAIL and the rest are trouble
    on the way. A name that resolves this time was trouble too.
    """
    try:
        resolve(name, 443)
    except socket.gaierror as error:
        return FailureKind.DNS if error.errno in _GONE else FailureKind.DNS_UNKNOWN
    except (OSError, UnicodeError):
        return FailureKind.DNS_UNKNOWN
    return FailureKind.DNS_UNKNOWN


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address behind a NAT64 (RFC 6052)


def is_private(address: str) -> bool:
    """True for an IP address that is not on the public internet, in any of the spellings that resolvers accept."""
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return _is_private_number(address)
    return not all(map(_is_public, (parsed, *_embedded(parsed))))


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def _embedded(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that a gateway would take an IPv6 address for (RFC 4291, 4380, 3056, 6052)."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]


def _is_private_number(name: str) -> bool:
    """inet_aton(3) also reads 127.1, 0x7f000001, 2130706433 and 0177.0.0.1; such names are refused if not public."""
    try:
        return not _is_public(ipaddress.IPv4Address(socket.inet_aton(name)))
    except (OSError, ValueError):
        return False


class PublicResolver(CachingThreadedResolver):
    """Scrapy's resolver, which refuses names that point into private networks (the proxies of the environment apart).

    Checked on the answer and not on the name, so that a name cannot be rebound between check and connection.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, *, allow_private: bool) -> None:
        super().__init__(reactor, cache_size, timeout)
        proxies = (urlsplit(url).hostname for url in getproxies().values())
        self._trusted = {host for host in proxies if host}
        self._allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0,
            settings.getfloat("DNS_TIMEOUT"),
            allow_private=settings.getbool("MORGUE_ALLOW_PRIVATE"),
        )

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        answer = super().getHostByName(name, timeout)
        if self._allow_private or name in self._trusted:
            return answer
        return answer.addCallback(_refuse_private, name)


def _refuse_private(address: str, name: str) -> str:
    if is_private(address):
        raise DNSLookupError(f"{name} points into a private network ({address})")
    return address
