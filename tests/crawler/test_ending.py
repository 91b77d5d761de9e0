"""How a run ends: two at once, Ctrl-C, SIGTERM, a full disk, a damaged file. What is on disk stays, what is open stays due."""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from tests.crawler.conftest import QUICK, Ended, Morgue
from tests.crawler.small_web import asked, bell, page, publish, url
from tests.internet import Corpus, Internet

WAIT = 60  # seconds for what takes two: then the test fails


FIRST, SECOND = url("paper.example", 1), url("paper.example", 2)


@contextmanager
def hanging(tmp_path: Path) -> Iterator[tuple[Morgue, Internet, Popen[str]]]:
    """A crawl that has kept one story and waits for ever for the one that it links to."""
    corpus = Corpus()
    publish(corpus, "paper.example", 2)
    corpus.live(FIRST, page("paper.example", 1, related=(("Parish 2 speaks up", SECOND),)))
    with Internet([corpus.write(tmp_path / "corpus")], faults=[f"live,url={SECOND}:hang"]) as net:
        morgue = Morgue(tmp_path / "home", net)
        with bell(net, SECOND) as rung:
            process = morgue.popen("crawl", *QUICK, FIRST)
            try:
                assert rung.wait(WAIT)
                yield morgue, net, process
            finally:
                process.kill()
                process.communicate()


def end(process: Popen[str], *signals: int) -> Ended:
    for number in signals:
        process.send_signal(number)
    out, err = process.communicate(timeout=WAIT)
    return Ended(process.returncode, out, err)


def test_a_second_crawl_names_the_first_and_goes(tmp_path: Path) -> None:
    with hanging(tmp_path) as (morgue, net, process):
        before = len(net.log)
        second = morgue.crawl(FIRST)
        assert second.code == 7
        assert str(process.pid) in second.err
        assert "morgue crawl" in second.err
        assert second.err.count("\n") == 1
        assert second.out == ""
        assert len(net.log) == before
        assert process.poll() is None
        assert morgue.run("status").code == 0, "reading goes on"


def test_a_crawl_opens_no_port(tmp_path: Path) -> None:
    listening = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"}
    if not listening:
        pytest.skip("this system does not show its sockets in /proc")
    with hanging(tmp_path) as (_, _, process):
        held = {str(entry.readlink()) for entry in Path(f"/proc/{process.pid}/fd").iterdir()}
        now = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"}
        assert not {f"socket:[{inode}]" for inode in now} & held
    with socket.create_server(("127.0.0.1", 0)) as server:  # the test can see one
        inode = f"socket:[{os.fstat(server.fileno()).st_ino}]"
        assert str(Path(f"/proc/self/fd/{server.fileno()}").readlink()) == inode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_which_goes_on_later(tmp_path: Path, number: int) -> None:
    with hanging(tmp_path) as (morgue, net, process):
        ended = end(process, number)
        assert ended.code == 130
        assert "interrupted; run it again to go on" in ended.err
        assert "Traceback" not in ended.err
        assert "Task was destroyed" not in ended.err
        assert morgue.rows("SELECT state, exit_code FROM runs") == [{"state": "interrupted", "exit_code": 130}]
        assert morgue.value("SELECT count(*) FROM frontier WHERE state = 'leased'") == 0
        net.faults.clear()
        finished = morgue.crawl()
        assert finished.code == 0, finished.err
        assert "1 addresses looked at" in finished.out
        assert morgue.value("SELECT count(*) FROM articles") == 2
        assert len(asked(net, FIRST)) == 1, "what was done is not done again"


def test_impatience_ends_it_at_once(tmp_path: Path) -> None:
    with hanging(tmp_path) as (morgue, _, process):
        process.send_signal(signal.SIGINT)
        assert "ending" in process.stderr.readline()  # type: ignore[union-attr]
        ended = end(process, signal.SIGINT)
        assert ended.code == 130
        assert "Traceback" not in ended.err
        assert morgue.value("SELECT state FROM runs") == "interrupted"


def test_a_signal_ends_searches_in_archives(tmp_path: Path) -> None:
    """They may wait for minutes; what they look for stays due, and is not taken for unknown."""
    corpus = Corpus()
    publish(corpus, "paper.example", 9)
    corpus.capture(url("paper.example", 1), "20260315120000", page("paper.example", 1))
    with Internet([corpus.write(tmp_path / "corpus")], faults=["replay:hang"]) as net:
        morgue = Morgue(tmp_path / "home", net)
        with bell(net, "web.archive.org/web/") as rung:
            process = morgue.popen("crawl", *QUICK, url("paper.example", 1))
            assert rung.wait(WAIT)
        ended = end(process, signal.SIGINT)
        assert ended.code == 130
        assert "Traceback" not in ended.err
        assert morgue.rows("SELECT 1 FROM checks") == []
        net.faults.clear()
        finished = morgue.crawl("--json")
        assert (finished.code, finished.object["verdict"]) == (0, "archived"), finished.err


# -- disks ------------------------------------------------------------------------------------------------------------


def small_files(size: int) -> None:
    """Runs in the child: files may not grow beyond that; the signal for it would kill what the error code tells."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("kept_before", [True, False])
def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path, kept_before: bool) -> None:
    corpus = Corpus()
    first = publish(corpus, "fine.example", 1)
    more = publish(corpus, "paper.example", *range(2, 40))
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        size = 60_000
        if kept_before:
            assert morgue.crawl(*first).code == 0
            size = 20_000 + max(file.stat().st_size for file in morgue.home.rglob("*") if file.is_file())
        full = morgue.crawl(*more, preexec_fn=lambda: small_files(size))
        assert full.code == 8, full.err
        assert "Traceback" not in full.err
        assert full.err.count("\n") == 1, full.err
        assert str(morgue.home) in full.err
        if kept_before:
            assert morgue.value("SELECT count(*) FROM articles") >= 1
            assert morgue.run("show", first[0]).code == 0
        finished = morgue.crawl(*first, *more)
        assert finished.code == 0, finished.err
        assert morgue.value("SELECT count(*) FROM articles") == 39
        assert morgue.value("PRAGMA integrity_check") == "ok"


def test_a_home_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        home = Path("/proc/morgue-home")  # root may write everywhere but where the kernel does not let it
    else:
        tmp_path.chmod(0o500)
        home = tmp_path / "home"
    refused = Morgue(home).run("crawl", "https://paper.example/", cwd="/")
    assert refused.code == 8
    assert refused.err.count("\n") == 1
    assert str(home) in refused.err


def test_a_file_in_the_homes_place_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    assert Morgue(tmp_path / "home").run("crawl", "https://paper.example/").code == 2


@pytest.mark.parametrize("content", [b"not a database, by far" * 100, b"SQLite format 3\0" + b"\xff" * 8192])
def test_a_damaged_database_is_said_so(tmp_path: Path, content: bytes) -> None:
    morgue = Morgue(tmp_path / "home")
    morgue.home.mkdir()
    (morgue.home / "morgue.db").write_bytes(content)
    damaged = morgue.run("crawl", "https://paper.example/")
    assert damaged.code == 9
    assert "Traceback" not in damaged.err
    assert damaged.err.count("\n") == 1
    assert (morgue.home / "morgue.db").read_bytes() == content, "it is not touched"
