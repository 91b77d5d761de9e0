"""make demo: the main job on the offline internet, in a home of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.internet import Internet, paper

HOME = Path("demo-home")


def main() -> int:
    """Build the fictional papers, crawl a clipping and three addresses, and say what to try next."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    with tempfile.TemporaryDirectory(prefix="morgue-demo-") as scratch:
        clipping, *addresses = paper.build_paper(Path(scratch))
        kept = Path(shutil.copy(clipping, HOME))
        shutil.copy(Path(scratch) / paper.LIST_NAME, HOME)
        _introduce(kept, addresses)
        with Internet([scratch]) as net:
            command = [_tool("morgue"), "crawl", kept, *addresses, "--home", HOME]
            done = subprocess.run(command, env=os.environ | net.env, check=False)
    if done.returncode == 0:
        _say_what_next()
    return done.returncode


def _introduce(clipping: Path, addresses: list[str]) -> None:
    ending = clipping.read_text(encoding="utf-8").rstrip().splitlines()[-5:]
    print("A reader kept a clipping of 2021. It ends with an address that is broken over two lines, and with one that was")
    print("noted wrongly:\n\n    " + "\n    ".join(ending))
    print(f"\n$ morgue crawl {clipping} \\\n    " + " \\\n    ".join([*addresses, f"--home {HOME}"]), end="\n\n", flush=True)


def _say_what_next() -> None:
    print(f"""
Everything is in {HOME}/ (morgue.db, and the pages as received in warc/). Try next:

    {_tool("morgue")} search storm gates --home {HOME}
    {_tool("morgue")} show {paper.NOTED_URL} --home {HOME}
    {_tool("morgue")} repair {HOME}/{paper.LIST_NAME} --home {HOME}""")


def _tool(name: str) -> Path:
    """A command of this environment, as a person would type it here."""
    tool = Path(sys.executable).with_name(name)
    return tool.relative_to(Path.cwd()) if tool.is_relative_to(Path.cwd()) else tool


if __name__ == "__main__":
    sys.exit(main())
