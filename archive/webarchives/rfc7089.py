"""What every Memento archive says in the same way (RFC 7089): Link relations, Memento-Datetime, original headers, timemaps.

Where archives differ (which addresses are theirs) they hand in a function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import quote

from archive.models import Capture, Exchange, Headers
from archive.timestamps import parse_timestamp, to_timestamp
from archive.urls import urlkey
from archive.webarchives.base import http_date
from archive.webarchives.cdx import without_port

Unarchived = Callable[[str], str | None]
"""The address of the web of then that an address of the archive stands for."""

# OpenWayback and the Wayback Machine name the reason in a header or on the page; a page that long is no message.
_EXCLUDED = re.compile(
    rb"Blocked (Site Error|By Robots)|AccessControlException|has been excluded from the Wayback Machine", re.IGNORECASE
)
_MESSAGE = 200_000  # bytes
_LINK = re.compile(r"""<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"',;]+))*)""")
_AS_REPLAYED = ("content-type", "content-encoding", "location")
_NOT_STORED = frozenset({"content-encoding", "transfer-encoding", "location"})


def request_address(url: str) -> str:
    """An original as the end of a request line: a row's address may hold what no request line may."""
    return quote(url, safe="%/:?&=;@!$'()*+,[]~|")


def relations(header: str) -> dict[str, str]:
    """The relations of a Link header (RFC 8288, RFC 7089); addresses in it may be HTML-escaped (a springer cassette).

    One link may have several: `rel="first prev memento"` is both the first and the previous memento.
    """
    found: dict[str, str] = {}
    for url, names, _ in _links(header):
        is_memento = "memento" in names and len(names) > 1
        for name in names:
            if not (is_memento and name == "memento"):
                found.setdefault(f"{name} memento" if is_memento else name, url)
    return found


def _links(text: str) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    for match in _LINK.finditer(text):
        pairs = re.findall(r"""([\w*-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"',;]+))""", match[2])
        parameters = {name.lower(): double or single or bare for name, double, single, bare in pairs}
        yield unescape(match[1]), parameters.get("rel", "").lower().split(), parameters


def memento_timestamp(header: str, digits: str) -> str:
    """When it was captured: Memento-Datetime (RFC 7089, 2.1.1), else what its address says."""
    try:
        return to_timestamp(http_date(header) or parse_timestamp(digits))
    except ValueError:
        return digits.ljust(14, "0")


def original_headers(headers: Headers, unarchived: Unarchived) -> Headers:
    """The page's own headers of then, which archives pass on as x-archive-orig-*; type and coding as replayed."""
    kept = [(name[15:], value) for name, value in headers if name.lower().startswith("x-archive-orig-")]
    stored = [(name, value) for name, value in kept if name.lower() not in _NOT_STORED]
    has_type = any(name.lower() == "content-type" for name, _ in stored)
    for name, value in headers:
        lower = name.lower()
        if lower in _AS_REPLAYED and value and not (lower == "content-type" and has_type):
            stored.append((name, unarchived(value) or value if lower == "location" else value))
    return tuple(stored)


def is_excluded(answer: Exchange, body: bytes, statuses: tuple[int, ...]) -> bool:
    """The archive may not show it: says so as OpenWayback does, or with 451 (RFC 7725), as pywb does."""
    error = answer.header("x-archive-wayback-runtime-error") or ""
    said = answer.status in statuses and len(body) < _MESSAGE and _EXCLUDED.search(body) is not None
    return "AccessControl" in error or answer.status == 451 or said


def timemap_rows(text: str, archive: str) -> list[Capture]:
    """The mementos of a timemap (RFC 7089, 5; `application/link-format`, RFC 6690) as captures, in its order."""
    links = list(_links(text))
    original = next((url for url, names, _ in links if "original" in names), None)
    if original is None or not original.startswith(("http://", "https://")):
        return []
    moments = (http_date(parameters.get("datetime", "")) for _, names, parameters in links if "memento" in names)
    stamps = dict.fromkeys(to_timestamp(moment) for moment in moments if moment)
    address = without_port(original)
    return [Capture(urlkey(address), stamp, address, None, None, None, None, archive) for stamp in stamps]
