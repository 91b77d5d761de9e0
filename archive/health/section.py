"""Redirects to a folder that the asked article was in: its section, its month."""

from __future__ import annotations

from archive.health.landing import landing
from archive.models import Observation, Verdict
from archive.states import State
from archive.urls import looks_like_article, split_url


def section(observation: Observation) -> Verdict | None:
    """The final path is a strict ancestor of the asked one, and only the asked one looks like an article's."""
    there = landing(observation)
    if there is None or not _is_above(there.url, observation.url):
        return None
    return Verdict(State.REDIRECT_SECTION, "refresh_up" if there.refreshed else "redirect_up", there.evidence)


def _is_above(final: str, asked: str) -> bool:
    there, here = split_url(final), split_url(asked)
    folder = there.path.rstrip("/") + "/"
    inside = here.path.lower().startswith(folder.lower()) and len(here.path) > len(folder)
    return inside and looks_like_article(asked) and not looks_like_article(final)
