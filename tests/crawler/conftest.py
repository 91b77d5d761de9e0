"""`morgue crawl` as people start it: a process of its own, with nothing but the variables that point it at our internet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.schema import connect, connect_readonly, rows
from tests.internet import Internet

ROOT = Path(__file__).resolve().parents[2]
MORGUE = Path(sys.executable).with_name("morgue")
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "MORGUE_WORKERS=1")
# A proxy or a contact of the machine that runs the tests must not get into them.
_OWN = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "requests_ca_bundle"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects of `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def object(self) -> dict[str, Any]:
        (only,) = self.objects
        return only


@dataclass(frozen=True, slots=True)
class Morgue:
    """One home folder and the internet that its crawls see."""

    home: Path
    net: Internet | None = None

    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name.lower() not in _OWN and not name.startswith("MORGUE")}
        return kept | {"MORGUE_HOME": str(self.home)} | (self.net.env if self.net else {})

    def popen(self, *arguments: object, **how: Any) -> subprocess.Popen[str]:
        """Start a command in a folder where it finds nothing but what it is given."""
        command = [str(MORGUE), *map(str, arguments)]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        how = {"env": self.env(), "cwd": self.home.parent} | pipes | how
        return subprocess.Popen(command, **how)

    def run(self, *arguments: object, stdin: str | None = None, **how: Any) -> Ended:
        if stdin is not None:
            how["stdin"] = subprocess.PIPE
        with self.popen(*arguments, **how) as process:
            try:
                out, err = process.communicate(stdin, timeout=100)
            finally:
                process.kill()
        return Ended(process.returncode, out, err)

    def crawl(self, *arguments: object, **how: Any) -> Ended:
        """Without delays, which our internet does not need."""
        return self.run("crawl", *QUICK, *arguments, **how)

    def change(self, sql: str) -> None:
        """A statement on the home's database, to put its clock forward."""
        db = connect(self.home / "morgue.db")
        db.execute(sql)
        db.close()

    def later(self) -> None:
        """As if the longest wait were over."""
        self.change("UPDATE budgets SET blocked_until = 1, next_allowed = 1")
        self.change("UPDATE frontier SET due = '2000-01-01T00:00:00Z'")

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        """A query on the home's database."""
        db = connect_readonly(self.home / "morgue.db")
        try:
            return rows(db, sql, *parameters)
        finally:
            db.close()

    def value(self, sql: str, *parameters: object) -> Any:
        """The one value of the one row."""
        (row,) = self.rows(sql, *parameters)
        (value,) = row.values()
        return value


@pytest.fixture
def morgue(tmp_path: Path) -> Morgue:
    """An empty home without an internet."""
    return Morgue(tmp_path / "home")
