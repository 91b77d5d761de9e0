"""The site refuses us, not its readers: 403 is not death (facts/peers, item 7)."""

from __future__ import annotations

import re

from archive.models import Hop, Observation, Verdict
from archive.states import State

# 999 is LinkedIn's; 407 a proxy's; 451 is RFC 7725, and says that the page is there.
REFUSALS = frozenset({401, 402, 403, 406, 407, 409, 451, 999})
# Headers that only an answer instead of the page bears.
_CHALLENGES = {
    "cf-mitigated": re.compile("challenge", re.IGNORECASE),
    "x-amzn-waf-action": re.compile("challenge|captcha", re.IGNORECASE),
}
# Headers of the wall's makers, on real pages and honest 404s as well: they tell only who refused.
_WALLS = {"x-datadome": re.compile("."), "server": re.compile("datadome|ddos-guard|akamaighost", re.IGNORECASE)}
_HONEST = frozenset({404, 410, 500, 502, 504})
CHALLENGE_LENGTH = 600  # characters: a challenge has few words, an article under such a headline more
_TITLES = re.compile(
    r"^\W*(just a moment|attention required|access (to this page )?(has been )?denied|are you (a )?(human|robot)|please verify( you are (a )?human)?"
    r"|(one more step|please wait|please stand by)|security (check|verification)( required)?|robot check|verify(ing)? (that )?you are (a )?human"
    r"|checking your browser( before accessing.*)?|pardon our interruption|request (unsuccessful|blocked|rejected)|(bot|human) verification"
    r"|you have been blocked|sorry, you have been blocked|blocked|403 forbidden|forbidden|captcha|ddos-guard|client challenge"
    r"|(nur )?einen? moment( bitte)?|sicherheitsüberprüfung|un instant|un momento|um momento|ci siamo quasi|een moment( geduld)?|jeszcze chwila"
    r"|один момент|подождите|проверка браузера|bir dakika( lütfen)?|请稍候|請稍候|しばらくお待ちください|잠시만 기다리십시오|tunggu sebentar)(\W*$|\W+\s*[|–—-]|\s*[|!?…])",
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
    page = observation.page
    title = (page.head_title or page.heading) if page else None
    if title and page and page.text_length < CHALLENGE_LENGTH and last.status not in _HONEST and _TITLES.match(title):
        return Verdict(State.BLOCKED, "challenge_page", evidence | {"title": title[:200]})
    return None


def _wall(hop: Hop) -> str | None:
    """The header that gives a bot wall away."""
    refused = hop.status >= 400 and hop.status not in _HONEST
    for name, pattern in (_CHALLENGES | _WALLS if refused else _CHALLENGES).items():
        value = hop.header(name)
        if value and pattern.search(value):
            return f"{name}: {value}"[:200]
    return None
