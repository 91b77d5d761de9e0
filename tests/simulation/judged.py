"""What a simulation has shown, against what must be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.schema import connect_readonly, rows
from tests.simulation.runs import Told
from tests.simulation.web import story_of, url_of
from tests.simulation.world import START, Source

KEPT, REQUESTS, GAPS = 0.99, 0.40, 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that must be true."""

    text: str
    held: bool


def judge(home: Path, sources: list[Source], told: Told, asked: Counter[str], hours: int) -> Iterator[Line]:
    """`asked` are the requests by host."""
    end = START + timedelta(hours=hours)
    articles = _articles(home)
    yield _kept(sources, articles, end)
    yield _requests(sources, articles, asked, hours)
    yield from _reports(sources, told, end)
    yield _false_alarms(sources, told)
    yield _texts(sources, articles, end)


def _articles(home: Path) -> dict[str, str]:
    db = connect_readonly(home / "morgue.db")
    try:
        return {row["url"]: row["text"] for row in rows(db, "SELECT url, text FROM articles")}
    finally:
        db.close()


def _kept(sources: list[Source], articles: dict[str, str], end: datetime) -> Line:
    """Of the articles that lived for a day and could be read then; the last day's may still come."""
    wanted = [
        url_of(source, one)
        for source in sources
        for one in source.articles
        if one.lived(end) >= timedelta(hours=24) and _readable(source, one.published)
    ]
    kept = sum(url in articles for url in wanted)
    share = kept / max(1, len(wanted))
    return Line(
        f"{kept} of {len(wanted)} articles that lived for a day are kept: {share:.2%} (at least {KEPT:.0%})", share >= KEPT
    )


def _readable(source: Source, when: datetime) -> bool:
    """What a source published after its paywall or its redesign is not a text that anybody was given."""
    weeks = {"redesigned": 5, "paywalled": 8}.get(source.habit)
    gone = source.habit == "gone" and source.end is not None and when + timedelta(hours=24) > source.end
    return not gone and (weeks is None or when + timedelta(hours=24) < START + timedelta(weeks=weeks))


def _requests(sources: list[Source], articles: dict[str, str], asked: Counter[str], hours: int) -> Line:
    """Fixed polling asks every listing every hour, and each article once."""
    ours = sum(asked.values()) / max(1, len(articles))
    fixed = (len(sources) * hours + len(articles)) / max(1, len(articles))
    share = ours / fixed
    return Line(
        f"{ours:.1f} requests for each new article, {fixed:.1f} with hourly polling: {share:.0%} (at most {REQUESTS:.0%})",
        share <= REQUESTS,
    )


def _reports(sources: list[Source], told: Told, end: datetime) -> Iterator[Line]:
    """Each source that fell silent is told within two of its own intervals."""
    for source in sources:
        if source.end is None or not source.articles or source.end + GAPS * source.gap > end:
            continue
        last = source.end if source.habit == "gone" else source.articles[-1].published
        first = next((when for when, _ in told.unwell.get(source.name, []) if when >= last), None)
        late = (first - last) / source.gap if first else None
        text = f"{source.name}: told {late:.1f} of its intervals after its end" if late else f"{source.name}: never told"
        yield Line(f"{text} (at most {GAPS:g})", late is not None and late <= GAPS)


def _false_alarms(sources: list[Source], told: Told) -> Line:
    """A source that does what it always did is not told."""
    calm = {
        source.name
        for source in sources
        if source.habit in ("wire", "daily", "morning", "twice_a_week", "weekly", "moved", "rotating")
    }
    false = {name: spells for name, spells in told.unwell.items() if name in calm}
    shown = "; ".join(f"{name} {state} on {when:%d %b %H:%M}" for name, spells in false.items() for when, state in spells[:2])
    return Line(f"{len(false)} of {len(calm)} regular sources told by mistake {shown[:400]}", not false)


def _texts(sources: list[Source], articles: dict[str, str], end: datetime) -> Line:
    """The current text of each article is a whole one that its source published."""
    bad = []
    for source in sources:
        for one in source.articles:
            text = articles.get(url_of(source, one))
            if text is None or not _readable(source, one.published):
                continue
            wanted = [story_of(source, one, changed=changed).paragraphs for changed in (False, True)]
            if not any(all(paragraph in text for paragraph in paragraphs) for paragraphs in wanted):
                bad.append(url_of(source, one))
    return Line(f"{len(bad)} good texts were replaced by worse ones {bad[:3] or ''}", not bad)
