"""What packing an answer for the WARC file costs at each gzip level: bodies as they came, and bodies the server had compressed.

    python -m bench.warc [--source DIR] [--rounds N]

CPU ms a page (the best of some rounds, levels in turns) and kB a page in the file. `archive.warc.pack.LEVEL` follows from it.
"""

from __future__ import annotations

import argparse
import gzip
from importlib import import_module
from pathlib import Path
from time import process_time

from archive.models import Exchange
from bench.samples import NOW, SHARED, Sample, read

LEVELS = (0, 1, 2, 3, 4, 5, 6, 9)

packing = import_module("archive.warc.pack")  # the package names its function like its module
NOW_USED = packing.LEVEL


def exchange(sample: Sample, *, coded: bool) -> Exchange:
    """A page's answer, plain or with the content coding that most servers use."""
    headers = (("Content-Type", "text/html; charset=utf-8"), *((("Content-Encoding", "gzip"),) if coded else ()))
    body = gzip.compress(sample.body, 6) if coded else sample.body
    return Exchange(sample.url, (("Accept-Encoding", "gzip"),), 200, headers, body, NOW)


def measure(exchanges: list[Exchange], level: int) -> tuple[float, float]:
    """CPU ms and kB of one page's response at a level."""
    packing.LEVEL = level  # type: ignore[attr-defined]
    start = process_time()
    size = sum(packing.pack(one, target=one.url, date=NOW).length for one in exchanges)
    return (process_time() - start) / len(exchanges) * 1e3, size / len(exchanges) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=SHARED / "pages", help="a folder of pages")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    samples = list(read(given.source))
    if not samples:
        raise SystemExit(f"bench.warc: there are no pages in {given.source}: give a folder with --source")
    for coded in (False, True):
        exchanges = [exchange(sample, coded=coded) for sample in samples]
        rounds = [[measure(exchanges, level) for level in LEVELS] for _ in range(given.rounds)]
        print("compressed by the server" if coded else "plain")
        for level, *seen in zip(LEVELS, *rounds, strict=True):
            time, size = min(seen)
            print(f"  level {level}  {time:6.2f} ms  {size:7.1f} kB{'  <- now' if level == NOW_USED else ''}")


if __name__ == "__main__":
    main()
