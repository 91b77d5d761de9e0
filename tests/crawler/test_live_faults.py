"""What servers do to us, all in one crawl: nothing alive is called dead, nothing unknown is called gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, outlet, page, publish, story, url
from tests.internet import Corpus, Internet
from tests.internet.build import not_found_page

# host -> the fault that all its pages meet
FAULTS = {
    "too-many.example": "429",
    "too-many-says-when.example": "429=7200",
    "unavailable.example": "503",
    "unavailable-says-when.example": "503=7200",
    "bad-gateway.example": "502",
    "once.example": "503*1",
    "reset.example": "reset",
    "closed.example": "closed",
    "silent.example": "hang",
    "slow.example": "slow=50",
    "short.example": "truncated",
    "refused.example": "refused",
    "forbidden.example": "403",
}
CAPTURED = "20260315120000"


@dataclass(frozen=True, slots=True)
class Crawl:
    ended: Ended
    told: dict[str, dict[str, Any]]
    morgue: Morgue
    net: Internet


def build(corpus: Corpus) -> list[str]:
    """Returns the addresses to crawl."""
    addresses = [address for host in FAULTS for address in publish(corpus, host, *many(host))]
    addresses += publish(corpus, "fine.example")
    for number in range(12):  # a chain that ends nowhere near
        corpus.live(f"https://chain.example/{number}", status=302, location=f"/{number + 1}")
    corpus.live("https://round.example/a", status=302, location="/b")
    corpus.live("https://round.example/b", status=301, location="/a")
    publish(corpus, "moved.example", 2)
    corpus.live("https://moved.example/old", status=301, location=url("moved.example", 2))
    corpus.live("https://utf8.example/old", status=302, location="/m\xc3\xbcll")  # raw UTF-8, as read from a wire
    corpus.live("https://utf8.example/m%C3%BCll", page("utf8.example", 3))
    publish(corpus, "homeward.example", 9)
    corpus.live(url("homeward.example", 1), status=302, location="/")
    corpus.capture(url("homeward.example", 1), CAPTURED, page("homeward.example", 1))
    publish(corpus, "polite-lies.example", 9)
    corpus.live(url("polite-lies.example", 1), not_found_page(outlet("polite-lies.example")), status=200)
    corpus.unresolved(url("gone.example"))
    corpus.unresolved(url("remembered.example"))
    corpus.capture(url("remembered.example"), CAPTURED, page("remembered.example"))
    others = ["https://chain.example/0", "https://round.example/a", "https://moved.example/old", "https://utf8.example/old"]
    return addresses + others + [url(f"{name}.example") for name in ("homeward", "polite-lies", "gone", "remembered")]


def many(host: str) -> tuple[int, ...]:
    """Hosts that ask to be left alone have more stories than are asked for at once."""
    return (1, 2, 3, 4, 5) if host.startswith("too-many") else (1,)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("faults")
    corpus = Corpus()
    addresses = build(corpus)
    faults = [f"host={host}:{fault}" if fault == "refused" else f"live,host={host}:{fault}" for host, fault in FAULTS.items()]
    with Internet([corpus.write(folder / "corpus")], faults=faults) as net:
        morgue = Morgue(folder / "home", net)
        ended = morgue.crawl(*addresses, "--json", "--related", 0, "-s", "DOWNLOAD_TIMEOUT=2")
        yield Crawl(ended, {told["url"]: told for told in ended.objects}, morgue, net)


def of(crawl: Crawl, host: str, number: int = 1) -> dict[str, Any]:
    return crawl.told[url(f"{host}.example", number)]


def test_the_run_ends_with_failures_and_without_a_traceback(crawl: Crawl) -> None:
    assert crawl.ended.code == 3
    assert "Traceback" not in crawl.ended.err
    assert crawl.net.leaks == []


UNKNOWN = [
    ("too-many", "status_429"),
    ("too-many-says-when", "status_429"),
    ("unavailable", "status_503"),
    ("unavailable-says-when", "status_503"),
    ("bad-gateway", "status_502"),
    ("reset", "reset"),
    ("closed", "reset"),
    ("silent", "timeout"),
    ("slow", "timeout"),
    ("short", "reset"),
    ("refused", "refused"),
]


@pytest.mark.parametrize(("host", "rule"), UNKNOWN)
def test_trouble_is_unknown_and_due_again(crawl: Crawl, host: str, rule: str) -> None:
    told = of(crawl, host)
    assert (told["verdict"], told["rule"]) == ("unknown", rule)
    (row,) = crawl.morgue.rows("SELECT f.state, f.due > u.first_seen AS later FROM frontier f JOIN urls u ON u.id = f.url_id "
                               "WHERE u.url = ?", told["url"])  # fmt: skip
    assert row == {"state": "queued", "later": 1}


@pytest.mark.parametrize("host", [host for host, _ in UNKNOWN])
def test_no_archive_is_asked_about_trouble(crawl: Crawl, host: str) -> None:
    assert asked(crawl.net, f"/https://{host}.example/") == []


@pytest.mark.parametrize(("host", "seconds"), [("too-many", 60), ("too-many-says-when", 7200), ("unavailable-says-when", 7200)])
def test_a_host_that_asks_for_calm_is_left_alone(crawl: Crawl, host: str, seconds: int) -> None:
    assert len(asked(crawl.net, f"https://{host}.example/2026", "live")) <= 2, "no more than were on their way"
    until = crawl.morgue.value("SELECT blocked_until FROM budgets WHERE service = ?", f"host:{host}.example")
    asked_at = max(record.time for record in crawl.net.requests("live") if f"//{host}." in record.url)
    assert seconds - 2 <= until - asked_at <= seconds + 10


def test_a_short_trouble_is_over_in_the_same_run(crawl: Crawl) -> None:
    assert of(crawl, "once")["verdict"] == "alive"
    assert len(asked(crawl.net, "https://once.example/2026")) == 2


def test_a_refusal_is_blocked_and_not_dead(crawl: Crawl) -> None:
    told = of(crawl, "forbidden")
    assert (told["verdict"], told["rule"], told["article"]) == ("blocked", "status_403", None)


@pytest.mark.parametrize("address", ["https://chain.example/0", "https://round.example/a"])
def test_redirects_without_an_end_are_unknown(crawl: Crawl, address: str) -> None:
    told = crawl.told[address]
    assert (told["verdict"], told["rule"]) == ("unknown", "redirect_loop")


@pytest.mark.parametrize("address", ["https://moved.example/old", "https://utf8.example/old"])
def test_a_redirect_to_the_story_is_alive(crawl: Crawl, address: str) -> None:
    told = crawl.told[address]
    assert told["verdict"] == "alive"
    assert told["article"] is not None


def test_a_redirect_to_the_front_page_is_dead(crawl: Crawl) -> None:
    told = of(crawl, "homeward")
    assert (told["verdict"], told["rule"]) == ("archived", "redirect_home")
    assert crawl.morgue.value("SELECT title FROM articles WHERE id = ?", told["article"]) == story(1).title


def test_a_soft_404_is_dead(crawl: Crawl) -> None:
    told = of(crawl, "polite-lies")
    assert (told["verdict"], told["rule"]) == ("none", "heading_says_gone")


def test_a_host_without_address_is_dead(crawl: Crawl) -> None:
    assert (of(crawl, "gone")["verdict"], of(crawl, "gone")["rule"]) == ("none", "host_gone")
    assert of(crawl, "remembered")["verdict"] == "archived"


def test_one_bad_host_costs_the_others_nothing(crawl: Crawl) -> None:
    assert of(crawl, "fine")["verdict"] == "alive"


def test_half_a_page_is_kept_and_marked(crawl: Crawl) -> None:
    """The capture is evidence; the article waits for the whole page."""
    held = crawl.morgue.rows("SELECT c.warc_offset FROM captures c JOIN urls u ON u.id = c.url_id WHERE u.host = 'short.example'")
    assert held
    assert of(crawl, "short")["article"] is None
