"""The domain was given up: it is for sale, or shows advertisements under any address."""

from __future__ import annotations

import re

from archive.health.landing import landing
from archive.models import Observation, Page, Verdict
from archive.states import State
from archive.urls import host, same_site, site, split_url

# Registrable domains of services that park and sell domains; a reader who is sent there has left the publisher.
SELLERS = frozenset(
    {
        "above.com",
        "afternic.com",
        "bodis.com",
        "buydomains.com",
        "dan.com",
        "domainmarket.com",
        "hugedomains.com",
        "namebright.com",
        "parkingcrew.net",
        "parklogic.com",
        "sedo.com",
        "sedoparking.com",
        "skenzo.com",
        "undeveloped.com",
        "uniregistry.com",
    }
)
_SALES_DESK = re.compile(r"^(forsale|domains?-?for-?sale|parking)\.", re.IGNORECASE)
_LANDER = re.compile(r"/(lander|sedoparking|parking-lander)/?$", re.IGNORECASE)
# The key by which advertisement blockers let a parking page's advertisements pass; sent by Sedo, ParkingCrew, Bodis and Above.
_HEADER = "x-adblock-key"
LONG = 1_000  # characters: a page with that much text is somebody's, and may be about domains
_SAYS_PARKED = re.compile(
    r"\b(this\s+|the\s+)?(web\s?site|domain(\s+name)?|[\w-]+(\.[\w-]+)+)\W{0,3}\s*((is|may\s+be|might\s+be)\s+(available\s+)?for\s+sale|has\s+expired|is\s+parked)\b"
    r"|\bdomain\s+(name\s+)?for\s+sale\b|\bbuy\s+this\s+domain\b|^\W*parked\s+(domain|page)\b|\bdomain\s+(is\s+)?parked\b"
    r"|\bdomain\s+(steht|ist)\s+(zum\s+verkauf|geparkt)|\bdomain\s+zu\s+verkaufen|\bdomaine\s+(est\s+)?à\s+vendre"
    r"|\bdominio\s+(está\s+)?(en|à)\s+venta\b|\bdominio\s+in\s+vendita\b|\bdomein\s+(is\s+)?te\s+koop\b"
    r"|домен\s+(продаётся|продается|припаркован)|域名(出售|转让)",
    re.IGNORECASE,
)


def parked(observation: Observation) -> Verdict | None:
    """Sent to a service that sells domains, or the page bears its marks."""
    if not observation.hops:
        return None
    last, there = observation.hops[-1], landing(observation)
    final = there.url if there else observation.final_url
    evidence = {"status": last.status, "final_url": final}
    if there and _is_seller(final) and not same_site(final, observation.url):
        return Verdict(State.PARKED, "redirect_to_parking", evidence)
    if there and _LANDER.search(split_url(final).path):
        return Verdict(State.PARKED, "parking_path", evidence)
    if last.header(_HEADER):
        return Verdict(State.PARKED, "parking_header", evidence | {"header": _HEADER})
    said = _said(observation.page)
    return Verdict(State.PARKED, "says_parked", evidence | {"title": said[:200]}) if said else None


def _is_seller(url: str) -> bool:
    return site(url) in SELLERS or _SALES_DESK.match(host(url)) is not None


def _said(page: Page | None) -> str | None:
    """The title or heading in which a page without much text says it."""
    if page is None or page.text_length >= LONG:
        return None
    return next((text for text in (page.head_title, page.heading) if text and _SAYS_PARKED.search(text[:300])), None)
