"""Visits into the store: the item is acknowledged when its transaction is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from archive.errors import HomeError
from archive.visits import Visit
from crawler.run import Run

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Hands each Visit to the writer and waits for its commit."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Run.of(crawler))

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Visit):
            try:
                await self._run.writer.run(lambda store: store.record(item))
            except HomeError as error:
                self._run.fail(error)  # the command says it; an item's traceback would say it once for each page
                raise DropItem(str(error)) from error
            self._run.visited(item)
        return item
