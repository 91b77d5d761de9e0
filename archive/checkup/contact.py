"""The address that sites find in the user agent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.checkup.base import Patient, Result, ok, warn

_REACHABLE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+|mailto:\S+@\S+")
_MADE_UP = re.compile(r"@(\w+\.)*example\.(com|org|net)$|\.(example|invalid|test)$", re.IGNORECASE)


def contact(patient: Patient) -> Iterator[Result]:
    """Whether one is set that somebody can write to."""
    address = patient.contact.strip()
    advice = "set MORGUE_CONTACT to your address: sites that know whom to write to block less"
    if not address:
        yield warn("no contact address is set", advice)
    elif not _REACHABLE.fullmatch(address):
        yield warn(f"{address!r} is neither a mail address nor a web page", advice)
    elif _MADE_UP.search(address):
        yield warn(f"{address} is nobody's address", advice)
    else:
        yield ok(f"contact address: {address}")
