"""`morgue save`: against the archive's emulator from beginning to end, and every other way that a saving can go."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archive.errors import UsageError
from archive.models import Exchange, Failure, FailureKind, Outcome, Verdict
from archive.repair import PageAnswer
from archive.states import State
from archive.visits import Lookup
from archive.webarchives import ArchiveRequest
from archive.webarchives.save import Keys, SavePageNow
from crawler.saving import CONFIRMATIONS, Saved, Saver
from tests.archive.exchanges import answer
from tests.crawler.conftest import Morgue
from tests.crawler.small_web import asked, page, publish, url
from tests.internet import Corpus, Internet
from tests.internet.archive_org import Wayback
from tests.internet.clock import Clock
from tests.internet.corpus import Web
from tests.internet.messages import Answer as Page
from tests.internet.messages import Request

HOST = "paper.example"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEYS = {"MORGUE_IA_KEY": "desk", "MORGUE_IA_SECRET": "hidden-word"}
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "MORGUE_SAVE_POLL=0")


# -- the command --------------------------------------------------------------------------------------------------------


def test_a_living_page_is_saved_and_confirmed(tmp_path: Path) -> None:
    corpus = Corpus()
    living, held, *_ = publish(corpus, HOST, 1, 2)
    gone = url(HOST, 3)
    corpus.capture(held, datetime.now(UTC).strftime("%Y%m%d000000"), page(HOST, 2))
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        ended = morgue.run("save", *QUICK, "--json", living, held, gone, env=morgue.env() | KEYS)
        assert ended.code == 0, ended.err
        told = {one["url"]: one for one in ended.objects}
        assert {address: one["verdict"] for address, one in told.items()} == {living: "saved", held: "captured", gone: "dead"}
        assert told[living]["archive_url"] == f"https://web.archive.org/web/{told[living]['timestamp']}/{living}"
        saves = [record for record in net.requests("save") if record.method == "POST"]
        assert len(saves) == 1, "only what needs it"
        assert net.leaks == []
        kept = morgue.rows("SELECT outcome FROM lookups WHERE service = 'wayback-save'")
        assert kept == [{"outcome": "found"}]
        again = morgue.run("save", *QUICK, "--json", living, env=morgue.env() | KEYS)
        assert (again.code, again.object["verdict"]) == (0, "captured")
        assert "hidden-word" not in ended.out + ended.err + (morgue.home / "morgue.db").read_bytes().decode("latin-1")
    assert morgue.rows("SELECT command, exit_code FROM runs") == [{"command": "morgue save", "exit_code": 0}] * 2


def test_without_keys_nothing_is_asked(morgue: Morgue) -> None:
    ended = morgue.run("save", "https://paper.example/a")
    assert ended.code == 2
    assert "MORGUE_IA_KEY" in ended.err
    assert not morgue.home.exists()


def test_a_dry_run_needs_no_keys(morgue: Morgue, tmp_path: Path) -> None:
    clipping = tmp_path / "list.txt"
    clipping.write_text("https://paper.example/a\nhttps://paper.example/b\nhttps://paper.example/a\n")
    ended = morgue.run("save", "--dry-run", "--json", clipping)
    assert ended.code == 0
    assert [one["url"] for one in ended.objects] == ["https://paper.example/a", "https://paper.example/b"]
    assert not morgue.home.exists()


def test_keys_that_are_not_accepted_end_it(tmp_path: Path) -> None:
    corpus = Corpus()
    addresses = publish(corpus, HOST, 1, 2, 3)
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        ended = morgue.run("save", *QUICK, *addresses, env=morgue.env() | KEYS | {"MORGUE_IA_KEY": "no key"})
        assert ended.code == 2
        assert ended.err.splitlines() == [
            "morgue: archive.org does not accept the keys (401): check MORGUE_IA_KEY and MORGUE_IA_SECRET "
            "(archive.org/account/s3.php)"
        ]
        assert len(net.requests("save")) == 1
        assert morgue.rows("SELECT state, exit_code FROM runs") == [{"state": "failed", "exit_code": 2}]


def test_a_crawl_saves_what_it_finds_alive(tmp_path: Path) -> None:
    corpus = Corpus()
    (living,) = publish(corpus, HOST, 1)
    gone = f"https://{HOST}/gone"
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        env = morgue.env() | KEYS
        ended = morgue.crawl("--save", *QUICK, "--json", living, gone, env=env)
        assert ended.code == 0, ended.err
        assert [one["verdict"] for one in ended.objects] == ["alive", "none"]
        assert "1  saved: saved now" in ended.err
        assert len(asked(net, living, "live")) == 1, "that it lives is known"
        assert len(net.requests("save")) == 3
        assert morgue.value("SELECT outcome FROM lookups WHERE service = 'wayback-save'") == "found"


def test_a_crawl_saves_nothing_unless_asked(tmp_path: Path) -> None:
    corpus = Corpus()
    (living,) = publish(corpus, HOST, 1)
    with Internet([corpus.write(tmp_path / "corpus")]) as net:
        morgue = Morgue(tmp_path / "home", net)
        assert morgue.crawl(living, env=morgue.env() | KEYS).code == 0
        assert net.requests("save") == []
    assert morgue.run("crawl", "--save", living).code == 2


def test_an_archive_in_trouble_is_told_and_a_page_in_trouble_too(tmp_path: Path) -> None:
    corpus = Corpus()
    (living,) = publish(corpus, HOST, 1)
    with Internet([corpus.write(tmp_path / "corpus")], faults=["save:503"]) as net:
        morgue = Morgue(tmp_path / "home", net)
        ended = morgue.run("save", *QUICK, "--json", living, env=morgue.env() | KEYS)
        assert (ended.code, ended.object["verdict"]) == (5, "unknown")
        assert "Traceback" not in ended.err
        assert len([record for record in net.requests("save") if record.method == "POST"]) == 1
        assert morgue.value("SELECT outcome FROM lookups WHERE service = 'wayback-save'") == "unknown"


# -- each way that it can go --------------------------------------------------------------------------------------------

PAGE = "https://news.example/a"
ALIVE = Verdict(State.ALIVE, "ok")


class Desk:
    """A Saver before the archive's emulator; `change` may put another answer in the place of one."""

    def __init__(self, page: Page | None = None, verdict: Verdict = ALIVE) -> None:
        self.machine = Wayback(Web(), lambda request: page or Page(200, body=b"<p>alive"), Clock(NOW))
        self.change: Callable[[ArchiveRequest], Exchange | Failure | None] = lambda request: None
        self.services: list[str] = []
        self.pauses = 0
        self._verdict = verdict

    def save(self, address: str = PAGE, *, keys: str = "k", lives: bool = False) -> tuple[Saved, tuple[Lookup, ...]]:
        saver = Saver(SavePageNow(Keys(keys, "s")), self._ask, self._look, lambda: NOW, self._pause)
        return asyncio.run(saver.save(address, lives=lives))

    async def _ask(self, request: ArchiveRequest) -> Exchange | Failure:
        self.services.append(request.service)
        if (changed := self.change(request)) is not None:
            return changed
        return self.send(request)

    def send(self, request: ArchiveRequest) -> Exchange:
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers}
        said = self.machine.answer(Request(request.method, parts.scheme, parts.netloc, parts.path, headers, request.body))
        body = gzip.decompress(said.body) if said.packed else said.body
        return Exchange(request.url, (), said.status, tuple(said.headers), body, NOW)

    async def _look(self, address: str) -> PageAnswer:
        self.services.append("live")
        return PageAnswer(self._verdict, None, address)

    async def _pause(self) -> None:
        self.pauses += 1


def test_the_order_of_questions() -> None:
    desk = Desk()
    saved, lookups = desk.save()
    assert (saved.verdict, saved.archive_url) == ("saved", f"https://web.archive.org/web/20261125120000/{PAGE}")
    status = "wayback-save-status"
    assert desk.services == ["wayback-replay", "live", "wayback-save", status, status, "wayback-replay"]
    assert desk.pauses == 2
    assert [(one.service, one.outcome) for one in lookups] == [
        ("wayback-replay", Outcome.NONE),
        ("wayback-replay", Outcome.FOUND),
        ("wayback-save", Outcome.FOUND),
    ]


def test_what_is_known_to_live_is_not_looked_at() -> None:
    desk = Desk()
    assert desk.save(lives=True)[0].verdict == "saved"
    assert "live" not in desk.services


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict(State.HARD_GONE, "status_410"), "dead"),
        (Verdict(State.SOFT404, "title"), "dead"),
        (Verdict(State.BLOCKED, "robots_txt"), "blocked"),
        (Verdict(State.TEMPORARY, "timeout"), "later"),
    ],
)
def test_what_does_not_live_is_not_sent(verdict: Verdict, expected: str) -> None:
    desk = Desk(verdict=verdict)
    assert desk.save()[0] == Saved(PAGE, expected, reason=verdict.rule)
    assert "wayback-save" not in desk.services


def test_a_page_that_cannot_be_saved_is_refused() -> None:
    saved, lookups = Desk(Page(404, body=b"gone")).save()
    assert (saved.verdict, lookups[-1].outcome) == ("refused", Outcome.NONE)


def test_keys_that_are_not_accepted_are_the_persons_business() -> None:
    with pytest.raises(UsageError, match="MORGUE_IA_KEY"):
        Desk().save(keys="")


def test_what_is_said_to_be_saved_and_does_not_replay_is_unknown() -> None:
    desk = Desk()
    never = b"<p>The Wayback Machine has not archived that URL.</p>"
    desk.change = lambda request: (
        Exchange(request.url, (), 404, (("Content-Type", "text/html"),), never, NOW)
        if request.service == "wayback-replay"
        else None
    )
    saved, lookups = desk.save()
    assert (saved.verdict, saved.reason) == ("unknown", "saved at 20261125120000, but it does not replay yet")
    assert desk.services.count("wayback-replay") == 1 + CONFIRMATIONS
    assert lookups[-1].outcome is Outcome.UNKNOWN


def test_a_job_that_nobody_can_tell_of_is_looked_for_by_replay() -> None:
    """The second question about the job is lost on the way; the capture is there all the same."""
    desk = Desk()

    def lost(request: ArchiveRequest) -> Exchange | Failure | None:
        if request.service == "wayback-save-status" and desk.services.count(request.service) == 2:
            desk.send(request)
            return Failure(request.url, FailureKind.RESET, "the connection broke off")
        return None

    desk.change = lost
    assert desk.save()[0].verdict == "saved"


@pytest.mark.parametrize("service", ["wayback-replay", "wayback-save", "wayback-save-status"])
def test_no_answer_is_unknown_and_nothing_more_is_sent(service: str) -> None:
    desk = Desk()
    desk.change = lambda request: (
        Failure(request.url, FailureKind.PAUSED, "paused: it answered 429", 60.0) if request.service == service else None
    )
    saved, lookups = desk.save()
    assert (saved.verdict, lookups[-1].outcome) == ("unknown", Outcome.UNKNOWN)
    assert desk.services.count(service) == 1


def test_limits_that_are_reached_are_for_later() -> None:
    desk = Desk()
    said = json.dumps({"status": "error", "status_ext": "error:user-session-limit", "message": "too many sessions"})
    desk.change = lambda request: answer(request.url, 200, said) if request.service == "wayback-save" else None
    assert desk.save()[0].verdict == "later"
