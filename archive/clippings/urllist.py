"""A list of addresses, one a line; `#` begins a comment."""

from __future__ import annotations

import re

from archive.clippings.addresses import Found
from archive.clippings.base import Draft
from archive.models import Mention, Role
from archive.urls import cleaned

_LINE = re.compile(r"[ \t]*(?P<url>(?:https?://|www\.)\S+)[ \t]*")


class UrlList:
    """Matches when every line that is not blank or a comment is one address (two lines at least, or the only line)."""

    name = "urls"

    def matches(self, name: str, text: str) -> bool:  # noqa: ARG002
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        return bool(lines) and all(_LINE.fullmatch(line) for line in lines)

    def read(self, text: str) -> Draft:
        found = [
            _found(text, match) for match in re.finditer(r"^[ \t]*(?P<url>(?:https?://|www\.)\S+)[ \t]*$", text, re.MULTILINE)
        ]
        mentions = tuple(Mention(f.candidates, Role.ORIGINAL, f.start, f.end, f.raw) for f in found if f.candidates)
        return Draft(mentions, "")


def _found(text: str, match: re.Match[str]) -> Found:
    start, end = match.span("url")
    return Found(start, end, text[start:end], cleaned(text[start:end]))
