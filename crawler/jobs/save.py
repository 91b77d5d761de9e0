"""`morgue save`: what was given goes to Save Page Now, page by page; each answer is told and kept."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any

import click
from scrapy import Spider

from archive.errors import UsageError
from archive.models import Document
from archive.terminal import json_line, safe
from archive.webarchives.save import Keys
from crawler.fetch import Interrupted
from crawler.inputs import Given, complain
from crawler.jobs.crawl import Options, Process
from crawler.run import Run
from crawler.saving import Saved, exit_code, keys_from_environment, save_all, saver_of, tally


def addresses(given: Given) -> list[str]:
    """All that was named, each once."""
    named = [[mention.url for mention in item.mentions] if isinstance(item, Document) else [item] for item in given.items]
    return list(dict.fromkeys(url for urls in named for url in urls))


def preview(given: Given, *, as_json: bool) -> int:
    """Print what would be saved, and ask nobody."""
    complain(given)
    for url in addresses(given):
        click.echo(json_line({"url": url}) if as_json else safe(url))
    return 3 if given.problems else 0


def save(given: Given, options: Options, *, as_json: bool) -> int:
    """Run; returns the exit code. Raises UsageError about the keys."""
    keys = keys_from_environment()
    complain(given)
    urls = addresses(given)
    if not urls:
        return 3 if given.problems else _nothing()
    settings = options.scrapy_settings()
    settings.set("SCHEDULER", "scrapy.core.scheduler.Scheduler", priority="cmdline")  # what is due stays due
    run = Run(options.home, "morgue save", workers=1)
    run.open()
    found: list[Saved] = []

    def tell(saved: Saved) -> None:
        found.append(saved)
        _tell(saved, as_json=as_json)

    try:
        process = Process(settings, run)
        crawler = process.create_crawler(SaveSpider)
        run.attach(crawler)
        process.crawl(crawler, urls=urls, keys=keys, tell=tell)
        process.start()
    except BaseException:
        run.finish("failed", 1)
        raise
    return _end(run, found, given.problems, as_json=as_json)


def _nothing() -> int:
    raise UsageError("there is nothing to save: give a URL, or a FILE that mentions some")


def _tell(saved: Saved, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line(dataclasses.asdict(saved)))
        return
    why = saved.archive_url or saved.reason or ""
    click.echo(f"{saved.verdict:9} {safe(saved.url)}" + (f"\n{'':9} {safe(why)}" if why else ""))


def _end(run: Run, found: list[Saved], problems: tuple[str, ...], *, as_json: bool) -> int:
    if run.failure is not None:
        run.finish("failed", getattr(run.failure, "exit_code", 1))
        raise run.failure
    code = 130 if run.interrupted else exit_code({saved.verdict for saved in found}, problems=bool(problems))
    run.finish({0: "complete", 130: "interrupted", 5: "archive unavailable"}.get(code, "failures"), code)
    for line in tally(run.counts):
        click.echo(line, err=as_json)
    if run.interrupted:
        click.echo("morgue: interrupted; run it again to go on", err=True)
    return code


class SaveSpider(Spider):
    """Asks for no page by itself: the frontier has no part in this."""

    name = "save"

    def __init__(self, urls: list[str], keys: Keys, tell: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._urls = urls
        self._keys = keys
        self._tell = tell

    async def start(self) -> AsyncIterator[Any]:
        """All of it."""
        run = Run.of(self.crawler)
        try:
            await save_all(run, saver_of(self.crawler, self._keys), self._urls, self._tell)
        except (Interrupted, asyncio.CancelledError):
            pass
        except Exception as error:  # noqa: BLE001 - the command says what ended it
            run.fail(error)
        return
        yield  # an async generator without items
