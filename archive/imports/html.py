"""Saved pages: HTML whose own address it says itself, or a file beside it (news-please, `page.html.json`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any

from archive.imports.base import Broken, Item, SavedPage
from archive.imports.fields import moment_of
from archive.urls import NotAURL, canonicalize
from archive.warc import LARGEST

_BEGINS = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|\?xml[^>]*\?>\s*<(!doctype|html))\b", re.I | re.S
)
_HEAD = 1 << 19  # bytes in which a page says its address
# What a browser or SingleFile writes when it saves a page: the address that was asked for.
_SAVED = re.compile(
    r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->|<!--\s*Page saved with SingleFile\s+url:\s*(https?://\S+)", re.I
)
_SAVED_DATE = re.compile(r"<!--\s*Page saved with SingleFile.{0,4000}?saved date:\s*([^\n(]+)", re.I | re.S)
_TAG = re.compile(r"<(link|meta)\b([^>]{0,4000})>", re.I)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class Html:
    name = "html"

    def matches(self, head: bytes) -> bool:
        return _BEGINS.match(head) is not None

    def read(self, path: Path) -> Iterator[Item]:
        if path.stat().st_size > LARGEST:
            yield Broken("the file", f"is larger than {LARGEST >> 20} MiB: no page is")
            return
        body = path.read_bytes()
        head = body[:_HEAD].decode("utf-8", "replace")
        beside = _beside(path)
        url = address_in(head) if not beside.get("url") else _canonical(str(beside["url"]))
        if url is None:
            yield Broken("the file", "it does not say its address (no canonical link, og:url or `saved from` comment)")
            return
        captured = moment_of(beside.get("date_download")) or _saved_date(head)
        yield SavedPage(url, body, captured or datetime.fromtimestamp(path.stat().st_mtime, UTC), str(path))


def address_in(head: str) -> str | None:
    """The address of a saved page: what it was saved from, else what its publisher declares."""
    saved = _SAVED.search(head)
    declared: dict[str, str] = {}
    for tag, attributes in _TAG.findall(head):
        found = {name.lower(): unescape(one or other or bare) for name, one, other, bare in _ATTRIBUTE.findall(attributes)}
        if tag.lower() == "link" and "canonical" in found.get("rel", "").lower().split():
            declared.setdefault("canonical", found.get("href", ""))
        elif (found.get("property") or found.get("name", "")).lower() == "og:url":
            declared.setdefault("og:url", found.get("content", ""))
    candidates = (saved and (saved[1] or saved[2]), declared.get("canonical"), declared.get("og:url"))
    return next((url for candidate in candidates if candidate and (url := _canonical(candidate))), None)


def _canonical(url: str) -> str | None:
    try:
        return canonicalize(url) if "://" in url or url.startswith("//") else None
    except NotAURL:
        return None


def _saved_date(head: str) -> datetime | None:
    """`Wed Nov 25 2026 10:00:00 GMT+0100 (…)`, as JavaScript writes a date."""
    found = _SAVED_DATE.search(head)
    if found is None:
        return None
    text = re.sub(r"^\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\S+) GMT(\S*)", r"\2 \1 \3 \4 \5", found[1].strip())
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _beside(path: Path) -> dict[str, Any]:
    """What news-please keeps of a page in a file beside it."""
    file = path.with_name(path.name + ".json")
    with suppress(OSError, ValueError):
        if file.stat().st_size <= LARGEST:
            found = json.loads(file.read_bytes())
            return found if isinstance(found, dict) else {}
    return {}
