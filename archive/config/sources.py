"""`[[sources]]` of `morgue.toml`: see archive.sources.base.Source."""

from __future__ import annotations

from archive.config.entries import Entry, distinct, known
from archive.errors import UsageError
from archive.sources.base import ListingKind, Offer, Source
from archive.sources.bounds import fault
from archive.urls import NotAURL, canonicalize

KINDS = {"feeds": ListingKind.FEED, "sitemaps": ListingKind.SITEMAP, "sections": ListingKind.SECTION}
MAX_DEPTH = 5


def read_sources(listed: object, file: str) -> tuple[Source, ...]:
    """The sources in the order of the file. Raises UsageError."""
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise UsageError(f"{file}: write each source under a line [[sources]]")
    found = tuple(_source(Entry(entry, f"sources[{place}]", file)) for place, entry in enumerate(listed, 1))
    distinct([source.name for source in found], "sources", file)
    distinct([source.url for source in found], "sources", file)
    return found


def _source(at: Entry) -> Source:
    known(at.values, ("name", "url", *KINDS, "allow", "deny", "language", "depth", "delay"), at.file, f"{at.where}.")
    url = _address(at, "url", at.text("url"))
    listed = tuple(Offer(_address(at, key, one), kind, "config") for key, kind in KINDS.items() for one in at.texts(key))
    return Source(
        name=" ".join(at.text("name").split()),
        url=url,
        # A source without listings is read where it stands: nothing is fetched to find them when a run only syncs.
        offers=listed or (Offer(url, ListingKind.SECTION, "config"),),
        allow=_patterns(at, "allow"),
        deny=_patterns(at, "deny"),
        language=at.optional("language"),
        depth=_depth(at),
        delay=at.number("delay", 1.0) if "delay" in at.values else None,
    )


def _address(at: Entry, key: str, text: str) -> str:
    try:
        return canonicalize(text)
    except NotAURL as error:
        raise at.wrong(key, f"{text!r} is no address ({error})") from error


def _patterns(at: Entry, key: str) -> tuple[str, ...]:
    for pattern in at.texts(key):
        if why := fault(pattern):
            raise at.wrong(key, f"{pattern!r}: {why}")
    return at.texts(key)


def _depth(at: Entry) -> int:
    depth = at.values.get("depth", 1)
    if isinstance(depth, bool) or not isinstance(depth, int) or not 0 <= depth <= MAX_DEPTH:
        raise at.wrong("depth", f"{depth!r} must be a whole number from 0 to {MAX_DEPTH}")
    return depth
