"""CPU per page: ours against bare standard trafilatura with metadata, page by page in turns, in one run.

    python -m bench.extract_speed [PAGES] [--rounds N]

Prints both medians and means, their ratios, and our slowest page. Absolute figures are the machine's; the ratios count.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from time import process_time

from bench.quality import ours, plain
from bench.samples import SHARED, Sample, read


def _seconds(how: Callable[[Sample], object], sample: Sample) -> float:
    start = process_time()
    how(sample)
    return process_time() - start


def measure(samples: list[Sample], rounds: int) -> tuple[list[float], list[float]]:
    """CPU seconds of each page, the best of some rounds: ours and trafilatura's."""
    for sample in samples[:3]:
        ours(sample), plain(sample)  # imports and caches
    own, theirs = [], []
    for sample in samples:
        times = [(_seconds(ours, sample), _seconds(plain, sample)) for _ in range(rounds)]
        own.append(min(time for time, _ in times))
        theirs.append(min(time for _, time in times))
    return own, theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="?", default=SHARED / "pages")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    samples = list(read(given.pages)) if given.pages.is_dir() else []
    if not samples:
        sys.exit(f"{given.pages}: no pages there; give a folder of .html or .html.gz files")
    own, theirs = measure(samples, given.rounds)
    for name, value in (("median", median), ("mean", mean)):
        print(f"{name:<8} {value(own) * 1e3:6.1f} ms  {value(theirs) * 1e3:6.1f} ms  ratio {value(own) / value(theirs):.3f}")
    slowest = max(range(len(own)), key=own.__getitem__)
    print(f"slowest  {own[slowest] * 1e3:6.1f} ms  {samples[slowest].file}")


if __name__ == "__main__":
    main()
