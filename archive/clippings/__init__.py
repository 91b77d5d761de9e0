"""Documents in: bytes -> Document with Mentions. A format is one small file here and one line in READERS."""

from __future__ import annotations

import hashlib

from archive.clippings.base import Draft, Reader
from archive.clippings.bytes import MAX_BYTES, text_of
from archive.clippings.dates import reference_of
from archive.clippings.html import Html
from archive.clippings.markdown import Markdown
from archive.clippings.table import Table
from archive.clippings.text import Text
from archive.clippings.urllist import UrlList
from archive.models import Document

__all__ = ["MAX_BYTES", "READERS", "Reader", "read_document"]

READERS: tuple[Reader, ...] = (Table(), UrlList(), Html(), Markdown(), Text())


def read_document(name: str, data: bytes) -> Document:
    """Read a document of any format. Raises DocumentError with one clear line when that cannot be done."""
    text, warnings = text_of(name, data)
    reader = next(reader for reader in READERS if reader.matches(name, text))
    draft: Draft = reader.read(text)
    return Document(
        name=name,
        format=reader.name,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        body=draft.body,
        mentions=tuple(sorted(draft.mentions, key=lambda mention: mention.start)),
        title=draft.title,
        reference=reference_of(draft),
        warnings=warnings,
    )
