"""The README's tour and docs/query.md are run as they stand there; `…` in a line stands for anything, alone on a line for any
lines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"^```console\n\$ (?P<command>.+?)\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def tour(page: str = "README.md") -> list[tuple[str, str]]:
    return [(match["command"], match["output"]) for match in BLOCK.finditer((ROOT / page).read_text(encoding="utf-8"))]


def pattern(output: str) -> str:
    lines = (r"(.*\n)*?" if line == "…\n" else re.escape(line).replace("…", ".*") for line in output.splitlines(keepends=True))
    return "".join(lines)


def ran(command: str, folder: Path) -> str:
    name, *arguments = shlex.split(command)
    words = [sys.executable, "-m", "tests.demo"] if command == "make demo" else [str(BIN / name), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_the_tour_shows_what_happens(tmp_path: Path) -> None:
    steps = tour()
    assert [command.split()[0] for command, _ in steps] == ["make", "morgue", "morgue", "sqlite-utils"]
    questions = tour("docs/query.md")
    assert len(questions) == 10
    for command, output in steps + questions:
        shown = ran(command, tmp_path)
        assert re.fullmatch(pattern(output), shown), f"$ {command}\n{shown}"


@pytest.mark.parametrize("page", sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert missing == []
