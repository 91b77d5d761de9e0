"""Redirects that mean "gone": to the front page, or to a page for errors."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.models import Observation, State, Verdict
from archive.urls import is_home

_ERROR_PATH = re.compile(
    r"/(404|410|error(-?404)?|not-?found|page-?not-?found|notfound|missing|gone|expired|unavailable)(\.\w+)?/?$",
    re.IGNORECASE,
)


def redirected(observation: Observation) -> Verdict | None:
    """The asked address was deeper than where one ends."""
    final = observation.final_url
    if final == observation.url or len(observation.hops) < 2 or is_home(observation.url):
        return None
    evidence = {"final_url": final, "hops": [hop.url for hop in observation.hops]}
    if is_home(final):
        return Verdict(State.REDIRECT_HOME, "redirect_home", evidence)
    if _ERROR_PATH.search(urlsplit(final).path) and not _ERROR_PATH.search(urlsplit(observation.url).path):
        return Verdict(State.SOFT404, "redirect_to_error_page", evidence)
    return None
