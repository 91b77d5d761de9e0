"""Functions run by the worker processes: what they give, and how one that goes too far is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive.sources.base import ListingKind
from archive.sources.listings import read_listing
from crawler.workers.pool import CallFailed
from tests.crawler.test_workers import article, job, pool

SEEN = datetime(2026, 11, 25, tzinfo=UTC)
FEED = b"<rss><channel><title>Tides</title><item><title>High water</title><link>/high</link></item></channel></rss>"


def busy() -> None:
    while True:
        pass


def huge() -> int:
    return len(bytearray(1 << 30))


def wrong() -> None:
    raise ValueError("no such tide")


def gone() -> None:
    os._exit(3)


def test_a_listing_is_read_in_another_process() -> None:
    async def read() -> None:
        async with pool() as workers:
            assert await workers.call(os.getpid) in workers.pids()
            listing = await workers.call(read_listing, FEED, (), "https://tides.example/feed", SEEN, ListingKind.FEED)
            assert [entry.url for entry in listing.entries] == ["https://tides.example/high"]
            assert listing.title == "Tides"

    asyncio.run(read())


@pytest.mark.parametrize(
    ("function", "told"),
    [(busy, "more than 0.2 s of CPU"), (huge, "MiB of memory"), (wrong, "ValueError: no such tide"), (gone, "exit code 3")],
)
def test_a_call_that_goes_too_far_is_told_and_costs_nobody_else(function: Callable[[], object], told: str) -> None:
    async def call() -> None:
        async with pool(cpu=0.2, memory=256 << 20) as workers:
            with pytest.raises(CallFailed, match=told):
                await workers.call(function)
            result = await workers.run(job(article(1)))
            assert result.page is not None
            assert result.page.status == "ok"

    asyncio.run(call())
