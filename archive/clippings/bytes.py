"""The bytes of a document as text, or one clear line on why they are none."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from archive.errors import DocumentError

MAX_BYTES = 32 * 1024 * 1024

_MAGIC = {
    b"%PDF-": "is a PDF: save its text first (for example with pdftotext)",
    b"PK\x03\x04": "is a zip archive or an office document: save it as text or HTML first",
    b"\xd0\xcf\x11\xe0": "is an office document: save it as text or HTML first",
    b"\x1f\x8b": "is compressed: unpack it first",
    b"\x89PNG": "is an image",
    b"\xff\xd8\xff": "is an image",
    b"GIF8": "is an image",
    b"SQLite format 3": "is a database",
    b"\x7fELF": "is a program",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decoded text with \\n line ends, and warnings. Raises DocumentError for what is empty, huge, or no text."""
    if len(data) > MAX_BYTES:
        raise DocumentError(name, f"is larger than {MAX_BYTES // 2**20} MiB: no clipping is; split it")
    for magic, reason in _MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(name, reason)
    text, warnings = _decoded(name, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate({0: None})
    if not text.strip():
        raise DocumentError(name, "is empty")
    return text, warnings


def _decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            lost = text.count("\ufffd")
            return text, (f"{lost} characters are damaged",) if lost else ()
    if _binary(data):
        raise DocumentError(name, "is not text (it holds bytes that no text has)")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _guessed(data, error)


def _binary(data: bytes) -> bool:
    """NUL bytes, or more than a few control signs, are not in text."""
    sample = data[: 1 << 16]
    control = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", sample))
    return b"\0" in sample or control > len(sample) / 50


def _guessed(data: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[str, ...]]:
    """A declared charset, else the likeliest; said in a warning, since it may be wrong."""
    declared = re.search(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", data[:4096], re.IGNORECASE)
    if declared:
        try:
            return data.decode(declared[1].decode("ascii")), ()
        except (UnicodeDecodeError, LookupError):
            pass
    best = from_bytes(data[: 1 << 18]).best()
    encoding = best.encoding if best else "cp1252"
    where = f"not UTF-8 (byte {error.start} is {data[error.start]:#04x})"
    return data.decode(encoding, "replace"), (f"{where}: read as {encoding}; check the text",)
