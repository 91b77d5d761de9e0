"""The commands that read start fast: what takes long to import stays out. bench/startup.py measures what that buys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from archive.cli import COMMANDS as READING
from archive.cli.lazy import LazyGroup
from crawler.cli import cli
from crawler.commands import COMMANDS as ACTING
from tests.archive.made import article, keep, open_store

HEAVY = {"scrapy", "twisted", "trafilatura", "lxml", "warcio", "waybackpy", "sqlite_utils", "tldextract", "requests", "rich",
         "datasette", "dateutil", "OpenSSL", "cryptography"}  # fmt: skip
CODE = """
import sys
from crawler.cli import main
try:
    main()
finally:
    print(*sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("startup")
    store = open_store(folder)
    keep(store, "https://news.example/a", article())
    store.close()
    return folder


def imported(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", CODE, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["search", "ferry"], ["search", "--site", "news.example"], ["show", "1"], ["show", "https://news.example/a"],
     ["status"], ["crawl", "--help"]],
    ids=" ".join,
)  # fmt: skip
def test_reading_imports_nothing_heavy(home: Path, arguments: list[str]) -> None:
    told = imported(*arguments, *(["--home", str(home)] if "--help" not in arguments else []))
    assert {"click", "archive"} <= told
    assert told & HEAVY == set()


def test_the_heavy_modules_are_told_from_the_light_ones() -> None:
    code = "import scrapy, sqlite_utils, tldextract" + CODE.replace("main()", "print(1)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"scrapy", "sqlite_utils", "tldextract", "requests", "twisted"} <= set(done.stderr.split()) & HEAVY


@pytest.mark.parametrize("name", sorted(READING | ACTING))
def test_each_command_is_found_by_its_name(name: str) -> None:
    assert isinstance(cli, LazyGroup)
    command = cli.get_command(cli.make_context("morgue", ["status"]), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str()


@pytest.mark.parametrize("name", sorted(READING | ACTING))
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert (READING | ACTING)[name][1] == command.get_short_help_str(limit=72)
