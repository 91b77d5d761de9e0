"""Archives beyond the first: a real pywb from `morgue.toml`, and our own captures when nobody else has the page."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.models import Exchange
from archive.warc import WarcWriter, cdxj, pack
from tests.archive.test_pywb_archive import PYTHON, RUNNER
from tests.crawler.conftest import Morgue
from tests.crawler.small_web import asked, outlet, page, publish, url
from tests.internet import Corpus, Internet
from tests.internet.build import not_found_page

HOST = "paper.example"
TYPE = (("Content-Type", "text/html; charset=utf-8"),)


def write_collection(home: Path, captures: list[tuple[str, str, str]]) -> None:
    """A collection of pywb with these captures: address, day, page."""
    collection = home / "collections" / "news"
    for name in ("archive", "indexes"):
        (collection / name).mkdir(parents=True)
    writer = WarcWriter(collection / "archive", now=lambda: datetime(2026, 11, 25, tzinfo=UTC))
    for address, day, html in captures:
        date = datetime.strptime(day, "%Y%m%d").replace(hour=12, tzinfo=UTC)
        writer.append(pack(Exchange(address, (), 200, TYPE, html.encode(), date), target=address, date=date))
    writer.sync()
    writer.committed()
    writer.close()
    lines = sorted(line for path in (collection / "archive").iterdir() for line in cdxj(path))
    (collection / "indexes" / "index.cdxj").write_text("\n".join(lines) + "\n")
    (home / "config.yaml").write_text("")


@contextmanager
def pywb(home: Path) -> Iterator[str]:
    """Its address, while it runs."""
    with subprocess.Popen([PYTHON, "-c", RUNNER], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            port = server.stdout.readline().decode().strip()
            assert port, "pywb did not start"
            yield f"http://127.0.0.1:{port}/news"
        finally:
            server.terminate()


@pytest.mark.skipif(not PYTHON.exists(), reason="pywb is not installed: make .venv-pywb/.installed")
def test_a_page_that_only_the_second_archive_has(tmp_path: Path) -> None:
    """Its capture nearest to the day is a "not found" page, and pywb names no neighbours: the list shows the good one."""
    corpus = Corpus()
    publish(corpus, HOST, 9)
    dead, never = url(HOST, 1), url(HOST, 2)
    write_collection(tmp_path / "pywb", [(dead, "20260302", not_found_page(outlet(HOST))), (dead, "20260615", page(HOST, 1))])
    with pywb(tmp_path / "pywb") as base, Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        morgue.home.mkdir()
        settings = (
            f'[[archives]]\nname = "lib"\nreplay = "{base}/{{timestamp}}id_/{{url}}"\ncdx = "{base}/cdx"\nrequests = 3000\n'
        )
        (morgue.home / "morgue.toml").write_text(settings)
        env = morgue.env() | {"no_proxy": "127.0.0.1"}
        ended = morgue.crawl(dead, never, "--json", "-s", "MORGUE_ALLOW_PRIVATE=1", env=env)
        assert ended.code == 0, ended.err
        found, none = ended.objects
        assert (found["verdict"], found["origin"], found["method"]) == ("archived", "lib", "memento")
        assert found["archive_url"] == f"{base}/20260615120000/{dead}"
        assert none["verdict"] == "none"
        services = {row["service"] for row in morgue.rows("SELECT DISTINCT service FROM lookups")}
        assert services == {"wayback-replay", "wayback-cdx", "lib-replay", "lib-cdx"}
        assert net.leaks == []


def test_our_own_capture_stands_when_nobody_else_has_the_page(tmp_path: Path) -> None:
    corpus = Corpus()
    (address,) = publish(corpus, HOST, 1)
    morgue = Morgue(tmp_path / "home")
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        assert Morgue(morgue.home, net).crawl(address).code == 0
    gone = Corpus()
    publish(gone, HOST, 9)
    with Internet([gone.write(tmp_path / "gone")]) as net:
        ended = Morgue(morgue.home, net).crawl(address, "--refresh", "--json")
        assert ended.code == 0, ended.err
        told = ended.object
        assert (told["verdict"], told["method"], told["replacement"], told["archive_url"]) == (
            "archived",
            "own_capture",
            None,
            None,
        )
        assert told["article"] is not None
        assert asked(net, "web.archive.org"), "an archive's copy would have been better: it has an address"
        people = Morgue(morgue.home, net).crawl(address, "--refresh")
        assert "from our own capture" in people.out
    assert morgue.value("SELECT count(*) FROM captures WHERE statuscode = 200") == 1
    assert morgue.value("SELECT count(*) FROM versions") == 1
    assert morgue.rows("SELECT DISTINCT archive FROM lookups") == [{"archive": "wayback"}]


def test_settings_that_cannot_be_read_stop_the_crawl(tmp_path: Path) -> None:
    morgue = Morgue(tmp_path / "home")
    morgue.home.mkdir()
    (morgue.home / "morgue.toml").write_text('archives = ["archive.today"]')
    ended = morgue.crawl("https://paper.example/")
    assert ended.code == 2
    assert "morgue.toml: archives[1]: 'archive.today' is not built in" in ended.err
    assert "Traceback" not in ended.err
