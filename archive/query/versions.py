"""The texts that an article ever had here, numbered; its clipping's own text; and how two of them differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from archive.differences import Piece, added_and_removed, differences
from archive.errors import NothingFound, UsageError
from archive.query.show import article_id_of
from archive.schema import Reader, rows
from archive.terminal import safe


@dataclass(frozen=True, slots=True)
class Version:
    """A text of an article. `name` is what `morgue diff` calls it: a number, in the order in which they were kept, or
    "clipping" for what a document says; its `captured` is the day that the document gives, None when it gives none."""

    name: str
    id: int
    captured: str | None
    origin: str
    archive_url: str | None
    title: str | None
    text: str
    shown: bool
    current: bool
    note: str | None
    document: str | None = None

    @property
    def whole(self) -> str:
        """Title and text: what is compared."""
        return f"{self.title or ''}\n{self.text}"


def versions_of(db: Reader, article_id: int) -> list[Version]:
    """All versions of an article, in the order in which they were kept."""
    found = rows(
        db,
        "SELECT v.id, v.captured, v.origin, v.archive_url, v.title, v.text, v.shown, v.id = a.version_id AS current, v.note "
        "FROM versions v JOIN articles a ON a.id = v.article_id WHERE a.id = ? ORDER BY v.id",
        article_id,
    )
    told = (row | {"shown": bool(row["shown"]), "current": bool(row["current"])} for row in found)
    return [Version(str(number), **row) for number, row in enumerate(told, 1)]


def clippings_of(db: Reader, article_id: int) -> list[Version]:
    """What documents say in full of an article: "clipping", "clipping2", …"""
    found = rows(
        db,
        "SELECT DISTINCT d.id, d.name AS document, d.title, d.body AS text, substr(d.reference, 1, 10) AS captured "
        "FROM mentions m JOIN urls u ON u.id = m.url_id JOIN documents d ON d.id = m.document_id "
        "WHERE u.article_id = ? AND m.role = 'original' AND d.body != '' ORDER BY d.id",
        article_id,
    )
    rest: dict[str, Any] = {"origin": "clipping", "archive_url": None, "shown": False, "current": False, "note": None}
    for row in found:  # the headline stands in the text, too, as its first line
        row["text"] = row["text"].strip().removeprefix(row["title"] or "").lstrip()
    return [Version(f"clipping{number if number > 1 else ''}", **row, **rest) for number, row in enumerate(found, 1)]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts of an article and the pieces that make both."""

    url: str
    first: Version
    second: Version
    pieces: tuple[Piece, ...]

    @property
    def counts(self) -> tuple[int, int]:
        """Words added and words removed."""
        return added_and_removed(self.pieces)


def compare(db: Reader, what: str, first: str | None = None, second: str | None = None) -> Comparison:
    """How two texts differ: by default the current one and the one before it, or the clipping's when there is no other.

    Raises NothingFound when there is no such text, or only one; UsageError for what is no version's name.
    """
    article_id = article_id_of(db, what)
    [article] = rows(db, "SELECT url FROM articles WHERE id = ?", article_id)
    texts = [*versions_of(db, article_id), *clippings_of(db, article_id)]
    now = next(text for text in texts if text.current)
    one = _named(texts, first) if first else _before(texts, now, article["url"])
    other = _named(texts, second) if second else now
    return Comparison(article["url"], one, other, tuple(differences(one.whole, other.whole)))


def _named(texts: list[Version], name: str) -> Version:
    if not re.fullmatch(r"[0-9]{1,9}|clipping[0-9]{0,9}|current", name):
        raise UsageError(f"{safe(name)!r} is no version: give a number of `morgue history`, current or clipping")
    found = next((text for text in texts if text.name == name or (name == "current" and text.current)), None)
    if found is None:
        raise NothingFound(f"there is no version {name}: this article has {', '.join(text.name for text in texts)}")
    return found


def _before(texts: list[Version], now: Version, url: str) -> Version:
    """The text that stood before the current one, else the clipping's."""
    stood = [text for text in texts if text.shown and not text.current and (text.captured or "") <= (now.captured or "")]
    stood = stood or [text for text in texts if text.shown and not text.current]
    beside = [text for text in texts if not text.shown]
    if not stood and not beside:
        raise NothingFound(f"there is only one version of {safe(url)}, and no clipping to compare it with")
    return max(stood, key=lambda text: (text.captured or "", text.id)) if stood else beside[-1]
