"""Domains that were given up, and pages of which only the beginning is to be read."""

from __future__ import annotations

import pytest

from archive.health import judge
from archive.health.parked import LONG
from archive.models import Hop, Kind, Observation, Page
from archive.states import State

STORY = "https://gazette.example/2021/03/12/storm-gates-close-for-first-time"


def seen(*hops: tuple[str, int] | Hop, page: Page | None = None) -> Observation:
    return Observation(STORY, tuple(hop if isinstance(hop, Hop) else Hop(*hop) for hop in hops), page=page)


def titled(title: str, length: int = 200, *, heading: str | None = None) -> Observation:
    return seen((STORY, 200), page=Page("not_article", head_title=title, heading=heading, text_length=length))


SOLD_AT = [
    "https://www.hugedomains.com/domain_profile.cfm?d=gazette.example",
    "https://dan.com/buy-domain/gazette.example",
    "https://sedo.com/search/details/?domain=gazette.example",
    "https://forsale.godaddy.com/forsale/gazette.example",
    "https://domain-for-sale.gazettes.example/",
    "https://gazette.example/lander",
]


@pytest.mark.parametrize("status", [200, 403, 404])
@pytest.mark.parametrize("final", SOLD_AT)
def test_sent_to_a_service_that_sells_domains(final: str, status: int) -> None:
    verdict = judge(seen((STORY, 302), (final, status)))
    assert verdict.state is State.PARKED
    assert verdict.rule in ("redirect_to_parking", "parking_path")
    assert verdict.evidence["final_url"] == final


def test_sent_there_by_the_page_itself() -> None:
    page = Page("not_article", refresh="https://www.hugedomains.com/x", text_length=10)
    assert judge(seen((STORY, 200), page=page)).rule == "redirect_to_parking"


def test_the_key_for_advertisement_blockers() -> None:
    verdict = judge(seen(Hop(STORY, 200, (("X-Adblock-Key", "MFwwDQYJKoZIhvcNAQ_sig"),))))
    assert (verdict.state, verdict.rule) == (State.PARKED, "parking_header")


SAYS_SO = [
    "gazette.example is for sale",
    "gazette.example - This website is for sale! - gazette Resources and Information.",
    "The domain name gazette.example is for sale",
    "This domain may be for sale",
    "Domain for sale: gazette.example",
    "Buy this domain",
    "Parked domain",
    "This domain has expired",
    "Diese Domain steht zum Verkauf",
    "Ce nom de domaine est à vendre",
    "Este dominio está en venta",
    "Deze domein is te koop",
    "Домен продаётся",
    "域名出售",
]


@pytest.mark.parametrize("title", SAYS_SO)
def test_pages_that_say_so(title: str) -> None:
    assert (judge(titled(title)).state, judge(titled(title)).rule) == (State.PARKED, "says_parked")
    assert judge(titled("", heading=title)).state is State.PARKED


def test_a_story_on_domains_is_a_story() -> None:
    assert judge(titled("This domain may be for sale", LONG)).state is State.ALIVE


ON_SALE = [
    "The old harbour is for sale",
    "House for sale in a quiet domain of the duke",
    "Your subscription has expired",
    "Cars parked on the pavement: council acts",
    "Eminent domain case reaches the court",
]


@pytest.mark.parametrize("title", ON_SALE)
def test_other_things_are_sold_and_parked(title: str) -> None:
    assert judge(titled(title)).state is State.ALIVE


def test_pages_of_those_services_themselves_live() -> None:
    url = "https://www.sedo.com/en/news/1"
    moved = "https://sedo.com/en/magazine/1-report"
    assert judge(Observation(url, (Hop(url, 301), Hop(moved, 200)))).state is State.MOVED


# -- paywalls ---------------------------------------------------------------------------------------------------------

STUB = Page("ok", head_title="Storm Gates Close", text_length=600, kind=Kind.PAYWALL)


def test_a_page_behind_a_paywall_is_there() -> None:
    verdict = judge(seen((STORY, 200), page=STUB))
    assert (verdict.state, verdict.rule) == (State.PAYWALLED, "paywall")
    assert verdict.state.living
    assert not verdict.state.dead


def test_moved_and_gone_weigh_more_than_a_paywall() -> None:
    assert judge(seen((STORY, 301), ("https://gazette.example/news/storm-gates-1", 200), page=STUB)).state is State.MOVED
    assert judge(seen((STORY, 301), ("https://gazette.example/", 200), page=STUB)).state is State.REDIRECT_HOME
    assert judge(seen((STORY, 404), page=STUB)).state is State.HARD_GONE


def test_every_state_is_living_or_dead_or_neither() -> None:
    neither = {state for state in State if not state.living and not state.dead}
    assert neither == {State.TLS_FAILURE, State.TEMPORARY, State.BLOCKED}
    assert not [state for state in State if state.living and state.dead]
