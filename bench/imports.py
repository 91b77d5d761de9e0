"""Import against the bare extraction of the same pages: python -m bench.imports [FOLDER OF PAGES] [--copies N] [--rounds N]

In turns: the bare side parses pages in memory, in this process, and keeps nothing; the import reads them from a WARC file,
parses them in two worker processes, writes records, text and index, and commits. CPU seconds count: they do not know how
busy the machine is.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from archive.extract import extract
from archive.models import Exchange
from archive.warc import pack
from bench.processes import Watch, cpu_seconds
from bench.samples import SHARED, Sample, read
from crawler.importing.doing import bring_in

WORKERS = 2
_HTML = (("Content-Type", "text/html"),)


def main() -> None:
    """Print records a second and CPU milliseconds a record of both sides, and the ratio of the CPU."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=Path, default=SHARED / "pages")
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    pages = [copy for sample in read(chosen.pages) for copy in copies(sample, chosen.copies)]
    with tempfile.TemporaryDirectory() as scratch:
        warc = written(Path(scratch), pages)
        print(f"{len(pages)} records, {warc.stat().st_size >> 20} MiB, {WORKERS} workers")
        sides: dict[str, Callable[[], None]] = {"bare": lambda: bare(pages), "import": lambda: imported(warc, Path(scratch))}
        cpu: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(chosen.rounds):
            for name, side in sides.items():
                seconds, used, peak = measured(side)
                cpu[name].append(used)
                told = f"{len(pages) / seconds:6.1f} records/s {used / len(pages) * 1000:6.1f} CPU ms a record"
                print(f"{name:7} {told} peak {peak >> 20} MiB")
        print(f"CPU of the import / bare: {statistics.median(cpu['import']) / statistics.median(cpu['bare']):.2f}")


def copies(sample: Sample, count: int) -> list[Sample]:
    """The page under several addresses, each a page of its own to an archive."""
    parts = urlsplit(sample.url)
    return [replace(sample, url=parts._replace(query=f"copy={number}").geturl()) for number in range(count)]


def written(folder: Path, pages: list[Sample]) -> Path:
    path = folder / "CC-NEWS.warc.gz"
    with path.open("wb") as file:
        for page in pages:
            answer = Exchange(page.url, (), 200, _HTML, page.body, page.captured)
            file.write(pack(answer, target=page.url, date=page.captured).response)
    return path


def bare(pages: list[Sample]) -> None:
    for page in pages:
        extract(page.body, _HTML, page.url, page.captured)


def imported(warc: Path, folder: Path) -> None:
    shutil.rmtree(folder / "home", ignore_errors=True)
    with contextlib.redirect_stdout(io.StringIO()):
        assert bring_in([warc], folder / "home", WORKERS, as_json=True) == 0


def measured(side: Callable[[], None]) -> tuple[float, float, int]:
    """Seconds on the wall, CPU seconds of this process and its workers, and the memory of all at its peak."""
    begin, own = time.perf_counter(), cpu_seconds(os.getpid())
    with Watch(os.getpid()) as watch:
        side()
    return time.perf_counter() - begin, cpu_seconds(os.getpid()) - own + watch.others_cpu, watch.peak_bytes


if __name__ == "__main__":
    main()
