"""The worker processes: each limit costs its own page only, and no capture is ever lost."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.models import Exchange
from crawler.workers.pool import Job, Result, Workers, receipt_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SENTENCE = "The council met on Tuesday to discuss the budget for the coming year and its effects on roads. "
# Attributes with angle brackets in them: libxml2 needs seconds for 50,000, in C code that no Python handler interrupts.
SLOW = b"<html><body><div " + b" ".join(b'a%d="<>"' % number for number in range(100_000)) + b"><p>x</p></div>"
LARGE = b"<html><body>" + b"<p>Some words.</p>" * 45_000  # small to pack; as a tree beyond the tests' memory limit


def article(number: int) -> bytes:
    return f"<html><title>Story {number}</title><body><h1>Story {number}</h1><p>{SENTENCE * 4} No. {number}.</p></body>".encode()


def job(body: bytes, number: int = 0, *, want_page: bool = True) -> Job:
    url = f"https://www.example.test/2026/11/24/story-number-{number}"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Job(Exchange(url, (), 200, headers, body, NOW), url, NOW, want_page)


@contextlib.asynccontextmanager
async def pool(size: int = 1, *, cpu: float = 10.0, memory: int = 1 << 30, wall: float = 30.0) -> AsyncIterator[Workers]:
    workers = Workers(size, cpu_seconds=cpu, memory_bytes=memory, wall_seconds=wall)
    workers.start()
    try:
        yield workers
    finally:
        await asyncio.wait_for(workers.close(), 20)


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Come back when the condition holds; the event loop goes on meanwhile."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0)


def holds(result: Result, body: bytes) -> bool:
    """The response's record is a whole gzip member with the body in it."""
    return body in gzip.decompress(result.packed.response)


def test_a_page_is_packed_and_parsed() -> None:
    async def main() -> None:
        async with pool() as workers:
            result = await workers.run(job(article(1)))
            assert holds(result, article(1))
            assert result.page is not None
            assert (result.page.status, result.page.heading) == ("ok", "Story 1")
            assert receipt_of(job(article(1)), result).extracted == "ok"

    asyncio.run(main())


def test_records_alone_when_no_page_is_wanted() -> None:
    async def main() -> None:
        async with pool() as workers:
            one = job(article(1), want_page=False)
            result = await workers.run(one)
            assert holds(result, article(1))
            assert result.page is None
            assert receipt_of(one, result).extracted == "not_asked"

    asyncio.run(main())


def test_twenty_jobs_at_once_come_back_to_those_who_sent_them() -> None:
    async def main() -> None:
        async with pool(2) as workers:
            results = await asyncio.gather(*(workers.run(job(article(n), n)) for n in range(20)))
            for number, result in enumerate(results):
                assert result.packed.target.endswith(f"-{number}")
                assert result.page is not None
                assert result.page.heading == f"Story {number}"

    asyncio.run(main())


@pytest.mark.parametrize(
    ("limits", "body", "status", "reason"),
    [
        ({"cpu": 0.3}, SLOW, "timeout", "of CPU"),
        ({"wall": 0.6, "cpu": 60.0}, SLOW, "timeout", "more than 0.6 s"),
        pytest.param(
            {"memory": 16 << 20},
            LARGE,
            "memory",
            "16 MiB",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="no limit on address space"),
        ),
    ],
)
def test_a_limit_costs_one_page_and_not_its_capture(limits: dict[str, float], body: bytes, status: str, reason: str) -> None:
    async def main() -> None:
        async with pool(**limits) as workers:  # type: ignore[arg-type]
            hostile, good = await asyncio.gather(workers.run(job(body)), workers.run(job(article(2))))
            assert holds(hostile, body)
            assert hostile.page is not None
            assert hostile.page.status == status
            assert reason in (hostile.page.reason or "")
            assert good.page is not None
            assert good.page.status == "ok"

    asyncio.run(main())


def cpu_ticks(pid: int) -> int:
    """The user time of a process in clock ticks (proc(5))."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


async def parsing(workers: Workers) -> tuple[int, asyncio.Task[Result]]:
    """The only worker deep in a slow page, whose capture it has packed: its process and the task that waits for it."""
    await workers.run(job(article(1)))
    (pid,) = workers.pids()
    before = cpu_ticks(pid)
    task = asyncio.create_task(workers.run(job(SLOW)))
    await until(lambda: cpu_ticks(pid) > before + 40)  # packing takes a tenth of that
    return pid, task


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_worker_killed_while_it_parses_keeps_its_capture() -> None:
    async def main() -> None:
        async with pool(cpu=60.0, wall=60.0) as workers:
            pid, task = await parsing(workers)
            os.kill(pid, signal.SIGKILL)
            result = await task
            assert holds(result, SLOW)
            assert result.page is not None
            assert (result.page.status, "SIGKILL" in (result.page.reason or "")) == ("error", True)
            following = await workers.run(job(article(2)))
            assert following.page is not None
            assert following.page.heading == "Story 2"
            assert workers.pids() != [pid]

    asyncio.run(main())


def test_a_worker_killed_before_it_packs_gets_another_try() -> None:
    async def main() -> None:
        async with pool() as workers:
            await workers.run(job(article(1)))
            (pid,) = workers.pids()
            os.kill(pid, signal.SIGSTOP)
            task = asyncio.create_task(workers.run(job(article(2))))
            await asyncio.sleep(0)
            os.kill(pid, signal.SIGKILL)
            result = await task
            assert result.page is not None
            assert result.page.heading == "Story 2"

    asyncio.run(main())


def test_a_worker_that_does_not_even_read_ends_at_the_deadline() -> None:
    body = article(1) + b"<!-- " + b"more than a pipe holds " * 50_000 + b" -->"

    async def main() -> None:
        async with pool(wall=0.5) as workers:
            await workers.run(job(article(1)))
            (pid,) = workers.pids()
            os.kill(pid, signal.SIGSTOP)
            result = await workers.run(job(body))
            assert holds(result, body)

    asyncio.run(main())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_fork_server_that_was_killed_is_replaced_and_no_capture_is_lost() -> None:
    async def main() -> None:
        async with pool(cpu=60.0, wall=60.0) as workers:
            _, task = await parsing(workers)
            server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
            os.kill(server, signal.SIGKILL)  # the workers are its children: they end with it
            result = await task
            assert holds(result, SLOW)
            following = await workers.run(job(article(2)))
            assert following.page is not None
            assert following.page.heading == "Story 2"
            assert forkserver._forkserver._forkserver_pid != server  # type: ignore[attr-defined]

    asyncio.run(main())


def test_a_start_that_the_fork_server_did_not_live_to_answer_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    start, failures = BaseProcess.start, [EOFError()]

    def interrupted(process: BaseProcess) -> None:
        if failures:
            raise failures.pop()
        start(process)

    monkeypatch.setattr(BaseProcess, "start", interrupted)

    async def main() -> None:
        async with pool() as workers:
            result = await workers.run(job(article(1)))
            assert result.page is not None
            assert result.page.heading == "Story 1"

    asyncio.run(asyncio.wait_for(main(), 30))
    assert not failures


def test_time_in_which_nobody_could_run_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `docker pause`: the clock has moved on by an hour, the worker has done nothing."""
    paused, ticks = [0.0], Counter[str]()

    def monotonic() -> float:
        ticks[threading.current_thread().name] += 1
        return time.monotonic() + paused[0]

    monkeypatch.setattr("crawler.workers.pool.time", SimpleNamespace(monotonic=monotonic))

    async def main() -> None:
        async with pool() as workers:
            await workers.run(job(article(1)))
            (pid,) = workers.pids()
            os.kill(pid, signal.SIGSTOP)
            task = asyncio.create_task(workers.run(job(article(2))))
            before = ticks["extraction-0"]
            await until(lambda: ticks["extraction-0"] > before)  # its deadline is set
            paused[0], before = 3600.0, ticks["extraction-watch"]
            await until(lambda: ticks["extraction-watch"] >= before + 4)  # two rounds
            os.kill(pid, signal.SIGCONT)
            result = await task
            assert result.page is not None
            assert result.page.heading == "Story 2"
            assert workers.pids() == [pid]

    asyncio.run(main())


def test_closing_while_busy_gives_the_jobs_up() -> None:
    async def main() -> None:
        async with pool(cpu=60.0, wall=60.0) as workers:
            tasks = [asyncio.create_task(workers.run(job(SLOW, n))) for n in range(3)]
            await until(workers.pids)
            (pid,) = workers.pids()
            await asyncio.wait_for(workers.close(), 20)
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ends)
            assert workers.pids() == []
            await until(lambda: gone(pid))
            with pytest.raises(RuntimeError, match="closed"):
                await workers.run(job(article(1)))

    asyncio.run(main())


def test_closing_a_pool_that_never_started() -> None:
    asyncio.run(asyncio.wait_for(Workers(2).close(), 20))


def test_a_waiter_that_gave_up_does_not_stop_the_others() -> None:
    async def main() -> None:
        async with pool() as workers:
            tasks = [asyncio.create_task(workers.run(job(article(n), n))) for n in range(4)]
            await asyncio.sleep(0)
            tasks[1].cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            assert [isinstance(end, Result) for end in ends] == [True, False, True, True]

    asyncio.run(main())


def test_a_worker_is_replaced_after_its_share_of_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.workers.pool.JOBS_PER_WORKER", 2)

    async def main() -> None:
        async with pool() as workers:
            pids = []
            for number in range(4):
                await workers.run(job(article(number)))
                pids += workers.pids()
            assert pids[0] == pids[1] != pids[2] == pids[3]

    asyncio.run(main())


def gone(pid: int) -> bool:
    """True when a process has ended, whoever has yet to ask for its exit code."""
    try:
        os.kill(pid, 0)
        return sys.platform == "linux" and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


def test_workers_and_their_fork_server_end_with_their_parent() -> None:
    code = (
        "import asyncio, sys\n"
        "from multiprocessing import forkserver\n"
        "from tests.crawler.test_workers import SLOW, job\n"
        "from crawler.workers.pool import Workers\n"
        "async def main():\n"
        "    workers = Workers(2, cpu_seconds=60)\n"
        "    busy = asyncio.create_task(workers.run(job(SLOW)))\n"
        "    while len(workers.pids()) < 2:\n"
        "        await asyncio.sleep(0)\n"
        "    print(*workers.pids(), forkserver._forkserver._forkserver_pid, flush=True)\n"
        "    await busy\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert len(pids) == 3
    asyncio.run(until(lambda: all(map(gone, pids))))


def test_a_worker_whose_fork_server_has_ended_before_it_could_ask_to_be_told_ends() -> None:
    code = "from crawler.workers import worker as e; e._loaded_in = -1; e._die_with_parent(); print('still here')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout == ""


def test_a_worker_does_not_run_the_main_script_again(tmp_path: Path) -> None:
    script = tmp_path / "main.py"
    script.write_text(
        "import asyncio, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "print('main', flush=True)\n"
        "from tests.crawler.test_workers import article, job, pool\n"
        "async def main():\n"
        "    async with pool(2) as workers:\n"
        "        results = await asyncio.gather(*(workers.run(job(article(n))) for n in range(4)))\n"
        "        print([result.page.status for result in results], __file__.endswith('main.py'))\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == ["main", "['ok', 'ok', 'ok', 'ok'] True", ""]
    assert done.stderr == ""


def test_a_worker_needs_nothing_of_scrapy() -> None:
    code = "import sys, crawler.workers.pool, archive.extract; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    loaded = set(done.stdout.split())
    assert {"trafilatura", "htmldate"} <= loaded
    assert not loaded & {"scrapy", "twisted", "sqlite_utils", "datasette", "click", "rich"}
