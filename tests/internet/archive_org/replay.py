"""Replay, `/web/{timestamp}{mode}/{url}`: which capture answers, and in what clothes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from urllib.parse import urljoin, urlsplit

from tests.internet.archive_org.cdx import seconds_of
from tests.internet.archive_org.index import CaptureIndex, Entry, Row, key_of
from tests.internet.archive_org.texts import INFRASTRUCTURE, never_archived, own_page, redirect_page
from tests.internet.messages import PLAIN, Answer, Headers, Request, packed, unpacked

HOME = "https://web.archive.org"
VIEW = ""
REWRITTEN = (VIEW, "if_", "mp_")  # modes that rewrite the page's links

_POLICY = "default-src 'self' 'unsafe-eval' 'unsafe-inline' data: blob: archive.org web.archive.org"
_PATH = re.compile(r"/web/(?:(\d{1,14}|\*)(?:([a-z]{2}_))?/)?(.+)", re.DOTALL)
_SCHEME = re.compile(r"(https?):/+", re.IGNORECASE)


def asked(request: Request) -> tuple[str | None, str, str]:
    """Timestamp (None: the latest), mode and address of a replay request. Raises ValueError."""
    match = _PATH.fullmatch(request.target)
    if match is None:
        raise ValueError("not a replay request")
    timestamp, mode, url = match.groups()
    scheme = _SCHEME.match(url)
    return timestamp, mode or VIEW, f"{scheme[1]}://{url[scheme.end() :]}" if scheme else f"http://{url}"


def replay(index: CaptureIndex, request: Request, now: datetime) -> Answer:
    """The capture asked for, a redirect to the nearest, or "Hrm."."""
    timestamp, mode, url = asked(request)
    if timestamp == "*":
        return own_page(200, f"<div>Calendar of {escape(url)}</div>")
    entries = index.of(key_of(url))
    playable = [entry for entry in entries if _plays(entry)]
    if not playable:
        return never_archived(url)
    exact = [entry for entry in playable if entry.row.timestamp == timestamp]
    if exact:
        best = next((entry for entry in exact if entry.row.original == url), exact[0])
        return _memento(best, entries, mode)
    wanted = _wanted(timestamp, request, now)
    nearest = min(playable, key=lambda entry: abs(seconds_of(entry.row.timestamp) - wanted))
    return _sent_on(nearest, mode)


def _plays(entry: Entry) -> bool:
    """Not when it redirects to its own key (http to https, to www): such captures are passed over (epa.gov recording)."""
    if not entry.playable or entry.answer is None:
        return False
    return entry.location is None or key_of(urljoin(entry.row.original, entry.location)) != entry.row.urlkey


def _wanted(timestamp: str | None, request: Request, now: datetime) -> float:
    """Of `/web/URL`: the time of Accept-Datetime (RFC 7089), else the latest."""
    if timestamp is not None:
        return seconds_of(timestamp)
    accepted = request.headers.get("accept-datetime")
    try:
        return (parsedate_to_datetime(accepted) if accepted else now).timestamp()
    except ValueError:
        return now.timestamp()


def _sent_on(entry: Entry, mode: str) -> Answer:
    """No Memento-Datetime and no Link; the time may be months away."""
    row = entry.row
    headers = (
        ("location", f"{HOME}/web/{row.timestamp}{mode}/{row.original}"),
        ("x-archive-redirect-reason", f"found capture at {row.timestamp}"),
        ("x-ts", "302"),
        *INFRASTRUCTURE,
    )
    return Answer(302, b"", PLAIN, headers, "FOUND")


def _memento(entry: Entry, entries: list[Entry], mode: str) -> Answer:
    captured = entry.answer
    assert captured is not None
    redirects = 300 <= captured.status < 400 and entry.location is not None
    if redirects and mode == VIEW:
        return _redirect_page(entry)
    headers = _memento_headers(entry, entries)
    if redirects and entry.location is not None:
        headers = (("location", _location(entry, mode)), *headers)
    if mode in REWRITTEN and (captured.type or "").startswith("text/html"):
        return _rewritten(entry, headers, mode)
    return Answer(captured.status, captured.body, captured.type, headers, captured.reason, packed=captured.packed)


# -- headers ----------------------------------------------------------------------------------------------------------


def _memento_headers(entry: Entry, entries: list[Entry]) -> Headers:
    row = entry.row
    return (
        ("memento-datetime", http_date(row.timestamp)),
        ("link", link_header(row, entries)),
        ("cache-control", "max-age=1800"),
        ("content-security-policy", _POLICY),
        *_original_headers(entry),
        _source(row),
        ("x-ts", str(entry.answer.status if entry.answer else 0)),
        *INFRASTRUCTURE,
    )


def _source(row: Row) -> tuple[str, str]:
    """The WARC file that the archive reads it from."""
    return "x-archive-src", f"{urlsplit(row.original).hostname}-{row.timestamp[:8]}/WARC-{row.timestamp}-00000.warc.gz"


def _original_headers(entry: Entry) -> Headers:
    """The page's own headers of then, renamed; a Date and a length are always among them."""
    captured = entry.answer
    assert captured is not None
    given = captured.headers
    names = {name.lower() for name, _ in given}
    default = (("date", http_date(entry.row.timestamp)), ("content-length", str(len(captured.plain))))
    headers = [*(pair for pair in default if pair[0] not in names), *given]
    return tuple((f"x-archive-orig-{name.lower()}", value) for name, value in headers)


def link_header(row: Row, entries: list[Entry]) -> str:
    """Original, timemap, timegate and the neighbours (RFC 7089); addresses in it are HTML-escaped (springer recording)."""
    rows = [entry.row for entry in entries]
    place = next(number for number, other in enumerate(rows) if other is row)
    here = rows[place]
    original = escape(here.original, quote=False)
    links = [
        f'<{original}>; rel="original"',
        f'<{HOME}/web/timemap/link/{original}>; rel="timemap"; type="application/link-format"',
        f'<{HOME}/web/{original}>; rel="timegate"',
    ]
    named = [("first ", rows[0]), ("prev ", rows[place - 1] if place else None), ("", here)]
    named += [("next ", rows[place + 1] if place + 1 < len(rows) else None), ("last ", rows[-1])]
    return ", ".join([*links, *(memento_link(other, f"{name}memento") for name, other in named if other)])


def memento_link(row: Row, relation: str) -> str:
    timestamp, original = row.timestamp, escape(row.original, quote=False)
    return f'<{HOME}/web/{timestamp}/{original}>; rel="{relation}"; datetime="{http_date(timestamp)}"'


def http_date(timestamp: str) -> str:
    return format_datetime(datetime.fromtimestamp(seconds_of(timestamp), UTC), usegmt=True)


# -- redirects --------------------------------------------------------------------------------------------------------


def _location(entry: Entry, mode: str) -> str:
    """In the form in which the page gave it: absolute, `/web/…` for a path, `//web.archive.org/…` without scheme."""
    location = entry.location or ""
    target = f"/web/{entry.row.timestamp}{mode}/{urljoin(entry.row.original, location)}"
    if location.startswith("//"):
        return f"//web.archive.org{target}"
    return f"{HOME}{target}" if re.match(r"https?:", location, re.IGNORECASE) else target


def _redirect_page(entry: Entry) -> Answer:
    row, location = entry.row, entry.location or ""
    moment = datetime.fromtimestamp(seconds_of(row.timestamp), UTC).strftime("%H:%M:%S %B %d, %Y")
    target = f"/web/{row.timestamp}/{urljoin(row.original, location)}"
    status = entry.answer.status if entry.answer else 302
    page = redirect_page(row.original, moment, status, location, target)
    return replace(page, headers=(*page.headers, _source(row)))


# -- view mode --------------------------------------------------------------------------------------------------------

_HEAD = """<script type="text/javascript" src="/_static/js/wombat.js"></script>
<script type="text/javascript">__wm.wombat("{url}","{timestamp}","http://web.archive.org/","web","/_static/");</script>
<!-- End Wayback Rewrite JS Include -->
"""
_TOOLBAR = """<!-- BEGIN WAYBACK TOOLBAR INSERT -->
<div id="wm-ipp-base" lang="en" style="display:none;direction:ltr;"><a href="/web/">Wayback Machine</a></div>
<!-- END WAYBACK TOOLBAR INSERT -->"""
_TAIL = """
<!--
     FILE ARCHIVED ON {time} AND RETRIEVED FROM THE
     INTERNET ARCHIVE.
     JAVASCRIPT APPENDED BY WAYBACK MACHINE, COPYRIGHT INTERNET ARCHIVE.
-->
"""
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_ADDRESS = re.compile(r"""(<(\w+)\b[^>]*?\s(?:href|src|action)\s*=\s*)(["'])(.*?)\3""", re.IGNORECASE | re.DOTALL)
_KINDS = {"img": "im_", "script": "js_", "link": "cs_"}


def _rewritten(entry: Entry, headers: Headers, mode: str) -> Answer:
    """UTF-8, links into the archive, and the toolbar unless the mode leaves it out."""
    captured, row = entry.answer, entry.row
    assert captured is not None
    body = unpacked(captured.body) if captured.packed else captured.body
    charset = _charset(captured, body)
    text = _ADDRESS.sub(lambda match: _archived_address(match, row.timestamp, row.original), body.decode(charset, "replace"))
    head = _HEAD.format(url=escape(row.original), timestamp=row.timestamp)
    text = re.sub(r"<head[^>]*>", lambda match: match[0] + head, text, count=1, flags=re.IGNORECASE)
    if mode == VIEW:
        text = re.sub(r"<body[^>]*>", lambda match: match[0] + _TOOLBAR, text, count=1, flags=re.IGNORECASE)
    guessed = (("x-archive-guessed-content-type", "text/html"), ("x-archive-guessed-charset", charset))
    made = packed(captured.status, text + _TAIL.format(time=row.timestamp), headers=(*headers, *guessed))
    return Answer(made.status, made.body, made.type, made.headers, captured.reason, packed=True)


def _charset(captured: Answer, body: bytes) -> str:
    found = _CHARSET.search((captured.type or "").encode()) or _CHARSET.search(body[:4096])
    name = found[1].decode() if found else "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _archived_address(match: re.Match[str], timestamp: str, base: str) -> str:
    start, tag, quote, address = match.groups()
    if not address or address.startswith(("#", "data:", "javascript:", "mailto:")):
        return match[0]
    kind = _KINDS.get(tag.lower(), VIEW)
    return f"{start}{quote}/web/{timestamp}{kind}/{urljoin(base, address)}{quote}"
