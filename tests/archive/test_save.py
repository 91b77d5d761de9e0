"""Save Page Now 2: what is asked, and what each answer means for the page."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.models import Exchange
from archive.webarchives import ArchiveRequest
from archive.webarchives.save import LATER, LONGEST_JOB, NEVER, Keys, SaveAnswer, SavePageNow, SaveState, settled
from tests.archive.exchanges import TROUBLE, answer, failure
from tests.internet.archive_org import Wayback
from tests.internet.clock import Clock
from tests.internet.corpus import Web
from tests.internet.messages import Answer as Page
from tests.internet.messages import Request

SAVE = SavePageNow(Keys("access", "hidden"))
PAGE = "https://news.example/a?x=1&y=2"
JOB = "spn2-dea4b01e94a1b3d4"
ASKED = SAVE.save(PAGE).url


def said(status: int = 200, **values: object) -> SaveAnswer:
    return SAVE.read_save(answer(ASKED, status, json.dumps(values), content_type="application/json"))


def state_of(status: str, **values: object) -> SaveAnswer:
    return SAVE.read_status(answer(SAVE.status(JOB).url, 200, json.dumps({"status": status} | values)), JOB)


def test_a_page_is_asked_for_with_the_keys() -> None:
    request = SAVE.save(PAGE)
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    assert (request.method, request.url, request.service) == ("POST", "https://web.archive.org/save", "wayback-save")
    assert (form["url"], form["skip_first_archive"], form["if_not_archived_within"]) == (PAGE, "1", "30d")
    assert ("Authorization", "LOW access:hidden") in request.headers
    assert ("Authorization", "LOW access:hidden") in SAVE.status(JOB).headers
    assert SAVE.status(JOB).url == f"https://web.archive.org/save/status/{JOB}"


def test_the_keys_are_not_shown() -> None:
    assert "hidden" not in repr(Keys("access", "hidden"))
    assert "hidden" not in repr(SAVE.save(PAGE)) + repr(SAVE.status(JOB))


def test_a_job_is_pending_even_with_a_message() -> None:
    """A recent capture, or a busy host: the job answers for it."""
    assert said(url=PAGE, job_id=JOB) == SaveAnswer(SaveState.PENDING, JOB)
    waiting = said(url=PAGE, job_id=JOB, message="The same snapshot had been made 39 minutes ago.")
    assert (waiting.state, waiting.job) == (SaveState.PENDING, JOB)
    assert state_of("pending", resources=[]) == SaveAnswer(SaveState.PENDING, JOB)


def test_saved_under_the_address_that_it_redirected_to() -> None:
    done = state_of("success", timestamp="20261125101500", original_url="https://news.example/b", http_status=200)
    assert (done.state, done.timestamp, done.original) == (SaveState.SAVED, "20261125101500", "https://news.example/b")
    assert state_of("success", timestamp=None).state is SaveState.UNKNOWN


@pytest.mark.parametrize(
    ("code", "expected"),
    [*((code, SaveState.LATER) for code in sorted(LATER)), *((code, SaveState.REFUSED) for code in sorted(NEVER)),
     ("not-in-any-list", SaveState.UNKNOWN), ("job-not-found", SaveState.UNKNOWN), ("", SaveState.UNKNOWN)],
)  # fmt: skip
def test_each_error_code(code: str, expected: SaveState) -> None:
    failed = state_of("error", status_ext=f"error:{code}", exception="[Errno -2]", message="What happened.")
    assert failed.state is expected
    assert "What happened." in (failed.reason or "")
    assert said(status_ext=f"error:{code}").state is expected


def test_no_code_is_in_both_lists() -> None:
    assert not LATER & NEVER


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("You have already reached the limit of active Save Page Now sessions.", SaveState.LATER),
        ("Cannot start capture", SaveState.LATER),
        ("Crawling this host is paused for 30 seconds", SaveState.LATER),
        ("You cannot make more than 30,000 captures per day.", SaveState.LATER),
        ("Something else", SaveState.UNKNOWN),
    ],
)
def test_messages_without_a_code(message: str, expected: SaveState) -> None:
    assert said(message=message).state is expected


def test_keys_that_are_not_accepted_say_nothing_of_the_page() -> None:
    denied = said(401, message="You need to be logged in to use Save Page Now.")
    assert denied.state is SaveState.DENIED
    assert "401" in (denied.reason or "")
    pages_own = answer(ASKED, 401, '{"status": "error", "status_ext": "error:unauthorized"}')
    assert SAVE.read_save(pages_own).state is SaveState.REFUSED


@pytest.mark.parametrize(("status", "body", "kind"), TROUBLE)
def test_trouble_is_unknown(status: int, body: str, kind: str) -> None:
    broken = answer(ASKED, status, body, content_type=kind, retry_after="60")
    for got in (SAVE.read_save(broken), SAVE.read_status(broken, JOB)):
        assert (got.state, got.retry_after) == (SaveState.UNKNOWN, 60.0)


def test_no_answer_or_an_odd_one_is_unknown() -> None:
    assert SAVE.read_save(failure(ASKED)).retry_after == 30.0
    assert SAVE.read_save(answer(ASKED, 200, "[1]")).state is SaveState.UNKNOWN
    assert SAVE.read_save(answer(ASKED, 200, '{"job_id": "../../user"}')).state is SaveState.UNKNOWN
    assert SAVE.read_save(answer(ASKED, 200, '{"job_id": 7}', truncated="disconnect")).state is SaveState.UNKNOWN


def test_a_job_that_stays_pending_is_given_up() -> None:
    """Forgotten jobs are "pending" for ever; what they did, replay tells."""
    started = datetime(2026, 11, 25, tzinfo=UTC)
    pending = SaveAnswer(SaveState.PENDING, JOB)
    assert settled(pending, started, started + LONGEST_JOB) is pending
    assert settled(pending, started, started + LONGEST_JOB + timedelta(seconds=1)).state is SaveState.UNKNOWN
    saved = SaveAnswer(SaveState.SAVED, JOB, "20261125101500")
    assert settled(saved, started, started + timedelta(days=1)) is saved


# -- against the emulator of the service ------------------------------------------------------------------------------


def send(machine: Wayback, request: ArchiveRequest) -> Exchange:
    parts = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers}
    said = machine.answer(Request(request.method, parts.scheme, parts.netloc, parts.path, headers, request.body))
    return answer(request.url, said.status, gzip.decompress(said.body) if said.packed else said.body)


@pytest.mark.parametrize(
    ("page", "expected"),
    [(Page(200, body=b"<p>alive"), SaveState.SAVED), (Page(404, body=b"gone"), SaveState.REFUSED), (None, SaveState.LATER)],
)
def test_a_saving_from_beginning_to_end(page: Page | None, expected: SaveState) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    machine = Wayback(Web(), lambda request: page, Clock(now))
    begun = SAVE.read_save(send(machine, SAVE.save("https://news.example/a")))
    assert begun.job is not None
    states = []
    for _ in range(2):
        got = SAVE.read_status(send(machine, SAVE.status(begun.job)), begun.job)
        states.append(got.state)
    assert states == [SaveState.PENDING, expected]
    if expected is SaveState.SAVED:
        assert (got.original, (got.timestamp or "")[:8]) == ("https://news.example/a", "20261125")


def test_the_emulator_wants_keys() -> None:
    machine = Wayback(Web(), lambda request: None, Clock(datetime(2026, 11, 25, tzinfo=UTC)))
    nobody = SavePageNow(Keys("", ""))
    assert nobody.read_save(send(machine, nobody.save(PAGE))).state is SaveState.DENIED
