"""Any world, any sequence of answers: the ladder ends, asks within its bounds, and never makes a "no" of "unknown"."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Capture, Knowledge, Link, Outcome, Page, Role, Verdict
from archive.repair import (
    Answer,
    FetchIndexPage,
    FetchMemento,
    FetchPage,
    FindKnown,
    FindListed,
    FindOwn,
    KnownAnswer,
    LadderResult,
    ListedAnswer,
    MementoAnswer,
    PageAnswer,
    SearchIndex,
    SearchText,
    Subject,
    Want,
    climb,
    search,
    supplement,
)
from archive.repair.evidence import ACCEPT, weigh
from archive.repair.ladder import MAX_REPLAYS, Ladder
from archive.repair.rungs.slug_search import MAX_LEADS, MAX_QUERIES
from archive.sources.base import Entry
from archive.states import State
from archive.timestamps import to_timestamp
from archive.urls import urlkey
from archive.webarchives import IndexAnswer, Memento, TextAnswer, TextHit
from tests.archive.ladder_world import GONE, NOW, FakeArchive, FakeTextArchive, page

ARCHIVES = (
    FakeArchive(),
    FakeTextArchive("second", has_index=False),
    FakeArchive("third", lists_captures=True, index_by_time=True),
)
SITE = "https://www.example.com"
SLUG = "harbour-bridge-to-stay-closed-until-spring"
URLS = [
    f"{SITE}/2019/04/24/{SLUG}-a65357",
    f"{SITE}/2024/04/24/{SLUG}",
    f"{SITE}/news/{SLUG}?id=7",
    f"https://m.example.com/{SLUG}.html",
    f"{SITE}/story/1234567",
    f"{SITE}/",
    f"{SITE}/a/%D0%BC%D0%BE%D1%81%D1%82-%D0%B2-%D0%BF%D0%BE%D1%80%D1%82%D1%83",
    "http://[bad/x",
]
PAGES = [
    page("Harbour Bridge to Stay Closed Until Spring", published="2019-04-24"),
    page("Council Votes on New Budget for Schools"),
    replace(page("The Example"), links=tuple(Link(url, Role.SECTION, "Bridge closed", n) for n, url in enumerate(URLS[:-1]))),
    page("Cookie settings"),
    GONE,
    Page("not_html"),
    None,
]
urls = st.sampled_from(URLS)
pages = st.sampled_from(PAGES)
stamps = st.integers(0, 9000).map(lambda day: to_timestamp(datetime(2002, 1, 1, tzinfo=UTC) + timedelta(days=day)))
outcomes = st.sampled_from([Outcome.FOUND] * 4 + [Outcome.NONE, Outcome.NONE, Outcome.UNKNOWN, Outcome.EXCLUDED])
maybe = st.none() | stamps


@st.composite
def mementos(draw: st.DrawFn) -> MementoAnswer:
    outcome = draw(outcomes)
    if outcome is not Outcome.FOUND:
        return MementoAnswer(
            outcome, reason="it answered 429" if outcome is Outcome.UNKNOWN else None, retry_after=draw(st.none() | st.just(9.0))
        )
    stamp, original = draw(stamps), draw(urls)
    memento = Memento(
        archive_url=f"https://wayback.test/web/{stamp}/{original}",
        original=original,
        timestamp=stamp,
        status=draw(st.sampled_from([200, 200, 200, 301, 404, 429])),
        headers=(),
        archive="wayback",
        previous=draw(maybe),
        next=draw(maybe),
        first=draw(maybe),
        redirects_to=draw(st.none() | urls),
    )
    return MementoAnswer(Outcome.FOUND, memento, draw(pages))


@st.composite
def lists(draw: st.DrawFn) -> IndexAnswer:
    outcome = draw(outcomes)
    if outcome is not Outcome.FOUND:
        return IndexAnswer(outcome, reason="it answered 504" if outcome is Outcome.UNKNOWN else None)
    shots = draw(st.lists(st.tuples(urls, stamps, st.sampled_from(["A", "B", None])), max_size=5))
    rows = tuple(Capture(urlkey(url), stamp, url, "text/html", 200, digest, 10, "wayback") for url, stamp, digest in shots)
    return IndexAnswer(outcome, rows, draw(st.none() | st.just("key")))


@st.composite
def texts(draw: st.DrawFn) -> TextAnswer:
    answer = draw(lists())
    titles = st.none() | st.sampled_from(["Harbour Bridge to Stay Closed Until Spring", "Council Votes"])
    return TextAnswer(answer.outcome, tuple(TextHit(row, draw(titles)) for row in answer.captures), answer.reason)


@st.composite
def living(draw: st.DrawFn) -> PageAnswer:
    return PageAnswer(Verdict(draw(st.sampled_from(list(State))), "rule"), draw(pages), draw(urls))


def run(subject: Subject, data: st.DataObject, *, blocked: bool) -> tuple[LadderResult, list[tuple[Want, Answer]]]:
    result, told = drive((supplement if blocked else climb)(subject, now=NOW, archives=ARCHIVES), data)
    if result.pending:
        result, more = drive(search(subject, result, now=NOW, archives=ARCHIVES), data)
        told += more
    return result, told


def drive(ladder: Ladder, data: st.DataObject) -> tuple[LadderResult, list[tuple[Want, Answer]]]:
    told: list[tuple[Want, Answer]] = []
    try:
        want = next(ladder)
        while len(told) < 200:
            answer: Answer = data.draw(_answers(want))
            told.append((want, answer))
            want = ladder.send(answer)
    except StopIteration as end:
        result: LadderResult = end.value
        asked = [want for want, _ in told if not isinstance(want, FindKnown)]  # our own list may have grown meanwhile
        assert len(set(asked)) == len(asked), "nothing is asked twice"
        return result, told
    raise AssertionError("the ladder does not end")


def _answers(want: Want) -> st.SearchStrategy[Answer]:
    if isinstance(want, FetchPage):
        return living()
    if isinstance(want, FindKnown):
        kept = st.sampled_from(URLS[:-1])  # what is kept here is canonical
        pairs = st.lists(st.tuples(kept, kept), max_size=2).map(tuple)
        return st.builds(KnownAnswer, st.lists(kept, max_size=4).map(tuple), pairs, pairs)
    if isinstance(want, FindOwn):
        return mementos() if want.public else mementos().map(_ours)
    if isinstance(want, FindListed):
        entries = st.builds(Entry, st.sampled_from(URLS[:-1]), st.none() | st.just("Harbour Bridge to Stay Closed Until Spring"))
        return st.lists(entries, max_size=3).map(lambda found: ListedAnswer(tuple(found)))
    if isinstance(want, SearchText):
        return texts()
    return mementos() if isinstance(want, FetchMemento | FetchIndexPage) else lists()


def _ours(answer: MementoAnswer) -> MementoAnswer:
    memento = answer.memento
    return replace(answer, memento=replace(memento, archive="crawl", archive_url=None)) if memento else answer


def is_unknown(answer: Answer) -> bool:
    return (isinstance(answer, PageAnswer) and answer.verdict.state is State.TEMPORARY) or (
        isinstance(answer, MementoAnswer | IndexAnswer | TextAnswer) and answer.outcome is Outcome.UNKNOWN
    )


@settings(max_examples=150, deadline=None)
@given(
    st.data(),
    st.sampled_from(URLS[:-1]),
    st.lists(urls, max_size=5),
    st.none() | st.just("Harbour Bridge to Stay Closed Until Spring"),
    st.none() | st.datetimes(datetime(1999, 1, 1), datetime(2030, 1, 1)),
    st.booleans(),
    st.booleans(),
)
def test_any_climb(
    data: st.DataObject,
    url: str,
    candidates: list[str],
    title: str | None,
    reference: datetime | None,
    may_search: bool,
    blocked: bool,
) -> None:
    known = Knowledge(url, title, None, reference.replace(tzinfo=UTC) if reference else None)
    subject = Subject(known, tuple(candidates), may_search)
    result, told = run(subject, data, blocked=blocked)
    wants = [want for want, _ in told]
    counts = Counter(type(want) for want in wants)

    assert counts[FetchMemento] <= 2 * MAX_REPLAYS
    searches = Counter(want.archive for want in wants if isinstance(want, SearchIndex))
    assert max(searches.values(), default=0) <= MAX_QUERIES + MAX_LEADS
    dear = counts[SearchIndex] + counts[SearchText] + counts[FetchIndexPage]
    assert not dear or (may_search and not blocked)
    assert counts[FetchIndexPage] <= 3 * len(ARCHIVES)

    if result.repair is None:
        assert result.outcome is not Outcome.FOUND
        asked = [answer for want, answer in told if not isinstance(want, FindOwn)]  # our own files are no archive's trouble
        assert (result.outcome is Outcome.UNKNOWN) is any(map(is_unknown, asked))
        return
    assert result.outcome is Outcome.FOUND
    assert result.page is not None
    assert result.repair.confidence >= ACCEPT
    ways = [(True, False), (False, True), (False, False)]
    final = result.final_url or ""
    assert any(weigh(known, result.page, final, same_address=same, redirected=led).accepted for same, led in ways)
    assert result.memento is None or (result.memento.status == 200 and not result.memento.redirects_to)
    ours = result.memento is not None and result.memento.archive == "crawl"
    assert ours or result.repair.replacement or result.repair.archive_url
    assert not ours or (result.repair.archive_url, result.repair.method) == (None, "own_capture")
    assert not blocked or (not ours and result.repair.method in ("own_capture", "memento", "variant", "redirect"))
