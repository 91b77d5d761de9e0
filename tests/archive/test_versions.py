"""Which texts of an article stand, in tables: what a page changes by itself, worse refetches, ways back, older captures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.models import Kind, Page
from archive.query.history import history
from archive.schema import rows
from archive.states import State
from archive.store import Store
from archive.visits import Change, Saved, refusal
from tests.archive.made import NOON, Clock, article, exchange, open_store, receipt, visit, with_article

URL = "https://news.example/2026/11/25/ferry-sinks-at-noon-a1234"
A, B, C = (f"{words} " * 20 for words in ("The ferry sank at noon.", "The ferry was raised today.", "It sails again as before."))
TEASER = "The ferry sank at noon. " * 12 + "Subscribe to read on."
WALL = "We value your privacy. Our vendors use cookies."


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Any:
    made = open_store(tmp_path, clock)
    yield made
    made.close()


@dataclass(frozen=True)
class Seen:
    """A look at the page: `days` after noon; from an archive with a negative number; `refused` shows no article at all."""

    text: str
    days: float = 0
    kind: Kind | None = Kind.ARTICLE
    refused: str | None = None


def look(store: Store, clock: Clock, seen: Seen) -> list[Saved]:
    """Write what a look brought."""
    when = NOON + timedelta(days=seen.days)
    archive = seen.days < 0 or seen.days != int(seen.days)
    clock.moment = when if not archive else clock.moment
    with store.transaction():
        page = exchange(URL, seen.text.encode(), fetched=clock())
        made = with_article(
            visit(store, URL), article(text=seen.text), captured=when, origin="wayback" if archive else "live", kind=seen.kind
        )
        kept = receipt(page, archive="wayback" if archive else "crawl", captured=when, kind=seen.kind)
        assert made.finding is not None
        finding = replace(made.finding, receipt=0, refused=seen.refused)
        made = replace(made, receipts=(kept,))
        made = replace(made, finding=None, instead=finding) if seen.refused else replace(made, finding=finding)
        return list(store.record(made))


N, S, D, K, R = Change.NEW, Change.SAME, Change.CHANGED, Change.BACK, Change.REFUSED

# Looks in their order; what each is; the text that stands at the end; notes of all versions.
HISTORIES = {
    "the same text": ([Seen(A), Seen(A, 1)], [N, S], A, [None]),
    "a stamp": ([Seen(f"Updated 5 minutes ago\n{A}"), Seen(f"Updated 3 hours ago\n{A}", 1)], [N, S], f"Updated 5 minutes ago\n{A}", [None]),
    "another text": ([Seen(A), Seen(B, 1)], [N, D], B, [None, None]),
    "back": ([Seen(A), Seen(B, 1), Seen(A, 2)], [N, D, K], A, [None, None]),
    "back and forth": ([Seen(A), Seen(B, 1), Seen(A, 2), Seen(B, 3), Seen(C, 4)], [N, D, K, K, D], C, [None] * 3),
    "shorter": ([Seen(A), Seen("Gone.", 1)], [N, R], A, [None, f"shorter: 5 characters against {len(A)}"]),
    "shorter for good": ([Seen(A), Seen("Gone.", 1), Seen("Gone.", 2), Seen(A, 3)], [N, R, R, S], A, [None, f"shorter: 5 characters against {len(A)}"]),
    "cut by less than half": ([Seen(A), Seen(A[:300], 1)], [N, D], A[:300], [None, None]),
    "a paywall": (
        [Seen(A), Seen(TEASER, 1, Kind.PAYWALL), Seen(TEASER, 2, Kind.PAYWALL)],
        [N, R, R],
        A,
        [None, f"the beginning, the rest is for subscribers: {len(TEASER)} characters against {len(A)}"],
    ),
    "a paywall from the start": ([Seen(TEASER, 0, Kind.PAYWALL), Seen(TEASER + "More.", 1, Kind.PAYWALL)], [N, D], TEASER + "More.", [None, None]),
    "a paywall that falls": ([Seen(TEASER, 0, Kind.PAYWALL), Seen(A, 1)], [N, D], A, [None, None]),
    "an old capture in place of a teaser": ([Seen(TEASER, 0, Kind.PAYWALL), Seen(A, -30)], [N, D], A, [None, None]),
    "an old capture": ([Seen(B), Seen(A, -30)], [N, R], B, [None, "older than the current text"]),
    "a capture of a day on which the current text stood": ([Seen(A), Seen(A, 10), Seen(B, 5.5)], [N, S, R], A, [None, "older than the current text"]),
    "a newer capture": ([Seen(A), Seen(B, 5.5)], [N, D], B, [None, None]),
    "a capture of a former text": ([Seen(A), Seen(B, 3), Seen(A, 0.5)], [N, D, R], B, [None, None]),
    "refused, then shown": ([Seen(B), Seen(A, -30), Seen(A, 2)], [N, R, D], A, [None, "older than the current text", None]),
    "a consent page": ([Seen(A), Seen(WALL, 1, Kind.CONSENT, "a consent page"), Seen(A, 2)], [N, R, S], A, [None, "a consent page"]),
    "a longer soft-404": ([Seen(A), Seen(B * 9, 1, None, "soft-404")], [N, R], A, [None, "soft-404"]),
    "a wall in front of nothing": ([Seen(WALL, 0, Kind.CONSENT, "a consent page"), Seen(A, 1)], [N], A, [None]),
}  # fmt: skip


@pytest.mark.parametrize(("looks", "changes", "stands", "notes"), HISTORIES.values(), ids=HISTORIES)
def test_history(
    store: Store, clock: Clock, looks: list[Seen], changes: list[Change], stands: str, notes: list[str | None]
) -> None:
    saved = [one for seen in looks for one in look(store, clock, seen)]
    assert [one.change for one in saved] == changes
    [current] = rows(store.db, "SELECT a.text, v.text AS version, v.shown FROM articles a JOIN versions v ON v.id = a.version_id")
    assert (current["text"], current["version"], current["shown"]) == (stands, stands, 1)
    versions = rows(store.db, "SELECT note, shown FROM versions ORDER BY id")
    assert [version["note"] for version in versions] == notes
    assert all((version["note"] is None) == version["shown"] for version in versions)
    assert all(one.note for one in saved if one.change is R)


def test_each_capture_knows_the_text_that_it_shows(store: Store, clock: Clock) -> None:
    for seen in (Seen(A), Seen(B, 1), Seen(A, 2), Seen(A, 3), Seen(WALL, 4, Kind.CONSENT, "a consent page")):
        look(store, clock, seen)
    captures = rows(store.db, "SELECT timestamp, version_id FROM captures ORDER BY timestamp")
    assert [capture["version_id"] for capture in captures] == [1, 2, 1, 1, 3]


@pytest.mark.parametrize(
    ("page", "state", "why"),
    [
        (Page("ok", kind=Kind.ARTICLE), State.ALIVE, None),
        (Page("ok", kind=Kind.PAYWALL), State.PAYWALLED, None),
        (Page("ok", kind=Kind.ARTICLE), State.SOFT404, "soft-404: the page says that it is not there"),
        (Page("not_article", kind=Kind.CONSENT), State.ALIVE, "a consent page"),
        (Page("not_article", kind=Kind.LOGIN), State.BLOCKED, "a login page"),
        (Page("not_article", kind=Kind.ERROR), State.TEMPORARY, "an error page"),
        (Page("not_article", kind=Kind.SECTION), State.REDIRECT_SECTION, None),
        (Page("not_article", kind=Kind.FRONT), State.REDIRECT_HOME, None),
        (Page("empty"), State.ALIVE, "no article text"),
        (Page("timeout"), State.ALIVE, None),
    ],
)
def test_what_a_page_shows_in_place_of_an_article(page: Page, state: State, why: str | None) -> None:
    assert refusal(page, state) == why


def test_what_an_address_shows_that_led_to_nothing_is_not_kept(store: Store, clock: Clock) -> None:
    assert look(store, clock, Seen(WALL, 0, Kind.CONSENT, "a consent page")) == []
    assert rows(store.db, "SELECT 1 FROM versions") == []


def test_a_server_that_says_unchanged_has_shown_the_text_again(store: Store, clock: Clock) -> None:
    look(store, clock, Seen(A))
    clock.advance(days=10)
    with store.transaction():
        store.record(visit(store, URL, statuscode=304, unchanged=True))
    [saved] = look(store, clock, Seen(B, 5.5))
    assert (saved.change, saved.note) == (R, "older than the current text")
    events = [(event["event"], event["date"]) for event in history(store.db, "1")["events"]]
    assert events == [("first", "2026-11-25T12:00:00Z"), ("refused", "2026-12-01T00:00:00Z"), ("same", "2026-12-05T12:00:00Z")]


def test_unchanged_speaks_of_the_last_capture_only(store: Store, clock: Clock) -> None:
    look(store, clock, Seen(A))
    look(store, clock, Seen("Gone.", 2))
    clock.advance(days=10)
    with store.transaction():
        store.record(visit(store, URL, statuscode=304, unchanged=True))
    assert [saved.change for saved in look(store, clock, Seen(B, 5.5))] == [D]
