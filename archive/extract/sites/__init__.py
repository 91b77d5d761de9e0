"""Rules of single sites, for what no general rule gets right: one small file and one line here each.

A layout has an end: `since` and `until` are the first and the last day on which pages looked so, chosen by the day of the
capture, so that an old memento is read by the rules of its time.
"""

from __future__ import annotations

from datetime import date

from archive.extract.sites.base import Site
from archive.extract.sites.dagbladet import DAGBLADET
from archive.extract.sites.taipeitimes import TAIPEI_TIMES
from archive.urls import host

__all__ = ["SITES", "Site", "site_for"]

SITES: tuple[Site, ...] = (
    DAGBLADET,  # its JSON-LD names the first author only
    TAIPEI_TIMES,  # captions are headings; the agency stands in a list
)


def site_for(url: str, captured: date) -> Site | None:
    """The rules for a page of that address as it looked on that day; None for nearly every page."""
    name = host(url)
    return next((site for site in SITES if site.rules(name, captured)), None)
