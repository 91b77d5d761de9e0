"""Text -> one tree, tamed: what would make the libraries behind slow or silent is taken out, or refused with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_CHARACTERS = 10_000_000  # of HTML: libxml2 and trafilatura drop larger text nodes silently (facts, finding 11)
MAX_ELEMENTS = 50_000  # with an article: the largest of 304 real pages has 3,129, and trafilatura takes 60 µs for each
MAX_ATTRIBUTES = 200  # of one element; libxml2, trafilatura and htmldate are quadratic in them
MAX_TAG = 20_000  # bytes without a "<": data, a long text, or a tag full of attributes
MAX_DEPTH = 240  # trafilatura recurses: below some 250 levels it silently gives nothing (facts, finding 11)


def xpath(path: str) -> Callable[[HtmlElement], Any]:
    """A compiled XPath; lxml's types cannot say what one of them gives."""
    return etree.XPath(path)


class TooMuch(ValueError):
    """Markup that cannot be parsed without losing some of it; says why."""


def parse(text: str) -> HtmlElement | None:
    """The tree; None when the page is blank. Raises TooMuch for a page beyond the limits."""
    if len(text) > MAX_CHARACTERS:
        raise TooMuch(f"{len(text)} characters of HTML")
    parser = _parser()
    try:
        tree: HtmlElement = document_fromstring(_prepared(text), parser=parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        return None
    except etree.ParserError:
        return None
    if any("depth" in error.message for error in parser.error_log if error.level >= etree.ErrorLevels.FATAL):
        raise TooMuch("the markup nests deeper than the parser's 2,048 levels")
    return _flattened(tree)


def size(tree: HtmlElement) -> int:
    """How many elements it has."""
    return int(_COUNT(tree))


def _parser() -> HTMLParser:
    """huge_tree lifts libxml2's limits on text nodes and depth, which otherwise cut pages silently."""
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    # lxml.html's own lookup calls Python for every element that is touched; nothing here needs its form classes.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


_COUNT = xpath("count(//*)")
_DEEP = xpath("/*" + "/*" * MAX_DEPTH + "[*]")
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")


def _prepared(text: str) -> bytes:
    """What lxml takes and trafilatura keeps: no declaration, no attributes by the thousand, no signs that XML has not.

    One form feed or `&#31;` in a paragraph, and trafilatura silently gives nothing of the page (2.3.1, seen 2026-11-24).
    In UTF-8: bytes are searched and replaced at half the price of text.
    """
    for sign in _ILLEGAL_WIDE:
        text = text.replace(sign, " ")
    html = text.encode("utf-8", "replace").translate(_LEGAL, b"\x00")
    html = _REFERENCE.sub(_legal, html)
    if match := _DECLARATION.match(html):
        html = html[match.end() :]
    return _LONG_TAG.sub(_fewer_attributes, html)


_ILLEGAL = bytes((*range(1, 9), 11, 12, *range(14, 32)))  # XML 1.0, 2.2
_ILLEGAL_WIDE = ("\ufffe", "\uffff")
_LEGAL = bytes.maketrans(_ILLEGAL, b" " * len(_ILLEGAL))
_REFERENCE = re.compile(rb"&#(?:[xX]0*([01]?[0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F])|0*([12]?\d|3[01]|6553[45])(?!\d));?")


def _legal(match: re.Match[bytes]) -> bytes:
    """A character reference, or a blank for one that XML has no sign for."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if code in (9, 10, 13) else b" "


_LONG_TAG = re.compile(rb"<[a-zA-Z][^<]{%d,}" % MAX_TAG)  # without a set: eight times cheaper
_ATTRIBUTE = re.compile(rb"""[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")


def _fewer_attributes(match: re.Match[bytes]) -> bytes:
    """The tag with its first attributes: parsing 50,000 of them takes libxml2 2.6 s before anyone can count them."""
    tag, end, rest = match[0].partition(b">")
    found = [attribute[0] for attribute, _ in zip(_ATTRIBUTE.finditer(tag, 1), range(MAX_ATTRIBUTES + 1), strict=False)]
    return match[0] if len(found) <= MAX_ATTRIBUTES else b"<" + b" ".join(found[:MAX_ATTRIBUTES]) + end + rest


def _flattened(tree: HtmlElement) -> HtmlElement:
    """Elements at the depth limit keep their text and lose their markup."""
    for element in _DEEP(tree):
        text = " ".join(element.itertext())
        for child in list(element):
            element.remove(child)
        element.text = text
    return tree
