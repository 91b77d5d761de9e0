"""What checks are given, and what they give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from archive.errors import MorgueError
from archive.home import Home
from archive.schema import Reader, connect_readonly, explained, sqlite3


class Health(StrEnum):
    """How something is: `fail` keeps morgue from working, or means that something is lost."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Patient:
    """A home and what surrounds it."""

    home: Home
    now: datetime
    contact: str = ""

    @property
    def exists(self) -> bool:
        return self.home.database.is_file()

    def open(self) -> Reader:
        """The database, for reading. The caller closes it."""
        return connect_readonly(self.home.database)


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: `said` in one line, `advice` what to do. `damaged`: something that was kept is not whole."""

    health: Health
    said: str
    advice: str | None = None
    damaged: bool = False
    check: str = ""


def ok(said: str) -> Result:
    """All is well."""
    return Result(Health.OK, said)


def warn(said: str, advice: str) -> Result:
    """It works, and should not stay so."""
    return Result(Health.WARN, said, advice)


def fail(said: str, advice: str, *, damaged: bool = False) -> Result:
    """It does not work, or something is lost."""
    return Result(Health.FAIL, said, advice, damaged)


def examined(name: str, check: Callable[[Patient], Iterable[Result]], patient: Patient) -> list[Result]:
    """What a check found, under its name; what keeps it from looking is a finding, too."""
    found: list[Result] = []
    try:
        found.extend(check(patient))
    except MorgueError as error:
        found.append(_told(error))
    except sqlite3.DatabaseError as error:
        told = explained(error, patient.home.database)
        found.append(_told(told) if told else fail(f"the database answers {error}", "report this, please"))
    except OSError as error:
        found.append(fail(f"{error.filename or patient.home.folder}: {error.strerror}", "check its permissions"))
    return [replace(result, check=name) for result in found]


def _told(error: MorgueError) -> Result:
    said, _, advice = str(error).partition(": ") if error.exit_code == 9 else (str(error), "", "")
    return fail(said, advice or "see above", damaged=error.exit_code == 9)
