"""Watching sources in the database: silence is told by a look that is made for it, at all that brings the articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive import subscriptions
from archive.polling import Looked, due_polls, record_look, watch
from archive.schema import rows
from archive.sources.base import Entry, ListingKind, Offer, Source
from archive.sources.look import Reading
from archive.store import Store
from archive.timestamps import iso
from tests.archive.made import NOON, Clock, open_store

HOME = "https://column.example/"
FEED, MAP, EMPTY = (HOME + name for name in ("feed", "sitemap.xml", "old.xml"))
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FALLS_SILENT = NOON + 2 * DAY  # of a source of an article a day, the newest at noon


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON - 20 * DAY)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    made = open_store(tmp_path, clock)
    offers = (
        Offer(FEED, ListingKind.FEED, "link"),
        Offer(MAP, ListingKind.SITEMAP, "robots"),
        Offer(EMPTY, ListingKind.SITEMAP, "robots"),
    )
    with made.transaction():
        subscriptions.add(made.db, Source("column", HOME, offers), made.now())
    yield made
    made.close()


def daily(days: int) -> list[Entry]:
    return [Entry(f"{HOME}day-{day}", published=iso(NOON - DAY * day)) for day in range(days)]


def look(store: Store, when: datetime, url: str, *entries: Entry) -> None:
    """What the listing brings at this time, and what is said of its source then."""
    poll = next(poll for poll in due_polls(store.db, when + 9 * DAY, 9) if poll.url == url)
    with store.transaction():
        reading = Reading(entries, (), len(entries))
        record_look(store.db, Looked(poll, when, "ok", reading=reading), lambda entry: store.announce(entry, 0))
        watch(store.db, when, when)


def due(store: Store, url: str) -> str:
    found: str = rows(store.db, "SELECT due FROM listings WHERE url = ?", url)[0]["due"]
    return found


def state(store: Store) -> str:
    found: str = rows(store.db, "SELECT state FROM source_health")[0]["state"]
    return found


def test_a_look_is_made_when_silence_can_be_told(store: Store) -> None:
    look(store, NOON + HOUR, FEED, *daily(9))
    look(store, FALLS_SILENT - timedelta(minutes=20), FEED)
    assert due(store, FEED) == iso(FALLS_SILENT + timedelta(seconds=1))
    assert state(store) == "ok"
    look(store, FALLS_SILENT + timedelta(seconds=2), FEED)
    assert state(store) == "silent"
    assert due(store, FEED) > iso(FALLS_SILENT + HOUR)  # and none is added after it


def test_a_listing_that_never_brought_anything_is_not_hastened(store: Store) -> None:
    look(store, NOON + HOUR, FEED, *daily(9))
    look(store, FALLS_SILENT - HOUR, EMPTY)
    assert due(store, EMPTY) > iso(FALLS_SILENT + HOUR)


def test_silence_is_told_when_all_that_bring_articles_were_read(store: Store) -> None:
    look(store, NOON + HOUR, FEED, *daily(9)[1:])
    look(store, NOON + HOUR, MAP, *daily(1))
    look(store, FALLS_SILENT + HOUR, FEED)
    assert state(store) == "ok"
    look(store, FALLS_SILENT + HOUR, MAP)
    assert state(store) == "silent"
