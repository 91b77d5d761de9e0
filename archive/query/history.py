"""All that is known of an article's text on one timeline: live fetches, captures of archives, the clipping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.differences import added_and_removed, count_words, differences
from archive.query.show import article_id_of
from archive.query.versions import Version, clippings_of, versions_of
from archive.schema import Reader, rows
from archive.timestamps import iso, parse_timestamp


def history(db: Reader, what: str) -> dict[str, Any]:
    """An article's `url`, `title` and `events`, in the order of their dates. Raises NothingFound.

    `event` is "first", "changed", "refused" (kept beside the current text, see `note`), "clipping"; "same" and "back" for
    a text seen again, `times` from `date` to `until`; "gone" for answers without the page. `added` and `removed` count words
    against the text that stood before; for a clipping those that the current text has more and fewer.
    """
    article_id = article_id_of(db, what)
    [article] = rows(db, "SELECT id, url, title FROM articles WHERE id = ?", article_id)
    versions = versions_of(db, article_id)
    texts = [*versions, *clippings_of(db, article_id)]
    told = sorted([*map(_of_text, texts), *_seen_again(db, article_id, versions)], key=lambda event: event["date"] or "")
    by_name = {text.name: text for text in texts}
    return article | {"events": list(_folded(_told(told, by_name)))}


def _of_text(text: Version) -> dict[str, Any]:
    return {
        "date": text.captured,
        "event": text.origin if text.origin == "clipping" else "changed" if text.shown else "refused",
        "origin": text.origin,
        "version": text.name,
        "archive_url": text.archive_url,
        "document": text.document,
        "statuscode": None,
        "title": text.title,
        "words": count_words(text.text),
        "added": None,
        "removed": None,
        "current": text.current,
        "note": text.note,
        "times": 1,
        "until": text.captured,
    }


def _seen_again(db: Reader, article_id: int, versions: list[Version]) -> Iterator[dict[str, Any]]:
    """Captures that brought no version: of a text that was known, and answers without the page."""
    names = {version.id: version.name for version in versions}
    for row in rows(db, _CAPTURES, article_id):
        date = iso(parse_timestamp(row["timestamp"]))
        if row["statuscode"] == 304 and not row["version_id"]:
            continue
        yield {
            "date": date,
            "event": "same" if row["version_id"] else "gone",
            "origin": "live" if row["archive"] == "crawl" else row["archive"],
            "version": names.get(row["version_id"]),
            "archive_url": row["archive_url"],
            "document": None,
            "statuscode": row["statuscode"],
            "title": None,
            "words": None,
            "added": None,
            "removed": None,
            "current": False,
            "note": None,
            "times": 1,
            "until": date,
        }


_CAPTURES = """
SELECT c.timestamp, c.archive, c.archive_url, c.statuscode, c.version_id FROM captures c JOIN urls u ON u.id = c.url_id
WHERE u.article_id = ?1 AND (c.version_id IS NOT NULL OR c.statuscode >= 400)
  AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.capture_id = c.id)
UNION ALL
SELECT strftime('%Y%m%d%H%M%S', k.checked), 'crawl', NULL, k.statuscode, (
  SELECT version_id FROM captures WHERE url_id = k.url_id AND archive = 'crawl' AND fetched <= k.checked ORDER BY id DESC LIMIT 1)
FROM checks k JOIN urls u ON u.id = k.url_id WHERE u.article_id = ?1 AND k.statuscode = 304
ORDER BY 1
"""


def _told(events: list[dict[str, Any]], texts: dict[str, Version]) -> Iterator[dict[str, Any]]:
    """Each event against the text that stood before it."""
    before: Version | None = None
    for event in events:
        text = texts.get(event["version"] or "")
        if text is None:
            yield event
        elif event["event"] == "clipping":
            yield event | _counted(text, next(one for one in texts.values() if one.current))
        elif event["event"] == "same":
            if text.shown and before is not None and text is not before:
                yield event | {"event": "back"} | _counted(before, text)
            else:
                yield event
            before = text if text.shown else before
        else:
            first = event["event"] == "changed" and before is None
            yield event | ({"event": "first"} if first else {}) | (_counted(before, text) if before else {})
            before = text if text.shown else before


def _counted(before: Version, text: Version) -> dict[str, int]:
    added, removed = added_and_removed(differences(before.whole, text.whole))
    return {"added": added, "removed": removed}


def _folded(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A text that is seen again and again, and a page that stays away, are one event."""
    last: dict[str, Any] | None = None
    for event in events:
        alike = last is not None and event["event"] in ("same", "gone") and _kind(event) == _kind(last)
        if last is not None and alike:
            last |= {"times": last["times"] + 1, "until": event["date"]}
            continue
        if last is not None:
            yield last
        last = event
    if last is not None:
        yield last


def _kind(event: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(event[name] for name in ("event", "origin", "version", "statuscode"))
