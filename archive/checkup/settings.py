"""`morgue.toml`."""

from __future__ import annotations

from collections.abc import Iterator

from archive.checkup.base import Patient, Result, fail, ok
from archive.config import config_of
from archive.errors import UsageError


def settings(patient: Patient) -> Iterator[Result]:
    """Whether it can be read, and which archives are asked."""
    try:
        config = config_of(patient.home)
    except UsageError as error:
        yield fail(str(error), f"correct {patient.home.config_file.name}, or move it away")
        return
    asked = ", ".join(archive.name for archive in config.web_archives())
    there = "" if patient.home.config_file.is_file() else " (no morgue.toml)"
    yield ok(f"archives that are asked: {asked}{there}")
