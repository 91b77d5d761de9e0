"""An archive in trouble: nothing is "never archived" because of it, nothing wrong is taken, and the next run finishes.

Sixteen faults of each service, every combination in two runs: with the fault, and when it is over.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.conftest import QUICK, Ended, Morgue
from tests.crawler.forked import Nursery, nursery
from tests.crawler.small_web import asked, outlet, page, publish, story, url
from tests.internet import Corpus, Internet
from tests.internet.build import news_page
from tests.internet.faults import DELIVERIES, Fault

CAPTURED = "20260315120000"
KEYS = {"MORGUE_IA_KEY": "key", "MORGUE_IA_SECRET": "secret"}
AT_ONCE = 6
SOON = ("-s", "MORGUE_ARCHIVE_TIMEOUT=1", "-s", "MORGUE_SAVE_POLL=0")

# fault -> for how many seconds its service is left alone; 0: a refusal of this one question
FAULTS = {
    "403": 0,
    "404": 0,
    "429": 60,
    "429=7200": 7200,
    "500": 0,
    "503": 60,
    "503=900": 900,
    "504": 0,
    "html": 0,
    "truncated": 0,
    "excluded": 0,
    "reset": 60,
    "closed": 60,
    "hang": 60,
    "slow=9": 60,
    "refused": 60,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One home, one fault."""

    fault: Fault
    nursery: Nursery
    morgue: Morgue
    net: Internet

    def run(self, command: str, *arguments: object) -> Ended:
        return self.nursery.run(self.morgue, command, *QUICK, *SOON, "--json", *arguments, **KEYS)

    def complaints(self, ended: Ended, code: int, expected: dict[str, set[str]], right: dict[str, str]) -> Iterator[str]:
        """What is not as it should be: verdicts by address, and what stands for them when they have one."""
        if ended.code != code or "Traceback" in ended.err:
            yield f"exit {ended.code} for {code}: {ended.err[-500:]}"
        told = {one["url"]: one for one in ended.objects}
        for address, verdicts in expected.items():
            found = told.get(address, {"verdict": "missing"})
            if found["verdict"] not in verdicts:
                yield f"{address} is {found['verdict']}, not {verdicts}: {found.get('evidence') or found.get('reason')}"
            if found["verdict"] in ("replaced", "saved", "captured") and right.get(address) not in _named(found):
                yield f"{address} is replaced by {_named(found)}"
        if self.net.leaks:
            yield f"asked {self.net.leaks}"

    def paused(self, bucket: str, service: str) -> Iterator[str]:
        """From the first refusal on nothing more is sent; the pause is as long as it should be."""
        seconds = FAULTS[self.fault.kind + (f"={self.fault.value}" if self.fault.value else "")]
        if not seconds:
            return
        # Twisted asks once more over a new connection when a kept one breaks. A host that cannot be reached stops every
        # service that asks it, each at its first question.
        if self.fault.hits > (4 if self.fault.kind == "refused" else 2 if self.fault.kind in DELIVERIES else 1):
            yield f"{self.fault.hits} questions were refused"
        held = self.morgue.rows("SELECT blocked_until, reason FROM budgets WHERE service = ?", service)
        asked_at = [one.time for one in self.net.log if one.bucket in (bucket, "refused")]
        until = held[0]["blocked_until"] - asked_at[-1] if held and asked_at else 0
        if not seconds - 5 <= until <= seconds + 30 or not held[0]["reason"]:
            yield f"{service} is paused for {until} seconds, not {seconds}"


def _named(found: dict[str, Any]) -> tuple[str | None, ...]:
    return (found.get("replacement"), found.get("archive_url"))


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


def try_all(forks: Nursery, bucket: str, corpus: Path, judge: Callable[[Trial], Iterator[str]]) -> None:
    """Each fault of one service, several at once; fails with all that each trial has to complain about."""

    def one(fault: str) -> list[str]:
        spec = f"host=web.archive.org:{fault}" if fault == "refused" else f"{bucket}:{fault}"
        with tempfile.TemporaryDirectory() as folder, Internet([corpus]) as net:
            return list(judge(Trial(net.faults.add(spec), forks, Morgue(Path(folder) / "home", net), net)))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(FAULTS, pool.map(one, FAULTS), strict=True))
    lines = [f"{bucket}:{fault}: {complaint}" for fault, complaints in found.items() for complaint in complaints]
    assert not lines, "\n".join(lines)


# -- repair -----------------------------------------------------------------------------------------------------------

# One is captured under its own address; one under a true address that only the index knows; of one there is nothing, and
# another story of the same day has nearly its words.
KNOWN, LOST, GONE = url("known.example", 1), url("lost.example", 2), url("gone.example", 3)
TRUE = f"{LOST}-100002"
RIGHT = {KNOWN: f"https://web.archive.org/web/{CAPTURED}/{KNOWN}", LOST: TRUE}
DONE = {KNOWN: {"replaced"}, LOST: {"replaced"}, GONE: {"none"}}


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = Corpus()
    for host in ("known.example", "lost.example", "gone.example"):
        publish(corpus, host, 9)
    corpus.capture(KNOWN, CAPTURED, page("known.example", 1))
    corpus.capture(TRUE, CAPTURED, news_page(outlet("lost.example"), story(2)))
    corpus.capture(f"{GONE.replace('-21', '-22')}-100003", CAPTURED, page("gone.example", 5))
    folder = corpus.write(tmp_path_factory.mktemp("dead"))
    links = [{"url": KNOWN, "title": story(1).title}, {"url": LOST, "title": story(2).title}, {"url": GONE}]
    (folder / "links.jsonl").write_text("".join(json.dumps(link) + "\n" for link in links))
    return folder


@pytest.mark.parametrize("bucket", ["replay", "cdx"])
def test_a_repair_of_dead_links(forks: Nursery, dead: Path, bucket: str) -> None:
    links = dead / "links.jsonl"

    def judge(trial: Trial) -> Iterator[str]:
        spared = {KNOWN} if bucket == "cdx" and trial.fault.kind != "refused" else set()
        excluded = trial.fault.kind == "excluded"  # an answer, and not asked for again at once
        left = {"excluded"} if excluded else {"unknown"}
        expected = {one: {"replaced"} if one in spared else left for one in DONE}
        yield from trial.complaints(trial.run("repair", links), 0 if excluded else 5, expected, RIGHT)
        yield from trial.paused(bucket, f"wayback-{bucket}")
        trial.net.faults.clear()
        yield from _quiet(trial, links) if trial.fault.value == 7200 else ()
        trial.morgue.later()
        yield from trial.complaints(trial.run("repair", links), 0, expected if excluded else DONE, RIGHT)

    try_all(forks, bucket, dead, judge)


def _quiet(trial: Trial, links: Path) -> Iterator[str]:
    """During a pause the same command asks nobody and does not call it done."""
    before = len(trial.net.log)
    code = trial.run("repair", links).code
    if code != 5 or len(trial.net.log) != before:
        yield f"during the pause: exit {code}, {len(trial.net.log) - before} requests"


# -- save -------------------------------------------------------------------------------------------------------------

LIVING = url("living.example", 1)


def captured(ended: Ended) -> str:
    """Where a capture of the page stands when it was made at the time that is told."""
    told = ended.objects[0]["timestamp"] if ended.objects else None
    return f"https://web.archive.org/web/{told}/{LIVING}"


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = Corpus()
    publish(corpus, "living.example", 1)
    return corpus.write(tmp_path_factory.mktemp("living"))


@pytest.mark.parametrize(
    ("bucket", "service"),
    [("save", "wayback-save"), ("save,url=/save/status", "wayback-save-status"), ("replay", "wayback-replay")],
    ids=["save", "status", "replay"],
)
def test_a_page_to_be_saved(forks: Nursery, living: Path, bucket: str, service: str) -> None:
    def judge(trial: Trial) -> Iterator[str]:
        first = trial.run("save", LIVING)
        if service == "wayback-save-status" and trial.fault.kind in ("reset", "closed") and first.code == 0:
            # The question reached the archive, only its answer was lost: the job went on, and replay shows what it saved.
            yield from trial.complaints(first, 0, {LIVING: {"saved"}}, {LIVING: captured(first)})
        elif trial.fault.kind == "excluded":
            yield from trial.complaints(first, 0, {LIVING: {"excluded", "refused"}}, {})
        else:
            yield from trial.complaints(first, 5, {LIVING: {"unknown"}}, {})
        yield from trial.paused(bucket.partition(",")[0], service if trial.fault.kind != "refused" else "wayback-replay")
        trial.net.faults.clear()
        trial.morgue.later()
        finished = trial.run("save", LIVING)
        yield from trial.complaints(finished, 0, {LIVING: {"saved", "captured"}}, {LIVING: captured(finished)})

    try_all(forks, bucket, living, judge)


# -- a no is a no -----------------------------------------------------------------------------------------------------


def test_a_clean_no_is_all_that_an_archive_can_say(forks: Nursery, dead: Path, tmp_path: Path) -> None:
    with Internet([dead], faults=["*:empty"]) as net:
        ended = forks.run(Morgue(tmp_path / "home", net), "repair", *QUICK, "--json", dead / "links.jsonl")
        assert (ended.code, {one["verdict"] for one in ended.objects}) == (0, {"none"})
        assert asked(net, "web.archive.org/robots.txt") == []


# -- a crawl ----------------------------------------------------------------------------------------------------------


def test_a_crawl_that_could_not_ask_says_so_and_the_next_one_finishes(tmp_path: Path) -> None:
    corpus = Corpus()
    publish(corpus, "paper.example", 9)
    corpus.capture(url("paper.example", 1), CAPTURED, page("paper.example", 1))
    with Internet([corpus.write(tmp_path / "web")], faults=["replay:503", "cdx:503"]) as net:
        morgue = Morgue(tmp_path / "home", net)
        ended = morgue.crawl(url("paper.example", 1))
        assert ended.code == 5, ended.err
        net.faults.clear()
        morgue.later()
        assert morgue.crawl(url("paper.example", 1), "--refresh").code == 0
    assert morgue.value("SELECT outcome FROM repairs") == "found"
