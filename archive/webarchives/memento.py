"""Any archive that speaks Memento (RFC 7089), given by addresses from the configuration; most of them run pywb.

What pywb 2.10.0 answers was recorded 2026-11-25 by running it (tests/archive/test_pywb_archive.py runs it again):
`id_` replays the nearest capture under the address asked, 200 with Content-Location and no redirect; its Link header
names no neighbours; Location of an archived redirect is left as it was; an address that it does not have is 404 with the
address on the page, and so is a misspelt collection, without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import ClassVar
from urllib.parse import urlsplit

from archive.models import Capture, Exchange, Failure, Outcome
from archive.timestamps import parse_timestamp
from archive.urls import urlkey
from archive.webarchives import pywb
from archive.webarchives.answers import Unreadable, joined, read, unexpected
from archive.webarchives.base import ArchiveRequest, IndexAnswer, IndexQuery, Memento, ReplayAnswer
from archive.webarchives.cdx import without_port
from archive.webarchives.rfc7089 import (
    is_excluded,
    memento_timestamp,
    original_headers,
    relations,
    request_address,
    timemap_rows,
)

_MODE = re.compile(r"\{timestamp\}([a-z]{2}_)?")
_FRAME = re.compile(rb"/wb_frame\.js|/wbinfo|window\.banner_info")  # pywb's frame around a page, Memento-Datetime and all
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class MementoArchive:
    """An archive by its addresses.

    `replay_at` has `{url}` at its end and `{timestamp}` before it: `https://example.org/coll/{timestamp}id_/{url}`.
    Without `{timestamp}` it is a TimeGate, which is asked by Accept-Datetime (RFC 7089, 4). `cdx_at` is a capture index in
    pywb's dialect; `timemap_at`, with `{url}`, lists the captures of one address and is used where there is no index.
    `view_at` is for a person's browser, when that is another address.
    """

    name: str
    replay_at: str
    cdx_at: str | None = None
    timemap_at: str | None = None
    view_at: str | None = None
    index_by_time: ClassVar[bool] = False

    @property
    def has_index(self) -> bool:
        """Whether captures under a prefix can be listed."""
        return self.cdx_at is not None

    @property
    def lists_captures(self) -> bool:
        """Whether the captures of one address can be listed: `search` with match "exact"."""
        return self.cdx_at is not None or self.timemap_at is not None

    def replay(self, url: str, timestamp: str) -> ArchiveRequest:
        address = self.replay_at.replace("{timestamp}", timestamp).replace("{url}", request_address(url))
        if "{timestamp}" in self.replay_at:
            return self.follow(address)
        moment = parse_timestamp(timestamp).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return ArchiveRequest(address, self.name, f"{self.name}-replay", (("Accept-Datetime", moment),))

    def follow(self, location: str) -> ArchiveRequest:
        return ArchiveRequest(location, self.name, f"{self.name}-replay")

    def archive_url(self, capture: Capture) -> str:
        """With no `{timestamp}` in any address of the archive, the TimeGate: it leads to the capture of now."""
        view = self.view_at or _MODE.sub("{timestamp}", self.replay_at)
        return view.replace("{timestamp}", capture.timestamp).replace("{url}", capture.original)

    # -- replay ------------------------------------------------------------------------------------------------------

    def read_replay(self, answer: Exchange | Failure) -> ReplayAnswer:
        """By Memento-Datetime, never by status: an archived 404 or 429 is a memento, a page of the archive's own is none."""
        if isinstance(answer, Exchange) and answer.header("memento-datetime"):
            return self._memento(answer)
        page = read(answer)
        if isinstance(page, Unreadable):
            return page.replay()
        return self._sent_on(page.exchange) if page.exchange.status in _REDIRECTS else self._own_page(page.exchange, page.body)

    def _memento(self, answer: Exchange) -> ReplayAnswer:
        if answer.truncated and answer.truncated != "length":  # a page too long for us stays too long: judged by its start
            return Unreadable("the capture came cut short").replay()
        if "}id_" not in self.replay_at and _FRAME.search(answer.body[:20_000]):
            return Unreadable(f"{self.name} answers with a frame around the page: give its replay as {{timestamp}}id_").replay()
        links = relations(answer.header("link") or "")
        here = self._archived(answer.header("content-location") or "") or self._archived(answer.url)
        original = links.get("original") or (here[1] if here else None)
        if original is None:
            return Unreadable(f"{answer.url} does not say which address it is a capture of").replay()
        return ReplayAnswer(Outcome.FOUND, memento=self._found(answer, links, without_port(original), here[0] if here else ""))

    def _found(self, answer: Exchange, links: dict[str, str], original: str, digits: str) -> Memento:
        timestamp = memento_timestamp(answer.header("memento-datetime") or "", digits)
        location = answer.header("location") if answer.status in _REDIRECTS else None
        return Memento(
            archive_url=self._viewed(answer, original, timestamp),
            original=original,
            timestamp=timestamp,
            status=answer.status,
            headers=original_headers(answer.headers, self._unarchived),
            archive=self.name,
            previous=self._stamp(links.get("prev memento")),
            next=self._stamp(links.get("next memento")),
            first=self._stamp(links.get("first memento")),
            redirects_to=self._target(answer, original, location) if location else None,
        )

    def _viewed(self, answer: Exchange, original: str, timestamp: str) -> str:
        if self.view_at or "{timestamp}" in self.replay_at:
            return self.archive_url(Capture("", timestamp, original, None, None, None, None, self.name))
        return answer.url

    def _target(self, answer: Exchange, original: str, location: str) -> str | None:
        """Where the page redirected to when it was captured. A raw replay leaves a relative Location relative to the page."""
        inner = self._archived(joined(answer.url, location))
        target = inner[1] if inner else joined(original, location)
        return target if target.startswith(("http://", "https://")) else None

    def _sent_on(self, answer: Exchange) -> ReplayAnswer:
        """To another capture of the same address, or from a TimeGate to the memento, which may be on another host."""
        location = joined(answer.url, answer.header("location") or "")
        found = self._archived(location)
        if found is not None and "{timestamp}" in self.replay_at:
            url = self.replay(found[1], found[0]).url
            if url == answer.url:
                return unexpected(answer, "the archive sends us round in circles").replay()
            return ReplayAnswer(Outcome.FOUND, location=url)
        negotiated = "accept-datetime" in (answer.header("vary") or "").lower()
        if negotiated and location.startswith(("http://", "https://")):
            return ReplayAnswer(Outcome.FOUND, location=location)
        return unexpected(answer, f"redirected out of the archive, to {location}"[:300]).replay()

    def _own_page(self, answer: Exchange, body: bytes) -> ReplayAnswer:
        """A page of the archive itself. "Never archived" must name the address: any server has a 404 of its own."""
        if is_excluded(answer, body, (200, 403)):
            return ReplayAnswer(Outcome.EXCLUDED, reason="the page is excluded from the archive")
        if answer.status == 404 and self._names_what_was_asked(answer, body):
            return ReplayAnswer(Outcome.NONE)
        reason = f"{self.name} answered {answer.status} without a capture"
        if answer.status == 404:
            reason += " and without naming the address: is its replay address right?"
        return unexpected(answer, reason).replay()

    def _names_what_was_asked(self, answer: Exchange, body: bytes) -> bool:
        asked = self._archived(answer.url)
        if asked is None:
            return False
        key = urlkey(asked[1])
        if urlkey(relations(answer.header("link") or "").get("original", "")) == key:
            return True
        parts = urlsplit(answer.url)
        path = answer.url[len(f"{parts.scheme}://{parts.netloc}") :]
        # A common server says "The requested URL /coll/2019id_/https://… was not found": that is the path, not the address.
        text = unescape(body.decode("utf-8", "replace")).replace(answer.url, "").replace(path, "")
        return any(urlkey(found.rstrip(".,;:!?)'\"")) == key for found in re.findall(r"https?://[^\s<>\"']+", text))

    # -- addresses ---------------------------------------------------------------------------------------------------

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Addresses of the archive's captures in any mode, with or without scheme and host."""
        host = f"//{urlsplit(self.replay_at).netloc}"
        before, _, after = _MODE.sub("\0", self.replay_at.partition(host)[2].removesuffix("{url}")).partition("\0")
        stamp = r"(?P<timestamp>[0-9]{1,14})(?:[a-z]{2}_)?"
        digits = f"{stamp}{re.escape(after)}" if "{timestamp}" in self.replay_at else f"(?:{stamp}/)?"
        return re.compile(rf"(?:(?:https?:)?{re.escape(host)})?{re.escape(before)}{digits}(?P<url>.+)", re.DOTALL)

    def _archived(self, address: str) -> tuple[str, str] | None:
        """Timestamp ("" for a TimeGate) and original of an address of the archive; None for any other."""
        found = self._pattern.fullmatch(address)
        if found is None:
            return None
        return found["timestamp"] or "", found["url"]

    def _unarchived(self, address: str) -> str | None:
        found = self._archived(address)
        return found[1] if found else None

    @staticmethod
    def _stamp(url: str | None) -> str | None:
        """The timestamp in an address of the archive, which its Link header may give in another form than ours."""
        digits = re.search(r"/([0-9]{14})(?:[a-z]{2}_)?/", url or "")
        return digits[1] if digits else None

    # -- index -------------------------------------------------------------------------------------------------------

    def search(self, query: IndexQuery) -> ArchiveRequest:
        """One query. An archive with a timemap only answers for one address: see `has_index` and `lists_captures`."""
        if self.cdx_at is not None:
            return ArchiveRequest(pywb.query_url(self.cdx_at, query), self.name, f"{self.name}-cdx")
        address = (self.timemap_at or "").replace("{url}", request_address(query.url))
        return ArchiveRequest(address, self.name, f"{self.name}-cdx")

    def read_search(self, answer: Exchange | Failure) -> IndexAnswer:
        return pywb.read_search(answer, self.name) if self.cdx_at is not None else self._read_timemap(answer)

    def _read_timemap(self, answer: Exchange | Failure) -> IndexAnswer:
        """`application/link-format`, whole; a 404 of that type, or with the original named, is an empty list."""
        page = read(answer)
        if isinstance(page, Unreadable):
            return page.index()
        exchange, body = page.exchange, page.body
        is_list = (exchange.header("content-type") or "").startswith("application/link-format")
        if is_excluded(exchange, body, (403,)):
            return IndexAnswer(Outcome.EXCLUDED, reason="the page is excluded from the archive")
        original = relations(exchange.header("link") or "").get("original")
        asked = exchange.url.removeprefix((self.timemap_at or "").removesuffix("{url}"))
        if exchange.status == 404 and (is_list or (original and urlkey(original) == urlkey(asked))):
            return IndexAnswer(Outcome.NONE)
        if exchange.status != 200 or not is_list:
            return unexpected(exchange, f"answered {exchange.status}, no timemap").index()
        captures = tuple(timemap_rows(body.decode("utf-8", "replace"), self.name))
        if not captures:
            return unexpected(exchange, "a timemap without mementos").index()
        return IndexAnswer(Outcome.FOUND, captures)
