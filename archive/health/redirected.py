"""Redirects that lead to no page of that kind: to the front page, to a page for errors, to a door."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from archive.models import Observation, State, Verdict
from archive.urls import NotAURL, canonicalize, is_home, looks_like_article, split_url, urlkey

STUB = 500  # characters: a page with more text is one, whatever it refreshes to

_ERROR_PATH = re.compile(
    r"/(e?404|410|error(s|-?page)?(/?-?404)?|(page-?)?not-?found|missing|gone|expired|unavailable|oops|sorry|fehler|erreur|niet-gevonden"
    r"|(pagina-)?no-encontrada|404-\w[\w-]*|\w+-404)(\.\w+)?/?$",
    re.IGNORECASE,
)
_ERROR_QUERY = re.compile(r"(^|&)(aspxerrorpath=|(error|status|code|msg)=(404|410|not_?found)\b)", re.IGNORECASE)
_DOOR_PATH = re.compile(
    r"/(log-?in|sign-?in|signon|sso|auth|authorize|consent|gdpr|captcha|subscribe|paywall|register)(\.\w+)?(/|$)", re.IGNORECASE
)
_DOOR_HOST = re.compile(r"^(consent|login|signin|accounts?|auth|sso|id|myaccount|guce)\.", re.IGNORECASE)


def redirected(observation: Observation) -> Verdict | None:
    """The asked address was deeper than where one ends.

    A page that holds hardly a word and sends its reader on (`<meta http-equiv=refresh>`) is one redirect more.
    """
    hops = [hop.url for hop in observation.hops]
    target = _refresh(observation)
    final = target or observation.final_url
    if not hops or is_home(observation.url) or urlkey(final) == urlkey(observation.url):
        return None
    evidence: dict[str, Any] = {"final_url": final, "hops": hops}
    if target:
        evidence["refresh"] = target
    if _is_door(final) and not _is_door(observation.url):
        return Verdict(State.BLOCKED, "redirect_to_door", evidence)
    if is_home(final):
        return Verdict(State.REDIRECT_HOME, "refresh_home" if target else "redirect_home", evidence)
    if _is_error(final) and not _is_error(observation.url):
        return Verdict(State.SOFT404, "refresh_to_error_page" if target else "redirect_to_error_page", evidence)
    if _is_above(final, observation.url):
        return Verdict(State.REDIRECT_HOME, "redirect_up", evidence)
    return None


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


def _is_error(url: str) -> bool:
    parts = split_url(url)
    return _ERROR_PATH.search(parts.path) is not None or _ERROR_QUERY.search(parts.query) is not None


def _is_door(url: str) -> bool:
    """A page that asks for a login, a subscription or consent before it shows another."""
    parts = split_url(url)
    return _DOOR_PATH.search(parts.path) is not None or _DOOR_HOST.match(parts.hostname or "") is not None


def _is_above(final: str, asked: str) -> bool:
    """A folder that the asked article was in: its section, its month."""
    there, here = split_url(final), split_url(asked)
    folder = there.path.rstrip("/") + "/"
    inside = here.path.lower().startswith(folder.lower()) and len(here.path) > len(folder)
    return inside and looks_like_article(asked) and not looks_like_article(final)
