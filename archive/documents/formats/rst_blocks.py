"""The parts of a reStructuredText in which nothing is a link, and those whose columns must not shift."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIRECTIVE = re.compile(r"\.\. (?:\|[^|]+\| )?(?P<name>[A-Za-z][\w:.+-]*?)::(?:[ \t]|$)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\w{1,3}[.)]|\(\w{1,3}\)|#\.)\s+")
_EXPLICIT = re.compile(r"\.\.(?:[ \t]+|$)")
_NAMES = """code code-block sourcecode highlight raw math graphviz digraph graph prompt literalinclude include doctest testcode
    testoutput ipython plantuml mermaid productionlist jupyter-execute image figure csv-table"""
_LITERAL = frozenset(_NAMES.split())
_OWN_LINE_ONLY = frozenset(("image", "figure", "literalinclude", "include"))
_KEPT_COMMENT = re.compile(r"\.\.[ \t]+(?:_|\[|\|)|__[ \t]")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*$")
_GRID = re.compile(r"[ \t]*(?:\+[-=+]+\+|\|.*\|)[ \t]*$")
_SIMPLE = re.compile(r"[ \t]*={2,}(?:[ \t]+={2,})+[ \t]*$")


def hidden(view: str) -> Iterator[tuple[int, int]]:
    """Spans of literal blocks, code, comments, doctests, and the addresses of images."""
    lines, place, block = view.split("\n"), 0, None
    for number, line in enumerate(lines):
        indent = _indent(line)
        if block is not None and line.strip() and indent <= block:
            block = None
        if block is not None:
            yield place, place + len(line)
        elif line.strip():
            starts, own = _opens(line, lines[number + 1] if number + 1 < len(lines) else "")
            if own:
                yield place, place + len(line)
            block = _content(line) if starts else None
        place += len(line) + 1


def _opens(line: str, below: str) -> tuple[bool, bool]:
    """Whether the indented lines below are hidden, and whether the line itself is."""
    bare = line.strip()
    if bare.startswith(">>> "):
        return False, True
    directive = _DIRECTIVE.match(bare)
    if directive:
        name = directive["name"].lower()
        return name in _LITERAL - _OWN_LINE_ONLY, name in _LITERAL
    if _EXPLICIT.match(bare) and not _KEPT_COMMENT.match(bare):
        return bare != ".." or bool(below.strip()), True
    return bare.endswith("::"), False


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


def _content(line: str) -> int:
    """Where the text of a list item begins: what is literal below it stands further in."""
    item = _ITEM.match(line.expandtabs(8))
    return item.end() if item else _indent(line)


def stiff(view: str) -> list[tuple[int, int]]:
    """Spans of lines whose width the syntax depends on: tables, and titles with their underline."""
    spans, place, table = [], 0, False
    lines = view.split("\n")
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if _SIMPLE.match(line):
            table = bool(below.strip())
        title = bool(line.strip()) and _ADORNMENT.match(below) is not None and not _indent(line)
        if table or title or _GRID.match(line):
            spans.append((place, place + len(line)))
        place += len(line) + 1
    return spans
