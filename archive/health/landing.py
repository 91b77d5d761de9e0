"""Where a redirected reader ends, by the server's redirects or by a page that only sends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from archive.models import Observation
from archive.urls import NotAURL, canonicalize, urlkey

STUB = 500  # characters: a page with more text is one, whatever it refreshes to


@dataclass(frozen=True, slots=True)
class Landing:
    """`url` is where one ends; `refreshed` when the last step is the page's own."""

    url: str
    refreshed: bool
    evidence: dict[str, Any]


def landing(observation: Observation) -> Landing | None:
    """None when one ends where one asked, as an index folds addresses (http to https and the like are no redirects).

    A page that holds hardly a word and sends its reader on (`<meta http-equiv=refresh>`) is one redirect more.
    """
    hops = [hop.url for hop in observation.hops]
    target = _refresh(observation)
    final = target or observation.final_url
    if not hops or final == observation.url or urlkey(final) == urlkey(observation.url):
        return None
    evidence: dict[str, Any] = {"final_url": final, "hops": hops}
    return Landing(final, target is not None, evidence | ({"refresh": target} if target else {}))


def _refresh(observation: Observation) -> str | None:
    """Where a stub sends its reader; None for a page with text, and for one that only reloads itself."""
    page = observation.page
    if page is None or not page.refresh or page.text_length >= STUB:
        return None
    try:
        target = canonicalize(urljoin(observation.final_url, page.refresh))
    except (NotAURL, ValueError):
        return None
    return target if urlkey(target) != urlkey(observation.final_url) else None
