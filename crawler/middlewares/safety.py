"""Addresses that a page may not send us to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request

from archive.models import Failure, FailureKind
from crawler.failures import Refused
from crawler.names import is_private

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, 8375; ICANN 2024-07


class SafetyMiddleware:
    """Refuses other schemes than http(s), credentials in addresses, and private networks by number or by name."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(allow_private=crawler.settings.getbool("MORGUE_ALLOW_PRIVATE"))

    def process_request(self, request: Request) -> None:
        """Raise Refused with the reason, or let the request pass."""
        if reason := unsafe(request.url, allow_private=self._allow_private):
            raise Refused(Failure(request.url, FailureKind.UNSAFE, reason))


def unsafe(url: str, *, allow_private: bool = False) -> str | None:
    """Why an address is not to be fetched; None when it may be."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return f"the scheme {parts.scheme or 'of this address'} is not fetched"
    if parts.username or parts.password:
        return "the address holds a user name or a password"
    host = (parts.hostname or "").rstrip(".")
    if not allow_private and (_is_local_name(host) or is_private(host)):
        return f"{host} is in a private network (allow it with -s MORGUE_ALLOW_PRIVATE=1)"
    return None


def _is_local_name(host: str) -> bool:
    """Names for one's own machine or network. One without a dot is looked up in the network's own domain."""
    return host.endswith(_LOCAL_SUFFIXES) or not ("." in host or ":" in host)
