"""The formats in the order in which a text of no known extension is tried. One small file each and one line here."""

from __future__ import annotations

from archive.documents.base import Format
from archive.documents.formats.csv import Csv
from archive.documents.formats.html import Html
from archive.documents.formats.jsonl import Jsonl
from archive.documents.formats.markdown import Markdown
from archive.documents.formats.rst import RestructuredText
from archive.documents.formats.text import Text
from archive.documents.formats.wikitext import Wikitext

FORMATS: tuple[Format, ...] = (Jsonl(), Html(), Wikitext(), RestructuredText(), Markdown(), Csv(), Text())


def format_of(name: str, view: str) -> Format:
    """By the file's extension, else by what the text looks like."""
    lower = name.lower()
    named = next((format_ for format_ in FORMATS if lower.endswith(format_.extensions)), None)
    return named or next(format_ for format_ in FORMATS if format_.matches(view))


def extensions() -> frozenset[str]:
    return frozenset(extension for format_ in FORMATS for extension in format_.extensions)
