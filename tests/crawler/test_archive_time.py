"""1,000 links under simulated archive time: what a run waits for, when an archive's limits are all that it waits for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from archive.models import Mention, Role
from archive.schema import rows
from tests.crawler.simulated import Simulation
from tests.crawler.small_web import outlet
from tests.internet import Corpus
from tests.internet.build import Story, news_page, not_found_page

LINKS, PER_SITE = 1_000, 4  # the repair set has four links a site; FABLE's dead links come twelve to a host, which is easier
ONE_EACH = 60 / 24  # seconds: one index question a link, at the pace that we keep
WHEN = datetime(2024, 4, 25, tzinfo=UTC)
AT = "20240425101500"
# Shares as in the repair set: of sixteen links one is truly gone, and one lost its id, which only an index knows.
SHARES = {
    "exact": 6,
    "wrong_year": 2,
    "alive": 2,
    "moved": 1,
    "redirected": 1,
    "blocked": 1,
    "excluded": 1,
    "gone": 1,
    "lost_id": 1,
}
KINDS = random.Random(1).choices([*SHARES], [*SHARES.values()], k=LINKS)
NAMES = [
    "harbour",
    "bridge",
    "teacher",
    "ferry",
    "choir",
    "baker",
    "lighthouse",
    "market",
    "surveyor",
    "engineer",
    "council",
    "museum",
    "orchard",
    "tunnel",
]
ACTS = ["closes", "opens", "reports", "mourns", "welcomes", "rejects", "remembers", "repairs"]


def story(number: int) -> Story:
    """A story whose words no other one of its site has."""
    name = NAMES[number % len(NAMES)], NAMES[(number // 3 + 5) % len(NAMES)], ACTS[number % len(ACTS)]
    words = f"{name[0]} committee {name[2]} {name[1]} plans quarter{number:04d}".replace("0", "o").split()
    paragraphs = tuple(
        f"On day {line} the {' '.join(words)}, said witness {number * 7 + line} of {line} in the town hall." for line in range(9)
    )
    return Story(f"/2024/04/24/{'-'.join(words)}", " ".join(words).title(), "2024-04-24", paragraphs)


def publish(corpus: Corpus, number: int, kind: str) -> Mention:
    """One story in its trouble, and the link to it."""
    host = f"paper{number // PER_SITE}.example" if kind != "excluded" else f"closed{number}.example"
    paper, told = outlet(host), story(number)
    page, url = news_page(paper, told), told.url(paper)
    new, link = f"https://{host}/news/archive{told.path.removeprefix('/2024/04/24')}", url
    corpus.host(host, missing=not_found_page(paper), archive="excluded" if kind == "excluded" else None)
    if kind in ("exact", "blocked"):
        corpus.capture(url, AT, page)
    if kind == "blocked":
        corpus.live(url, "Checking your browser", status=403, headers={"cf-mitigated": "challenge"})
    if kind == "alive":
        corpus.live(url, page)
    if kind in ("moved", "redirected"):
        corpus.live(new, page)
    if kind == "redirected":
        corpus.capture(url, AT, status=301, location=new)
    if kind == "lost_id":
        corpus.capture(f"{url}-a{number + 10_000}", AT, page)
    if kind == "wrong_year":
        corpus.capture(url, AT, page)
        link = url.replace("/2024/", "/2023/")
    return Mention(
        (link,), Role.INLINE, number, number + 1, link, told.title if number % 7 else None, None, WHEN if number % 5 else None
    )


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulation, float]]:
    folder, corpus = tmp_path_factory.mktemp("time"), Corpus()
    mentions = [publish(corpus, number, kind) for number, kind in enumerate(KINDS)]
    simulation = Simulation(folder / "home", [corpus.write(folder / "web")])
    yield simulation, simulation.repair(mentions)
    simulation.close()


def test_a_thousand_links_take_less_than_a_quarter_of_one_question_each(simulation: tuple[Simulation, float]) -> None:
    _, seconds = simulation
    assert seconds < LINKS * ONE_EACH / 4


def test_the_archive_is_asked_little_and_never_too_fast(simulation: tuple[Simulation, float]) -> None:
    done, _ = simulation
    asked = Counter(record.bucket for record in done.net.log)
    assert asked["cdx"] <= 0.12 * LINKS  # two of five sites have a link that is gone or lost its id
    assert asked["replay"] <= 2.5 * LINKS
    assert [record for record in done.net.log if record.status == 429] == []


def test_what_can_be_found_is_found(simulation: tuple[Simulation, float]) -> None:
    done, _ = simulation
    found = Counter((row["state"], row["outcome"]) for row in rows(done.store.db, "SELECT state, outcome FROM repairs"))
    kinds = Counter(KINDS)
    replaced = sum(kinds[kind] for kind in ("exact", "wrong_year", "moved", "redirected", "lost_id"))
    wanted = {("accepted", "found"): replaced, ("supplement", "found"): kinds["blocked"]}
    assert found == wanted | {("open", "none"): kinds["gone"], ("open", "excluded"): kinds["excluded"]}
