"""How right and how cheap are repairs? Runs `morgue repair` on sets of broken links whose answers are known.

    python -m bench.repair [SET ...] [--rounds N] [--seed N]

SET is a folder with web.jsonl (a corpus of the offline internet), links.jsonl and truth.jsonl, as tests.internet.broken
and the project's repairset.py write them; without one, a set of our own fictional papers is built. The archive's emulator
holds the command to the real limits (30 CDX requests and 600 replays a minute). Prints each kind of breakage and, by method
and reason, how many of the candidates that were looked at were right. Ends with 1 when a floor is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]  # also when it is run as a file

from tests.internet import Internet  # noqa: E402
from tests.internet.broken import build  # noqa: E402

RECALL, PRECISION = 0.96, 0.995  # of the links with an answer; of the repairs applied
CDX, REPLAYS = 0.10, 2.5  # requests a link, on sets of LARGE links and more: small ones share few questions
LARGE = 200

Row = dict[str, Any]

# What may be told of a link that is alive, blocked, gone, excluded; "right": a right replacement does no harm.
GOOD = {
    "alive": {"alive", "right"},
    "blocked": {"blocked"},
    "none": {"none", "proposed", "unknown"},
    "excluded": {"excluded", "unknown"},
    "replaced": {"right"},
}


@dataclass(slots=True)
class Score:
    """Links by kind and by what was told of them ("right" for a right repair), and what it cost."""

    kinds: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wanted: int = 0
    found: int = 0
    applied: int = 0
    right: int = 0
    harm: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    @property
    def links(self) -> int:
        return sum(told.total() for told in self.kinds.values())

    @property
    def recall(self) -> float:
        return self.found / max(1, self.wanted)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.applied)

    def a_link(self, service: str) -> float:
        return self.calls[service] / max(1, self.links)

    def add(self, truth: Row, told: Row) -> None:
        """Score one link."""
        wanted, verdict = truth["verdict"], told["verdict"]
        is_right = verdict == "replaced" and is_answer(truth, told.get("replacement"), told.get("archive_url"))
        result = "right" if is_right else verdict
        self.wanted += wanted == "replaced"
        self.found += wanted == "replaced" and is_right
        self.applied += verdict == "replaced"
        self.right += is_right
        self.harm["gone replaced"] += wanted == "none" and verdict == "replaced"
        self.harm["blocked replaced"] += wanted == "blocked" and verdict == "replaced"
        self.harm["excluded told none"] += wanted == "excluded" and verdict == "none"
        good = result in GOOD[wanted]
        self.kinds[truth["kind"]]["as it should be" if good else result] += 1
        if not good:
            self.misses.append(
                f"{truth['id']} {truth['kind']}: {verdict} {told.get('replacement') or told.get('archive_url') or ''}"
            )

    def failures(self) -> list[str]:
        """The floors that are missed."""
        floors = {
            f"recall {self.recall:.3f}": self.recall >= RECALL,
            f"precision {self.precision:.4f}": self.precision >= PRECISION,
            f"{dict(+self.harm)}": not +self.harm,
            f"{self.calls['429']} answers 429": not self.calls["429"],
            f"{self.a_link('cdx'):.2f} CDX requests a link": self.links < LARGE or self.a_link("cdx") <= CDX,
            f"{self.a_link('replay'):.2f} replays a link": self.links < LARGE or self.a_link("replay") <= REPLAYS,
        }
        return [line for line, holds in floors.items() if not holds]


def is_answer(truth: Row, *addresses: str | None) -> bool:
    """One of the addresses, or a capture of one of the originals at its very time."""
    named = [address.rstrip("/") for address in addresses if address]
    captures = [(original.split("://")[1].rstrip("/"), timestamp) for original, timestamp in truth["capture"]]
    return any(
        address in [right.rstrip("/") for right in truth["replacement"]]
        or any(timestamp in address and original in address for original, timestamp in captures)
        for address in named
    )


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# -- running ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """What a run left: its answers, and its home for who wants to know what was tried."""

    score: Score
    home: Path
    told: list[Row]


def measure(folder: Path, home: Path) -> Done:
    """Repair the links of a set at the archive's limits. Raises RuntimeError when the command fails."""
    command = [Path(sys.executable).with_name("morgue"), "repair", folder / "links.jsonl", "--json", "--home", home]
    with Internet([folder], limits="real") as net:
        env = {name: value for name, value in os.environ.items() if not name.startswith("MORGUE")} | net.env
        done = subprocess.run([*command, "-s", "DOWNLOAD_DELAY=0"], env=env, capture_output=True, text=True, check=False)
        calls = Counter(record.bucket for record in net.log) + Counter(str(record.status) for record in net.log)
    if done.returncode not in (0, 5):
        raise RuntimeError(f"morgue repair ended with {done.returncode}: {done.stderr[-2000:]}")
    told = {str(one["id"]): one for one in map(json.loads, done.stdout.splitlines())}
    score = Score(calls=calls)
    for truth in rows(folder / "truth.jsonl"):
        score.add(truth, told.get(str(truth["id"]), {"verdict": "missing"}))
    return Done(score, home, list(told.values()))


# -- how sure, and how often right ------------------------------------------------------------------------------------

_TRIED = re.compile(r"(?P<method>\w+): (?P<url>\S+?)(?: of (?P<timestamp>\d{14}))?: (?P<why>.*)")


def candidates(folder: Path, done: Done) -> Iterator[tuple[str, bool]]:
    """Every candidate that was looked at: what was said of it, and whether it was right."""
    truths = {str(truth["id"]): truth for truth in rows(folder / "truth.jsonl")}
    addresses = {one["url"]: truths[str(one["id"])] for one in done.told}
    with closing(sqlite3.connect(done.home / "morgue.db")) as db:
        found = db.execute("SELECT u.url, r.evidence FROM repairs r JOIN urls u ON u.id = r.url_id").fetchall()
    for url, evidence in found:
        for line in json.loads(evidence or "{}").get("tried", []) if url in addresses else ():
            tried = _TRIED.fullmatch(line)
            if tried:
                where = f"/web/{tried['timestamp']}/{tried['url']}" if tried["timestamp"] else tried["url"]
                yield tried["why"], is_answer(addresses[url], where)


def by_reason(found: Iterable[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    """Reason -> how many candidates, how many of them right."""
    counts: defaultdict[str, list[bool]] = defaultdict(list)
    for why, is_right in found:
        counts[why].append(is_right)
    return {why: (len(rights), sum(rights)) for why, rights in sorted(counts.items(), key=lambda one: -len(one[1]))}


# -- report -----------------------------------------------------------------------------------------------------------


def table(score: Score) -> Iterator[str]:
    """Markdown: each kind with what was told of its links, then the whole."""
    yield "| kind | links | as it should be | otherwise |"
    yield "|---|---|---|---|"
    for kind, told in sorted(score.kinds.items()):
        good = told["as it should be"]
        rest = ", ".join(f"{count} {what}" for what, count in told.items() if what != "as it should be")
        yield f"| {kind} | {told.total()} | {good} | {rest} |"
    yield ""
    yield f"{score.links} links: recall {score.recall:.3f} of {score.wanted}, precision {score.precision:.3f} of {score.applied}"
    calls = f"{score.a_link('cdx'):.2f} CDX requests and {score.a_link('replay'):.2f} replays a link"
    yield f"{calls}, {score.calls['429']} answers 429; {dict(+score.harm) or 'no harm done'}"


def _report(folder: Path) -> list[str]:
    """Measure one set and print; the floors that it misses."""
    with tempfile.TemporaryDirectory(prefix="bench-repair-") as home:
        done = measure(folder, Path(home))
        print(f"\n{folder.name}\n", *table(done.score), *done.score.misses, sep="\n")
        print("\n| what was said of a candidate | candidates | right |\n|---|---|---|")
        for why, (count, right) in by_reason(candidates(folder, done)).items():
            print(f"| {why} | {count} | {right} |")
    return [f"{folder.name}: {line}" for line in done.score.failures()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="*", metavar="SET")
    parser.add_argument("--rounds", type=int, default=3, help="of our own set: links of each kind")
    parser.add_argument("--seed", type=int, default=1, help="of our own set")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="broken-links-") as folder:
        sets = given.sets or [build(Path(folder) / "own", rounds=given.rounds, seed=given.seed)]
        missed = [line for one in sets for line in _report(one)]
    sys.exit("\n".join(["", "missed:", *missed]) if missed else 0)


if __name__ == "__main__":
    main()
