"""The Wayback Machine: replay and CDX index as they really behave (facts/web-archives, sections 2 and 4).

waybackpy builds the queries and is the record of a row. It does no I/O here: it has no timeout, and reads a 429 as "never
archived" (its version 3.0.6, run 2026-11-23).
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from waybackpy import WaybackMachineCDXServerAPI
from waybackpy.cdx_utils import full_url

from archive.codings import decoded_body
from archive.models import Capture, Exchange, Failure, Headers, Outcome
from archive.timestamps import parse_timestamp, to_timestamp
from archive.webarchives.base import ArchiveRequest, IndexAnswer, IndexQuery, Memento, ReplayAnswer

ENDPOINT = "https://web.archive.org"
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
MAX_QUERY = 4000  # characters of a query's address: longer ones are refused by servers on the way

_ARCHIVED = re.compile(
    r"^(?:https?:)?//web\.archive\.org/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)$|^/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)$"
)
_EXCLUDED = re.compile(
    rb"Blocked (Site Error|By Robots)|AccessControlException|has been excluded from the Wayback Machine", re.IGNORECASE
)
_NEVER = re.compile(rb"has not archived that URL|hasn't archived that URL|Wayback Machine doesn't have that page", re.IGNORECASE)


class Wayback:
    """web.archive.org."""

    name = "wayback"
    has_index = True

    def replay(self, url: str, timestamp: str) -> ArchiveRequest:
        """`id_`: the bytes as captured, without toolbar and rewriting."""
        return ArchiveRequest(f"{ENDPOINT}/web/{timestamp}id_/{url}", self.name, "wayback-replay")

    def follow(self, location: str) -> ArchiveRequest:
        return ArchiveRequest(location, self.name, "wayback-replay")

    def archive_url(self, capture: Capture) -> str:
        return f"{ENDPOINT}/web/{capture.timestamp}/{capture.original}"

    # -- replay ------------------------------------------------------------------------------------------------------

    def read_replay(self, answer: Exchange | Failure) -> ReplayAnswer:
        """By Memento-Datetime, never by status: an archived 404 or 429 is a memento, a page of the archive's own is none."""
        if isinstance(answer, Failure):
            return ReplayAnswer(Outcome.UNKNOWN, reason=answer.detail, retry_after=answer.retry_after)
        if answer.header("memento-datetime"):
            return self._memento(answer)
        if answer.truncated:
            return ReplayAnswer(Outcome.UNKNOWN, reason="the answer was cut short")
        if 300 <= answer.status < 400:
            return self._sent_on(answer)
        return self._own_page(answer)

    def _memento(self, answer: Exchange) -> ReplayAnswer:
        asked = _ARCHIVED.match(answer.url)
        if asked is None:
            return ReplayAnswer(Outcome.UNKNOWN, reason=f"{answer.url} is not the address of a capture")
        if answer.truncated:
            return ReplayAnswer(Outcome.UNKNOWN, reason="the capture came cut short")
        relations = _links(answer.header("link") or "")
        original = relations.get("original") or asked[2] or asked[4]
        timestamp = asked[1] or asked[3]
        location = answer.header("location") if 300 <= answer.status < 400 else None
        memento = Memento(
            archive_url=f"{ENDPOINT}/web/{timestamp}/{original}",
            original=original,
            timestamp=timestamp.ljust(14, "0"),
            status=answer.status,
            headers=_original_headers(answer.headers),
            archive=self.name,
            previous=_timestamp_in(relations.get("prev memento")),
            next=_timestamp_in(relations.get("next memento")),
            redirects_to=_unarchived(urljoin(answer.url, location)) if location else None,
        )
        return ReplayAnswer(Outcome.FOUND, memento=memento)

    def _sent_on(self, answer: Exchange) -> ReplayAnswer:
        """302 "found capture at …": to another capture of the same address."""
        location = urljoin(answer.url, answer.header("location") or "")
        found = _ARCHIVED.match(location)
        if found is None:
            return ReplayAnswer(Outcome.UNKNOWN, reason=f"redirected out of the archive, to {location}"[:300])
        url = f"{ENDPOINT}/web/{found[1]}id_/{found[2]}"
        return ReplayAnswer(Outcome.FOUND, location=url)

    def _own_page(self, answer: Exchange) -> ReplayAnswer:
        """A page of the archive itself: what does it say?"""
        try:
            body = decoded_body(answer.body, answer.headers)
        except ValueError as error:
            return ReplayAnswer(Outcome.UNKNOWN, reason=str(error))
        if _is_excluded(answer, body):
            return ReplayAnswer(Outcome.EXCLUDED, reason="the site is excluded from the archive")
        if answer.status == 404 and _NEVER.search(body):
            return ReplayAnswer(Outcome.NONE)
        return ReplayAnswer(Outcome.UNKNOWN, reason=f"answered {answer.status} without a capture", retry_after=_retry(answer))

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
        if isinstance(answer, Failure):
            return IndexAnswer(Outcome.UNKNOWN, reason=answer.detail, retry_after=answer.retry_after)
        try:
            body = decoded_body(answer.body, answer.headers)
        except ValueError as error:
            return IndexAnswer(Outcome.UNKNOWN, reason=str(error))
        if _is_excluded(answer, body):
            return IndexAnswer(Outcome.EXCLUDED, reason="the site is excluded from the archive")
        if answer.status != 200 or answer.truncated:
            reason = "the answer was cut short" if answer.truncated else f"answered {answer.status}"
            return IndexAnswer(Outcome.UNKNOWN, reason=reason, retry_after=_retry(answer))
        return self.read_rows(body.decode("utf-8", "replace"))

    def read_rows(self, text: str) -> IndexAnswer:
        """CDX lines (and a resume key after a blank line) as captures; repeated and odd rows are dropped.

        Text of which nothing is a row is not an empty list: an error page came with status 200.
        """
        listing, _, tail = text.strip("\n").partition("\n\n")
        lines = [line for line in listing.splitlines() if line.strip()]
        rows = [row for line in lines if (row := read_row(line, self.name))]
        if lines and not any(_is_row(line) for line in lines):
            return IndexAnswer(Outcome.UNKNOWN, reason=f"not a list of captures: {lines[0][:80]}")
        key = unquote(tail.strip()) if tail.strip() else None
        captures = tuple(dict.fromkeys(rows))
        return IndexAnswer(Outcome.FOUND if captures or key else Outcome.NONE, captures, key)


def read_row(line: str, archive: str) -> Capture | None:
    """One line of an index; None for what is no capture of a web page.

    Real rows have extra fields, `-` for what is unknown, months and days of 00, `mailto:` and broken addresses
    (recordings of EDGI's wayback, test_files/).
    """
    fields = line.split(" ")
    if len(fields) < len(FIELDS):
        return None
    urlkey, timestamp, original, mimetype, status, digest, length = fields[:7]
    try:
        moment = to_timestamp(parse_timestamp(timestamp))
        usable = urlsplit(original).scheme in ("http", "https") and bool(urlsplit(original).hostname)
    except ValueError:
        return None
    if not usable:
        return None
    return Capture(
        urlkey=urlkey,
        timestamp=moment,
        original=re.sub(r"^(http://[^/]+):80(?=/|$)|^(https://[^/]+):443(?=/|$)", r"\1\2", original),
        mimetype=None if mimetype == "-" else mimetype,
        statuscode=int(status) if status.isdigit() else None,
        digest=None if digest == "-" else digest,
        length=int(length) if length.isdigit() else None,
        archive=archive,
    )


def _is_row(line: str) -> bool:
    fields = line.split(" ")
    return len(fields) >= 7 and re.fullmatch(r"\d{4,14}", fields[1]) is not None


def words_regex(words: tuple[tuple[str, ...], ...]) -> str:
    """A Java regular expression that the whole urlkey must match: one of these word sequences, in order."""
    texts = [".*".join(re.sub(r"[^\w%-]", ".", word.lower()) for word in sequence) for sequence in words]
    return f".*({'|'.join(texts)}).*" if len(texts) > 1 else f".*{texts[0]}.*"


def _is_excluded(answer: Exchange, body: bytes) -> bool:
    error = answer.header("x-archive-wayback-runtime-error") or ""
    return "AccessControl" in error or (
        answer.status in (200, 403) and _EXCLUDED.search(body[:200_000]) is not None and len(body) < 200_000
    )


def _retry(answer: Exchange) -> float | None:
    value = answer.header("retry-after")
    return float(value) if value and value.isdigit() else None


def _original_headers(headers: Headers) -> Headers:
    """The page's own headers of then, which the archive passes on as x-archive-orig-*; type and coding as replayed."""
    kept = tuple((name[15:], value) for name, value in headers if name.lower().startswith("x-archive-orig-"))
    names = {name.lower() for name, _ in kept}
    replayed = tuple(
        (name, value) for name, value in headers if name.lower() in ("content-type", "content-encoding", "location") and value
    )
    stored = tuple(
        (name, value) for name, value in kept if name.lower() not in ("content-encoding", "transfer-encoding", "location")
    )
    missing = tuple((n, v) for n, v in replayed if n.lower() != "content-type" or "content-type" not in names)
    return stored + tuple((n, _unarchived(v) or v if n.lower() == "location" else v) for n, v in missing)


def _links(header: str) -> dict[str, str]:
    """The relations of a Link header (RFC 8288, RFC 7089); addresses in it may be HTML-escaped."""
    found: dict[str, str] = {}
    for url, relations in re.findall(r'<([^>]*)>\s*;[^<]*?rel="?([^";,]+(?: [^";,]+)*)"?', header):
        for name in [
            relations,
            *(["prev memento"] if relations == "first prev memento" else []),
            *(["next memento"] if relations in ("next last memento", "last next memento") else []),
        ]:
            found.setdefault(name, unescape(url))
        if relations.endswith("prev memento"):
            found.setdefault("prev memento", unescape(url))
        if relations.startswith("next") and relations.endswith("memento"):
            found.setdefault("next memento", unescape(url))
    return found


def _timestamp_in(url: str | None) -> str | None:
    found = re.search(r"/web/(\d{14})", url or "")
    return found[1] if found else None


def _unarchived(location: str) -> str | None:
    """The address of the web of then that an archived redirect points to, in any of the three forms of Location."""
    found = _ARCHIVED.match(location)
    if found is None:
        return location if location.startswith(("http://", "https://")) else None
    return found[2] or found[4]
