"""Redirects that lead to no page of that kind: to the front page, to a page for errors, to a door."""

from __future__ import annotations

import re

from archive.health.landing import landing
from archive.models import Observation, Verdict
from archive.states import State
from archive.urls import is_home, split_url

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
    """The asked address was deeper than where one ends."""
    there = landing(observation)
    if there is None or is_home(observation.url):
        return None
    if _is_door(there.url) and not _is_door(observation.url):
        return Verdict(State.BLOCKED, "redirect_to_door", there.evidence)
    if is_home(there.url):
        return Verdict(State.REDIRECT_HOME, "refresh_home" if there.refreshed else "redirect_home", there.evidence)
    if _is_error(there.url) and not _is_error(observation.url):
        rule = "refresh_to_error_page" if there.refreshed else "redirect_to_error_page"
        return Verdict(State.SOFT404, rule, there.evidence)
    return None


def _is_error(url: str) -> bool:
    parts = split_url(url)
    return _ERROR_PATH.search(parts.path) is not None or _ERROR_QUERY.search(parts.query) is not None


def _is_door(url: str) -> bool:
    """A page that asks for a login, a subscription or consent before it shows another."""
    parts = split_url(url)
    return _DOOR_PATH.search(parts.path) is not None or _DOOR_HOST.match(parts.hostname or "") is not None
