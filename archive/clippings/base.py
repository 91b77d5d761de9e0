"""What a reader of documents is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from archive.models import Mention


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader found: mentions with spans in the text it was given, the prose, the title, the day it declares."""

    mentions: tuple[Mention, ...]
    body: str
    title: str | None = None
    published: date | None = None


class Reader(Protocol):
    """Called by `read_document` with decoded text (line ends are \\n); the first that matches reads it."""

    name: str

    def matches(self, name: str, text: str) -> bool:
        """True when the text is in this format; `name` is the file's name or "-"."""

    def read(self, text: str) -> Draft:
        """Read it; never raises for what a text holds."""
