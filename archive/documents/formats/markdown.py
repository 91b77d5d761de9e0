"""Markdown: inline links, reference definitions, autolinks, HTML anchors, bare addresses (CommonMark 0.31, GFM)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import unescape

from archive.documents.base import Found, Spot, Unwritable
from archive.documents.formats.html import anchor_links
from archive.documents.formats.markdown_blocks import FRONT, code_blocks, code_spans, comments, raw_blocks
from archive.documents.scan import bare_addresses, blanked, paired
from archive.documents.spelling import balanced, bare, percent, safe, without_entities, without_semicolons
from archive.urls import MAX_LENGTH

_MIDDLE = re.compile(r"\]\([ \t]*\n?[ \t]*")
_ANGLED = re.compile(r"<((?:[^<>\n\\]|\\.)*+)>")
_TITLE = r"""(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'|\((?P<round>(?:[^()\\]|\\.)*+)\))"""
_CLOSE = re.compile(rf"(?:\s+{_TITLE})?\s*\)(?P<attributes>\{{[^}}\n]*\}})?", re.DOTALL)
_DEFINITION = re.compile(
    r"^[ \t]*(?:>[ \t]?)* {0,3}\[(?!\^)(?P<label>(?:[^\[\]\\]|\\.){1,999})\]:[ \t]*\n?[ \t>]*"
    r"(?P<target><[^<>\n]*>|[^\s<]\S*)"
    rf"(?:[ \t]*\n?[ \t]+{_TITLE})?[ \t]*$",
    re.MULTILINE,
)
_AUTOLINK = re.compile(r"<(?P<url>https?://[^\s<>]*)>", re.IGNORECASE)
_USE = re.compile(r"\[(?P<words>(?:[^\[\]\\]|\\.){1,999})\](?:\[(?P<label>(?:[^\[\]\\]|\\.){0,999})\])?(?![(\[:])")
_MARKS = re.compile(r"^#{1,6}[ \t]+\S|^\[[^\]]+\]:[ \t]*\S+|\[[^\]\n]+\]\([^)\s]+\)|\A---\n", re.MULTILINE)
_PART = re.compile(r"\\[!-/:-@\[-`{-~]|[()]|\\|[^\x00-\x20\x7f()\\]{1,8192}")  # of a target
_TAG_REACH = 1000  # characters of a tag before an address in it
_DEEPEST = 32  # parentheses in a target that stand in each other: as cmark has it
_BRACKETS = re.compile(r"\\.|[\[\]]|\n[ \t]*(?=\n)", re.DOTALL)
_NO_ASIDE = "nothing can be added to it in a field"


class Markdown:
    """Also what plain text seldom has: headings, links with words, front matter."""

    name = "markdown"
    extensions = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd")

    def matches(self, view: str) -> bool:
        return bool(_MARKS.search(view[:100_000]))

    def find(self, view: str, warn: Callable[[str], None]) -> Iterable[Found]:  # noqa: ARG002
        prose = blanked(view, code_blocks(view))
        prose = blanked(prose, comments(prose))
        prose = blanked(prose, code_spans(prose))
        definitions = list(_definitions(prose))
        rest = blanked(prose, (found.outer for found in definitions))
        found = [*anchor_links(rest), *_autolinks(rest)]
        plain = blanked(rest, raw_blocks(rest))
        inline, images = _inline(plain)
        found += inline
        rest = blanked(blanked(plain, images), (link.outer for link in found))
        uses = list(_uses(rest, {definition.key for definition in definitions}))
        found += [*uses, *_bare(rest)]
        return _with_definitions(definitions, paired(view, _outermost(found)))


def _outermost(found: list[Found]) -> Iterator[Found]:
    """Without what stands inside another link: an address in a link's text is none of its own."""
    end = 0
    for link in sorted(found, key=lambda link: (link.outer[0], -link.outer[1])):
        if link.outer[0] >= end:
            yield link
            end = link.outer[1]


def _inline(view: str) -> tuple[list[Found], list[tuple[int, int]]]:
    """`[words](target "title")`, and the spans of images."""
    links: list[Found] = []
    images: list[tuple[int, int]] = []
    openings = _openings(view)
    for middle in _MIDDLE.finditer(view):
        opening = openings.get(middle.start())
        if opening is None:
            continue
        target = _target(view, middle.end())
        close = _CLOSE.match(view, target[2]) if target else None
        if target is None or close is None:
            continue
        start, end, _, angled = target
        outer = (opening, close.end())
        if view[opening - 1 : opening] == "!" and not _escaped(view, opening - 1):
            images.append((opening - 1, close.end()))
            continue
        spot = Spot(angled_spelling if angled else target_spelling, _aside, close.end())
        words, title = view[opening + 1 : middle.start()], close["double"] or close["single"] or close["round"]
        links.append(Found(start, end, target_value(view[start:end]), spot, outer, words=_words(words), hint=title))
    return links, images


def _openings(view: str) -> dict[int, int]:
    """Of each closing bracket the one that it closes, within a paragraph."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for match in _BRACKETS.finditer(view):
        if match[0] == "[":
            stack.append(match.start())
        elif match[0] == "]" and stack:
            found[match.start()] = stack.pop()
        elif match[0][0] == "\n":
            stack.clear()
    return found


def _escaped(view: str, place: int) -> bool:
    before = re.compile(r"\\*\Z").search(view[max(0, place - 50) : place])
    return before is not None and len(before[0]) % 2 == 1


def _target(view: str, place: int) -> tuple[int, int, int, bool] | None:
    """Span of the target, where its syntax ends, and whether it stands in angle brackets."""
    if angled := _ANGLED.match(view, place):
        return (*angled.span(1), angled.end(), True)
    depth, end = 0, place
    while (part := _PART.match(view, end)) and end - place <= MAX_LENGTH and depth <= _DEEPEST:
        if part[0] == ")" and depth == 0:
            break
        depth += (part[0] == "(") - (part[0] == ")")
        end = part.end()
    return (place, end, end, False) if end > place and depth == 0 else None


def target_value(raw: str) -> str:
    """Backslashes before punctuation and character references undone."""
    return unescape_entities(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", raw))


def unescape_entities(text: str) -> str:
    """Only those that end in a semicolon (CommonMark 0.31, 2.5)."""
    return re.sub(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});", lambda match: unescape(match[0]), text)


def target_spelling(url: str) -> str:
    """Balanced parentheses may stand as they are, others are escaped."""
    text = without_entities(safe(url))
    return text if balanced(text) else re.sub(r"([()])", r"\\\1", text)


def angled_spelling(url: str) -> str:
    return without_entities(safe(url))


def autolink_spelling(url: str) -> str:
    return without_semicolons(safe(url))


def bare_spelling(url: str) -> str:
    """Underscores at word edges would be emphasis, and what looks like a character reference would be one."""
    return without_semicolons(bare(url))


def _aside(label: str, url: str) -> str:
    return f" ([{label}]({target_spelling(url)}))"


def _words(markup: str) -> str:
    """Link text without images and marks of emphasis."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", markup)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", re.sub(r"(?<![\\\w])[*_]{1,3}|[*_]{1,3}(?!\w)|<[^>]*>|`", "", text))
    return unescape_entities(text)


# -- references -------------------------------------------------------------------------------------------------------


def _definitions(view: str) -> Iterator[Found]:
    """`[label]: target "title"`: of a label the first one counts."""
    seen: set[str] = set()
    for match in _DEFINITION.finditer(view):
        start, end = match.span("target")
        angled = match["target"].startswith("<")
        start, end = (start + 1, end - 1) if angled else (start, end)
        key = _key(match["label"])
        if key in seen:
            continue
        seen.add(key)
        spot = Spot(angled_spelling if angled else target_spelling, _aside, None, "no link of the text uses this reference")
        title = match["double"] or match["single"] or match["round"]
        yield Found(start, end, target_value(view[start:end]), spot, match.span(), hint=title, key=key)


def _uses(view: str, keys: set[str | None]) -> Iterator[Found]:
    """`[words][label]`, `[label][]`, `[label]`: where something can be set beside a reference."""
    for match in _USE.finditer(view):
        key = _key(match["label"] or match["words"])
        if key in keys and not _escaped(view, match.start()) and view[match.start() - 1 : match.start()] != "!":
            yield Found(*match.span(), "", Spot(safe, _aside, match.end()), match.span(), words=_words(match["words"]), key=key)


def _key(label: str) -> str:
    return " ".join(label.split()).casefold()


def _with_definitions(definitions: list[Found], found: list[Found]) -> Iterator[Found]:
    """The links, and each definition with the words of its first use, beside which things are set."""
    first: dict[str | None, Found] = {}
    for link in found:
        if link.key is None:
            yield link
        else:
            first.setdefault(link.key, link)
    for definition in definitions:
        use = first.get(definition.key)
        if use is None:
            yield definition
            continue
        place = replace(definition.place, after=use.outer[1]) if isinstance(definition.place, Spot) else definition.place
        yield replace(definition, place=place, words=use.words, archived=use.archived)


# -- addresses as they are --------------------------------------------------------------------------------------------


def _autolinks(view: str) -> Iterator[Found]:
    """`<https://…>`: backslashes are no escapes in it (CommonMark 0.31, 6.5)."""
    for match in _AUTOLINK.finditer(view):
        spot = Spot(autolink_spelling, _aside, match.end())
        yield Found(*match.span("url"), unescape_entities(match["url"]), spot, match.span())


def _bare(view: str) -> Iterator[Found]:
    """GFM's extended autolinks. In front matter and in values of markup nothing can be added."""
    front = FRONT.match(view)
    fields = front.end() if front else 0
    for start, end in bare_addresses(view, "_~"):
        end = _before_reference(view, start, end)  # noqa: PLW2901
        field = start < fields or view[start - 1 : start] in ("'", '"', "=") or _in_tag(view, start)
        spot = Spot(_front_spelling if start < fields else bare_spelling, _aside, None if field else end, _NO_ASIDE)
        yield Found(start, end, unescape_entities(view[start:end]), spot, (start, end))


def _before_reference(view: str, start: int, end: int) -> int:
    """A character reference at the end is text (GFM 0.29, 6.9)."""
    reference = re.search(r"&[A-Za-z0-9]+$", view[start:end]) if view[end : end + 1] == ";" else None
    return start + reference.start() if reference else end


def _front_spelling(url: str) -> str:
    """A value of YAML or TOML: the sign `'` would end a quoted one."""
    text = percent(safe(url), "'")
    if text.endswith(":"):
        raise Unwritable("it would be read as a key of the front matter")
    return bare(text)


def _in_tag(view: str, place: int) -> bool:
    """Inside the angle brackets of a tag on this line."""
    reach = max(0, place - _TAG_REACH)
    start = max(view.rfind("\n", reach, place) + 1, reach)
    opened = view.rfind("<", start, place)
    return opened > view.rfind(">", start, place) and re.match("[A-Za-z/]", view[opened + 1 : opened + 2]) is not None
