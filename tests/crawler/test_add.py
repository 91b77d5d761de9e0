"""`morgue add`: queued and kept, nothing fetched; a crawl takes it from there."""

from __future__ import annotations

from pathlib import Path

from tests.crawler.conftest import Morgue
from tests.crawler.small_web import publish, url
from tests.internet import Corpus, Internet

HOST = "paper.example"


def test_what_is_added_is_fetched_by_the_next_crawl(tmp_path: Path) -> None:
    corpus = Corpus()
    first, second = publish(corpus, HOST, 1, 2)
    clipping = tmp_path / "list.txt"
    clipping.write_text(f"{first}\n{second}\n")
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        added = morgue.run("add", clipping, "--json")
        assert added.code == 0, added.err
        assert [(one["url"], one["state"], one["document"]) for one in added.objects] == [
            (address, "queued", str(clipping)) for address in (first, second)
        ]
        assert net.log == []
        assert {told["verdict"] for told in morgue.crawl("--json").objects} == {"alive"}
        again = morgue.run("add", first, "--json")
        assert again.object["state"] == "done", "it was fetched today"
        assert morgue.run("add", first, "--json", "--refresh").object["state"] == "queued"
        assert net.leaks == []


def test_a_dry_run_leaves_no_trace(morgue: Morgue) -> None:
    told = morgue.run("add", url(HOST), "--dry-run", "--json")
    assert (told.code, told.object["url"]) == (0, url(HOST))
    assert not morgue.home.exists()


def test_what_cannot_be_read_is_one_line_and_the_rest_is_queued(morgue: Morgue) -> None:
    told = morgue.run("add", "missing.txt", url(HOST))
    assert told.code == 3
    assert "missing.txt" in told.err
    assert "Traceback" not in told.err
    assert told.out.splitlines() == [f"queued    {url(HOST)}", "1 addresses: 1 queued"]
    assert morgue.run("add").code == 2
