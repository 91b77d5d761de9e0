"""What earlier looks say of this one, and when to look again. Pure.

Dead needs proof. A 410 and a host that is gone are proof at once. Any other death is one look's word: the ladder starts at
once, and the check says `confirmed: false` until a look at least a day later agrees. A failure is no death, but the third
one in a row is, each three days after the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from archive.models import Look, Verdict
from archive.states import State
from archive.timestamps import iso
from archive.urls import slug, slug_words, url_ids

CYCLE = timedelta(days=30)
"""An address is looked at again after that, whatever it was."""

SECOND_LOOK = timedelta(days=1)
"""A death that one look saw is confirmed by another one, not sooner than that after it."""

APART = timedelta(days=3)
"""Between two failures that both count (InternetArchiveBot's 259,200 s, commit 8d0d979 of 2026-07-23)."""

STRIKES = 3
SHARED = 2  # other addresses of a host that end where this one does

FOR_LONG = "temporary_for_long"
_PROOF = frozenset({"status_410", "host_gone", FOR_LONG})
# Failures of the page's host. Not of ours: a 429, a name server without an answer, a page that is too large for us.
_FAILURES = frozenset({"timeout", "refused", "reset", "no_answer", "status_400", "status_408", FOR_LONG})


def look_again(state: State, *, confirmed: bool) -> timedelta:
    """How long after its last look an address is due for another one."""
    if state.dead:
        return CYCLE if confirmed else SECOND_LOOK
    return APART if state in (State.TEMPORARY, State.TLS_FAILURE) else CYCLE


def weighed(verdict: Verdict, looks: Sequence[Look], now: datetime) -> Verdict:
    """A verdict in the light of the looks before it, newest first."""
    if verdict.state is State.TEMPORARY and _is_failure(verdict.rule):
        strikes = _strikes(looks, now)
        if len(strikes) >= STRIKES:
            evidence = verdict.evidence | {"last": verdict.rule, "strikes": [iso(moment) for moment in strikes]}
            verdict = Verdict(State.HARD_GONE, FOR_LONG, evidence)
    if not verdict.state.dead:
        return verdict
    since = _dead_since(looks)
    confirmed = verdict.rule in _PROOF or (since is not None and now - since >= SECOND_LOOK)
    return replace(verdict, evidence=verdict.evidence | {"confirmed": confirmed, "since": iso(since or now)})


def _is_failure(rule: str) -> bool:
    return rule in _FAILURES or rule.startswith("status_5")


def _strikes(looks: Iterable[Look], now: datetime) -> list[datetime]:
    """The failures in a row that end now, those that are APART; oldest first."""
    strikes = [now]
    for look in looks:
        if not _is_failure(look.rule):
            if look.state is State.TEMPORARY:
                continue  # says nothing, neither way
            break
        if strikes[-1] - look.checked >= APART:
            strikes.append(look.checked)
    return strikes[::-1]


def _dead_since(looks: Iterable[Look]) -> datetime | None:
    """The first of the looks in a row that saw a death; what could not be told does not end the row, a living page does."""
    since = None
    for look in looks:
        if look.state.living:
            break
        if look.state.dead:
            since = look.checked
    return since


def leads_elsewhere(url: str, final: str) -> bool:
    """True when the two addresses have no word and no number in common."""
    return not (set(slug_words(url)) & set(slug_words(final)) or url_ids(url) & url_ids(final))


def shared_landing(verdict: Verdict, url: str, others: Iterable[str]) -> Verdict:
    """Moved, together with different stories, to one address that has nothing of theirs: a page of many.

    `others` are addresses of the host that ended where this one does. Spellings of one story count once.
    """
    stories = {_story(other): other for other in others if _story(other) != _story(url)}
    if len(stories) < SHARED:
        return verdict
    shared = sorted(stories.values())[:SHARED]
    return Verdict(State.REDIRECT_SECTION, "shared_landing", verdict.evidence | {"shared": shared})


def _story(url: str) -> str:
    """What tells a story's address from another's: its words, else its numbers, else itself."""
    return slug(url) or " ".join(sorted(url_ids(url))) or url
