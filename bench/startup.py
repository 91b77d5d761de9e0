"""How soon the commands that read start, as a ratio to `python -c "import sqlite3, click"`, in turns in one run.

    python -m bench.startup [--rounds N]

CPU seconds of the whole process, user and system, the median of the rounds. The aim is 2.5 at most.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from archive.home import Home
from archive.schema import connect

FLOOR = ("-c", "import sqlite3, click")
COMMANDS = (("--help",), ("search", "ferry"), ("show", "1"), ("status",))
MAIN = ("-c", "from crawler.cli import main; main()")


def cpu_seconds(arguments: tuple[str, ...], home: str) -> float:
    """What one start costs; it may find nothing."""
    before = os.times()
    environment = os.environ | {"MORGUE_HOME": home}
    subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    asked = (FLOOR, *((*MAIN, *command) for command in COMMANDS))
    with tempfile.TemporaryDirectory(prefix="morgue-bench-") as home:
        connect(Home(Path(home)).database).close()
        rounds = [[cpu_seconds(arguments, home) for arguments in asked] for _ in range(given.rounds)]
    floor, *times = (median(seen) for seen in zip(*rounds, strict=True))
    print(f"{'import sqlite3, click':24}{floor * 1e3:6.0f} ms")
    for command, seconds in zip(COMMANDS, times, strict=True):
        print(f"{'morgue ' + ' '.join(command):24}{seconds * 1e3:6.0f} ms  {seconds / floor:.2f}")


if __name__ == "__main__":
    main()
