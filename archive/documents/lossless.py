"""Bytes as characters and back, without loss: what is not edited stays byte for byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.charsets import likeliest
from archive.documents.base import Edit
from archive.errors import DocumentError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Stateless and a superset of ASCII; among Python's codecs are also rot13, punycode, unicode_escape.
_KNOWN = re.compile(r"utf-8|cp\d+|iso8859-\d+|koi8-\w|mac-\w+|shift_jis\w*|euc_\w+|gb\w+|big5\w*|ptcp154|tis-620|johab")
_DECLARED = re.compile(rb"""(?:charset|encoding|coding)\s*[=:]\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's bytes and their characters; bytes that do not decode are lone surrogates (PEP 383)."""

    data: bytes
    text: str
    encoding: str
    errors: str = "surrogateescape"
    head: int = 0  # bytes of the byte order mark

    @property
    def view(self) -> str:
        """The text for readers: same length, every line end is a `\\n`, the `\\r` of `\\r\\n` a blank."""
        return self.text.replace("\r\n", " \n").replace("\r", "\n")

    def byte_span(self, start: int, end: int) -> tuple[int, int]:
        """The bytes of `data` that hold these characters."""
        first = self.head + len(self._encoded(self.text[:start]))
        return first, first + len(self._encoded(self.text[start:end]))

    def spliced(self, edits: Iterable[Edit]) -> bytes:
        """The bytes after edits that do not overlap."""
        out, place, at = [self.data[: self.head]], 0, self.head
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            start = at + len(self._encoded(self.text[place : edit.start]))
            out += self.data[at:start], self._encoded(edit.text)
            place, at = edit.end, start + len(self._encoded(self.text[edit.start : edit.end]))
        return b"".join((*out, self.data[at:]))

    def _encoded(self, text: str) -> bytes:
        return text.encode(self.encoding, self.errors)


def lossless(name: str, data: bytes) -> Text:
    """Decode; the mark decides, else UTF-8, else what is declared, else the likeliest. Raises DocumentError."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _marked(name, data, encoding, len(mark))
    if wide := _wide(data[:4096]):
        return _marked(name, data, wide, 0)
    text = data.decode("utf-8", "surrogateescape")
    if _is_utf8(text):
        return Text(data, text, "utf-8")
    for encoding in (*_declared(data), likeliest(data), "cp1252"):
        found = _as(data, encoding)
        if found is not None:
            return found
    return Text(data, text, "utf-8")


def _marked(name: str, data: bytes, encoding: str, head: int) -> Text:
    if encoding == "utf-8":
        return Text(data, data[head:].decode(encoding, "surrogateescape"), encoding, head=head)
    width = 4 if "32" in encoding else 2
    whole = len(data) - (len(data) - head) % width  # half a character at the end stays behind as it is
    try:
        return Text(data, data[head:whole].decode(encoding, "surrogatepass"), encoding, "surrogatepass", head)
    except UnicodeDecodeError as error:
        raise DocumentError(name, f"is marked as {encoding.upper()[:6]}, and is not (byte {error.start + head})") from error


def _wide(sample: bytes) -> str | None:
    """UTF-16 without its mark: every other byte is zero, as in Latin text."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) * 10 >= len(sample) * 4 > 0:
        return "utf-16-le" if odd else "utf-16-be"
    return None


def _is_utf8(text: str) -> bool:
    """Whether the bytes that do not decode are the exception among those beyond ASCII."""
    damaged = len(re.findall(r"[\udc80-\udcff]", text))
    return damaged == 0 or damaged * 4 < len(re.findall(r"[^\x00-\x7f\udc80-\udcff]", text))


def _declared(data: bytes) -> Iterable[str]:
    match = _DECLARED.search(data[:4096])
    return (match[1].decode("ascii", "replace"),) if match else ()


def _as(data: bytes, encoding: str) -> Text | None:
    """Decoded so that every line encodes to the bytes that it was; None when the encoding does not do that."""
    try:
        known = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return None
    if known in ("iso8859-1", "ascii"):
        known = "cp1252"  # as browsers read it (WHATWG Encoding)
    if not _KNOWN.fullmatch(known):
        return None
    text = data.decode(known, "surrogateescape")
    try:
        same = b"".join(line.encode(known, "surrogateescape") for line in re.split(r"(?<=[\n ])", text)) == data
    except UnicodeEncodeError:
        return None
    return Text(data, text, known) if same and "<a :/\n>".encode(known) == b"<a :/\n>" else None
