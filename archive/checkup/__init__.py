"""What may be wrong with an installation and a home, and what to do about it. Each check is one file and one line below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

from archive.checkup.base import Health, Patient, Result, examined
from archive.checkup.clock import clock
from archive.checkup.contact import contact
from archive.checkup.database import database
from archive.checkup.disk import disk
from archive.checkup.installation import installation
from archive.checkup.services import services
from archive.checkup.settings import settings
from archive.checkup.warcs import warcs

CHECKS: tuple[tuple[str, Callable[[Patient], Iterable[Result]]], ...] = (
    ("installation", installation),
    ("disk", disk),
    ("settings", settings),
    ("contact", contact),
    ("database", database),
    ("warc", warcs),
    ("clock", clock),
    ("archives", services),
)

__all__ = ["CHECKS", "Health", "Patient", "Result", "check_up"]


def check_up(patient: Patient, looking: Callable[[str], AbstractContextManager[object]] = nullcontext) -> Iterator[Result]:
    """All checks in order; one that cannot look says so and the others go on. Each is made in the context that `looking` gives
    for its name: the database of a million articles takes a minute."""
    for name, check in CHECKS:
        with looking(name):
            found = examined(name, check, patient)
        yield from found
