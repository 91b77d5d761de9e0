"""`morgue crawl`: read what was given, run the spider on the home, tell what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive.models import Document
from archive.terminal import json_line, safe
from crawler.conclude import conclude
from crawler.inputs import Given, complain, read_inputs
from crawler.progress import Progress
from crawler.run import Run
from crawler.spiders.news import NewsSpider

__all__ = ["Options", "crawl", "preview", "read_inputs"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a crawl is to be run; what the command line says over crawler.settings."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    contact: str = ""
    limit: int = 0
    related: int = 1
    verbose: int = 0
    refresh: bool = False

    def scrapy_settings(self) -> Settings:
        """crawler.settings, then the options, then `-s`."""
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        chosen: dict[str, Any] = {
            "MORGUE_HOME": str(self.home),
            "MORGUE_LIMIT": self.limit,
            "MORGUE_RELATED_DEPTH": self.related,
            "LOG_LEVEL": ("ERROR", "INFO", "DEBUG")[min(self.verbose, 2)],
        }
        if self.contact:
            agent = settings["USER_AGENT"].split(" (")[0]
            chosen["USER_AGENT"] = f"{agent} (news archiving; contact: {self.contact})"
        settings.setdict(chosen | self.settings, priority="cmdline")
        return settings


def preview(given: Given, *, as_json: bool) -> int:
    """Print what would be fetched, and write nothing."""
    complain(given)
    for item in given.items:
        mentions = item.mentions if isinstance(item, Document) else ()
        name = item.name if isinstance(item, Document) else None
        for mention in mentions:
            _preview_line(mention.url, mention.role, name, mention.title, list(mention.candidates[1:]), as_json=as_json)
        if isinstance(item, str):
            _preview_line(item, "original", None, None, [], as_json=as_json)
    return 3 if given.problems else 0


def _preview_line(url: str, role: str, document: str | None, title: str | None, others: list[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json_line({"url": url, "role": role, "document": document, "title": title, "candidates": others}))
        return
    click.echo(f"{role:9} {safe(url)}")
    for other in others:
        click.echo(f"{'  or':9} {safe(other)}")


def crawl(given: Given, options: Options, *, as_json: bool) -> int:
    """Run; returns the exit code."""
    complain(given)
    if not given.items and given.problems:
        return 3
    settings = options.scrapy_settings()
    run = Run(options.home, "morgue crawl", workers=max(1, settings.getint("MORGUE_WORKERS")))
    run.open()
    for line in run.recovered:
        click.echo(f"morgue: {line}", err=True)
    interrupted = _fetch(run, given, options, settings)
    return conclude(run, given.problems, as_json=as_json, interrupted=interrupted)


def _fetch(run: Run, given: Given, options: Options, settings: Settings) -> bool:
    """Start Scrapy and wait for its end; True when it was interrupted."""
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(NewsSpider)
    run.attach(crawler)
    with Progress(run):
        process.crawl(crawler, given=given, refresh=options.refresh)
        process.start()
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    return reason == "shutdown"
