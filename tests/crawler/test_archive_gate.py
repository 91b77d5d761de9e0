"""Links to an archive's pages: within its budget, and not at all while it is paused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.conftest import Morgue
from tests.crawler.small_web import asked, page, publish, url
from tests.internet import Corpus, Internet

STAMP = "20260315120000"
MEMENTO = f"https://web.archive.org/web/{STAMP}/{url('paper.example', 1)}"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Morgue]:
    corpus = Corpus()
    publish(corpus, "paper.example", 9)
    corpus.capture(url("paper.example", 1), STAMP, page("paper.example", 1))
    with Internet([corpus.write(tmp_path / "web")]) as net:
        yield Morgue(tmp_path / "home", net)


def test_a_link_to_a_memento_takes_a_place_in_the_budget(web: Morgue) -> None:
    assert web.run("check", MEMENTO).code == 0
    assert web.net is not None
    assert len(asked(web.net, "/web/")) == 1
    assert web.value("SELECT used FROM budgets WHERE service = 'wayback-replay'") == len(asked(web.net, "://web.archive.org/"))


def test_a_paused_archive_is_left_alone(web: Morgue) -> None:
    web.run("check", MEMENTO)
    web.change("UPDATE budgets SET blocked_until = unixepoch() + 3600, reason = 'it answered 429'")
    assert web.net is not None
    before = len(asked(web.net, "/web/"))
    done = web.run("check", MEMENTO)
    assert done.code == 3
    assert "is paused: it answered 429" in done.out
    assert len(asked(web.net, "/web/")) == before


def test_a_refusal_pauses_the_archive(web: Morgue) -> None:
    assert web.net is not None
    web.net.faults.add("replay:429")
    web.run("check", MEMENTO)
    assert web.value("SELECT blocked_until > unixepoch() FROM budgets WHERE service = 'wayback-replay'") == 1
