"""Addresses as the syntaxes write them. Everything that can end a target anywhere is percent-encoded first."""

from __future__ import annotations

import re
from urllib.parse import quote

from archive.documents.base import Unwritable

_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")  # not in RFC 3986, 2
_ENTITY = re.compile(r"&((?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)")
_TAIL = ".,;:!?'*_~"


def safe(url: str) -> str:
    """An address in the characters of RFC 3986, without an empty fragment. Raises Unwritable for what is none on the web."""
    text = url.strip().rstrip("#")
    if not re.match(r"https?://[^/?#\s]", text, re.IGNORECASE):
        raise Unwritable(f"{text[:100]!r} is no address on the web")
    try:
        return _UNSAFE.sub(lambda match: quote(match[0], safe=""), text)
    except UnicodeEncodeError as error:
        raise Unwritable(f"{text[:100]!r} holds half a character") from error


def percent(url: str, signs: str) -> str:
    """With these signs percent-encoded."""
    return "".join(f"%{ord(sign):02X}" if sign in signs else sign for sign in url)


def bare(url: str) -> str:
    """An address that stands in a text without signs around it: nothing in it reads as the end, or as the text's."""
    text = percent(safe(url), "[]*")
    text = text if balanced(text) else percent(text, "()")
    head, last = text[:-1], text[-1]
    return head + percent(last, _TAIL + "()") if last in _TAIL or (last == ")" and "(" not in head) else text


def balanced(text: str) -> bool:
    """Every `)` closes a `(` before it, and none stays open."""
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def without_entities(text: str) -> str:
    """What would be read as a character reference (`&copy;`) is written as what it is."""
    return _ENTITY.sub(r"&amp;\1", text)


def without_semicolons(text: str) -> str:
    """The same where some readers know character references and others do not: its semicolon is percent-encoded."""
    return _ENTITY.sub(lambda match: match[0][:-1] + "%3B", text)
