"""The bytes of a document as text, or one clear line on why they are none."""

from __future__ import annotations

import codecs
import re

from archive.charsets import likeliest
from archive.errors import DocumentError

MAX_BYTES = 32 * 1024 * 1024

_IMAGE = "is an image"
_OFFICE = "is an office document: save it as text or HTML first"
_PACKED = "is compressed: unpack it first"
_MAGIC = {
    b"%PDF-": "is a PDF: save its text first (for example with pdftotext)",
    b"PK\x03\x04": "is a zip archive or an office document: save it as text or HTML first",
    b"\xd0\xcf\x11\xe0": _OFFICE,
    b"{\\rtf": _OFFICE,
    b"\x1f\x8b": _PACKED,
    b"BZh": _PACKED,
    b"\xfd7zXZ": _PACKED,
    b"\x28\xb5\x2f\xfd": _PACKED,
    b"7z\xbc\xaf": _PACKED,
    b"Rar!": _PACKED,
    b"\x89PNG": _IMAGE,
    b"\xff\xd8\xff": _IMAGE,
    b"GIF8": _IMAGE,
    b"SQLite format 3": "is a database",
    b"\x7fELF": "is a program",
    b"bplist00": "is a web archive of Safari: save the page as HTML or text first",
    b"WARC/": "is a WARC file, not a clipping",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MIME = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/", re.IGNORECASE)
# All that ends a line somewhere (Unicode 15, 5.8), one sign for one.
_LINE_ENDS = {0: "", **dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r"), "\n")}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a]")
# Python's codecs of that name are no charsets of texts.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem"})


def text_of(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decoded text with \\n line ends, and warnings. Raises DocumentError for what is empty, huge, or no text."""
    if len(data) > MAX_BYTES:
        raise DocumentError(name, f"is larger than {MAX_BYTES // 2**20} MiB: no clipping is; split it")
    for magic, reason in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(name, reason)
    if _MIME.match(data[: 1 << 14].replace(b"\r\n", b"\n")):
        raise DocumentError(name, "is a saved mail or a page saved as MHTML: save it as HTML or text first")
    text, warnings = _decoded(name, data)
    text = text.replace("\r\n", "\n").translate(_LINE_ENDS)
    if not text.strip("\ufffd\ufeff \t\n\u200b"):
        raise DocumentError(name, "is empty")
    return text, warnings


def _decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _with_losses(data.decode(encoding, "replace"))
    if wide := _wide(data):
        return _with_losses(data.decode(wide, "replace"))
    if _binary(data):
        raise DocumentError(name, "is not text (it holds bytes that no text has)")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _guessed(data, error)


def _with_losses(text: str) -> tuple[str, tuple[str, ...]]:
    lost = text.count("\ufffd")
    return text, (f"{lost} characters are damaged",) if lost else ()


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark, when every other byte is NUL as in Latin text."""
    sample = data[: 1 << 12]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) * 10 >= len(sample) * 4:
        return "utf-16-le" if odd else "utf-16-be"
    return None


def _binary(data: bytes) -> bool:
    """NUL bytes, or more than a few control signs, are not in text."""
    sample = data[: 1 << 16]
    return b"\0" in sample or len(_BINARY.findall(sample)) > len(sample) / 50


def _guessed(data: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[str, ...]]:
    """UTF-8 with a few damaged bytes, a declared charset, else the likeliest; said in a warning, since it may be wrong."""
    text = data.decode("utf-8", "replace")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    if good > 4 * text.count("\ufffd"):
        return _with_losses(text)
    where = f"not UTF-8 (byte {error.start} is {data[error.start]:#04x})"
    if declared := _declared(data):
        return declared, ()
    encoding = likeliest(data)
    return data.decode(encoding, "replace"), (f"{where}: read as {encoding}; check the text",)


def _declared(data: bytes) -> str | None:
    """The text by the charset that a page declares; None when it declares none or is not in it."""
    found = re.search(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", data[:4096], re.IGNORECASE)
    try:
        charset = codecs.lookup(found[1].decode("ascii")).name if found else "undefined"
        return None if charset.replace("_", "-") in _NO_CHARSETS else data.decode(charset)
    except (UnicodeError, LookupError):
        return None
