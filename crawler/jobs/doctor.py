"""`morgue doctor`: the checks of archive.checkup, and with --online one question to each web archive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import click
from scrapy import Spider

from archive.checkup import Health, Patient, Result, check_up
from archive.home import Home
from archive.models import Failure, FailureKind, Outcome
from archive.progress import Progress
from archive.terminal import json_line, safe
from archive.timestamps import to_timestamp
from archive.webarchives import WebArchive
from crawler.fetch import Interrupted
from crawler.jobs.crawl import Options, Process
from crawler.ladder.archives import ArchiveClient, refusal
from crawler.run import Run
from crawler.visitor import climber_of

ASKED = "https://example.com/"  # IANA's own (RFC 2606): each archive has captures of it, and nobody's page is asked for


def doctor(options: Options, *, online: bool, as_json: bool) -> int:
    """Look and tell; returns the exit code. Raises HomeError."""
    patient = Patient(Home(options.home), datetime.now(UTC), options.contact)
    found: list[Result] = []
    for result in chain(check_up(patient, _looking), _online(options, patient) if online else ()):
        click.echo(json_line(_object(result)) if as_json else _lines(result))
        found.append(result)
    if not as_json:
        counts = [f"{sum(result.health is health for result in found)} {health}" for health in Health]
        click.echo(f"\n{len(found)} checks: {', '.join(counts)}")
    return exit_code(found)


def _looking(name: str) -> Progress:
    return Progress(lambda: f"looking: {name}")


def exit_code(found: list[Result]) -> int:
    """9 something that was kept is not whole, 1 something does not work, 0 else: a warning is no failure."""
    failed = [result for result in found if result.health is Health.FAIL]
    return 9 if any(result.damaged for result in failed) else 1 if failed else 0


def _object(result: Result) -> dict[str, Any]:
    return {"check": result.check, "state": result.health, "said": result.said, "advice": result.advice}


def _lines(result: Result) -> str:
    colour = {Health.OK: "green", Health.WARN: "yellow", Health.FAIL: "red"}[result.health]
    line = f"{click.style(f'{result.health:5}', fg=colour)} {result.check:13} {safe(result.said)}"
    return f"{line}\n{'':19} {safe(result.advice)}" if result.advice else line


def _online(options: Options, patient: Patient) -> Iterator[Result]:
    if not patient.exists:
        yield Result(
            Health.WARN, "no archive was asked: there is no home yet whose budgets count the questions", None, check="online"
        )
        return
    with _looking("online"):
        found = _reached(options)
    yield from found


def _reached(options: Options) -> list[Result]:
    """One question to each archive that this home asks, within its budget."""
    settings = options.scrapy_settings()
    settings.set("SCHEDULER", "scrapy.core.scheduler.Scheduler", priority="cmdline")  # what is due stays due
    run = Run(options.home, "morgue doctor --online", workers=1)
    run.open()
    found: list[Result] = []
    try:
        process = Process(settings, run)
        crawler = process.create_crawler(DoctorSpider)
        run.attach(crawler)
        process.crawl(crawler, found=found)
        process.start()
    except BaseException:
        run.finish("failed", 1)
        raise
    run.finish("interrupted" if run.interrupted else "complete", 130 if run.interrupted else 0)
    return found


class DoctorSpider(Spider):
    """Asks for no page."""

    name = "doctor"

    def __init__(self, found: list[Result], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._found = found

    async def start(self) -> AsyncIterator[Any]:
        """All archives at once: each has a connection of its own."""
        run = Run.of(self.crawler)
        _, client = climber_of(self.crawler)
        with contextlib.suppress(Interrupted, asyncio.CancelledError):
            self._found += await asyncio.gather(*(_ask(client, archive, run.now()) for archive in run.archives))
        return
        yield  # an async generator without items


async def _ask(client: ArchiveClient, archive: WebArchive, now: datetime) -> Result:
    """Whether an archive answers. Sent to another capture it has answered; that it has none would be one, too."""
    answer = await client.ask(archive.replay(ASKED, to_timestamp(now)))
    read = archive.read_replay(answer)
    said = f"{archive.name} answers"
    if read.location is not None or read.outcome in (Outcome.FOUND, Outcome.NONE, Outcome.EXCLUDED):
        return Result(Health.OK, said, check="online")
    why = read.reason or refusal(answer) or "its answer cannot be read"
    if isinstance(answer, Failure) and answer.kind is FailureKind.PAUSED:
        return Result(Health.WARN, f"{archive.name}: {why}", "nothing: runs after that ask again", check="online")
    advice = "look whether its site opens in a browser, and whether HTTPS_PROXY is right; runs go on without it"
    return Result(Health.FAIL, f"{archive.name} cannot be asked: {why}", advice, check="online")
