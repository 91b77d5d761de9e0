"""history, diff and runs as a person and as a script meet them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.errors import MorgueError
from archive.states import State
from archive.store import Store
from crawler.cli import cli
from tests.archive.made import NOON, Clock, article, document, exchange, keep, mention, open_store, receipt, visit

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"
CLIPPING = "The ferry sank at noon near the harbour. Twelve passengers were saved by a boat."
A = "The ferry sank at noon near the harbour.\n\nTwelve passengers were saved by a fishing boat."
B = "The ferry sank at noon near the harbour.\n\nThirteen passengers were saved by a fishing boat from Bergen."
STUB = "Subscribe."
ONLY = "https://news.example/only"


def tell(store: Store, clock: Clock) -> None:
    """A story's life: an archive's text, live ones, a stub, a way back, a death."""
    with store.transaction():
        store.add_document(
            document(mention(URL), name="kim.txt", text=f"Ferry sinks\n\n{CLIPPING}", title="Ferry sinks", reference=NOON)
        )
    archive_url = f"https://web.archive.org/web/20260701120000/{URL}"
    keep(store, URL, article(text=A), captured=NOON - timedelta(days=147), origin="wayback", archive_url=archive_url)
    for text in (B, B, B, STUB, A):
        clock.advance(days=1)
        keep(store, URL, article(text=text))
    for _ in range(2):
        clock.advance(days=1)
        with store.transaction():
            gone = receipt(exchange(URL, f"gone {clock()}".encode(), 404, fetched=clock()))
            store.record(visit(store, URL, State.HARD_GONE, statuscode=404, receipts=(gone,)))
    keep(store, ONLY, article(text="All there ever was. " * 9))
    with store.transaction():
        run = store.begin_run("morgue crawl")
        clock.advance(seconds=3723)
        store.end_run(run, "failures", 3, {"pages": 8, "state_alive": 7, "related": 0})
        store.begin_run("morgue check \x1b[31m")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, clock = tmp_path_factory.mktemp("home"), Clock()
    store = open_store(folder, clock)
    tell(store, clock)
    store.close()
    return folder


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(cli, [*arguments, "--home", str(home)])


def error(result: Result) -> tuple[int, str]:
    assert isinstance(result.exception, MorgueError), result.output
    return result.exception.exit_code, str(result.exception)


# -- history ----------------------------------------------------------------------------------------------------------


def test_history_is_one_timeline(run: Callable[..., Result]) -> None:
    assert run("history", URL).stdout.splitlines() == [
        "Ferry sinks",
        URL,
        "*   1  2026-07-01 12:00  wayback   first text, 16 words",
        "       2026-11-25        clipping  kim.txt, 15 words; from it to the current text +1 -0 words",
        "    2  2026-11-26 12:00  live      +3 -1 words",
        "       2026-11-27 12:00  live      version 2 again, 2 times until 2026-11-28",
        f"    3  2026-11-29 12:00  live      not shown: shorter: 10 characters against {len(B)}",
        "    1  2026-11-30 12:00  live      back to version 1: +1 -3 words",
        "       2026-12-01 12:00  live      no page: answered 404, 2 times until 2026-12-02",
    ]


def test_history_as_json(run: Callable[..., Result]) -> None:
    events = [json.loads(line) for line in run("history", "1", "--json").stdout.splitlines()]
    assert [event["event"] for event in events] == ["first", "clipping", "changed", "same", "refused", "back", "gone"]
    assert [event["version"] for event in events] == ["1", "clipping", "2", "2", "3", "1", None]
    assert [event["current"] for event in events] == [True] + [False] * 6
    assert events[0]["archive_url"].startswith("https://web.archive.org/")
    assert (events[4]["note"], events[4]["added"] is not None) == (f"shorter: 10 characters against {len(B)}", True)
    assert {event["url"] for event in events} == {URL}


def test_a_history_of_one_text(run: Callable[..., Result]) -> None:
    assert run("history", ONLY).stdout.splitlines()[2:] == ["*   1  2026-12-02 12:00  live      first text, 36 words"]


# -- diff -------------------------------------------------------------------------------------------------------------


def body(result: Result) -> str:
    return result.stdout.partition("words\n\n")[2]


def test_the_current_text_is_compared_with_the_one_before(run: Callable[..., Result]) -> None:
    """Version 2 was the latest before version 1 came back, though version 1 was first captured before it."""
    assert run("diff", URL).stdout == (
        f"{URL}\n- version 2: 2026-11-26 12:00, live\n+ version 1: 2026-07-01 12:00, "
        f"https://web.archive.org/web/20260701120000/{URL}, current\n+1 -3 words\n\n"
        "… (2 unchanged paragraphs)\n\n[-Thirteen-]{+Twelve+} passengers were saved by a fishing boat [-from Bergen-].\n"
    )


@pytest.mark.parametrize(
    ("versions", "shown"),
    [
        (("1", "2"), "[-Twelve-]{+Thirteen+} passengers were saved by a fishing boat {+from Bergen+}."),
        (("2",), "[-Thirteen-]{+Twelve+} passengers"),
        (("2", "current"), "[-Thirteen-]{+Twelve+} passengers"),
        (("clipping",), "were saved by a {+fishing+} boat."),
        (("1", "1"), "… (3 unchanged paragraphs)"),
        (("1", "3"), "{+Subscribe+}"),
    ],
)
def test_any_two_texts(run: Callable[..., Result], versions: tuple[str, ...], shown: str) -> None:
    assert shown in body(run("diff", URL, *versions))


def test_all_paragraphs(run: Callable[..., Result]) -> None:
    assert body(run("diff", URL, "--full")).startswith("Ferry sinks\n\nThe ferry sank at noon near the harbour.\n\n[-Thirteen")


def test_diff_as_json(run: Callable[..., Result]) -> None:
    found = json.loads(run("diff", URL, "1", "2", "--json").stdout)
    assert (found["added"], found["removed"], found["first"]["name"], found["second"]["name"]) == (3, 1, "1", "2")
    assert [piece for piece in found["pieces"] if piece["sign"] == "-"] == [{"sign": "-", "text": "Twelve"}]


@pytest.mark.parametrize("place", ["-", "page.html"])
def test_diff_as_a_page(run: Callable[..., Result], tmp_path: Path, place: str) -> None:
    file = place if place == "-" else str(tmp_path / place)
    done = run("diff", URL, "1", "2", "--html", file)
    page = done.stdout if place == "-" else Path(file).read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "<del>Twelve</del><ins>Thirteen</ins>" in page
    assert place == "-" or done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((URL, "9"), 4, "there is no version 9: this article has 1, 2, 3, clipping"),
        ((URL, "clipping2"), 4, "there is no version clipping2"),
        ((URL, "yesterday"), 2, "'yesterday' is no version"),
        ((ONLY,), 4, "there is only one version"),
        (("https://news.example/none",), 4, "no article is kept"),
        ((URL, "--html", "/nowhere/x.html"), 2, "/nowhere/x.html cannot be written"),
    ],
)
def test_what_cannot_be_compared_is_said(run: Callable[..., Result], arguments: tuple[str, ...], code: int, message: str) -> None:
    told = error(run("diff", *arguments))
    assert (told[0], message in told[1]) == (code, True), told


def on_a_terminal(home: Path, **environment: str) -> str:
    """What `morgue diff` writes to a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from crawler.cli import main; main()", "diff", URL, "--home", str(home)]
    settings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | environment
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=settings)
    os.close(theirs)
    seen: list[bytes] = []
    reader = threading.Thread(target=_read_all, args=(ours, seen))
    reader.start()
    assert process.wait(60) == 0
    reader.join()
    os.close(ours)
    return b"".join(seen).decode()


def _read_all(descriptor: int, seen: list[bytes]) -> None:
    try:
        while piece := os.read(descriptor, 4096):
            seen.append(piece)
    except OSError:
        return


def test_a_terminal_shows_colours_and_a_pipe_signs(home: Path, run: Callable[..., Result]) -> None:
    shown = on_a_terminal(home)
    assert "\x1b[31m\x1b[9mThirteen\x1b[0m\x1b[32m\x1b[4mTwelve\x1b[0m" in shown
    assert "{+" not in shown
    assert "{+Twelve+}" in on_a_terminal(home, NO_COLOR="1")
    assert "\x1b" not in run("diff", URL).stdout


# -- runs -------------------------------------------------------------------------------------------------------------


def test_runs_are_listed_newest_first(run: Callable[..., Result]) -> None:
    lines = run("runs").stdout.splitlines()
    assert lines[0].split() == ["2", "2026-12-02", "13:02", "running", "morgue", "check"]
    assert lines[1] == "    1  2026-12-02 12:00   1:02:03  failures (3)         morgue crawl"
    assert lines[2] == "       8 pages, 7 state alive"


def test_runs_as_json(run: Callable[..., Result]) -> None:
    [newest] = [json.loads(line) for line in run("runs", "--json", "--limit", "1").stdout.splitlines()]
    assert (newest["id"], newest["state"], newest["finished"], newest["counts"]) == (2, "running", None, {})


def test_no_runs(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    told: Any = CliRunner().invoke(cli, ["runs", "--home", str(tmp_path)])
    assert error(told)[0] == 4
