"""Sources in the database: added once, in line with `morgue.toml`, paused, removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import subscriptions
from archive.errors import NothingFound, UsageError
from archive.query.sources import source as source_told
from archive.query.sources import sources as sources_told
from archive.schedule import FIRST_INTERVAL
from archive.schema import rows
from archive.sources.base import ListingKind, Offer, Source
from archive.store import Store
from archive.timestamps import iso
from tests.archive.made import article, keep, open_store

HOME = "https://paper.example/"
FEED = Offer(HOME + "feed", ListingKind.FEED, "link", "News")
MAP = Offer(HOME + "sitemap.xml", ListingKind.SITEMAP, "robots")
PAPER = Source("paper", HOME, (FEED, MAP), ("/news/",), ("*live*",), "en", 2, 2.5)
WRITTEN = replace(PAPER, offers=(replace(FEED, found_by="config", title=None),))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path)
    yield made
    made.close()


def add(store: Store, source: Source) -> subscriptions.Added:
    with store.transaction():
        return subscriptions.add(store.db, source, store.now())


def sync(store: Store, *sources: Source) -> None:
    with store.transaction():
        subscriptions.sync(store.db, sources, store.now())


def listings(store: Store) -> list[dict[str, Any]]:
    return rows(store.db, "SELECT * FROM listings ORDER BY id")


def test_a_source_is_kept_with_its_listings_all_due(store: Store) -> None:
    assert add(store, PAPER) == subscriptions.Added("paper", True, (FEED.url, MAP.url))
    assert subscriptions.sources_of(store.db) == [replace(PAPER, offers=(FEED, MAP))]
    for row in listings(store):
        assert (row["due"], row["state"], row["interval"], row["tries"]) == (
            iso(store.now()),
            "new",
            FIRST_INTERVAL.total_seconds(),
            0,
        )


def test_what_is_known_is_not_added_again(store: Store) -> None:
    add(store, replace(PAPER, offers=(FEED,)))
    assert add(store, PAPER) == subscriptions.Added("paper", False, (MAP.url,))
    assert add(store, replace(PAPER, name="another")) == subscriptions.Added("paper", False, ())
    assert len(listings(store)) == 2


def test_a_listing_that_moved_is_known_under_its_former_address(store: Store) -> None:
    add(store, PAPER)
    store.db.execute("UPDATE listings SET url = ?, former_url = ? WHERE url = ?", [HOME + "new", FEED.url, FEED.url])
    assert add(store, PAPER).listings == ()


def test_a_name_is_one_source_only(store: Store) -> None:
    add(store, PAPER)
    with pytest.raises(UsageError, match="is the name of https"):
        add(store, replace(PAPER, url="https://other.example/"))


@pytest.mark.parametrize("name", ["paper", HOME, HOME.rstrip("/"), "pa"])
def test_a_source_is_found_by_name_address_and_beginning(store: Store, name: str) -> None:
    add(store, PAPER)
    assert subscriptions.named(store.db, name)["url"] == HOME


@pytest.mark.parametrize(
    ("name", "told"), [("tide", "there is no source called"), ("p", "several sources begin"), ("%", "no source")]
)
def test_a_source_that_cannot_be_told(store: Store, name: str, told: str) -> None:
    add(store, PAPER)
    add(store, Source("post", "https://post.example/"))
    with pytest.raises(NothingFound, match=told):
        subscriptions.named(store.db, name)


def test_pause_and_resume(store: Store) -> None:
    add(store, PAPER)
    assert subscriptions.pause(store.db, "paper") == "paper"
    assert sources_told(store.db)[0]["state"] == "paused"
    subscriptions.resume(store.db, HOME)
    assert source_told(store.db, "paper")["state"] == "active"


def test_a_removed_source_leaves_its_articles(store: Store) -> None:
    add(store, PAPER)
    keep(store, HOME + "news/2026/11/24/ferry-sinks-at-noon", article())
    assert subscriptions.remove(store.db, "paper") == "paper"
    assert (sources_told(store.db), listings(store)) == ([], [])
    assert rows(store.db, "SELECT count(*) AS n FROM articles") == [{"n": 1}]


# -- morgue.toml ------------------------------------------------------------------------------------------------------


def test_what_is_written_is_what_there_is(store: Store) -> None:
    sync(store, WRITTEN)
    assert sources_told(store.db)[0]["origin"] == "config"
    sync(store, replace(WRITTEN, name="the paper", deny=(), delay=None, offers=(replace(MAP, found_by="config"),)))
    (source,) = subscriptions.sources_of(store.db)
    assert (source.name, source.deny, source.delay) == ("the paper", (), None)
    assert [offer.url for offer in source.offers] == [MAP.url]
    sync(store)
    assert subscriptions.sources_of(store.db) == []


def test_a_second_sync_changes_nothing(store: Store) -> None:
    sync(store, WRITTEN)
    subscriptions.pause(store.db, "paper")
    store.db.execute("UPDATE listings SET etag = 'x', interval = 60")
    before = [rows(store.db, f"SELECT * FROM {table}") for table in ("sources", "listings")]
    sync(store, WRITTEN)
    assert [rows(store.db, f"SELECT * FROM {table}") for table in ("sources", "listings")] == before


def test_what_a_sitemap_index_led_to_stays_with_it(store: Store) -> None:
    sync(store, replace(WRITTEN, offers=(replace(MAP, found_by="config"),)))
    parent = listings(store)[0]["id"]
    store.db.execute(
        "INSERT INTO listings (source_id, url, kind, found_by, parent_id, interval, due, state) "
        "VALUES (1, 'https://paper.example/1.xml', 'sitemap', 'index', ?, 60, '2026', 'new')",
        [parent],
    )
    sync(store, replace(WRITTEN, offers=(replace(MAP, found_by="config"),)))
    assert len(listings(store)) == 2
    assert len(subscriptions.sources_of(store.db)[0].offers) == 1
    sync(store, WRITTEN)
    assert [row["url"] for row in listings(store)] == [FEED.url]


def test_a_source_that_was_added_belongs_to_the_file_once_it_is_there(store: Store) -> None:
    add(store, PAPER)
    sync(store, WRITTEN)
    assert source_told(store.db, "paper")["origin"] == "config"
    with pytest.raises(UsageError, match=r"stands in morgue\.toml"):
        subscriptions.remove(store.db, "paper")


def test_a_file_that_takes_anothers_name_is_refused(store: Store) -> None:
    add(store, PAPER)
    with pytest.raises(UsageError, match=r"morgue\.toml: 'paper' is the name of"):
        sync(store, replace(WRITTEN, url="https://other.example/"))
    assert len(subscriptions.sources_of(store.db)) == 1


def test_added_sources_are_not_the_files_business(store: Store) -> None:
    add(store, PAPER)
    sync(store)
    assert len(subscriptions.sources_of(store.db)) == 1
