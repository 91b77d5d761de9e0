"""The text of a document without the addresses around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.models import Mention, Role

_LABEL = re.compile(r"^[ \t>*-]*[\w ()-]{1,40}[:：][ \t]*$")


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
    parts.append(text[place:])
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip()


def _without_label(text: str) -> str:
    """Cut off a last line such as `Original url:`."""
    body = text.rstrip()
    line = body.rfind("\n") + 1
    return body[:line] if _LABEL.match(body[line:]) else text


def headline_of(text: str) -> str | None:
    """A short first line with a blank line under it, which does not end like a sentence."""
    first, _, rest = text.strip().partition("\n")
    line = " ".join(first.split())
    short = 8 <= len(line) <= 150 and not line.endswith((".", ",", ";", ":")) and "://" not in line
    return line if short and rest.lstrip(" \t").startswith("\n") and rest.strip() else None
