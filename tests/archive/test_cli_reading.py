"""search, show and status as a person and as a script meet them: output, messages and exit codes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from archive.cli import COMMANDS
from archive.errors import MorgueError
from archive.models import Role
from archive.states import State
from archive.terminal import safe
from crawler.cli import cli
from tests.archive.made import NOON, article, document, keep, link, mention, open_store, visit, with_article

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"
EVIL = "Evil \x1b[31mred\x1b[0m \x1b]52;c;cHduZWQ=\x07\x9b31m \u202egnp.exe [[bold]] \x02mark\x03 tick\x1b]\x07tock ferry"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    store = open_store(folder)
    with store.transaction():
        store.add_document(document(mention(URL), name="kim.txt"))
        run = store.begin_run("morgue crawl kim.txt")
        store.end_run(run, "complete", 0, {})
    found = article(
        authors=("Ana Ivić", "Bo Li"), published="2026-11-25T09:00:00Z", site="The News", text="The ferry sank.\n\nAll saved."
    )
    keep(
        store, URL, found, (link("https://news.example/b", anchor="Divers"), link("https://news.example/c", Role.INLINE, "C", 1))
    )
    keep(
        store,
        "https://old.example/a",
        article("Older ferry", "An older ferry sank too."),
        origin="wayback",
        archive_url="https://web.archive.org/web/20200101000000/https://old.example/a",
        captured=NOON - timedelta(days=2000),
    )
    keep(
        store,
        "https://evil.example/a",
        article(EVIL, EVIL * 3, authors=(EVIL,), site=EVIL),
        (link("https://x.example/", anchor=EVIL),),
    )
    with store.transaction():
        store.record(visit(store, "https://news.example/gone", State.HARD_GONE))
        store.frontier.pause_host("slow.example", NOON + timedelta(days=36500), EVIL)
    store.close()
    return folder


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    """A command on that home; a result's `stdout` and `stderr` are apart."""

    def invoke(*arguments: str, color: bool = False) -> Result:
        return CliRunner().invoke(cli, [*arguments, "--home", str(home)], color=color)

    return invoke


def test_search_prints_a_block_for_each_hit(run: Callable[..., Result]) -> None:
    assert run("search", "ferry", "saved").stdout.splitlines() == [
        "    1  Ferry sinks",
        "       2026-11-25 · The News · live",
        "       The ferry sank. All saved.",
        f"       {URL}",
        "",
    ]
    assert "    2  Older ferry\n       wayback capture of 2021-06-04\n" in run("search", "ferry", "sank").stdout


def test_hits_are_bold_on_a_terminal_only(run: Callable[..., Result]) -> None:
    assert "The \x1b[1mferry\x1b[0m \x1b[1msank\x1b[0m. All saved." in run("search", "ferry", "sank", color=True).stdout
    assert "\x1b" not in run("search", "ferry").stdout


def test_search_as_json_is_one_object_a_line(run: Callable[..., Result]) -> None:
    lines = run("search", "ferry", "--json").stdout.splitlines()
    hits = [json.loads(line) for line in lines]
    assert len(hits) == 3
    by_id = {hit["id"]: hit for hit in hits}
    assert (by_id[1]["url"], by_id[1]["authors"], by_id[1]["snippet"]) == (
        URL,
        ["Ana Ivić", "Bo Li"],
        "The ferry sank. All saved.",
    )
    assert by_id[2]["archive_url"].startswith("https://web.archive.org/")
    assert run("search", "ferry", "--json", "--limit", "1").stdout.count("\n") == 1


def test_show_prints_the_article_and_where_it_came_from(run: Callable[..., Result]) -> None:
    assert run("show", URL).stdout.splitlines() == [
        "Ferry sinks",
        f"address:      {URL}",
        "by:           Ana Ivić, Bo Li",
        "published:    2026-11-25T09:00:00Z",
        "site:         The News",
        "text from:    live",
        "mentioned in: kim.txt (original)",
        "captures:     20261125120000 crawl",
        "",
        "The ferry sank.",
        "",
        "All saved.",
        "",
        "related:",
        "  Divers  https://news.example/b",
    ]
    assert "wayback capture of 2021-06-04 https://web.archive.org/web/20200101000000/" in run("show", "2").stdout


def test_show_as_json_has_the_promised_fields(run: Callable[..., Result]) -> None:
    shown = json.loads(run("show", "1", "--json").stdout)
    assert (shown["title"], shown["origin"], shown["captured"]) == ("Ferry sinks", "live", "2026-11-25T12:00:00Z")
    assert [one["document"] for one in shown["mentions"]] == ["kim.txt"]
    assert [one["warc_offset"] > 0 for one in shown["captures"]] == [True]
    assert [one["role"] for one in shown["links"]] == ["related", "inline"]


def test_status_tells_what_there_is(run: Callable[..., Result], home: Path) -> None:
    lines = run("status").stdout.splitlines()
    assert lines[0] == f"{home}: 3 articles in 3 versions, 3 captures"
    assert lines[1:3] == ["asked by 1 documents; 4 addresses known", "queue: 4 done"]
    assert lines[3] == "pages: 3 alive, 1 hard_gone"
    assert lines[4].startswith(("due now: ", "next due: "))  # by the machine's clock
    assert lines[5].startswith("paused: host:slow.example until 2126-11-01 12:00:00Z (Evil")
    assert lines[6] == "last run: morgue crawl kim.txt, 2026-11-25T12:00:00Z, complete"
    assert json.loads(run("status", "--json").stdout)["articles"] == 3


@pytest.mark.parametrize("arguments", [["search", "evil"], ["search", "tick&tock"], ["show", "3"], ["status"]])
def test_nothing_from_a_page_commands_a_terminal(run: Callable[..., Result], arguments: list[str]) -> None:
    shown = run(*arguments, color=True).stdout
    for own in ("\x1b[1m", "\x1b[0m"):
        shown = shown.replace(own, "")
    assert safe(shown) == " ".join(shown.split())
    for sign in "\x1b\x9b\x07\x02\x03\u202e":
        assert sign not in shown
    raw = run(*arguments, "--json").stdout
    assert not set(raw) & set("\x1b\x07\x02\x03")
    assert raw.count("\n") == 1


def test_page_text_that_looks_like_our_marks_is_only_text(run: Callable[..., Result]) -> None:
    assert "[[bold]]" in run("search", "evil").stdout


# -- as a process -----------------------------------------------------------------------------------------------------


def morgue(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from crawler.cli import main; main()"
    settings = {name: value for name, value in os.environ.items() if name != "MORGUE_HOME"} | environment
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=settings)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["search", "zebra"], 4, "nothing in {home} holds all of: zebra"),
        (["search", "++"], 4, "nothing in {home} holds all of: ++"),
        (["show", "99"], 4, "there is no article 99"),
        (["show", "https://news.example/gone"], 4, "it was hard_gone (made_hard_gone) on 2026-11-25T12:00:00Z"),
        (["show", "no address"], 4, "neither an article's number nor an address"),
        (["search"], 2, "say what to look for"),
        (["search", "x", "--limit", "0"], 2, "--limit"),
        (["show", "1", "--nonsense"], 2, "No such option"),
    ],
)
def test_messages_go_to_stderr_with_the_right_exit_code(home: Path, arguments: list[str], code: int, message: str) -> None:
    done = morgue(*arguments, "--home", str(home))
    assert (done.returncode, done.stdout) == (code, "")
    assert message.format(home=home) in done.stderr
    assert "Traceback" not in done.stderr


def test_data_goes_to_stdout_alone(home: Path) -> None:
    done = morgue("search", "ferry", "--json", MORGUE_HOME=str(home))
    assert (done.returncode, done.stderr) == (0, "")
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 3


def damage(path: Path) -> None:
    path.write_bytes(b"no database " * 1000)


def foreign(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipes(id)")
    other.close()


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (damage, 9, "morgue.db is damaged (file is not a database): restore a copy of it"),
        (foreign, 2, "morgue.db is a database of another program"),
        (Path.unlink, 4, "there is no archive in"),
    ],
)
def test_a_home_that_cannot_be_read_is_said(tmp_path: Path, spoil: Callable[[Path], Any], code: int, message: str) -> None:
    store = open_store(tmp_path)
    with store.transaction():
        seen = with_article(visit(store, URL), article())
        store.record(replace(seen, receipts=()))
    store.close()
    spoil(tmp_path / "morgue.db")
    for command in (["search", "x"], ["show", "1"], ["status"]):
        error = CliRunner().invoke(cli, [*command, "--home", str(tmp_path)]).exception
        assert isinstance(error, MorgueError), command
        assert (error.exit_code, message in str(error)) == (code, True)
    done = morgue("status", "--home", str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert message in done.stderr


def test_all_commands_that_read_take_a_home_and_json() -> None:
    for name in COMMANDS.keys() - {"serve"}:  # its pages have their own JSON
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert {"home", "as_json"} <= {parameter.name for parameter in command.params}
