"""The other doors: the demo, Scrapy's own commands, a terminal, a pipe; and all exit codes of `morgue crawl`."""

from __future__ import annotations

import ast
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.report import MEANINGS
from tests.crawler.conftest import QUICK, ROOT, Ended, Morgue
from tests.crawler.small_web import asked, bell, page, publish, url
from tests.internet import Corpus, Internet, paper

# -- the demo ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    folder = tmp_path_factory.mktemp("demo")
    env = Morgue(folder).env() | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.demo"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return Ended(done.returncode, done.stdout, done.stderr), folder / "demo-home"


def test_the_demo_succeeds_quietly(demo: tuple[Ended, Path]) -> None:
    done, _ = demo
    assert done.code == 0, done.err
    assert done.err == ""


def test_the_demo_shows_five_verdicts_on_five_lines(demo: tuple[Ended, Path]) -> None:
    done, _ = demo
    wanted = ["alive", "archived", "blocked", "none", "replaced"]
    told = [line.split()[0] for line in done.out.splitlines() if line.split()[:1] and line.split()[0] in wanted]
    assert sorted(told) == wanted
    counted = [line for line in done.out.splitlines() if re.fullmatch(r" +1  \w+: .*", line)]
    assert len(set(counted)) == 5
    assert all(any(line.endswith(MEANINGS[verdict]) for line in counted) for verdict in wanted)


def test_the_demo_ends_with_commands_that_work(demo: tuple[Ended, Path]) -> None:
    done, home = demo
    lines = [line.strip() for line in done.out.partition("Try next:")[2].splitlines() if line.strip()]
    assert len(lines) == 3
    for line in lines:
        run = subprocess.run(line.split(), cwd=home.parent, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        assert run.returncode == 0, f"{line}\n{run.stderr}"
        assert run.stdout.strip()


# -- an honest Scrapy project -----------------------------------------------------------------------------------------


def scrapy(morgue: Morgue, *arguments: object) -> Ended:
    command = [str(Path(sys.executable).with_name("scrapy")), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=morgue.env(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def test_scrapy_lists_the_spider(morgue: Morgue) -> None:
    done = scrapy(morgue, "list")
    assert (done.code, done.out.split()) == (0, ["news"])
    assert not morgue.home.exists(), "to look leaves no trace"


def test_scrapy_crawls_files_and_addresses_with_its_own_settings(tmp_path: Path) -> None:
    clipping, *_ = paper.build_paper(tmp_path / "corpus")
    more = Corpus()
    first, second = publish(more, "paper.example", 1, 2)
    with Internet([tmp_path / "corpus", more.write(tmp_path / "more")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        options = ("-s", "DOWNLOAD_DELAY=0", "-s", "USER_AGENT=desk/1 (contact: desk@paper.example)")
        done = scrapy(morgue, "crawl", "news", "-a", f"file={clipping}", "-a", f"url={first} {second}", *options)
        assert done.code == 0, done.err
        assert "Traceback" not in done.err
        assert "4 asked for" in done.out
        assert morgue.value("SELECT count(*) FROM articles") == 4
        assert morgue.rows("SELECT state, exit_code FROM runs") == [{"state": "complete", "exit_code": 0}]
        agents = {record.headers["user-agent"] for record in net.log if "user-agent" in record.headers}
        assert agents == {"desk/1 (contact: desk@paper.example)"}
        assert net.leaks == []


# -- terminals and pipes ----------------------------------------------------------------------------------------------


@contextmanager
def slow_web(tmp_path: Path) -> Iterator[tuple[Morgue, Internet]]:
    corpus = Corpus()
    publish(corpus, "paper.example", 2)
    links = (("Parish 2 speaks up", url("paper.example", 2)),)
    corpus.live(url("paper.example", 1), page("paper.example", 1, related=links))
    with Internet([corpus.write(tmp_path / "corpus")], faults=[f"live,url={url('paper.example', 2)}:hang"]) as net:
        yield Morgue(tmp_path / "home", net), net


def test_a_terminal_sees_progress_and_a_pipe_gets_data(tmp_path: Path) -> None:
    with slow_web(tmp_path) as (morgue, net), bell(net, url("paper.example", 2)) as rung:
        ours, theirs = pty.openpty()
        process = morgue.popen(
            "crawl",
            *QUICK,
            url("paper.example", 1),
            "--json",
            "-s",
            "DOWNLOAD_TIMEOUT=2",
            stderr=theirs,
            env=morgue.env() | {"TERM": "xterm"},
        )
        os.close(theirs)
        seen: list[bytes] = []
        reader = threading.Thread(target=read_all, args=(ours, seen))
        reader.start()
        assert rung.wait(60)
        out, _ = process.communicate(timeout=60)
        reader.join()
        os.close(ours)
    shown = b"".join(seen).decode()
    assert "1 addresses looked at (1 alive), 1 articles" in shown
    assert "\x1b[" in shown, "it is redrawn in place"
    assert Ended(0, out, "").object["verdict"] == "alive"


def read_all(descriptor: int, seen: list[bytes]) -> None:
    """Until the last holder of the other side is gone, which Linux tells by EIO."""
    try:
        while piece := os.read(descriptor, 4096):
            seen.append(piece)
    except OSError:
        return


def test_without_a_terminal_there_are_only_messages(tmp_path: Path) -> None:
    corpus = Corpus()
    addresses = publish(corpus, "paper.example", 1)
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        plain = morgue.crawl(*addresses, tmp_path / "missing.txt")
        assert plain.err.splitlines() == [
            f"morgue: {tmp_path / 'missing.txt'}: there is no such file (an address begins with https://)"
        ]
        assert "\x1b" not in plain.out
        as_json = morgue.crawl(*addresses, "--json")
        assert as_json.object["verdict"] == "alive"
        assert "1 asked for" in as_json.err
        assert len(asked(net, addresses[0])) == 1


# -- exit codes -------------------------------------------------------------------------------------------------------

CODES = {  # of `crawl`; 4 belongs to other commands, 1 to errors of ours
    0: "test_founding",
    2: "test_inputs",
    3: "test_live_faults",
    5: "test_archive_faults",
    6: "test_scheduled",
    7: "test_ending",
    8: "test_ending",
    9: "test_ending",
    130: "test_ending",
}


@pytest.mark.parametrize("code", CODES)
def test_each_exit_code_is_reached_by_a_test(code: int) -> None:
    """`….code == N` stands in an assert of that file."""
    tree = ast.parse((ROOT / "tests" / "crawler" / f"{CODES[code]}.py").read_text(encoding="utf-8"))
    compared = {
        constant.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "code"
        for constant in node.comparators
        if isinstance(constant, ast.Constant)
    }
    assert code in compared


def test_the_help_names_each_of_them(morgue: Morgue) -> None:
    shown = morgue.run("--help").out
    assert all(re.search(rf"\b{code}\b", shown) for code in CODES)
