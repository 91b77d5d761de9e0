"""The Wayback Machine: replay and CDX index as they really behave (facts/web-archives, sections 2 and 4).

waybackpy builds the queries and is the record of a row. It does no I/O here: it has no timeout, and reads a 429 as "never
archived" (its version 3.0.6, run 2026-11-23).
"""

from __future__ import annotations

import re

from waybackpy import WaybackMachineCDXServerAPI
from waybackpy.cdx_utils import full_url

from archive.models import Capture, Exchange, Failure, Outcome
from archive.webarchives.answers import Readable, Unreadable, joined, read, unexpected
from archive.webarchives.base import ArchiveRequest, IndexAnswer, IndexQuery, Memento, ReplayAnswer
from archive.webarchives.cdx import read_row, without_port, words_regex
from archive.webarchives.rfc7089 import is_excluded, memento_timestamp, original_headers, relations, request_address

ENDPOINT = "https://web.archive.org"

_ARCHIVED = re.compile(r"(?:(?:https?:)?//web\.archive\.org)?/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.DOTALL)
_NEVER = re.compile(rb"has not archived that URL|hasn't archived that URL|Wayback Machine doesn't have that page", re.IGNORECASE)


class Wayback:
    """web.archive.org."""

    name = "wayback"
    has_index = True
    lists_captures = False
    index_by_time = False

    def replay(self, url: str, timestamp: str) -> ArchiveRequest:
        """`id_`: the bytes as captured, without toolbar and rewriting. A row's address may hold what no request line may."""
        return ArchiveRequest(f"{ENDPOINT}/web/{timestamp}id_/{request_address(url)}", self.name, "wayback-replay")

    def follow(self, location: str) -> ArchiveRequest:
        return ArchiveRequest(location, self.name, "wayback-replay")

    def archive_url(self, capture: Capture) -> str:
        return f"{ENDPOINT}/web/{capture.timestamp}/{capture.original}"

    # -- replay ------------------------------------------------------------------------------------------------------

    def read_replay(self, answer: Exchange | Failure) -> ReplayAnswer:
        """By Memento-Datetime, never by status: an archived 404 or 429 is a memento, a page of the archive's own is none."""
        if isinstance(answer, Exchange) and answer.header("memento-datetime"):
            return self._memento(answer)
        page = read(answer)
        if isinstance(page, Unreadable):
            return page.replay()
        return self._sent_on(page.exchange) if 300 <= page.exchange.status < 400 else self._own_page(page)

    def _memento(self, answer: Exchange) -> ReplayAnswer:
        asked = _ARCHIVED.fullmatch(answer.url)
        if asked is None:
            return unexpected(answer, f"{answer.url} is not the address of a capture").replay()
        if answer.truncated and answer.truncated != "length":  # a page too long for us stays too long: judged by its start
            return unexpected(answer, "the capture came cut short").replay()
        links = relations(answer.header("link") or "")
        original = without_port(links.get("original") or asked[2])
        timestamp = memento_timestamp(answer.header("memento-datetime") or "", asked[1])
        location = answer.header("location") if 300 <= answer.status < 400 else None
        memento = Memento(
            archive_url=f"{ENDPOINT}/web/{timestamp}/{original}",
            original=original,
            timestamp=timestamp,
            status=answer.status,
            headers=original_headers(answer.headers, _inner),
            archive=self.name,
            previous=_timestamp_in(links.get("prev memento")),
            next=_timestamp_in(links.get("next memento")),
            first=_timestamp_in(links.get("first memento")),
            redirects_to=_unarchived(joined(answer.url, location)) if location else None,
        )
        return ReplayAnswer(Outcome.FOUND, memento=memento)

    def _sent_on(self, answer: Exchange) -> ReplayAnswer:
        """302 "found capture at …": to another capture of the same address."""
        location = joined(answer.url, answer.header("location") or "")
        found = _ARCHIVED.fullmatch(location)
        if found is None:
            return unexpected(answer, f"redirected out of the archive, to {location}"[:300]).replay()
        url = f"{ENDPOINT}/web/{found[1]}id_/{found[2]}"
        if url == answer.url:
            return unexpected(answer, "the archive sends us round in circles").replay()
        return ReplayAnswer(Outcome.FOUND, location=url)

    def _own_page(self, page: Readable) -> ReplayAnswer:
        """A page of the archive itself: what does it say?"""
        if is_excluded(page.exchange, page.body, (200, 403)):
            return ReplayAnswer(Outcome.EXCLUDED, reason="the site is excluded from the archive")
        if page.exchange.status == 404 and _NEVER.search(page.body):
            return ReplayAnswer(Outcome.NONE)
        return unexpected(page.exchange, f"answered {page.exchange.status} without a capture").replay()

    # -- index -------------------------------------------------------------------------------------------------------

    def search(self, query: IndexQuery) -> ArchiveRequest:
        """One CDX query: captures that may be pages, revisits among them (`-`), which `statuscode:200` would hide."""
        filters = ["statuscode:(200|-)", "mimetype:(text/html|application/xhtml.xml|warc/revisit|unk)"]
        if query.words:
            filters.insert(0, f"urlkey:{words_regex(query.words)}")
        api = WaybackMachineCDXServerAPI(
            query.url,
            "morgue",
            match_type=query.match if query.match != "exact" else None,
            filters=filters,
            collapses=["urlkey"] if query.once else [],
            limit=str(query.limit),
        )
        payload: dict[str, str] = {}
        api.add_payload(payload)
        payload |= {"limit": str(query.limit), "showResumeKey": "true"}
        if query.resume_key:
            payload["resumeKey"] = query.resume_key
        payload.pop("gzip", None)
        url = full_url(f"{ENDPOINT}/cdx/search/cdx", payload)
        return ArchiveRequest(url, self.name, "wayback-cdx")

    def read_search(self, answer: Exchange | Failure) -> IndexAnswer:
        """Rows as far as they can be read; anything but a proper list is `unknown` or `excluded`."""
        page = read(answer)
        if isinstance(page, Unreadable):
            return page.index()
        exchange = page.exchange
        if is_excluded(exchange, page.body, (403,)):
            return IndexAnswer(Outcome.EXCLUDED, reason="the site is excluded from the archive")
        if exchange.status != 200:
            return unexpected(exchange).index()
        # Lists, empty ones too, were always recorded as text/plain; front servers in trouble send empty or HTML pages.
        if not (exchange.header("content-type") or "").startswith("text/plain"):
            return unexpected(exchange, f"not a list of captures, but {exchange.header('content-type')}").index()
        return self.read_rows(page.body.decode("utf-8", "replace"))

    def read_rows(self, text: str) -> IndexAnswer:
        """CDX lines (and a resume key after a blank line) as captures; repeated and odd rows are dropped.

        Text of which nothing is a row is not an empty list: an error page came with status 200. Nor is one whole that
        breaks off in a line, or goes over into an error page.
        """
        listing, _, tail = f"\n{text}".partition("\n\n")
        lines = [line for line in listing.splitlines() if line.strip()]
        if text.strip() and not text.endswith("\n"):
            return IndexAnswer(Outcome.UNKNOWN, reason="the list is cut short")
        if odd := [line for line in lines if line.lstrip().startswith("<")] or ([] if any(map(_is_row, lines)) else lines):
            return IndexAnswer(Outcome.UNKNOWN, reason=f"not a list of captures: {odd[0][:80]}")
        captures = tuple(dict.fromkeys(row for line in lines if (row := read_row(line, self.name))))
        key = tail.strip() or None
        if key and len(key.split()) > 1:
            return IndexAnswer(Outcome.UNKNOWN, reason=f"not a list of captures: {key[:80]}")
        return IndexAnswer(Outcome.FOUND if captures or key else Outcome.NONE, captures, key)


def _is_row(line: str) -> bool:
    fields = line.split(" ")
    return len(fields) >= 7 and re.fullmatch(r"[0-9]{4,14}", fields[1]) is not None


def _timestamp_in(url: str | None) -> str | None:
    found = re.search(r"/web/(\d{14})", url or "")
    return found[1] if found else None


def _unarchived(location: str) -> str | None:
    """The address of the web of then that an archived redirect points to, in any of the three forms of Location."""
    found = _ARCHIVED.fullmatch(location)
    if found is not None:
        return found[2]
    return location if location.startswith(("http://", "https://")) else None


def _inner(location: str) -> str | None:
    found = _ARCHIVED.fullmatch(location)
    return found[2] if found else None
