"""`morgue save`: what was given goes to Save Page Now, page by page; each answer is told and kept."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator
from typing import Any

import click
from scrapy import Spider

from archive.errors import UsageError
from archive.models import Document
from archive.terminal import json_line, safe
from archive.webarchives.save import Keys, SavePageNow
from crawler.crawl import Options, Process
from crawler.fetch import Interrupted
from crawler.inputs import Given, complain
from crawler.run import Run
from crawler.saving import Saved, Saver
from crawler.visitor import climber_of

MEANINGS = {
    "saved": "saved now",
    "captured": "captured within the last 30 days",
    "refused": "cannot be saved",
    "excluded": "its site keeps the archive from showing it",
    "dead": "gone: `morgue crawl` looks for what stands for it",
    "blocked": "its site refuses us",
    "later": "not now: try again later",
    "unknown": "the archive could not be asked",
}


def keys_from_environment() -> Keys:
    """Raises UsageError when there are none: nobody may save without an account."""
    access, secret = (os.environ.get(name, "").strip() for name in ("MORGUE_IA_KEY", "MORGUE_IA_SECRET"))
    if not access or not secret:
        where = "get them at archive.org/account/s3.php"
        raise UsageError(f"saving needs an account's keys in MORGUE_IA_KEY and MORGUE_IA_SECRET: {where}")
    return Keys(access, secret)


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
    code = 130 if run.interrupted else exit_code(found, problems)
    run.finish({0: "complete", 130: "interrupted", 5: "archive unavailable"}.get(code, "failures"), code)
    for verdict, meaning in MEANINGS.items():
        if number := sum(saved.verdict == verdict for saved in found):
            click.echo(f"  {number:>4}  {verdict}: {meaning}", err=as_json)
    if run.interrupted:
        click.echo("morgue: interrupted; run it again to go on", err=True)
    return code


def exit_code(found: list[Saved], problems: tuple[str, ...]) -> int:
    """0 every page has its answer, 3 something is left for later, 5 the archive could not be asked."""
    verdicts = {saved.verdict for saved in found}
    return 5 if "unknown" in verdicts else 3 if problems or "later" in verdicts else 0


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
        saver = saver_of(self.crawler, self._keys)
        job = asyncio.ensure_future(asyncio.gather(*(self._one(run, saver, url) for url in self._urls)))
        run.visits.add(job)
        try:
            await job
        except (Interrupted, asyncio.CancelledError):
            pass
        except Exception as error:  # noqa: BLE001 - the command says what ended it
            run.fail(error)
        finally:
            run.visits.discard(job)
        return
        yield  # an async generator without items

    async def _one(self, run: Run, saver: Saver, url: str) -> None:
        saved, lookups = await saver.save(url)
        await run.writer.run(lambda store: store.add_lookups(url, lookups, run.now()))
        self._tell(saved)


def saver_of(crawler: Any, keys: Keys) -> Saver:
    """A Saver that asks by a crawler's downloader."""
    climber, client = climber_of(crawler)
    seconds = crawler.settings.getfloat("MORGUE_SAVE_POLL")

    async def pause() -> None:
        await asyncio.sleep(seconds)

    return Saver(SavePageNow(keys), client.ask, climber.look, Run.of(crawler).now, pause)
