"""`morgue check`: every link asked for gets its state, nothing else is fetched, nobody is asked for a copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from archive.states import State
from crawler.jobs.check import FIELDS
from tests.crawler.conftest import QUICK, Ended, Morgue
from tests.crawler.small_web import asked, outlet, page, publish, story, url
from tests.internet import Corpus, Internet
from tests.internet.build import news_page, not_found_page, plain_page
from tests.internet.stories import GATES_CLOSE

STATES = {
    "fine.example": "alive",
    "moved.example": "moved",
    "gone.example": "hard_gone",
    "nowhere.example": "dns_gone",
    "front.example": "redirect_home",
    "folder.example": "redirect_section",
    "sorry.example": "soft404",
    "other.example": "drifted",
    "paid.example": "paywalled",
    "sold.example": "parked",
    "forbidden.example": "blocked",
    "broken.example": "temporary",
}


def build(corpus: Corpus) -> None:
    publish(corpus, "fine.example", 1)
    corpus.live(url("fine.example", 1), page("fine.example", 1, related=(("Parish 2", url("fine.example", 2)),)))
    corpus.live(url("fine.example", 2), page("fine.example", 2))
    publish(corpus, "moved.example", 2)
    corpus.live(url("moved.example", 1), status=301, location=url("moved.example", 2))
    publish(corpus, "gone.example", 9)
    corpus.capture(url("gone.example", 1), "20260315120000", page("gone.example", 1))
    corpus.unresolved(url("nowhere.example"))
    publish(corpus, "front.example", 9)
    corpus.live(url("front.example", 1), status=302, location="/")
    publish(corpus, "folder.example", 9)
    corpus.live(url("folder.example", 1), status=302, location="/2026/03/")
    corpus.live("https://folder.example/2026/03/", plain_page(outlet("folder.example"), "March", "All of March."))
    seller = "https://www.hugedomains.com/domain_profile.cfm?d=sold.example"
    corpus.live(url("sold.example", 1), status=302, location=seller)
    corpus.live(seller, plain_page(outlet("sold.example"), "sold.example", "A name like no other."))
    publish(corpus, "sorry.example", 9)
    corpus.live(url("sorry.example", 1), not_found_page(outlet("sorry.example")))
    publish(corpus, "other.example", 9)
    corpus.live(address("other.example"), page("other.example", 1))
    publish(corpus, "paid.example", 9)
    corpus.live(url("paid.example", 1), teaser("paid.example"))
    publish(corpus, "forbidden.example", 1)
    publish(corpus, "broken.example", 1)


def address(host: str) -> str:
    """The one story of a host that is looked at."""
    return GATES_CLOSE.url(outlet(host)) if host == "other.example" else url(host, 1)


def teaser(host: str) -> str:
    """The beginning of a story; its JSON-LD says that the rest is not free."""
    short = replace(story(1), paragraphs=(*story(1).paragraphs[:1], "Subscribe to read the whole story."))
    return news_page(outlet(host), short).replace(
        '"@type": "NewsArticle",', '"@type": "NewsArticle", "isAccessibleForFree": false,'
    )


@dataclass(frozen=True, slots=True)
class Web:
    morgue: Morgue
    net: Internet

    def check(self, *arguments: object) -> Ended:
        return self.morgue.run("check", *QUICK, *arguments)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    corpus = Corpus()
    build(corpus)
    faults = ["live,host=forbidden.example:403", "live,host=broken.example:503=7200"]
    with Internet([corpus.write(tmp_path / "corpus")], faults=faults) as net:
        yield Web(Morgue(tmp_path / "home", net), net)


def links(folder: Path) -> Path:
    """A document that mentions one story of each host, by its title."""
    path = folder / "links.md"
    titles = {"other.example": GATES_CLOSE.title}
    lines = (f"See [{titles.get(host, story(1).title)}]({address(host)})." for host in STATES)
    path.write_text("# Links\n\n" + "\n\n".join(lines) + "\n")
    return path


def test_each_link_of_a_file_gets_its_state(web: Web, tmp_path: Path) -> None:
    done = web.check(links(tmp_path), "--json")
    assert done.code == 3, done.err
    assert {one["url"].split("/")[2]: one["state"] for one in done.objects} == STATES
    assert all(tuple(one) == FIELDS for one in done.objects)
    gone = next(one for one in done.objects if one["state"] == "hard_gone")
    assert (gone["rule"], gone["statuscode"], gone["final_url"]) == ("status_404", 404, None)
    assert f"{len(STATES)} links" in done.err
    assert web.morgue.rows("SELECT command, state, exit_code FROM runs") == [
        {"command": "morgue check", "state": "failures", "exit_code": 3}
    ]
    assert web.morgue.value("SELECT count(*) FROM checks") == len(STATES)


def test_a_certificate_that_nobody_vouches_for_is_no_death(web: Web) -> None:
    stranger = {name: value for name, value in web.morgue.env().items() if name not in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")}
    done = web.morgue.run("check", *QUICK, "--json", url("fine.example", 1), env=stranger)
    assert (done.code, done.object["state"], done.object["rule"]) == (3, "tls_failure", "tls")


def test_every_state_has_its_end_to_end_test() -> None:
    assert set(STATES.values()) | {"tls_failure"} == set(State)


def test_nobody_is_asked_for_more_than_the_links(web: Web, tmp_path: Path) -> None:
    web.check(links(tmp_path))
    assert asked(web.net, "archive.org") == []
    assert asked(web.net, url("fine.example", 2)) == []
    assert web.morgue.value("SELECT count(*) FROM repairs") == 0


def test_people_are_told_why(web: Web, tmp_path: Path) -> None:
    done = web.check(links(tmp_path))
    said = done.out.splitlines()
    assert f"alive            {url('fine.example', 1)}" in said
    at = said.index(f"moved            {url('moved.example', 1)}")
    assert [line.strip() for line in said[at + 1 : at + 3]] == ["redirected", f"ends at {url('moved.example', 2)}"]
    assert "status_404 (404)" in [line.strip() for line in said]
    assert said[-1].startswith(f"{len(STATES)} links: ")


@pytest.mark.parametrize(("hosts", "code"), [(("fine.example", "moved.example", "forbidden.example"), 0), (("gone.example",), 3)])
def test_a_refusal_is_no_failure(web: Web, hosts: tuple[str, ...], code: int) -> None:
    assert web.check(*(url(host, 1) for host in hosts)).code == code


def test_what_else_is_due_stays_due(web: Web) -> None:
    limited = web.morgue.crawl(url("fine.example", 1), "--limit", "1")
    assert limited.code == 0
    assert web.morgue.rows("SELECT u.url FROM frontier f JOIN urls u ON u.id = f.url_id WHERE f.state = 'queued'") == [
        {"url": url("fine.example", 2)}
    ]
    done = web.check(url("moved.example", 1), "--json")
    assert [one["url"] for one in done.objects] == [url("moved.example", 1)]
    assert asked(web.net, url("fine.example", 2)) == []


def test_a_crawl_looks_for_what_stands_for_a_link_that_a_check_saw_dead(web: Web) -> None:
    address = url("gone.example", 1)
    assert web.check(address).code == 3
    done = web.morgue.crawl(address, "--json")
    assert done.object["verdict"] == "archived"
    assert done.object["match"] is None


def test_due_is_what_nobody_looked_at_for_a_cycle(web: Web) -> None:
    fine, gone = url("fine.example", 1), url("gone.example", 1)
    assert web.check(fine, gone).code == 3
    assert web.check("--due").out.startswith("nothing is due in ")
    web.morgue.change("UPDATE checks SET checked = '2026-01-01T00:00:00Z'")
    done = web.check("--due", "--json")
    assert [one["url"] for one in done.objects] == [fine, gone]
    assert web.check("--due").code == 0


def test_what_cannot_be_read_is_said(web: Web, tmp_path: Path) -> None:
    done = web.check(tmp_path / "none.txt", url("fine.example", 1))
    assert done.code == 3
    assert "none.txt" in done.err
    assert "1 inputs could not be read" in done.out
    assert web.check(tmp_path / "none.txt").code == 3


def test_nothing_to_check_is_a_mistake(web: Web) -> None:
    done = web.check()
    assert done.code == 2
    assert "--due" in done.err
    assert story(1).title not in done.out


# -- looks in a row ---------------------------------------------------------------------------------------------------


def days_pass(morgue: Morgue, days: int) -> None:
    """As if all looks so far had been that many days earlier, and every pause were over."""
    morgue.change(f"UPDATE checks SET checked = strftime('%Y-%m-%dT%H:%M:%SZ', checked, '-{days} days')")
    morgue.later()


def test_a_second_look_confirms_a_death_and_a_living_page_ends_it(web: Web, tmp_path: Path) -> None:
    gone = url("gone.example", 1)
    assert web.morgue.crawl(gone, "--json").object["verdict"] == "archived"
    assert web.check(gone, "--json").object["evidence"]["confirmed"] is False
    days_pass(web.morgue, 1)
    assert [one["url"] for one in web.check("--due", "--json").objects] == [gone], "an unconfirmed death is due after a day"
    assert web.morgue.rows("SELECT confirmed FROM dead_links") == []
    days_pass(web.morgue, 1)
    assert web.check("--due").out.startswith("nothing is due"), "a confirmed one is not"
    assert web.morgue.rows("SELECT state FROM repairs") == [{"state": "accepted"}]
    corpus = Corpus()
    publish(corpus, "gone.example", 1)
    with Internet([corpus.write(tmp_path / "back")]) as net:
        assert Web(Morgue(web.morgue.home, net), net).check(gone, "--json").object["state"] == "alive"
    assert web.morgue.rows("SELECT state FROM repairs") == [{"state": "open"}]


def test_the_third_failure_days_apart_is_a_death(web: Web) -> None:
    broken = url("broken.example", 1)
    told = []
    for _ in range(3):
        told.append(web.check(broken, "--json").object)
        days_pass(web.morgue, 3)
    assert [(one["state"], one["rule"]) for one in told] == [
        ("temporary", "status_503"),
        ("temporary", "status_503"),
        ("hard_gone", "temporary_for_long"),
    ]
    assert len(told[-1]["evidence"]["strikes"]) == 3
    assert told[-1]["evidence"]["confirmed"] is True
