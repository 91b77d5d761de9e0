"""The database of every released schema opens, migrates and is then as a new one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.schema import connect
from tests.archive.made import article, keep, open_store
from tests.archive.schema_dump import FOLDER, UNRELEASED, dump, today

ALL = sorted(FOLDER.glob("*.sql"))


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
def test_a_database_of_each_schema_becomes_one_of_today(tmp_path: Path, file: Path) -> None:
    old = sqlite3.connect(tmp_path / "morgue.db")
    old.executescript(file.read_text(encoding="utf-8"))
    old.close()
    db = connect(tmp_path / "morgue.db")
    assert sorted(dump(db).split(";\n")) == sorted(today().split(";\n"))
    db.close()
    store = open_store(tmp_path)
    assert keep(store, "https://news.example/a", article()) == 1
    store.close()


def test_the_schema_of_today_is_kept() -> None:
    """After a release there is no unreleased.sql until a migration is added; then it holds what that makes."""
    kept = UNRELEASED if UNRELEASED.exists() else ALL[-1]
    assert kept.read_text(encoding="utf-8") == today(), (
        "the schema changed: as long as nothing is released run `make docs`, afterwards add a migration"
    )
