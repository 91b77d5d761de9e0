"""Promise 1: kill -9 at any moment loses nothing that was acknowledged, and the next run goes on where it was."""

from __future__ import annotations

import contextlib
import json
import queue
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.schema import connect, connect_readonly, rows
from archive.warc import read_record, verify
from tests.crawler.conftest import QUICK, ROOT, Ended, Morgue
from tests.crawler.killing import HOSTS, POINTS, Plan, build
from tests.internet import Internet

SEED = 20261125
KILLS = 25
PATIENCE = 300  # seconds: pipes that stay open so long have a holder, a worker that outlived its kill
JUDGED = ("url", "role", "verdict", "rule", "origin", "replacement", "archive_url", "method", "confidence", "match")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a reader of the database sees: all of it was committed, so all of it has to stay."""

    done: frozenset[str]
    captures: frozenset[tuple[Any, ...]]
    articles: frozenset[tuple[Any, ...]]
    leased: frozenset[str]

    @classmethod
    def read(cls, home: Path) -> Acknowledged:
        db = connect_readonly(home / "morgue.db")
        try:
            queued = rows(db, "SELECT u.url, f.state FROM frontier f JOIN urls u ON u.id = f.url_id")
            captures = rows(db, "SELECT id, original, timestamp, digest, warc_file, warc_offset, length FROM captures")
            articles = rows(db, "SELECT id, url, title, text, version_id FROM articles")
        finally:
            db.close()
        state = {name: frozenset(row["url"] for row in queued if row["state"] == name) for name in ("done", "leased")}
        return cls(state["done"], _values(captures), _values(articles), state["leased"])

    def holds(self, earlier: Acknowledged) -> bool:
        return earlier.done <= self.done and earlier.captures <= self.captures and earlier.articles <= self.articles


def _values(found: list[dict[str, Any]]) -> frozenset[tuple[Any, ...]]:
    return frozenset(tuple(row.values()) for row in found)


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: at the count-th request that the internet sees, or when the writer is at a point for that time."""

    point: str
    count: int


def moments(chance: random.Random) -> list[Moment]:
    """A third of them at requests, which say nothing of what the writer does; the others where it is vulnerable."""
    points = [*POINTS, "request", "request"]
    most = {"request": 120, "synced": 5, "committed": 5}
    chosen = [points[number % len(points)] for number in range(KILLS)]
    chance.shuffle(chosen)
    return [Moment(point, chance.randint(HOSTS + 2 if point == "request" else 1, most.get(point, 20))) for point in chosen]


class Trial:
    """The crawl that is killed again and again. `before` is what was acknowledged when it was killed last."""

    def __init__(self, morgue: Morgue, net: Internet, urls: Path) -> None:
        self.morgue = morgue
        self.net = net
        self.command = ["crawl", *QUICK, str(urls), "--json"]
        self.kills_while_leased: Counter[str] = Counter()
        self.before = Acknowledged(*[frozenset()] * 4)

    def kill(self, moment: Moment) -> None:
        """Start the crawl, kill it at the moment, and look at what is left."""
        if moment.point == "request":
            self._at_request(moment.count)
        else:
            program = [sys.executable, "-m", "tests.crawler.killing", moment.point, str(moment.count)]
            env = self.morgue.env() | {"PYTHONPATH": str(ROOT)}
            how: dict[str, Any] = {"env": env, "cwd": ROOT, "capture_output": True, "text": True, "timeout": PATIENCE}
            ended = subprocess.run([*program, *self.command], **how, check=False)
            assert ended.returncode == -signal.SIGKILL, ended.stderr
        after = Acknowledged.read(self.morgue.home)
        assert after.holds(self.before), f"lost: {self.before.done - after.done or self.before.captures - after.captures}"
        self._read_back(after.captures - self.before.captures)
        self.kills_while_leased.update(after.leased)
        self.before = after

    def _at_request(self, count: int) -> None:
        """Killed from outside, while the request waits for its answer; what is acknowledged is read before and after."""
        process: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        seen: list[Acknowledged] = []
        last, note = len(self.net.log) + count, self.net.log.note

        def noted(*record: Any) -> None:
            note(*record)
            if len(self.net.log) == last:
                seen.append(Acknowledged.read(self.morgue.home))
                process.get().kill()

        self.net.log.note = noted  # type: ignore[method-assign]
        with self.morgue.popen(*self.command) as crawl:
            process.put(crawl)
            _, errors = crawl.communicate(timeout=PATIENCE)
        self.net.log.note = note  # type: ignore[method-assign]
        assert crawl.returncode == -signal.SIGKILL, errors
        assert seen[0].holds(self.before)
        self.before = seen[0]

    def _read_back(self, captures: frozenset[tuple[Any, ...]]) -> None:
        """Each acknowledged response is whole and where its row says."""
        for _, original, _, digest, file, offset, length in captures:
            record = read_record(self.morgue.home / "warc", file, offset, length)
            assert (record.target, record.digest) == (original, digest)

    def finish(self) -> Ended:
        ended = self.morgue.run(*self.command)
        assert ended.code == 0, ended.err
        after = Acknowledged.read(self.morgue.home)
        assert after.holds(self.before)
        self._read_back(after.captures)
        self.before = after
        return ended


def test_killed_at_25_moments_a_crawl_loses_nothing_and_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    plan = build(SEED)
    plan.corpus.write(tmp_path / "corpus")
    urls = tmp_path / "urls.txt"
    urls.write_text("\n".join(plan.asked), encoding="utf-8")
    with Internet([tmp_path / "corpus"]) as net, uninterrupted(tmp_path, urls) as other:
        trial = Trial(Morgue(tmp_path / "home", net), net, urls)
        for moment in moments(random.Random(SEED)):
            trial.kill(moment)
        ended = trial.finish()
        reference = other.communicate(timeout=PATIENCE)[0]
    assert judged(ended.out) == judged(reference)
    assert {found["url"]: (found["verdict"], found["replacement"]) for found in judged(ended.out)} == plan.truth
    assert trial.before.done == {*plan.asked, *plan.linked}
    everything_was_fetched_and_little_twice(trial, plan)
    the_home_is_whole(trial.morgue.home)
    nothing_is_there_twice(trial.morgue, plan)


@contextlib.contextmanager
def uninterrupted(folder: Path, urls: Path) -> Iterator[subprocess.Popen[str]]:
    """The same crawl on a home and an internet of its own, at the same time: for most of it, it waits for an archive."""
    with Internet([folder / "corpus"]) as net:
        morgue = Morgue(folder / "reference", net)
        with morgue.popen("crawl", *QUICK, urls, "--json", stderr=subprocess.DEVNULL) as process:
            try:
                yield process
            finally:
                process.kill()


def judged(out: str) -> list[dict[str, Any]]:
    """What came of each address, without what differs between any two runs: the time of a live capture and ids."""
    return [{name: found[name] for name in JUDGED} for found in map(json.loads, out.splitlines())]


def everything_was_fetched_and_little_twice(trial: Trial, plan: Plan) -> None:
    """Once, and again only for each kill that found the address leased."""
    fetched = Counter(record.url for record in trial.net.requests("live"))
    for url in (*plan.asked, *plan.linked, *plan.source_of):
        source = plan.source_of.get(url, url)
        assert 1 <= fetched[url] <= 1 + trial.kills_while_leased[source], url
    assert trial.net.leaks == []


def the_home_is_whole(home: Path) -> None:
    assert [problem for file in sorted((home / "warc").iterdir()) for problem in verify(file)] == []
    db = connect(home / "morgue.db")
    try:
        assert rows(db, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert rows(db, "PRAGMA foreign_key_check") == []
        db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")  # raises when it is not
    finally:
        db.close()


def nothing_is_there_twice(morgue: Morgue, plan: Plan) -> None:
    """No article, version, capture or mention for each try; no lease; and the runs that were killed are known as such."""
    assert sorted(row["title"] for row in morgue.rows("SELECT title FROM articles")) == sorted(plan.titles)
    assert morgue.value("SELECT count(*) FROM versions") == len(plan.titles)
    assert morgue.value("SELECT count(*) FROM mentions") == len(plan.asked)
    assert morgue.rows("SELECT original FROM captures GROUP BY archive, urlkey, timestamp HAVING count(*) > 1") == []
    assert morgue.value("SELECT count(*) FROM frontier WHERE state = 'leased'") == 0
    states = Counter(row["state"] for row in morgue.rows("SELECT state FROM runs"))
    assert states == {"killed": KILLS, "complete": 1}
