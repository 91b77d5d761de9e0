"""The home folder: one writer at a time, and a clear line when it cannot be used."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.errors import DiskFull, HomeLocked, NothingFound, UsageError
from archive.home import Home, HomeLock
from tests.archive.made import NOON, article, full_disk, keep, open_store

ROOT = Path(__file__).resolve().parents[2]

HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archive.home import Home, HomeLock
with HomeLock(Home(Path(sys.argv[1])), "morgue crawl kim.txt", datetime(2026, 11, 25, 12, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


@contextmanager
def held_by_another(home: Home) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


def lock(home: Home) -> HomeLock:
    return HomeLock(home, "morgue crawl", NOON)


def take(home: Home) -> None:
    with lock(home):
        pass


def test_a_second_process_is_told_who_holds_the_home(home: Home) -> None:
    with held_by_another(home) as other:
        who = rf"in use by process {other.pid} \(`morgue crawl kim\.txt`, since 2026-11-25T12:00:00Z\): wait for it"
        for _ in range(2):
            with pytest.raises(HomeLocked, match=who) as caught:
                take(home)
        assert caught.value.exit_code == 7


def test_the_lock_goes_when_its_process_is_killed(home: Home) -> None:
    with held_by_another(home) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        take(home)


def test_the_lock_goes_when_its_work_is_done_or_fails(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), lock(home):
        raise ZeroDivisionError
    take(home)
    assert home.lock_file.read_text() == ""


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "null"])
def test_a_half_written_lock_file_is_no_trouble(home: Home, content: str) -> None:
    with held_by_another(home):
        home.lock_file.write_text(content)
        with pytest.raises(HomeLocked, match="in use by another process"):
            take(home)
    take(home)


def test_two_locks_in_one_process_exclude_each_other(home: Home) -> None:
    with lock(home), pytest.raises(HomeLocked, match=f"process {os.getpid()} "):
        take(home)


def test_a_folder_is_made_with_its_parents_and_again_without_complaint(tmp_path: Path) -> None:
    made = Home(tmp_path / "a" / "b")
    made.create()
    made.create()
    assert made.warcs.is_dir()


@pytest.mark.parametrize("name", ["home", "home/below", "home/warc"])
def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "home").write_text("a file")
    place = tmp_path / name if name != "home/warc" else tmp_path / "other"
    if name == "home/warc":
        place.mkdir()
        (place / "warc").write_text("a file")
    with pytest.raises(UsageError, match=r"is not a folder: give another with --home DIR"):
        Home(place).create()


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    with pytest.raises(NothingFound, match="start one with `morgue crawl"):
        Home(tmp_path).require()


def test_a_full_disk_is_said_and_gives_the_lock_back(home: Home) -> None:
    with full_disk(3), pytest.raises(DiskFull, match=r"cannot write to .*home .*free some space"):
        take(home)
    take(home)


# -- folders that cannot be written -----------------------------------------------------------------------------------

NAMESPACE = (
    shutil.which("unshare") and subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0
)
read_only_mounts = pytest.mark.skipif(not NAMESPACE, reason="this system allows no mounts of one's own")

TRY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archive.query.base import open_home
from archive.query.filters import Filters
from archive.query.search import search
from archive.errors import MorgueError
from archive.home import Home, HomeLock
home = Home(Path(sys.argv[1]))
try:
    db = open_home(home)
    print([hit["title"] for hit in search(db, Filters("ferry"))])
    home.create()
    with HomeLock(home, "x", datetime.now(UTC)):
        print("writable")
except MorgueError as error:
    print(error.exit_code, error)
"""


@read_only_mounts
def test_a_read_only_home_can_be_read_and_says_that_it_cannot_be_written(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    keep(store, "https://news.example/a", article())
    store.close()
    script = f'mount --bind "{tmp_path}" "{tmp_path}" && mount -o remount,ro,bind "{tmp_path}" && exec "$@"'
    command = ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-c", TRY, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    lines = done.stdout.splitlines()
    assert lines[0] == "['Ferry sinks']", done
    assert lines[1].startswith(f"8 cannot write to {tmp_path} (Read-only file system)")


@pytest.mark.skipif(not Path("/proc/sys").is_dir(), reason="there is no /proc to fail in")
def test_a_place_where_no_folder_can_be_made_is_said() -> None:
    with pytest.raises(DiskFull, match=r"cannot write to /proc/morgue .*--home DIR") as caught:
        Home(Path("/proc/morgue")).create()
    assert caught.value.exit_code == 8
