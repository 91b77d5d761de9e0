"""Is this body HTML at all? What it starts with counts more than what it is called (WHATWG MIME Sniffing, 7)."""

from __future__ import annotations

import re

from archive.models import Headers, first_header

_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"RIFF": "a media file",
    b"OggS": "a media file",
    b"ID3": "a media file",
    b"\x1aE\xdf\xa3": "a media file",
    b"PK\x03\x04": "a zip file",
    b"\x1f\x8b": "a gzip file",
    b"Rar!": "an archive file",
    b"7z\xbc\xaf": "an archive file",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an office document",
}
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_XML_ROOT = re.compile(
    rb"\s*(?:<\?xml[^>]{0,300}>|<!--.{0,2000}?-->|\s)*<(rss|feed|urlset|sitemapindex|rdf:RDF|svg)\b", re.DOTALL
)
_VAGUE = re.compile(r"|[^/]*|application/(octet-stream|xml|x-unknown)|text/xml|unknown/unknown")
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")


def not_html(body: bytes, headers: Headers) -> str | None:
    """Why this is no HTML page, in one line; None when it is one. Plain text is not HTML."""
    for magic, name in _MAGIC.items():
        if body.startswith(magic):
            return f"the body is {name}"
    if body[4:8] == b"ftyp":
        return "the body is a media file"  # MP4 and its kin (ISO 14496-12, 4.3)
    start = body[:4096]
    if b"<!doctype html" not in start[:200].lower() and (match := _XML_ROOT.match(start)):
        return f"the body is XML ({match[1].decode()})"
    kind = (first_header(headers, "content-type") or "").split(";")[0].strip().lower()
    if kind in _HTML_TYPES or (_VAGUE.fullmatch(kind) and _HTML.search(start)):
        return None
    return f"the content type is {kind[:80] or 'missing, and the body does not look like HTML'}"
