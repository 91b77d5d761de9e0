"""The character encoding of a page: bytes -> text."""

from __future__ import annotations

import re

from archive.charsets import likeliest
from archive.models import Headers, first_header

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# The encodings of the WHATWG Encoding Standard and no other: Python's punycode, unicode_escape and their like are traps.
_KNOWN = re.compile(
    r"utf-?8|(windows-|cp|x-cp)(125[0-8]|874)|iso[-_]?8859-?\d{1,2}(-[ei])?|latin-?[1-9]|koi8-?[ru]|macintosh|x-mac-cyrillic|ibm866"
    r"|gb_?2312|gbk|gb18030|big5(-hkscs)?|euc-(jp|kr)|shift[-_]?jis|x-sjis|cp932|iso-2022-jp|ks_c_5601-1987|tis-620|(us-)?ascii"
)
# It reads these labels as the larger encoding that pages with them mean.
_MEANT = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "gb2312": "gb18030", "gb_2312": "gb18030", "gbk": "gb18030",
    "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "shiftjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman", "big5": "big5hkscs", "iso-8859-8-i": "iso-8859-8",
    "utf8": "utf-8", "tis-620": "cp874",
}  # fmt: skip


def text_of(body: bytes, headers: Headers) -> tuple[str, str]:
    """The text of a page and its encoding: BOM, header, <meta>, UTF-8 if it fits, else a guess.

    Text with signs beyond ASCII that is valid UTF-8 is UTF-8, whatever one-byte encoding was declared: such bytes do not
    come about by chance.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace"), encoding.removesuffix("-sig")
    for encoding in _declared(body, headers):
        if (text := _fitting(body, encoding)) is not None:
            return text, encoding
    return (body.decode(), "utf-8") if _is_utf8(body) else _guessed(body)


def _declared(body: bytes, headers: Headers) -> list[str]:
    """Python's names of the encodings to try, in order; labels that name none are left out."""
    header = _HEADER.search(first_header(headers, "content-type") or "")
    meta = _DECLARED.search(body[:4096])
    labels = [header[1] if header else "", meta[1].decode("ascii", "replace") if meta else ""]
    known = [label for label in map(str.lower, labels) if _KNOWN.fullmatch(label)]
    encodings = [_MEANT.get(label, label) for label in known]
    # UTF-8 goes before what accepts anything; ISO-2022 and the like are ASCII bytes and would pass for it.
    eight_bit = bool(encodings) and not encodings[0].startswith("iso-2022")
    first = ["utf-8"] if eight_bit and not body.isascii() and _is_utf8(body) else []
    return list(dict.fromkeys([*first, *encodings]))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _fitting(body: bytes, encoding: str) -> str | None:
    """The text; None when the encoding does not fit. A few broken bytes do not make it another one."""
    try:
        return body.decode(encoding)
    except LookupError:
        return None
    except UnicodeError:
        text = body.decode(encoding, "replace")
    return text if text.count("\ufffd") <= max(3, len(text) // 1000) else None


def _guessed(body: bytes) -> tuple[str, str]:
    encoding = likeliest(body)
    return body.decode(encoding, "replace"), encoding
