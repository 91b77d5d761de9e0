"""The page is there, and only its beginning is to be read."""

from __future__ import annotations

from archive.models import Kind, Observation, Verdict
from archive.states import State


def paywalled(observation: Observation) -> Verdict | None:
    """Little text, and JSON-LD (`isAccessibleForFree: false`) or the page's words keep the rest for subscribers.

    `archive.extract.kinds` tells; a page that declares a paywall and sends the whole text all the same is alive.
    """
    page = observation.page
    if page is None or page.kind is not Kind.PAYWALL:
        return None
    return Verdict(State.PAYWALLED, "paywall", {"final_url": observation.final_url, "text_length": page.text_length})
