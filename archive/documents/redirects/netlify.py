"""Netlify's `_redirects`: one rule a line, `from [key=value …] to status`; the first that matches counts."""

from __future__ import annotations

import re
from urllib.parse import unquote

from archive.documents.redirects.base import Inexpressible, Move
from archive.documents.spelling import safe

_HEAD = "# The file _redirects in the folder that Netlify publishes.\n# A rule without key=value takes any query.\n"


class Netlify:
    name = "netlify"
    needs_host = True

    def check(self, move: Move) -> None:
        if "*" in move.path:
            raise Inexpressible("in its path * would match anything")
        if "/:" in move.path:
            raise Inexpressible("in its path : would begin a placeholder")
        for pair in _pairs(move):
            if not re.fullmatch(r"[^=%+:]+=[^=%+:]+", pair):
                raise Inexpressible("its query cannot be written as key=value with plain signs")
        keys = [pair.split("=")[0] for pair in _pairs(move)]
        if len(set(keys)) < len(keys):
            raise Inexpressible("its query holds one key twice")

    def render(self, moves: list[Move]) -> str:
        """Rules with a query first: those without one take every query."""
        ordered = sorted(moves, key=lambda move: not move.parts.query)
        return _HEAD + "".join(line for move in ordered for line in _lines(move))


def _pairs(move: Move) -> list[str]:
    return move.parts.query.split("&") if move.parts.query else []


def _lines(move: Move) -> list[str]:
    """Netlify compares decoded paths; a rule with the path as it is sent stands beside one with its characters."""
    target = re.sub(r"/:(?=\w)", "/%3A", safe(move.new))
    decoded = unquote(move.path)
    readable = decoded.isprintable() and not re.search(r"[\s#*:%\ufffd]", decoded)
    return [
        " ".join((path, *_pairs(move), target, "301\n"))
        for path in dict.fromkeys((move.path, decoded if readable else move.path))
    ]
