"""`morgue crawl --every`: run after run, each a process of its own; and the spans that options take."""

from __future__ import annotations

import signal
from datetime import timedelta

import click
import pytest

from crawler.commands.base import Span
from crawler.jobs.again import without_every
from tests.crawler.conftest import Morgue


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("1.5h", timedelta(minutes=90)),
        (" 1D ", timedelta(days=1)),
    ],
)
def test_spans(text: str, span: timedelta) -> None:
    assert Span().convert(text, None, None) == span


@pytest.mark.parametrize("text", ["", "soon", "15", "0m", "-5m", "5 minutes", "m", "1h30m", "٥m"])
def test_no_spans(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no span of time"):
        Span().convert(text, None, None)


@pytest.mark.parametrize(
    ("argv", "one"),
    [
        (["morgue", "crawl", "--every", "15m", "--home", "h"], ["morgue", "crawl", "--home", "h"]),
        (["morgue", "crawl", "--every=15m"], ["morgue", "crawl"]),
        (["morgue", "crawl", "--every", "--limit", "5"], ["morgue", "crawl", "5"]),  # click has refused it before
    ],
)
def test_the_command_of_one_run(argv: list[str], one: list[str]) -> None:
    assert without_every(argv) == one


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_stays_until_it_is_told_to_end(morgue: Morgue, told: signal.Signals) -> None:
    with morgue.popen("crawl", "--every", "1h") as process:
        assert process.stderr is not None
        lines = [process.stderr.readline()]
        process.send_signal(told)
        process.communicate()
    assert lines[0].startswith("morgue: exit code 0; again in 3")
    assert process.returncode == 130
    assert [(row["command"], row["exit_code"]) for row in morgue.rows("SELECT command, exit_code FROM runs")] == [
        ("morgue crawl", 0)
    ]


def test_what_another_try_does_not_mend_ends_it(morgue: Morgue) -> None:
    morgue.home.mkdir()
    (morgue.home / "morgue.toml").write_text("archives = 7", encoding="utf-8")
    assert morgue.run("crawl", "--every", "1h").code == 2
