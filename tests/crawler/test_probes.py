"""A host that shows one friendly page for any address, in no language that we know: told by a made-up address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crawler.conftest import QUICK, Ended, Morgue
from tests.crawler.small_web import asked, outlet, page, publish, url
from tests.internet import Corpus, Internet
from tests.internet.build import plain_page

HOST, HONEST = "friendly.example", "honest.example"
# No language has these words: nothing in them says that a page is not there.
FRIENDLY = [
    " ".join(f"velu{line}na mori sato ke{word}ta pilu doran asti, mena{word * line} tolu ver sina." for word in range(1, 9))
    for line in range(1, 6)
]


def friendly(corpus: Corpus, host: str = HOST, *numbers: int) -> None:
    """Some living stories on a host whose every other address answers 200 with the same friendly page."""
    publish(corpus, host, *numbers)
    corpus.host(host, missing=plain_page(outlet(host), "Velona mori sato", *FRIENDLY), status=200)


@dataclass(frozen=True, slots=True)
class Web:
    morgue: Morgue
    net: Internet

    def check(self, *arguments: object) -> Ended:
        return self.morgue.run("check", *QUICK, *arguments, "--json")


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    corpus = Corpus()
    friendly(corpus, HOST, 1)
    corpus.capture(url(HOST, 5), "20260315120000", page(HOST, 5))
    publish(corpus, HONEST, 1)
    corpus.live(url(HONEST, 2), plain_page(outlet(HONEST), "A gallery of boats", *FRIENDLY))
    special = "https://lumping.example/summer-special-offers-of-all-our-friends"
    publish(corpus, "lumping.example", 1)
    corpus.live(special, page("lumping.example", 9))
    for number in (2, 3, 4):
        corpus.live(url("lumping.example", number), status=302, location=special)
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        yield Web(Morgue(tmp_path / "home", net), net)


def made_up(net: Internet, host: str) -> list[str]:
    """Addresses of a host that nobody wrote."""
    return [one for one in asked(net, f"{host}/2026") if "speaks-up-in-street" not in one]


def test_a_page_that_any_address_shows_is_not_there(web: Web) -> None:
    done = web.check(url(HOST, 1), url(HOST, 2), url(HOST, 3), url(HOST, 4))
    told = {one["url"]: (one["state"], one["rule"]) for one in done.objects}
    assert told.pop(url(HOST, 1)) == ("alive", "answered")
    assert set(told.values()) == {("soft404", "same_as_missing")}
    assert done.code == 3
    [probe] = made_up(web.net, HOST)
    evidence = next(one["evidence"] for one in done.objects if one["url"] == url(HOST, 2))
    assert evidence["sibling"] == probe
    assert evidence["similarity"] >= 0.9
    assert evidence["confirmed"] is False
    kept = web.morgue.rows("SELECT host, statuscode, url FROM probes")
    assert kept == [{"host": HOST, "statuscode": 200, "url": probe}]
    assert web.morgue.value("SELECT count(*) FROM captures WHERE original = ?", probe) == 0


def test_a_host_is_asked_once_a_week(web: Web) -> None:
    web.check(url(HOST, 2))
    web.check(url(HOST, 3))
    assert len(made_up(web.net, HOST)) == 1
    web.morgue.change("UPDATE probes SET asked = '2026-01-01T00:00:00Z'")
    assert web.check(url(HOST, 4)).object["rule"] == "same_as_missing"
    assert len(made_up(web.net, HOST)) == 2


def test_an_unusual_page_on_an_honest_host_is_alive(web: Web) -> None:
    done = web.check(url(HONEST, 2))
    assert (done.object["state"], done.code) == ("alive", 0)
    assert len(made_up(web.net, HONEST)) == 1
    assert web.morgue.rows("SELECT statuscode FROM probes") == [{"statuscode": None}]


def test_an_article_with_its_address_and_day_costs_no_question(web: Web) -> None:
    assert web.check(url(HOST, 1), url(HONEST, 1)).code == 0
    assert made_up(web.net, HOST) == made_up(web.net, HONEST) == []


def test_the_ladder_starts_for_it(web: Web) -> None:
    done = web.morgue.crawl(url(HOST, 5), "--json")
    assert (done.object["verdict"], done.object["rule"]) == ("archived", "same_as_missing")


def test_the_question_can_be_left_out(web: Web) -> None:
    assert web.check(url(HOST, 2), "-s", "MORGUE_PROBE=False").object["state"] == "alive"
    assert made_up(web.net, HOST) == []


def test_stories_that_all_end_on_one_page_are_gone(web: Web) -> None:
    addresses = [url("lumping.example", number) for number in (2, 3, 4)]
    told = [web.check(one).object for one in addresses]
    assert [one["rule"] for one in told] == ["redirected", "redirected", "shared_landing"]
    assert told[-1]["state"] == "redirect_section"
    assert sorted(told[-1]["evidence"]["shared"]) == sorted(addresses[:2])
    assert json.loads(web.morgue.value("SELECT evidence FROM checks ORDER BY id DESC LIMIT 1"))["confirmed"] is False
