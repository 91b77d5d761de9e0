"""The text of a document without the addresses around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.clippings.labels import MANY_ORIGINALS
from archive.clippings.roles import label_of
from archive.models import Mention, Role

_LABEL = re.compile(r"[ \t>*-]*[\w ()-]{1,40}[:：][ \t]*")
_CLOSING = re.compile(r"[>)\]\"'”.,;]+(?=[ \t]*(\n|$))")
_LINK_OPENS = re.compile(r"!?\[[^\]\n]*\]\([ \t]*<?$")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)


def without_apparatus(text: str, mentions: Sequence[Mention]) -> str:
    """Lines that are an address alone go, with the label above them; in a line of prose only the address goes."""
    parts, place = [], 0
    for mention in sorted(mentions, key=lambda mention: mention.start):
        if mention.start < place:
            continue
        kept = text[place : mention.start]
        if mention.role is not Role.INLINE:
            kept = _without_label(kept)
        parts.append(kept)
        place = mention.end
        if mention.role is not Role.INLINE and (closing := _CLOSING.match(text, place)):
            place = closing.end()
    parts.append(text[place:])
    return re.sub(r"\n[ \t]*(\n[ \t]*){2,}", "\n\n", _unquoted("".join(parts))).strip(" \t\n<>")


def _unquoted(text: str) -> str:
    """Without the quote marks of a forwarded mail, when most lines have them."""
    lines = [line for line in text.split("\n") if line.strip()]
    quoted = sum(1 for line in lines if line.lstrip().startswith(">"))
    return _QUOTE.sub("", text) if quoted * 2 > len(lines) else text


def _without_label(text: str) -> str:
    """Cut off a last line such as `Original url:`."""
    body = _LINK_OPENS.sub("", text).rstrip(" \t\n><([\"'“")
    line = body.rfind("\n") + 1
    last = body[line:]
    is_label = _LABEL.fullmatch(last) or label_of(last) or MANY_ORIGINALS.match(last)
    return body[:line] if last.strip() and is_label else text


def headline_of(text: str) -> str | None:
    """A short first line with a blank line under it, which does not end like a sentence."""
    first, _, rest = text.strip().partition("\n")
    line = " ".join(first.split())
    short = 8 <= len(line) <= 150 and not line.endswith((".", ",", ";", ":")) and "://" not in line
    return line if short and rest.lstrip(" \t").startswith("\n") and rest.strip() else None
