"""What web archives add to a page on replay, taken out again: toolbars, and their own address before every other."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.extract.tree import xpath

# The Wayback Machine's toolbar and donation banner, and its older frame: archives put them before the page's own parts.
_MARKS = xpath(
    "/html/body/*[starts-with(@id, 'wm-ipp') or @id = 'donato' or @id = 'wm-tb' or @id = 'wb-toolbar' or @id = 'replay_iframe']"
)
_WRAPPED = re.compile(r"(?:https?:)?(?://[\w.:-]+)?/(?:web|wayback|\w+/mp)/\d{4,14}(?:[a-z]{2}_)?/(?=https?:/)", re.IGNORECASE)
_ONE_SLASH = re.compile(r"^(https?):/(?!/)", re.IGNORECASE)


def strip_marks(tree: HtmlElement) -> None:
    """Without the archive's own parts."""
    for element in _MARKS(tree):
        element.drop_tree()


def unwrapped(href: str) -> str:
    """The address that an archive wrapped in its own."""
    match = _WRAPPED.match(href) if "/http" in href else None
    return _ONE_SLASH.sub(r"\1://", href[match.end() :]) if match else href
