"""robots.txt, end to end: what a site keeps to itself is never asked for; a site that cannot say is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.robots import LEAST_DELAY, MAX_DELAY, RobotsMiddleware
from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, page, publish, url
from tests.internet import Corpus, Internet

KEEP_OUT = "User-agent: *\nDisallow: /2026/\n"
FAULTS = {  # host -> what its robots.txt meets
    "broken.example": "503",
    "busy.example": "429",
    "busy-says-when.example": "429=3600",
    "reset.example": "reset",
    "silent.example": "hang",
    "short.example": "truncated",
    "missing.example": "404",
    "unauthorized.example": "401",
    "forbidden.example": "403",
}
CANNOT_SAY = [host for host, fault in FAULTS.items() if not fault.startswith("40")]
NO_RULES = [host for host, fault in FAULTS.items() if fault.startswith("40")]
TEXT = "text/plain; charset=utf-8"


def build(corpus: Corpus) -> list[str]:
    addresses = publish(corpus, "private.example", *range(1, 7), robots=KEEP_OUT)
    corpus.live("https://private.example/open/story-of-a-long-day-100001", page("private.example", 8))
    addresses.append("https://private.example/open/story-of-a-long-day-100001")
    for host in FAULTS:
        addresses += publish(corpus, host, robots="User-agent: *\nDisallow: /private/\n" * 20)
    addresses += publish(corpus, "elsewhere.example")
    corpus.live("https://elsewhere.example/robots.txt", status=301, location="https://rules.example/robots.txt")
    corpus.live("https://rules.example/robots.txt", KEEP_OUT, type=TEXT)
    addresses += publish(corpus, "packed.example")
    corpus.live("https://packed.example/robots.txt", KEEP_OUT, type=TEXT)  # our internet sends pages with gzip
    addresses += publish(corpus, "for-us.example", robots="User-agent: *\nAllow: /\n\nUser-agent: morgue\nDisallow: /2026/\n")
    addresses += publish(corpus, "page-for-rules.example")
    corpus.live("https://page-for-rules.example/robots.txt", page("page-for-rules.example"))
    addresses.append("http://plain.example/2026/03/02/another-origin-of-its-own-100002")
    corpus.live(addresses[-1], page("plain.example", 9))
    corpus.host("plain.example", robots=KEEP_OUT)
    publish(corpus, "dead.example", 2)
    addresses.append(url("dead.example", 1))
    corpus.capture(url("dead.example", 1), "20260315120000", page("dead.example", 1))
    corpus.live("https://web.archive.org/robots.txt", "User-agent: *\nDisallow: /\n", type=TEXT)
    return addresses


@dataclass(frozen=True, slots=True)
class Crawl:
    ended: Ended
    told: dict[str, dict[str, Any]]
    net: Internet
    disobedient: Ended
    asked_later: list[str]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("robots")
    corpus = Corpus()
    addresses = build(corpus)
    faults = [f"robots,host={host}:{fault}" for host, fault in FAULTS.items()]
    with Internet([corpus.write(folder / "corpus")], faults=faults) as net:
        morgue = Morgue(folder / "home", net)
        options = ("--json", "--related", 0, "--contact", "desk@paper.example", "-s", "DOWNLOAD_TIMEOUT=2")
        ended = morgue.crawl(*addresses, *options)
        before = len(net.log)
        private = [url("private.example", number) for number in range(1, 7)]
        disobedient = Morgue(folder / "other", net).crawl(*private, *options, "-s", "ROBOTSTXT_OBEY=0")
        told = {told["url"]: told for told in ended.objects}
        later = [record.url for record in net.log[before:]]
        del net.log[before:]
        yield Crawl(ended, told, net, disobedient, later)


def test_the_run_says_that_something_is_open(crawl: Crawl) -> None:
    assert crawl.ended.code == 3
    assert "Traceback" not in crawl.ended.err
    assert crawl.net.leaks == []


def test_what_is_disallowed_is_never_asked_for(crawl: Crawl) -> None:
    """Six at once on one host: Scrapy's own middleware lets the third and later ones pass (2.14 to 2.19)."""
    assert asked(crawl.net, "//private.example/2026", "live") == []
    told = [crawl.told[url("private.example", number)] for number in range(1, 7)]
    assert {(one["verdict"], one["rule"]) for one in told} == {("blocked", "robots_txt")}


def test_what_is_allowed_beside_it_is_fetched(crawl: Crawl) -> None:
    assert crawl.told["https://private.example/open/story-of-a-long-day-100001"]["verdict"] == "alive"


@pytest.mark.parametrize("host", CANNOT_SAY)
def test_a_site_that_cannot_say_is_left_alone_for_now(crawl: Crawl, host: str) -> None:
    assert asked(crawl.net, f"//{host}/2026", "live") == []
    assert crawl.told[url(host)]["verdict"] == "unknown"
    assert asked(crawl.net, f"/https://{host}/") == [], "nor is an archive asked: nothing is known to be dead"


@pytest.mark.parametrize("host", NO_RULES)
def test_a_site_without_rules_allows_all(crawl: Crawl, host: str) -> None:
    assert crawl.told[url(host)]["verdict"] == "alive"


@pytest.mark.parametrize("host", ["elsewhere.example", "packed.example", "for-us.example"])
def test_rules_are_found_wherever_they_are(crawl: Crawl, host: str) -> None:
    """Behind a redirect, in gzip, under our own name."""
    assert asked(crawl.net, f"//{host}/2026", "live") == []
    assert crawl.told[url(host)]["rule"] == "robots_txt"


def test_a_page_instead_of_rules_forbids_nothing(crawl: Crawl) -> None:
    assert crawl.told[url("page-for-rules.example")]["verdict"] == "alive"


def test_each_origin_is_asked_once(crawl: Crawl) -> None:
    assert asked(crawl.net, "//private.example/robots.txt") == ["https://private.example/robots.txt"]
    assert asked(crawl.net, "//plain.example/robots.txt") == ["http://plain.example/robots.txt"]


@pytest.mark.parametrize(
    ("rules", "own", "kept"),
    [
        ("User-agent: *\nCrawl-delay: 7\n", 1.0, 7.0),
        ("User-agent: morgue\nCrawl-delay: 2.5\n\nUser-agent: *\nCrawl-delay: 9\n", 1.0, 2.5),
        ("User-agent: *\nCrawl-delay: 1\n", 3.0, 3.0),  # ours is longer
        ("User-agent: *\nCrawl-delay: 86400\n", 1.0, MAX_DELAY),
        ("User-agent: *\nCrawl-delay: soon\n", 1.0, 1.0),
        ("User-agent: *\nDisallow:\n", 0.0, LEAST_DELAY),
    ],
)
def test_crawl_delay_is_kept_before_the_first_page_is_sent(rules: str, own: float, kept: float) -> None:
    slot = SimpleNamespace(delay=own)

    async def download(request: Request) -> Response:
        return Response(request.url, body=rules.encode(), request=request)

    downloader = SimpleNamespace(_get_slot=lambda request: ("host", slot))
    crawler: Any = SimpleNamespace(engine=SimpleNamespace(download_async=download, downloader=downloader))
    asyncio.run(RobotsMiddleware(crawler, "morgue").process_request(Request("https://slowly.example/2026/a")))
    assert slot.delay == kept


def test_the_user_agent_names_a_contact(crawl: Crawl) -> None:
    agents = {record.headers["user-agent"] for record in crawl.net.log if "user-agent" in record.headers}
    (agent,) = agents
    assert agent.startswith("morgue/")
    assert "desk@paper.example" in agent


def test_an_archives_api_is_not_a_page(crawl: Crawl) -> None:
    assert asked(crawl.net, "web.archive.org/robots.txt") == []
    assert crawl.told[url("dead.example")]["verdict"] == "archived"


def test_who_runs_it_can_decide_otherwise(crawl: Crawl) -> None:
    assert crawl.disobedient.code == 0, crawl.disobedient.err
    assert {told["verdict"] for told in crawl.disobedient.objects} == {"alive"}
    assert not [address for address in crawl.asked_later if address.endswith("/robots.txt")]
