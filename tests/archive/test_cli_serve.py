"""`morgue serve` as a command: what it prints, what it refuses, and that nothing else pays for it."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.archive.made import open_store
from tests.archive.test_web_browser import MORGUE, served


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MORGUE, "serve", *arguments], capture_output=True, text=True, check=False)


def test_it_prints_its_address_and_answers_there_until_it_is_stopped(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    command = [*MORGUE, "serve", "--home", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as answer:
            assert answer.status == 200
            assert answer.headers["server"] is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert out == ""
    assert "Ctrl-C ends it" in err
    assert "Traceback" not in err


def test_a_home_that_is_not_there_and_a_port_that_is_taken_are_said(tmp_path: Path) -> None:
    nowhere = ran("--home", str(tmp_path / "nowhere"))
    assert (nowhere.returncode, "there is no archive in" in nowhere.stderr) == (4, True)
    open_store(tmp_path).close()
    with served(tmp_path) as address:
        port = address.rstrip("/").rpartition(":")[2]
        taken = ran("--home", str(tmp_path), "--port", port)
    assert taken.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be used: give another with --port" in taken.stderr
    assert "Traceback" not in taken.stderr


def test_no_other_command_imports_datasette() -> None:
    code = "import crawler.cli, archive.cli.serve, archive.cli.search, sys; print(sorted({'datasette', 'uvicorn', 'httpx'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
