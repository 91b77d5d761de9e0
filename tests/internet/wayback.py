"""An emulator of the Wayback Machine's endpoints, after real recorded answers (facts/web-archives, sections 2 and 4.1)."""

from __future__ import annotations

import base64
import bisect
import json
import re
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

from archive.urls import urlkey
from tests.internet.corpus import Answer, Copy, Web
from tests.internet.http import Reply, Request, page, reply

HOSTS = ("web.archive.org", "archive.org", "www.archive.org")
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
PAGE_LINES = 150_000  # of one CDX answer at most

HRM = """<!DOCTYPE html><html lang="en"><head><title>Wayback Machine</title></head><body><div id="error"><h1>Hrm.</h1>
<p>The Wayback Machine has not archived that URL.</p><p>This page is not available on the web because page does not exist</p>
</div></body></html>"""
EXCLUDED = """<!DOCTYPE html><html lang="en"><head><title>Wayback Machine</title></head><body><div id="error"><h1>Sorry.</h1>
<p>This URL has been excluded from the Wayback Machine.</p></div></body></html>"""
BLOCKED = "org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"

_REPLAY = re.compile(r"/web/(?P<stamp>\d{1,14})?(?P<mode>id_|if_|js_|cs_|im_|mp_|oe_)?/?(?P<url>.*)", re.DOTALL)


def bucket_of(host: str, path: str) -> str:
    """Which of the archive's limits a request counts for."""
    if path.startswith(("/cdx", "/web/timemap")):
        return "cdx"
    if path.startswith("/wayback/available"):
        return "availability"
    if path.startswith("/save"):
        return "save"
    return "replay" if path.startswith("/web") else "archive"


class Wayback:
    """Answers requests to web.archive.org and archive.org from the corpora's captures."""

    def __init__(self, web: Web, clock: Callable[[], str]) -> None:
        self._web = web
        self._clock = clock
        self._jobs: dict[str, dict[str, str]] = {}

    def answer(self, request: Request, path: str) -> Reply:
        """`path` is the request's path with its query."""
        if path.startswith("/cdx/search/cdx"):
            return self._cdx(request, path)
        if path.startswith("/web/timemap/"):
            return self._timemap(path)
        if path.startswith("/wayback/available"):
            return self._available(path)
        if path.startswith("/save"):
            return self._save(request, path)
        if path.startswith("/web/"):
            return self._replay(request, path)
        return page(404, "<h1>404 Not Found</h1>")

    # -- replay ------------------------------------------------------------------------------------------------------

    def _replay(self, request: Request, path: str) -> Reply:
        match = _REPLAY.match(path)
        assert match is not None
        url = _with_scheme(match["url"])
        stamp, mode = match["stamp"] or self._clock(), match["mode"] or ""
        if self._web.excluded(urlsplit(url).hostname or ""):
            return page(403, EXCLUDED, ("X-Archive-Wayback-Runtime-Error", BLOCKED))
        copies = self._web.copies.get(urlkey(url), [])
        playable = [copy for copy in copies if not copy.unplayable]
        if not playable:
            return page(404, HRM)
        exact = next((copy for copy in playable if copy.timestamp == stamp), None)
        if exact is None:
            return self._nearest(playable, stamp, mode)
        return self._memento(request, exact, playable, mode)

    def _nearest(self, copies: list[Copy], stamp: str, mode: str) -> Reply:
        nearest = min(copies, key=lambda copy: (_seconds_apart(copy.timestamp, stamp), copy.timestamp))
        location = f"https://web.archive.org/web/{nearest.timestamp}{mode}/{nearest.original}"
        reason = f"found capture at {nearest.timestamp}"
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Location", location), ("X-Archive-Redirect-Reason", reason)]
        return Reply(302, headers)

    def _memento(self, request: Request, copy: Copy, copies: list[Copy], mode: str) -> Reply:
        answer = copy.answer
        headers = [*_memento_headers(copy, copies), *_original_headers(answer)]
        if answer.location and mode == "":
            told = f"<!DOCTYPE html><html><head><title>Internet Archive Wayback Machine</title></head><body><p>Got an HTTP {answer.status} response at crawl time</p><p>Redirecting to...</p><a href='{answer.location}'>{answer.location}</a></body></html>"
            return page(200, told)
        if answer.location:
            headers.append(("Location", f"/web/{copy.timestamp}{mode}/{answer.location}"))
        shown = Answer(answer.status, answer.body, answer.type.split(";")[0] if mode == "id_" else answer.type)
        found = reply(shown, request, tuple(headers))
        return found if mode == "id_" else _with_toolbar(found, shown, copy)

    # -- index -------------------------------------------------------------------------------------------------------

    def _cdx(self, request: Request, path: str) -> Reply:
        asked = parse_qs(urlsplit(path).query, keep_blank_values=True)
        one = {name: values[-1] for name, values in asked.items()}
        url = one.get("url")
        if not url:
            return page(400, "url param required", kind="text/plain;charset=UTF-8")
        url, match_type = _match_type(url, one.get("matchType"))
        if self._web.excluded(urlsplit(_with_scheme(url)).hostname or ""):
            headers = (("X-Archive-Wayback-Runtime-Error", BLOCKED),)
            return page(403, f"{BLOCKED}\n", *headers, kind="text/plain;charset=UTF-8")
        rows = [row(copy) for copy in self._select(url, match_type)]
        if "showNumPages" in one:
            return page(200, f"{max(1, -(-len(rows) // 150_000))}\n", kind="text/plain;charset=UTF-8")
        kept = _collapsed(_filtered(rows, one, asked.get("filter", [])), asked.get("collapse", []))
        kept = _sorted(kept, one)
        kept, key = _limited(kept, one)
        return _cdx_reply(kept, key, one)

    def _select(self, url: str, match_type: str) -> Iterator[Copy]:
        key = urlkey(_with_scheme(url))
        if match_type == "exact":
            yield from self._web.copies.get(key, ())
            return
        prefix = _prefix_of(url, key, match_type)
        keys = self._web.keys
        for name in keys[bisect.bisect_left(keys, prefix) :]:
            if not name.startswith(prefix):
                return
            yield from self._web.copies[name]

    def _timemap(self, path: str) -> Reply:
        kind, _, rest = path.removeprefix("/web/timemap/").partition("/")
        url = _with_scheme(unquote(dict(parse_qsl(rest.removeprefix("?"))).get("url", rest)) if kind == "cdx" else rest)
        copies = self._web.copies.get(urlkey(url), [])
        if not copies:
            return page(404, "", kind="text/plain")
        if kind == "json":
            table = [list(FIELDS), *(list(row(copy)) for copy in copies)]
            return page(200, json.dumps(table), kind="application/json")
        links = [f'<{url}>; rel="original"']
        links += [
            f'<https://web.archive.org/web/{copy.timestamp}/{copy.original}>; rel="memento"; datetime="{_http_date(copy.timestamp)}"'
            for copy in copies
        ]
        return page(200, ",\n".join(links), kind="application/link-format")

    def _available(self, path: str) -> Reply:
        asked = dict(parse_qsl(urlsplit(path).query))
        copies = [c for c in self._web.copies.get(urlkey(_with_scheme(asked.get("url", ""))), []) if c.answer.status == 200]
        stamp = asked.get("timestamp", self._clock())
        closest = min(copies, key=lambda copy: _seconds_apart(copy.timestamp, stamp), default=None)
        found = {}
        if closest:
            address = f"http://web.archive.org/web/{closest.timestamp}/{closest.original}"
            found = {"closest": {"status": "200", "available": True, "url": address, "timestamp": closest.timestamp}}
        return page(200, json.dumps({"url": asked.get("url"), "archived_snapshots": found}), kind="application/json")

    # -- save --------------------------------------------------------------------------------------------------------

    def _save(self, request: Request, path: str) -> Reply:
        if path.startswith("/save/status/"):
            job = self._jobs.get(path.rsplit("/", 1)[1])
            return page(200 if job else 404, json.dumps(job or {"status": "error"}), kind="application/json")
        if not request.headers.get("authorization", "").startswith("LOW "):
            told = {"message": "You need to be logged in to use Save Page Now."}
            return page(401, json.dumps(told), kind="application/json")
        url = dict(parse_qsl(request.body.decode())).get("url", "")
        stamp, job = self._clock(), f"spn2-{len(self._jobs):040x}"
        live = self._web.answer(url)
        self._jobs[job] = {"status": "success", "job_id": job, "original_url": url, "timestamp": stamp}
        self._web.copies[urlkey(url)].append(Copy(urlkey(url), stamp, url, live))
        self._web.__dict__.pop("keys", None)
        return page(200, json.dumps({"url": url, "job_id": job}), kind="application/json")


def _with_scheme(url: str) -> str:
    url = re.sub(r"^(https?:)/+", r"\1//", url)
    return url if "://" in url else f"http://{url}"


def _seconds_apart(one: str, other: str) -> int:
    return abs(_seconds(one) - _seconds(other))


def _seconds(stamp: str) -> int:
    import calendar

    full = (stamp + "00000101000000"[len(stamp) :]) if len(stamp) >= 4 else "19960101000000"
    return calendar.timegm((int(full[:4]), int(full[4:6]) or 1, int(full[6:8]) or 1, int(full[8:10]), int(full[10:12]), int(full[12:14])))


def _http_date(stamp: str) -> str:
    from email.utils import formatdate

    return formatdate(_seconds(stamp), usegmt=True)


def _memento_headers(copy: Copy, copies: list[Copy]) -> list[tuple[str, str]]:
    """Memento-Datetime and the full Link header (RFC 7089), as the real one has them."""
    place = next(i for i, other in enumerate(copies) if other is copy)
    links = [
        f'<{copy.original}>; rel="original"',
        f'<https://web.archive.org/web/timemap/link/{copy.original}>; rel="timemap"; type="application/link-format"',
        f'<https://web.archive.org/web/{copy.original}>; rel="timegate"',
    ]
    relations: dict[int, list[str]] = {}
    for index, name in ((0, "first"), (place - 1, "prev"), (place, ""), (place + 1, "next"), (len(copies) - 1, "last")):
        if 0 <= index < len(copies) and not (index != place and name == ""):
            relations.setdefault(index, []).append(name)
    for index in sorted(relations):
        name = " ".join([part for part in relations[index] if part] + ["memento"])
        other = copies[index]
        links.append(
            f'<https://web.archive.org/web/{other.timestamp}/{other.original}>; rel="{name}"; datetime="{_http_date(other.timestamp)}"'
        )
    return [
        ("Memento-Datetime", _http_date(copy.timestamp)),
        ("Link", ", ".join(links)),
        ("x-archive-src", f"emulated/{copy.urlkey.split(')')[0]}.warc.gz"),
        ("x-ts", str(copy.answer.status)),
        ("x-tr", "42"),
    ]


def _original_headers(answer: Answer) -> list[tuple[str, str]]:
    told = [("x-archive-orig-content-type", answer.type), ("x-archive-orig-server", "emulated")]
    told += [(f"x-archive-orig-{name.lower()}", value) for name, value in answer.headers]
    return told + ([("x-archive-orig-location", answer.location)] if answer.location else [])


def _with_toolbar(found: Reply, answer: Answer, copy: Copy) -> Reply:
    bar = f"<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'>{copy.timestamp}</div><!-- END WAYBACK TOOLBAR INSERT -->"
    plain = re.sub(rb"(<body[^>]*>)", rb"\1" + bar.encode(), answer.body.plain, count=1)
    headers = [(name, value) for name, value in found.headers if name != "Content-Encoding"]
    return Reply(found.status, headers, plain)


# -- the CDX dialect --------------------------------------------------------------------------------------------------


def row(copy: Copy) -> tuple[str, ...]:
    """A capture as the seven fields of an index."""
    body = copy.answer.body
    if copy.revisit:
        return (copy.urlkey, copy.timestamp, copy.original, "warc/revisit", "-", body.digest, "512")
    kind = copy.answer.type.split(";")[0] if copy.answer.status < 300 or copy.answer.status >= 400 else "unk"
    return (copy.urlkey, copy.timestamp, copy.original, kind, str(copy.answer.status), body.digest, str(len(body.packed) + 400))


def _match_type(url: str, stated: str | None) -> tuple[str, str]:
    if stated:
        return url.removesuffix("*"), stated
    if url.startswith("*."):
        return url[2:], "domain"
    return (url[:-1], "prefix") if url.endswith("*") else (url, "exact")


def _prefix_of(url: str, key: str, match_type: str) -> str:
    """The start of all keys that match; a prefix query keeps the slash that a key would lose."""
    surt_host = key.split(")")[0]
    if match_type == "host":
        return f"{surt_host})"
    if match_type == "domain":
        return surt_host
    slash = "/" if urlsplit(_with_scheme(url)).path.endswith("/") and not key.endswith("/") else ""
    return key + slash


def _filtered(rows: list[tuple[str, ...]], one: dict[str, str], filters: list[str]) -> list[tuple[str, ...]]:
    start, end = one.get("from", ""), one.get("to", "")
    kept = [r for r in rows if r[1] >= start and (not end or r[1][: len(end)] <= end)]
    for text in filters:
        match = re.match(r"([~!]*)(\w+):(.*)", text, re.DOTALL)
        if match is None:
            continue
        signs, name, expression = match.groups()
        index = FIELDS.index(name) if name in FIELDS else None
        if "~" in signs:
            fits = [expression in (r[index] if index is not None else " ".join(r)) for r in kept]
        else:
            pattern = re.compile(expression)
            fits = [pattern.fullmatch(r[index] if index is not None else " ".join(r)) is not None for r in kept]
        kept = [r for r, fit in zip(kept, fits, strict=True) if fit is ("!" not in signs)]
    return kept


def _collapsed(rows: list[tuple[str, ...]], collapses: list[str]) -> list[tuple[str, ...]]:
    for text in collapses:
        name, _, length = text.partition(":")
        index, size = FIELDS.index(name), int(length) if length else None
        kept: list[tuple[str, ...]] = []
        for r in rows:
            if not kept or kept[-1][index][:size] != r[index][:size]:
                kept.append(r)
        rows = kept
    return rows


def _sorted(rows: list[tuple[str, ...]], one: dict[str, str]) -> list[tuple[str, ...]]:
    if one.get("sort") == "reverse":
        return rows[::-1]
    if one.get("sort") == "closest" and one.get("closest"):
        return sorted(rows, key=lambda r: _seconds_apart(r[1], one["closest"]))
    return rows


def _limited(rows: list[tuple[str, ...]], one: dict[str, str]) -> tuple[list[tuple[str, ...]], str | None]:
    if key := one.get("resumeKey"):
        try:
            after = zlib.decompress(base64.urlsafe_b64decode(unquote(key))).decode().split(" ")
            rows = [r for r in rows if (r[0], r[1]) > (after[0], after[1])]
        except ValueError:
            return [], None
    rows = rows[int(one.get("offset") or 0) :]
    limit = int(one.get("limit") or PAGE_LINES)
    if limit < 0:
        return rows[limit:], None
    if len(rows) <= limit:
        return rows, None
    last = f"{rows[limit - 1][0]} {rows[limit - 1][1]}".encode()
    return rows[:limit], base64.urlsafe_b64encode(zlib.compress(last)).decode()


def _cdx_reply(rows: list[tuple[str, ...]], key: str | None, one: dict[str, str]) -> Reply:
    names = [name for name in one.get("fl", ",".join(FIELDS)).split(",") if name in FIELDS]
    shown = [[r[FIELDS.index(name)] for name in names] for r in rows]
    resume = key if one.get("showResumeKey") == "true" else None
    if one.get("output") == "json":
        table: list[list[str]] = [names, *shown] if shown else []
        if resume:
            table += [[], [resume]]
        return page(200, json.dumps(table), kind="application/json")
    lines = [" ".join(r) for r in shown]
    if resume:
        lines += ["", quote(resume)]
    return page(200, "".join(f"{line}\n" for line in lines), kind="text/plain;charset=UTF-8")
