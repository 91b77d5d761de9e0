"""The addresses that a target may stand for."""

from __future__ import annotations

import re

from archive.urls import NotAURL, canonicalize, cleaned

MAX_READINGS = 8
_ADDRESS = re.compile(r"\s*(?:[a-z]{1,6}[:;]+/|//|www\d?\.)", re.IGNORECASE)


def readings_of(target: str) -> tuple[str, ...]:
    """Best first, empty when it is no address on the web: relative, a mail address, a script.

    What is written comes first when it is an address: a link to a capture is meant, it is not a mangled link to the page.
    """
    if not _ADDRESS.match(target):
        return ()
    try:
        own = [canonicalize(target)]
    except NotAURL:
        own = []
    return tuple(dict.fromkeys([*own, *cleaned(target)]))[:MAX_READINGS]
