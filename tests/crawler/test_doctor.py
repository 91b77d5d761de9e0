"""morgue doctor --online: one question to each archive, within its budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crawler.conftest import Morgue
from tests.crawler.small_web import publish
from tests.internet import Corpus, Internet


def reached(morgue: Morgue, *arguments: str) -> tuple[int, dict[str, str]]:
    done = morgue.run("doctor", "--online", "--json", "-s", "MORGUE_ARCHIVE_TIMEOUT=1", *arguments)
    assert "Traceback" not in done.err
    [online] = [one for one in done.objects if one["check"] == "online"]
    return done.code, online


@pytest.mark.parametrize(
    ("fault", "code", "state", "said"),
    [
        (None, 0, "ok", "wayback answers"),
        ("replay:503", 1, "fail", "wayback cannot be asked: "),
        ("replay:hang", 1, "fail", "wayback cannot be asked: "),
        ("replay:reset", 1, "fail", "wayback cannot be asked: "),
    ],
)
def test_an_archive_is_asked_once(tmp_path: Path, fault: str | None, code: int, state: str, said: str) -> None:
    corpus = Corpus()
    addresses = publish(corpus, "paper.example", 1)
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        assert morgue.crawl(*addresses).code == 0
        if fault:
            net.faults.add(fault)
        asked = len(net.log)
        ended, online = reached(morgue)
        assert (ended, online["state"]) == (code, state), online
        assert online["said"].startswith(said)
        assert len([record for record in net.requests() if "/web/" in record.url]) == 1
        assert len(net.log) == asked + 1
        assert morgue.value("SELECT used FROM budgets WHERE service = 'wayback-replay'") == 1
        assert morgue.value("SELECT count(*) FROM frontier WHERE state != 'done'") == 0
        if fault:  # the archive is left alone now
            ended, online = reached(morgue)
            assert (ended, online["state"]) == (0, "warn")
            assert online["said"].startswith("wayback: wayback-replay is paused")
            assert len(net.log) == asked + 1


def test_without_it_nobody_is_asked(tmp_path: Path) -> None:
    with Internet([Corpus().write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        done = morgue.run("doctor", "--json")
        assert done.code == 0
        assert len(net.log) == 0
        assert not morgue.home.exists()
