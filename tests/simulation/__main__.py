"""`make simulate`: the quarter, and what it shows. Ends with 1 when something does not hold."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from tests.simulation.judged import judge
from tests.simulation.runs import simulate, temporary_home
from tests.simulation.world import world

MINUTES = 15


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the common sources")
    parser.add_argument("--home", type=Path, help="keep the home in this new folder")
    given = parser.parse_args()
    hours, start = given.weeks * 168, time.perf_counter()
    sources = world(given.weeks, given.seed, given.scale)
    print(f"{len(sources)} sources, {sum(len(source.articles) for source in sources)} articles, {hours} runs", flush=True)
    with temporary_home() as folder:
        home = given.home or Path(folder) / "home"
        told, net = simulate(home, sources, hours, quiet=False)
        asked = Counter(urlsplit(record.url).netloc for record in net.requests())
        lines = list(judge(home, sources, told, asked, hours))
    seconds = time.perf_counter() - start
    print(
        f"{told.counts['pages']} pages, {told.counts['listings']} listings, exit codes {dict(told.codes)}, {seconds / 60:.1f} minutes"
    )
    for line in lines:
        print(f"{'ok' if line.held else 'MISSED':6} {line.text}")
    print(f"{'ok' if seconds < MINUTES * 60 else 'MISSED':6} {seconds / 60:.1f} minutes (at most {MINUTES})")
    return 0 if all(line.held for line in lines) and seconds < MINUTES * 60 else 1


if __name__ == "__main__":
    sys.exit(main())
