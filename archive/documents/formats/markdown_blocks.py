"""The parts of a Markdown text in which nothing is a link: code blocks, code spans, comments (CommonMark 0.31)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.documents.scan import enclosed

_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)*")
_ITEM = re.compile(r"(?P<lead>[ \t]*)(?:[-*+]|\d{1,9}[.)])(?P<gap>[ \t]+|$)")
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_RUN = re.compile(r"`+")
_BREAK = re.compile(r"\n[ \t]*(?=\n)")
_RAW_BLOCK = re.compile(r"^ {0,3}<(?P<tag>script|style|pre|textarea)(?=[\s>]).*?(?:</(?P=tag)>|\Z)", re.I | re.M | re.S)
_COMMENT = re.compile("<!--(?!-?>)")
FRONT = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n.*?\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(slots=True)
class _State:
    """What the lines above have opened."""

    fence: str = ""  # the signs that close it, "" when none is open
    quotes: int = 0  # depth of block quotes that the fence stands in
    fence_indent: int = 0  # of the list item that the fence stands in
    item_indent: int = 0  # where the content of the open list item begins
    after_blank: bool = True
    in_code: bool = False  # an indented block
    empty_item: bool = False  # the line above is an item's mark alone: a blank line ends the item


def code_blocks(view: str) -> Iterator[tuple[int, int]]:
    """Spans of the lines of fenced and indented code."""
    state, place = _State(), 0
    front = FRONT.match(view)
    if front:
        place = front.end()
    for line in view[place:].split("\n"):
        if _is_code(line.rstrip(), state):
            yield place, place + len(line)
        place += len(line) + 1


def _is_code(line: str, state: _State) -> bool:
    quote = _QUOTE.match(line)
    depth = quote[0].count(">") if quote else 0
    inner = line[quote.end() :] if quote and depth else line
    if state.fence:
        return _in_fence(inner, depth, state)
    if not inner.strip():
        state.after_blank = True
        state.item_indent = 0 if state.empty_item else state.item_indent
        return False
    state.empty_item = False
    return _opens_fence(inner, depth, state) or _is_indented(inner, state)


def _in_fence(inner: str, depth: int, state: _State) -> bool:
    left = depth < state.quotes or bool(inner.strip() and _width(inner) < state.fence_indent)
    if left or re.fullmatch(rf" *{re.escape(state.fence[0])}{{{len(state.fence)},}}", inner):
        state.fence = ""
    if left:
        return not inner.strip() or _opens_fence(inner, depth, state) or _is_indented(inner, state)
    return True


def _opens_fence(inner: str, depth: int, state: _State) -> bool:
    body, indent = inner, state.item_indent if _width(inner) >= state.item_indent else 0
    while item := _ITEM.match(body):
        if not item["gap"] or _width(item["lead"]) - (indent if body is inner else 0) > 3:
            break
        indent = (indent if body is not inner else 0) + len(item[0].expandtabs(4))
        body = body[item.end() :]
    fence = _FENCE.match(body)
    if not fence or (fence["fence"][0] == "`" and "`" in fence["info"]):
        return False
    if body is inner and _width(body) - indent > 3:
        return False  # indented code
    state.fence, state.quotes, state.fence_indent = fence["fence"], depth, indent
    state.item_indent, state.after_blank, state.in_code = indent, False, False
    return True


def _is_indented(inner: str, state: _State) -> bool:
    width = _width(inner)
    if width < state.item_indent and (state.after_blank or _ITEM.match(inner)):
        state.item_indent = 0 if width < 2 else min(state.item_indent, width)
    item = _ITEM.match(inner)
    code = width - state.item_indent >= 4 and (state.after_blank or state.in_code)
    state.in_code, state.after_blank = code, False
    if code or item is None or width - state.item_indent >= 4:
        return code
    state.empty_item = item.end() == len(inner)
    gap = len(item["gap"].expandtabs(4))
    state.item_indent = len(item[0].expandtabs(4)) - (gap - 1 if gap > 4 else 0)
    return False


def _width(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def code_spans(view: str) -> Iterator[tuple[int, int]]:
    """Spans of inline code; a run of backticks is closed by the next run of the same length in its paragraph."""
    place = 0
    for gap in (*_BREAK.finditer(view), None):
        end = gap.start() if gap else len(view)
        yield from _spans_within(view, place, end)
        place = end


def _spans_within(view: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    runs = [_unescaped(view, *run.span()) for run in _RUN.finditer(view, start, end)]
    last = {b - a: number for number, (a, b) in enumerate(runs)}
    number = 0
    while number < len(runs):
        opened = runs[number]
        length = opened[1] - opened[0]
        number += 1
        if not length or last[length] < number:
            continue  # nothing closes it
        while runs[number][1] - runs[number][0] != length:
            number += 1
        yield opened[0], runs[number][1]
        number += 1


def _unescaped(view: str, start: int, end: int) -> tuple[int, int]:
    """A run without its first backtick when that is escaped."""
    slashes = 0
    while view[start - 1 - slashes : start - slashes] == "\\":
        slashes += 1
    return start + slashes % 2, end


def comments(view: str) -> Iterator[tuple[int, int]]:
    """HTML comments."""
    return enclosed(view, _COMMENT, lambda _: "-->")


def raw_blocks(view: str) -> Iterator[tuple[int, int]]:
    """Blocks of markup in which Markdown is not read: scripts, styles, preformatted text."""
    return (match.span() for match in _RAW_BLOCK.finditer(view))
