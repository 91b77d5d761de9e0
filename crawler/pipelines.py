"""Visits into the store: the item is acknowledged when its transaction is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from archive.errors import HomeError
from archive.visits import Saved, Visit
from crawler.run import Run
from crawler.visitor import broken

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
                item = await keep(self._run, item)
            except Exception as error:
                raise DropItem(str(error)) from error  # the command says it; an item's traceback would for each page
        return item


async def keep(run: Run, visit: Visit) -> Visit:
    """Have a visit written; what the store cannot take is written as an error of ours. Ends the run when nothing can be."""
    try:
        visit, saved = await _written(run, visit)
    except Exception as error:
        run.fail(error)
        raise
    run.visited(visit, saved)
    return visit


async def _written(run: Run, visit: Visit) -> tuple[Visit, tuple[Saved, ...]]:
    try:
        return visit, await run.writer.run(lambda store: store.record(visit), can_wait=True)
    except HomeError:
        raise
    except Exception as error:  # noqa: BLE001 - one page must not end the run
        failed = broken(visit.task, visit.checked, error)
        return failed, await run.writer.run(lambda store: store.record(failed))
