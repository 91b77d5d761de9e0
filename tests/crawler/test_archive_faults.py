"""An archive in trouble: nothing is "never archived" because of it, the service is left alone, and a later run finishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.conftest import Ended, Morgue
from tests.crawler.small_web import asked, outlet, page, publish, story, url
from tests.internet import Corpus, Internet
from tests.internet.build import news_page

CAPTURED = "20260315120000"
HOST = "paper.example"


def two_dead_stories(corpus: Corpus) -> list[str]:
    """One is captured under its own address; the other under a true address, which only the index knows."""
    publish(corpus, HOST, 9)
    known, lost = story(1), story(2)
    corpus.capture(url(HOST, 1), CAPTURED, page(HOST, 1))
    corpus.capture(f"{url(HOST, 2)}-100002", CAPTURED, news_page(outlet(HOST), lost))
    return [known.url(outlet(HOST)), lost.url(outlet(HOST))]


# fault, the service that it meets, seconds of its pause
STOPPED = [
    ("cdx:429", "wayback-cdx", 60),
    ("cdx:429=7200", "wayback-cdx", 7200),
    ("cdx:503", "wayback-cdx", 60),
    ("cdx:reset", "wayback-cdx", 60),
    ("cdx:hang", "wayback-cdx", 60),
    ("replay:429", "wayback-replay", 60),
    ("replay:503=900", "wayback-replay", 900),
    ("replay:closed", "wayback-replay", 60),
    ("replay:hang", "wayback-replay", 60),
    ("host=web.archive.org:refused", "wayback-replay", 60),
]


@pytest.mark.parametrize(("fault", "service", "seconds"), STOPPED)
def test_a_refusal_stops_the_service_and_a_later_run_finishes(tmp_path: Path, fault: str, service: str, seconds: int) -> None:
    corpus = Corpus()
    addresses = two_dead_stories(corpus)
    with Internet([corpus.write(tmp_path / "corpus")], faults=[fault]) as net:
        morgue = Morgue(tmp_path / "home", net)
        ended = morgue.crawl(*addresses, "--json", "-s", "MORGUE_ARCHIVE_TIMEOUT=1")
        assert ended.code == 5, ended.err
        assert "Traceback" not in ended.err
        known, lost = ended.objects
        assert known["verdict"] == ("archived" if service == "wayback-cdx" else "unknown")
        assert lost["verdict"] == "unknown"
        assert lost["article"] is None
        assert morgue.rows("SELECT 1 FROM repairs WHERE outcome = 'none'") == []
        assert_paused(morgue, net, service, seconds)
        net.faults.clear()
        if fault == "cdx:429":
            assert_nothing_is_asked_during_the_pause(morgue, net)
        morgue.later()
        finished = morgue.crawl("--json")
        assert finished.code == 0, finished.err
        assert {told["verdict"] for told in finished.objects} <= {"archived", "replaced"}
        assert morgue.value("SELECT count(*) FROM repairs WHERE outcome = 'found'") == 2


def assert_paused(morgue: Morgue, net: Internet, service: str, seconds: int) -> None:
    """From the first refusal on: nothing more was sent, and for how long nothing will be."""
    refused = [record for record in net.log if record.status not in (200, 302, 404) and record.bucket != "live"]
    at_once = 2 if refused[0].status == 0 else 1  # Twisted asks once more over a new connection when a kept one breaks
    assert len([record for record in refused if record.bucket != "refused"]) <= at_once
    (row,) = morgue.rows("SELECT * FROM budgets WHERE service = ?", service)
    assert seconds - 3 <= row["blocked_until"] - refused[0].time <= seconds + 10
    assert row["reason"]


def assert_nothing_is_asked_during_the_pause(morgue: Morgue, net: Internet) -> None:
    before = len(net.log)
    again = morgue.crawl()
    assert again.code == 0
    assert "nothing is due" in again.out
    assert len(net.log) == before


# -- faults that do not stop a service: all in one crawl --------------------------------------------------------------

ANSWERS = {  # host -> fault of its questions, expected verdict
    "page-of-its-own": ("replay,url=page-of-its-own:html", "unknown"),
    "gateway": ("replay,url=gateway:504", "unknown"),
    "half-a-page": ("replay,url=half-a-page:truncated", "unknown"),
    "index-page": ("cdx,url=index-page:html", "unknown"),
    "index-gateway": ("cdx,url=index-gateway:504", "unknown"),
    "half-an-index": ("cdx,url=half-an-index:truncated", "unknown"),
    "index-forbidden": ("cdx,url=index-forbidden:400", "unknown"),
    "locked": ("host=locked.example:excluded", "excluded"),
    "never": ("replay,url=//nothing-to-break:504", "none"),
    "denied": ("host=denied.example:empty", "none"),  # a clean "nothing" is all that an archive can say
}


@dataclass(frozen=True, slots=True)
class Crawl:
    ended: Ended
    told: dict[str, dict[str, Any]]
    net: Internet


def address_of(name: str) -> str:
    """Only addresses with words are looked for in the index, at 24 questions a minute: the others have none."""
    return url(f"{name}.example") if "index" in name else f"https://{name}.example/2026/03/01/story"


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("answers")
    corpus = Corpus()
    for number, name in enumerate(ANSWERS, 20):
        publish(corpus, f"{name}.example", 9)
        if name != "never":
            corpus.capture(address_of(name) + "-100002" * ("index" in name), CAPTURED, page(f"{name}.example", number))
    with Internet([corpus.write(folder / "corpus")], faults=[fault for fault, _ in ANSWERS.values()]) as net:
        addresses = [address_of(name) for name in ANSWERS]
        ended = Morgue(folder / "home", net).crawl(*addresses, "--json")
        names = dict(zip(addresses, ANSWERS, strict=True))
        yield Crawl(ended, {names[told["url"]]: told for told in ended.objects}, net)


@pytest.mark.parametrize("name", ANSWERS)
def test_only_a_clean_no_is_a_no(crawl: Crawl, name: str) -> None:
    told = crawl.told[name]
    assert (told["verdict"], told["rule"], told["article"]) == (ANSWERS[name][1], "status_404", None)


def test_the_exit_code_says_that_an_archive_was_not_to_be_had(crawl: Crawl) -> None:
    assert crawl.ended.code == 5
    assert "Traceback" not in crawl.ended.err
    assert crawl.net.leaks == []
    assert asked(crawl.net, "web.archive.org/robots.txt") == []
