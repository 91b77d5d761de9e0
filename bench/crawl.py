"""The crawl from end to end against the limit of the machine, in turns, in one run.

    python -m bench.crawl [--pages N] [--rounds N] [--source DIR]

The crawl is the `morgue` command as a user runs it, without delays: it fetches the pages of SOURCE, repeated to N
addresses, from the offline internet (a process of its own, on the same cores), extracts, indexes, and keeps every answer
in WARC files. The limit is what two processes reach that do nothing but `trafilatura.bare_extraction` with metadata on
the same pages in memory. The crawl's clock runs from the start of the command to its end, the limit's only while both
processes work. Ends with 1 when a floor is missed. Absolute figures are the machine's; the ratio counts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from trafilatura import bare_extraction

from bench.processes import Watch, cpu_seconds
from bench.samples import SHARED, Sample, read

PROCESSES = 2
FLOOR = 0.85  # of the limit
MAX_SHARE = 0.5  # of a core, for the process with the reactor
MAX_BYTES = 700 * 1_000_000  # of all processes of the crawl together
# Not 0: Scrapy 2.19 counts a request against its host's one connection a moment too late, when it has begun, and with no
# delay at all sends the next one over a second connection: 170 TLS handshakes more for 400 pages (2026-11-25).
# The pages stand under made-up addresses, which none of them calls its own: each would be asked about as a possible soft-404.
SETTINGS = ("-s", "DOWNLOAD_DELAY=0.001", "-s", "MORGUE_PROBE=False")

# -- the limit --------------------------------------------------------------------------------------------------------

_samples: list[Sample] = []


def _load(source: Path) -> None:
    _samples[:] = read(source)
    _bare(0)


def _bare(number: int) -> float:
    """Extract one page; returns the CPU seconds that it took."""
    sample, before = _samples[number % len(_samples)], time.process_time()
    bare_extraction(sample.body, url=sample.url, with_metadata=True)
    return time.process_time() - before


@dataclass(frozen=True, slots=True)
class Limit:
    """One round of bare extraction. CPU is a page's, in seconds."""

    rate: float
    cpu: float


@contextmanager
def limit(source: Path, pages: int) -> Iterator[Callable[[], Limit]]:
    """Two processes that wait, with everything in memory; the call lets them work."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES, _load, (source,)) as pool:
        pool.map(_bare, range(4 * PROCESSES), chunksize=1)

        def work() -> Limit:
            start = time.perf_counter()
            cpu = sum(pool.imap_unordered(_bare, range(pages), chunksize=2))
            return Limit(pages / (time.perf_counter() - start), cpu / pages)

        yield work


# -- the crawl --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Crawl:
    """One round of the command. CPU is a page's, in seconds; `share` is the reactor's process's of a core."""

    rate: float
    share: float
    reactor_cpu: float
    workers_cpu: float
    internet_cpu: float
    peak_bytes: int
    peak_processes: int
    articles: int


def build(source: Path, pages: int, folder: Path) -> list[str]:
    """Write the corpus: every page under its path on a host like its own, repeated in folders 1, 2, … until it is enough.

    The pages stay where they are. Their hosts differ from those they declare, so each copy is an article of its own.
    """
    files = list(read(source))
    rows, urls = [], []
    for number in range(pages):
        sample = files[number % len(files)]
        parts = urlsplit(sample.url)
        urls.append(f"https://{parts.netloc}.bench.test/{number // len(files)}{parts.path or '/'}")
        live = {"status": 200, "file": str((source / sample.file).absolute())}
        rows.append({"url": urls[-1], "live": live, "captures": []})
    (folder / "web.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return urls


@contextmanager
def internet(folder: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The offline internet as a process: its id, and the variables that point a client to it."""
    env = folder / "env"
    command = [sys.executable, "-m", "tests.internet", "--corpus", str(folder), "--env", str(env)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as server:
        try:
            while not env.exists():
                if server.poll() is not None:
                    raise SystemExit("bench.crawl: the offline internet did not start")
                time.sleep(0.05)
            yield server.pid, dict(line.split("=", 1) for line in env.read_text().splitlines())
        finally:
            server.terminate()


def crawl(urls: list[str], folder: Path, server: int, variables: dict[str, str]) -> Crawl:
    """Run the command once, in a new home."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        (Path(home) / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        command = [str(Path(sys.executable).with_name("morgue")), "crawl", "urls.txt", "--home", home, "--related", "0"]
        before, start = cpu_seconds(server), time.perf_counter()
        with subprocess.Popen([*command, *SETTINGS], cwd=home, env=os.environ | variables, stdout=subprocess.DEVNULL) as process:
            with Watch(process.pid) as watch:
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, and its times can still be read
                seconds = time.perf_counter() - start
            reactor = cpu_seconds(process.pid)
        articles = _checked(Path(home), urls)
    return Crawl(
        rate=len(urls) / seconds,
        share=reactor / seconds,
        reactor_cpu=reactor / len(urls),
        workers_cpu=watch.others_cpu / len(urls),
        internet_cpu=(cpu_seconds(server) - before) / len(urls),
        peak_bytes=watch.peak_bytes,
        peak_processes=watch.peak_processes,
        articles=articles,
    )


def _checked(home: Path, urls: list[str]) -> int:
    """The number of articles; a crawl that left pages out must not count as a fast one."""
    db = sqlite3.connect(f"file:{home}/morgue.db?mode=ro", uri=True)
    (done,) = db.execute("SELECT count(*) FROM frontier WHERE state = 'done'").fetchone()
    (kept,) = db.execute("SELECT count(DISTINCT url_id) FROM captures WHERE statuscode = 200").fetchone()
    (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    db.close()
    if (done, kept) != (len(urls), len(urls)):
        raise SystemExit(f"bench.crawl: of {len(urls)} pages {done} are done and {kept} kept")
    return int(articles)


# -- the comparison ---------------------------------------------------------------------------------------------------


def compare(source: Path, pages: int, rounds: int) -> tuple[list[Limit], list[Crawl]]:
    """Both sides in turns, so that what the machine does meanwhile falls on both."""
    limits, crawls = [], []
    with tempfile.TemporaryDirectory(prefix="morgue-bench-") as name, limit(source, pages) as work:
        folder = Path(name)
        urls = build(source, pages, folder)
        with internet(folder) as (server, variables):
            for number in range(1, rounds + 1):
                limits.append(work())
                crawls.append(crawl(urls, folder, server, variables))
                print(f"round {number}: limit {limits[-1].rate:.1f}, crawl {crawls[-1].rate:.1f} pages a second", file=sys.stderr)
    return limits, crawls


def report(limits: list[Limit], crawls: list[Crawl]) -> bool:
    """Print the medians; True when every floor is held."""

    def ms(values: Iterator[float]) -> str:
        return f"{median(values) * 1e3:6.1f}"

    rate, bound = median(one.rate for one in crawls), median(one.rate for one in limits)
    ratio = median(one.rate / other.rate for one, other in zip(crawls, limits, strict=True))
    share = median(one.share for one in crawls)
    peak = max(crawls, key=lambda one: one.peak_bytes)
    print(f"limit  {bound:6.1f} pages/s, {ms(one.cpu for one in limits)} CPU ms a page in {PROCESSES} processes")
    print(f"crawl  {rate:6.1f} pages/s, {min(one.articles for one in crawls)} articles stored; CPU ms a page:")
    print(f"       {ms(one.reactor_cpu for one in crawls)} the process with the reactor")
    print(f"       {ms(one.workers_cpu for one in crawls)} the workers")
    print(f"       {ms(one.internet_cpu for one in crawls)} the offline internet, which shares the machine")
    return all(
        [
            _held(f"of the limit: {ratio:.2f} (at least {FLOOR})", ok=ratio >= FLOOR),
            _held(f"of a core for the reactor's process: {share:.2f} (below {MAX_SHARE})", ok=share < MAX_SHARE),
            _held(
                f"MB at the peak in {peak.peak_processes} processes together (PSS): {peak.peak_bytes / 1e6:.0f} "
                f"(below {MAX_BYTES / 1e6:.0f})",
                ok=peak.peak_bytes < MAX_BYTES,
            ),
        ]
    )


def _held(text: str, *, ok: bool) -> bool:
    print(f"{'ok' if ok else 'MISSED':6} {text}")
    return ok


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1_000, help="addresses to crawl")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--source", type=Path, default=SHARED / "pages", help="a folder of pages with truth.jsonl")
    given = parser.parse_args()
    if not given.source.is_dir() or not any(islice(read(given.source), 1)):
        raise SystemExit(f"bench.crawl: there are no pages in {given.source}: give a folder with --source")
    limits, crawls = compare(given.source, given.pages, given.rounds)
    sys.exit(0 if report(limits, crawls) else 1)


if __name__ == "__main__":
    main()
