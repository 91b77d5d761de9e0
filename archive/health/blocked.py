"""The site refuses us, not its readers: 403 is not death (facts/peers, item 7)."""

from __future__ import annotations

import re

from archive.models import Hop, Observation, State, Verdict

# 999 is LinkedIn's; 407 a proxy's; 451 is RFC 7725, and says that the page is there.
REFUSALS = frozenset({401, 402, 403, 406, 407, 409, 451, 999})
_WALLS = {
    "cf-mitigated": re.compile("challenge", re.IGNORECASE),
    "x-datadome": re.compile("."),
    "server": re.compile("datadome|ddos-guard|akamaighost", re.IGNORECASE),
    "x-amzn-waf-action": re.compile("."),
}
_TITLES = re.compile(
    r"^(just a moment|attention required|access denied|are you (a )?(human|robot)|please verify|security check|robot check"
    r"|verify you are human|checking your browser|pardon our interruption|request unsuccessful|bot verification|human verification"
    r"|blocked|un momento|einen moment|nur einen moment|un instant|ddos-guard)\b",
    re.IGNORECASE,
)


def blocked(observation: Observation) -> Verdict | None:
    """A refusing status, the mark of a bot wall, or a challenge instead of the page."""
    if not observation.hops:
        return None
    last = observation.hops[-1]
    evidence: dict[str, object] = {"status": last.status, "final_url": last.url}
    if wall := _wall(last):
        return Verdict(State.BLOCKED, "bot_wall", evidence | {"header": wall})
    if last.status in REFUSALS:
        return Verdict(State.BLOCKED, f"status_{last.status}", evidence)
    title = observation.page.head_title if observation.page else None
    if title and _TITLES.match(title) and observation.page and observation.page.text_length < 2000:
        return Verdict(State.BLOCKED, "challenge_page", evidence | {"title": title})
    return None


def _wall(hop: Hop) -> str | None:
    """The header that gives a bot wall away. A server's name alone does not: those hosts serve real pages, too."""
    for name, pattern in _WALLS.items():
        value = hop.header(name)
        if (
            value
            and pattern.search(value)
            and (name != "server" or hop.status >= 400)
            and (hop.status >= 400 or name != "x-datadome")
        ):
            return f"{name}: {value}"[:200]
    return None
