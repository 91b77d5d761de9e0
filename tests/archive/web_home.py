"""A home with something on every page: an article that changed, dead links of many years, repairs, hostile text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive import subscriptions
from archive.models import Link, Outcome, Repair, Role
from archive.schema import insert
from archive.sources.base import ListingKind, Offer, Source
from archive.states import State
from archive.store import Store
from archive.visits import Search
from tests.archive.made import (
    NOON,
    Clock,
    article,
    document,
    exchange,
    keep,
    link,
    mention,
    open_store,
    receipt,
    visit,
    with_article,
)

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>"\'&amp;'
STORY = (
    "The ferry sank at noon off the old harbour.\n"
    "Forty people were taken off by fishing boats, the harbour master said.\n"
    "Nobody was hurt.\n"
    "The line has been in service since 1961."
)
CHANGED = STORY.replace("Forty", "Forty-two").replace(
    "Nobody was hurt.", "Two were treated for cold.\nThe captain stayed aboard."
)


def url(name: str, host: str = "news.example") -> str:
    return f"https://{host}/{name}"


def build(folder: Path) -> None:
    """Article 1 has two texts, a clipping and links both ways; article 2 comes from an archive; article 3 is hostile."""
    clock = Clock()
    store = open_store(folder, clock)
    with store.transaction():
        run = store.begin_run("morgue crawl clipping.txt")
        store.add_document(
            document(
                mention(url("ferry"), title="The ferry"), mention(url("2019/gone-for-good", "old.example"), Role.RELATED, 50)
            )
        )
    links = (link(url("harbour"), anchor="At the harbour"), link(url("unseen"), Role.INLINE, HOSTILE, 1))
    keep(
        store,
        url("ferry"),
        _article("Ferry sinks off the harbour", STORY, authors=("Ana Quinn",), published="2026-11-24T08:00:00Z"),
        links,
    )
    clock.advance(days=1)
    keep(
        store,
        url("ferry"),
        _article("Ferry sinks off the old harbour", CHANGED, authors=("Ana Quinn",), published="2026-11-24T08:00:00Z"),
        links,
    )
    _repaired(store)
    keep(store, url("evil"), _article(HOSTILE, f"{HOSTILE}\nHarbour {HOSTILE}", authors=(HOSTILE,), site=HOSTILE, language='en"><b>',
                                      published=HOSTILE, canonical_url=url("evil")), (link(url("javascript"), anchor=HOSTILE),))  # fmt: skip
    keep(
        store,
        url("long"),
        _article("A long read", "\n".join(f"Paragraph {n}: " + "harbour & quay <b> " * 40 for n in range(300))),
    )
    keep(
        store,
        url("kim", "kr.example"),
        _article("김정은 위원장", "북한의 김정은 국무위원장이 24일 도착했다.", language="ko", site="Pyo", published="2019-04-24"),
    )
    _rotten(store)
    with store.transaction():
        subscriptions.add(store.db, Source("The News", url("")), clock())
        subscriptions.add(
            store.db,
            Source(HOSTILE, url("", "odd.example"), (Offer(url("feed", "odd.example"), ListingKind.FEED, "given"),)),
            clock(),
        )
        insert(store.db, "source_health", {"source_id": 1, "state": "silent", "since": "2026-11-20T00:00:00Z", "reason": HOSTILE})
        store.end_run(run, "complete", 0, {"pages": 6, "articles": 5})
    store.close()


def _article(title: str, text: str, **rest: object):  # type: ignore[no-untyped-def]
    return article(title, text, **({"site": "The News", "language": "en"} | rest))


def _repaired(store: Store) -> None:
    """A dead link whose page is kept from an archive, under its true address."""
    dead, true = url("2024/harbour-wrong"), url("harbour")
    memento = "https://web.archive.org/web/20190424000000/" + true
    kept = receipt(exchange(memento), target=true, captured=NOON - timedelta(days=2000), archive="wayback", archive_url=memento)
    repair = Repair(dead, true, memento, "20190424000000", "slug_search", 0.96, {"why": "its title is the one mentioned"})
    with store.transaction():
        seen = visit(store, dead, State.HARD_GONE, statuscode=404, receipts=(receipt(exchange(dead, b"", 404)), kept))
        values = {"final_url": true, "origin": "wayback", "archive_url": memento, "captured": NOON - timedelta(days=2000)}
        back: tuple[Link, ...] = (link(url("ferry"), anchor="The ferry"),)
        seen = with_article(
            seen, _article("At the old harbour", "The harbour is old. " * 12, published="2019-04-24"), back, **values
        )
        store.record(replace(seen, search=Search(Outcome.FOUND, "accepted", repair)))


def _rotten(store: Store) -> None:
    states = (State.ALIVE, State.HARD_GONE, State.SOFT404, State.BLOCKED, State.TEMPORARY, State.DNS_GONE)
    with store.transaction():
        for number in range(60):
            name = f"{2008 + number % 15}/0{1 + number % 9}/12/story-{number}-of-the-town"
            seen = visit(store, url(name, f"site{number % 7}.example"), states[number % len(states)])
            store.record(replace(seen, search=Search(Outcome.NONE, "open")) if number % len(states) == 1 else seen)
        gone = visit(store, url("2019/gone-for-good", "old.example"), State.HARD_GONE, statuscode=404)
        store.record(replace(gone, search=Search(Outcome.NONE, "open")))
