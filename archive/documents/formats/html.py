"""HTML: the `href` of `a` and `area`, tokenized as browsers do (WHATWG HTML, 13.2.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from html import unescape
from html.entities import html5

from archive.documents.base import Found, Spot
from archive.documents.scan import paired
from archive.documents.spelling import safe

_OPEN = re.compile(r"<!--|<!\[CDATA\[|<\?|<(?P<slash>/?)(?P<tag>[a-z][^\s/>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?:(?P<close>>)|(?P<name>[^\s/>][^\s/>=]*+)"""
    r"""(?:\s*+=\s*+(?:"(?P<double>[^"]*+)(?:"|\Z)|'(?P<single>[^']*+)(?:'|\Z)|(?P<plain>[^\s>"'][^\s>]*+)|(?=>)))?)"""
)
_COMMENT_END = re.compile(r"(?<=<!--)-?>|--!?>")
# Text without markup; and samples of code, whose links are part of the sample.
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "code", "samp", "kbd"))
_SAMPLES = ("code", "samp", "kbd")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|(?P<name>[A-Za-z][A-Za-z0-9]{1,40}+)(?P<end>;?))")


@dataclass(frozen=True, slots=True)
class _Attribute:
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """One `a` with an href: spans of the tag, of the value without blanks around it, and of the text, None when unclosed."""

    start: int
    tag_end: int
    href: _Attribute
    title: str | None
    close: tuple[int, int] | None = None

    def words(self, view: str) -> str | None:
        return _plain(view[self.tag_end : self.close[0]]) if self.close else None


class Html:
    """Only links: an address in the text of a page, or in other attributes, is none."""

    name = "html"
    extensions = (".html", ".htm", ".xhtml")

    def matches(self, view: str) -> bool:
        head = view[:2000].lstrip().lower()
        return head.startswith(("<!doctype html", "<html", "<head", "<body", "<article", "<?xml"))

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:  # noqa: ARG002
        return paired(view, anchor_links(view))


def anchor_links(view: str) -> Iterator[Found]:
    """The links of the markup in a text."""
    for anchor in anchors(view):
        start, end = anchor.href.start, anchor.href.end
        after = anchor.close[1] if anchor.close else None
        yield Found(
            start,
            end,
            attribute_value(view[start:end]),
            Spot(partial(attribute_spelling, anchor.href.quote), _aside, after, "its tag is not closed"),
            (anchor.start, after or anchor.tag_end),
            words=anchor.words(view),
            hint=anchor.title,
        )


def anchors(view: str) -> Iterator[Anchor]:
    """The `a` and `area` tags with an href, outside comments, scripts and samples of code."""
    pending: Anchor | None = None
    for start, end, tag, attributes in _tags(view):
        if tag not in ("a", "/a", "area"):
            continue
        if pending is not None:
            yield replace(pending, close=(start, end)) if tag == "/a" else pending
            pending = None
        href = attributes.get("href")
        if href is not None and tag != "/a":
            title = attributes.get("title")
            pending = Anchor(start, end, href, attribute_value(view[title.start : title.end]) if title else None)
    if pending is not None:
        yield pending


def _tags(view: str) -> Iterator[tuple[int, int, str, dict[str, _Attribute]]]:
    """Start, end, name (`/a` when closing) and attributes of each tag."""
    place, endless = 0, set[str]()
    while match := _OPEN.search(view, place):
        tag = (match["tag"] or "").lower()
        if not tag:
            place = _behind_other(view, match)
            continue
        attributes, place = _attributes(view, match.end())
        yield match.start(), place, match["slash"] + tag, attributes
        if tag in _RAW and not match["slash"] and tag not in endless:
            closing = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(view, place)
            if closing:
                place = closing.start()
            elif tag in _SAMPLES:
                endless.add(tag)  # a browser goes on: what follows has links
            else:
                return


def _behind_other(view: str, match: re.Match[str]) -> int:
    """Behind a comment, a CDATA section or an instruction; unclosed, they go to the end."""
    if match[0] == "<!--":
        end = _COMMENT_END.search(view, match.end())
        return end.end() if end else len(view)
    closing = "]]>" if match[0].startswith("<!") else "?>"
    found = view.find(closing, match.end())
    return found + len(closing) if found >= 0 else (match.end() if closing == "]]>" else _behind_sign(view, match.end()))


def _behind_sign(view: str, place: int) -> int:
    end = view.find(">", place)
    return end + 1 if end >= 0 else len(view)


def _attributes(view: str, place: int) -> tuple[dict[str, _Attribute], int]:
    """The attributes of a tag, the first of each name, and where the tag ends."""
    found: dict[str, _Attribute] = {}
    while match := _ATTRIBUTE.match(view, place):
        place = match.end()
        if match["close"]:
            break
        for group, quote in (("double", '"'), ("single", "'"), ("plain", "")):
            if match[group] is not None:
                found.setdefault(match["name"].lower(), _without_blanks(view, *match.span(group), quote))
    return found, place


def _without_blanks(view: str, start: int, end: int, quote: str) -> _Attribute:
    value = view[start:end]
    if not value.strip():
        return _Attribute(start, end, quote)
    return _Attribute(start + len(value) - len(value.lstrip()), end - len(value) + len(value.rstrip()), quote)


def attribute_value(raw: str) -> str:
    """Character references as browsers read them in attributes: `&copy=1` stays (WHATWG HTML, 13.2.5.73)."""
    return _REFERENCE.sub(lambda match: _reference(match, raw[match.end() : match.end() + 1]), raw)


def _reference(match: re.Match[str], following: str) -> str:
    if match["name"] is None:
        return unescape(match[0])
    return html5.get(match["name"] + match["end"], match[0]) if match["end"] or following != "=" else match[0]


def attribute_spelling(quote: str, url: str) -> str:
    """The value between its quotes; without quotes some are added when the value needs them."""
    value = safe(url).replace("&", "&amp;")
    if quote:
        return value.replace("'", "&#39;") if quote == "'" else value
    return value if re.fullmatch(r"[^'=]*[^'=/]", value) else f'"{value}"'


def _aside(label: str, url: str) -> str:
    return f' (<a href="{attribute_spelling(chr(34), url)}">{label}</a>)'


def _plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())
