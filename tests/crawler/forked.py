"""Many `morgue` commands from one process that has imported everything: a fork costs a sixth of a start (1.1 s of CPU
time, of which 1.0 goes into imports; measured 2026-11-25). For tables of dozens of runs; each is a process all the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crawler.conftest import ROOT, Ended, Morgue

LONGEST = 100.0  # seconds


@dataclass(frozen=True, slots=True)
class Nursery:
    """The process that forks; `run` may be called from many threads."""

    address: Path

    def run(self, morgue: Morgue, *arguments: object, **environment: str) -> Ended:
        """A command on a home, as Morgue.run."""
        with tempfile.TemporaryDirectory(dir=self.address.parent) as folder, socket.socket(socket.AF_UNIX) as line:
            job = {"args": [*map(str, arguments)], "env": morgue.env() | environment, "folder": folder}
            line.settimeout(LONGEST)
            line.connect(str(self.address))
            line.sendall(json.dumps(job).encode() + b"\n")
            code = int(line.recv(100))
            return Ended(code, *(Path(folder, name).read_text(encoding="utf-8") for name in ("out", "err")))


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    """Start it, and end it with all that it forked."""
    with tempfile.TemporaryDirectory(prefix="nursery-") as folder:
        command = [sys.executable, "-m", "tests.crawler.forked", f"{folder}/line"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"ready\n"
            yield Nursery(Path(folder) / "line")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def serve(address: str) -> None:
    """Wait for jobs and fork for each; never returns in this process."""
    import crawler.jobs.crawl
    import crawler.jobs.repair
    import crawler.jobs.save  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that fork for us
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(64)
        print("ready", flush=True)
        while True:
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _attend(line)
                os._exit(0)
            line.close()


def _attend(line: socket.socket) -> None:
    """Run one job in a process of its own and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    job = json.loads(line.makefile().readline())
    child = os.fork()
    if child == 0:
        line.close()
        _become(job)
    _, status = os.waitpid(child, 0)
    line.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _become(job: dict[str, Any]) -> None:
    """This process is the command from here on, and ends with it."""
    from crawler.cli import main

    folder = Path(job["folder"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(job["env"])
    sys.argv = ["morgue", *job["args"]]
    code: Any = 1
    try:
        main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
