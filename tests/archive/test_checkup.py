"""What the doctor sees, each by a home that has it."""

from __future__ import annotations

import json
import sqlite3 as system_sqlite
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.checkup import CHECKS, Health, Patient, Result, check_up
from archive.checkup.base import examined
from archive.checkup.disk import room
from archive.checkup.installation import _sqlite, has_wal_bug
from archive.errors import UsageError
from archive.home import Home
from archive.schema import connect
from crawler.cli import cli
from crawler.jobs.doctor import exit_code
from tests.archive.made import NOON, article, keep, open_store

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    store = open_store(tmp_path)
    keep(store, URL, article())
    keep(store, f"{URL}-b", article("Other"))
    with store.transaction():
        store.end_run(store.begin_run("morgue crawl"), "complete", 0, {})
    store.close()
    return Patient(Home(tmp_path), NOON, "desk@news-desk.org")


def found(patient: Patient, check: str, health: Health) -> list[str]:
    return [result.said for result in check_up(patient) if result.check == check and result.health is health]


def test_a_home_in_order(patient: Patient) -> None:
    results = [result for result in check_up(patient) if result.check != "disk"]
    assert {result.health for result in results} == {Health.OK}, results
    assert {result.check for result in results} == {name for name, _ in CHECKS} - {"disk"}


def test_a_check_up_changes_nothing(patient: Patient) -> None:
    before = {path: path.read_bytes() for path in patient.home.folder.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    assert list(check_up(patient))
    assert {path: path.read_bytes() for path in before} == before


def cut(home: Home) -> None:
    [file] = home.warcs.iterdir()
    file.write_bytes(file.read_bytes()[:-9])


def flip(home: Home) -> None:
    [file] = home.warcs.iterdir()
    data = bytearray(file.read_bytes())
    data[-40] ^= 0xFF
    file.write_bytes(data)


def remove(home: Home) -> None:
    next(home.warcs.iterdir()).unlink()


def tear(home: Home) -> None:
    with next(home.warcs.iterdir()).open("ab") as file:
        file.write(b"\x1f\x8b half a record")


def add(home: Home) -> None:
    (home.warcs / "morgue-20200101000000-00007.warc.gz").write_bytes(b"")
    (home.warcs / "notes.txt").write_bytes(b"not ours")


def garble(home: Home) -> None:
    data = bytearray(home.database.read_bytes())
    data[5000:9000] = bytes(4000)
    home.database.write_bytes(data)


def replaced(home: Home) -> None:
    home.database.write_bytes(b"no database " * 1000)


def orphan(home: Home) -> None:
    db = system_sqlite.connect(home.database)
    db.execute("UPDATE urls SET article_id = 99 WHERE id = 1")
    db.commit()
    db.close()


def kill(home: Home) -> None:
    db = connect(home.database)
    db.execute("UPDATE runs SET state = 'killed', exit_code = NULL")
    db.close()


def older(home: Home) -> None:
    db = connect(home.database)
    db.execute("DELETE FROM _sqlite_migrations WHERE name = (SELECT max(name) FROM _sqlite_migrations)")
    db.close()


def pause(home: Home) -> None:
    db = connect(home.database)
    until = (NOON + timedelta(hours=1)).timestamp()
    db.execute("INSERT INTO budgets VALUES ('wayback-cdx', 0, ?, 1, 1, 'it answered 429')", (until,))
    db.close()


def misconfigure(home: Home) -> None:
    home.config_file.write_text("archives = 7", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "check", "health", "said", "code"),
    [
        (cut, "warc", Health.FAIL, "ends 9 bytes before its last record does", 9),
        (flip, "warc", Health.FAIL, "its last record is not whole", 9),
        (remove, "warc", Health.FAIL, "is missing, with 2 captures", 9),
        (tear, "warc", Health.WARN, "16 bytes behind its last record", 0),
        (add, "warc", Health.WARN, "no row points into morgue-20200101000000-00007.warc.gz", 0),
        (garble, "database", Health.FAIL, "damaged", 9),
        (replaced, "database", Health.FAIL, "is damaged", 9),
        (orphan, "database", Health.FAIL, "1 rows of urls point to rows that are not there", 9),
        (kill, "database", Health.WARN, "last run: `morgue crawl` of 2026-11-25T12:00:00Z, killed", 0),
        (older, "database", Health.WARN, "its tables are of an earlier morgue", 0),
        (pause, "archives", Health.WARN, "wayback-cdx is paused until 2026-11-25 13:00:00Z (it answered 429)", 0),
        (misconfigure, "settings", Health.FAIL, "morgue.toml", 1),
        (lambda home: home.database.unlink(), "database", Health.WARN, "there is no archive in", 0),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_to_do(
    patient: Patient, spoil: Callable[[Home], None], check: str, health: Health, said: str, code: int
) -> None:
    spoil(patient.home)
    results = [result for result in check_up(patient) if result.check != "disk"]
    told = [result for result in results if result.check == check and result.health is health]
    assert any(said in result.said for result in told), results
    assert all(result.advice for result in results if result.health is not Health.OK)
    assert exit_code(results) == code


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_versions_of_sqlite_with_the_wal_bug(version: tuple[int, ...], bug: bool) -> None:
    assert has_wal_bug(version) is bug
    assert (_sqlite(".".join(map(str, version))).health is Health.WARN) is bug


@pytest.mark.parametrize(
    ("now", "health"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), Health.FAIL),
        (NOON - timedelta(hours=1), Health.WARN),
        (NOON - timedelta(minutes=1), Health.OK),
        (NOON + timedelta(days=4000), Health.OK),
    ],
)
def test_a_clock(patient: Patient, now: datetime, health: Health) -> None:
    assert found(replace(patient, now=now), "clock", health)


@pytest.mark.parametrize(
    ("contact", "health"),
    [
        ("desk@news-desk.org", Health.OK),
        ("https://news-desk.org/crawler", Health.OK),
        ("", Health.WARN),
        ("me", Health.WARN),
        ("you@example.org", Health.WARN),
        ("desk@paper.example", Health.WARN),
    ],
)
def test_a_contact_address(patient: Patient, contact: str, health: Health) -> None:
    assert found(replace(patient, contact=contact), "contact", health)


@pytest.mark.parametrize(("free", "health"), [(0, Health.FAIL), (1 << 30, Health.WARN), (1 << 40, Health.OK)])
def test_room_on_the_disk(free: int, health: Health) -> None:
    assert room(free, Path("home")).health is health


def test_a_check_that_cannot_look_does_not_end_the_others(patient: Patient) -> None:
    def failing(_: Patient) -> list[Result]:
        raise UsageError("no such thing")

    def barred(_: Patient) -> list[Result]:
        raise PermissionError(13, "Permission denied", "secret")

    [one], [other] = examined("a", failing, patient), examined("b", barred, patient)
    assert (one.check, one.health, one.said, one.damaged) == ("a", Health.FAIL, "no such thing", False)
    assert (other.check, other.said) == ("b", "secret: Permission denied")


# -- the command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_each_check_and_its_exit_code_is_true(patient: Patient) -> None:
    tear(patient.home)
    done = CliRunner().invoke(cli, ["doctor", "--home", str(patient.home.folder), "--contact", "a@b.org"])
    assert done.exit_code == 0, done.output
    assert "warn  warc" in done.stdout
    assert done.stdout.splitlines()[-1].endswith(" fail")
    cut(patient.home)
    remove(patient.home)
    assert CliRunner().invoke(cli, ["doctor", "--home", str(patient.home.folder)]).exit_code == 9


def test_the_command_as_json(patient: Patient) -> None:
    done = CliRunner().invoke(cli, ["doctor", "--json", "--home", str(patient.home.folder)])
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"check", "state", "said", "advice"} == set(objects[0])
    assert {one["state"] for one in objects} <= {"ok", "warn", "fail"}
    assert [one["said"] for one in objects if one["check"] == "contact"] == ["no contact address is set"]


def test_a_home_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["doctor", "--home", str(tmp_path / "none"), "--online"])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "none").exists()
