"""Rows of capture indexes, whatever their dialect: fields -> Capture, words -> a regular expression on keys. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from archive.models import Capture
from archive.timestamps import parse_timestamp, to_timestamp
from archive.urls import urlkey

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_PYWB = {"url": "original", "mime": "mimetype", "status": "statuscode"}


def capture_of(fields: Mapping[str, object], archive: str) -> Capture | None:
    """A row of an index in the names of either dialect; None for what is no capture of a web page.

    Real rows have extra fields, `-` for what is unknown, months and days of 00, `mailto:` and broken addresses, statuses
    as numbers and as text (recordings of EDGI's wayback, test_files/; pywb 2.10).
    """
    row = {_PYWB.get(name, name): str(value) for name, value in fields.items() if value not in (None, "", "-")}
    original = row.get("original", "")
    try:
        moment = to_timestamp(parse_timestamp(row.get("timestamp", "")))
        parts = urlsplit(original)
        key = row.get("urlkey") or urlkey(original)
    except ValueError:
        return None
    # Broken links of pages were captured, too: `http://mailto:…@epa.gov/`, `https://www.epa.gov/%22data:image/jpeg;base64,…`
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or ";base64," in original:
        return None
    return Capture(
        urlkey=key,
        timestamp=moment,
        original=without_port(original),
        mimetype=row.get("mimetype"),
        statuscode=number(row.get("statuscode")),
        digest=digest_of(row.get("digest")),
        length=number(row.get("length")),
        archive=archive,
    )


def read_row(line: str, archive: str) -> Capture | None:
    """One line of the Wayback Machine's text dialect: FIELDS, parted by single spaces; further fields are ignored."""
    fields = line.split(" ")
    return capture_of(dict(zip(FIELDS, fields, strict=False)), archive) if len(fields) >= len(FIELDS) else None


def number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None


def digest_of(text: str | None) -> str | None:
    """base32 SHA-1 without its `sha1:` (cdxj-indexer writes it, pywb does not); None for another kind of digest."""
    bare = (text or "").removeprefix("sha1:")
    return bare if re.fullmatch(r"[A-Z2-7]{32}", bare) else None


def without_port(url: str) -> str:
    """Indexes keep the default port that an old crawler wrote: `http://example.com:80/`."""
    return re.sub(r"^(http://[^/]+):80(?=/|$)|^(https://[^/]+):443(?=/|$)", r"\1\2", url)


def words_regex(words: tuple[tuple[str, ...], ...]) -> str:
    """A regular expression that the whole urlkey must match: one of these word sequences, in order.

    Keys are lower case, with percent-encoded UTF-8 for other scripts (`%d0%bf`); what else is no word may be encoded or
    not. Means the same to Java (Wayback) and Python (pywb).
    """
    texts = [".*".join(_literal(word) for word in sequence) for sequence in words]
    return f".*({'|'.join(texts)}).*" if len(texts) > 1 else f".*{texts[0]}.*"


def _literal(word: str) -> str:
    return re.sub(r"[^\w-]|[^\W\x00-\x7f]", _sign, word.lower())


def _sign(match: re.Match[str]) -> str:
    return ".{1,3}" if match[0].isascii() else quote(match[0]).lower()
