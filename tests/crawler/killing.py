"""The crawl that the kill test kills: its small web, what must come of each address, and the moments of the killing.

As a program it is the `morgue` command that kills itself at the COUNT-th time that its writer is at a POINT:

    python -m tests.crawler.killing POINT COUNT crawl …
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from archive.warc.pack import Packed
from archive.warc.write import Location, WarcWriter
from crawler import cli
from tests.internet.build import Corpus, Outlet, Story, news_page, not_found_page

HOSTS = 12
LIVE, LINKED, CAPTURED, MOVED, RENAMED, GONE = 284, 40, 44, 16, 4, 12  # 400 pages, of which 360 are asked for
_WORDS = """
harbour council bridge river market tower garden engine orchard lantern quarry ferry meadow signal chapel island copper
winter summer northern southern eastern western quiet ancient modern public private narrow wooden golden opens closes
rises falls returns begins waits changes moves gathers answers carries follows remembers discovers
"""


@dataclass(slots=True)
class Plan:
    """The web, the addresses asked for, and the truth: verdict, and where another address stands for it, which."""

    corpus: Corpus = field(default_factory=Corpus)
    asked: list[str] = field(default_factory=list)
    truth: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    source_of: dict[str, str] = field(default_factory=dict)  # of an address that is only reached by way of another one
    titles: set[str] = field(default_factory=set)

    def ask(self, url: str, verdict: str, replacement: str | None = None) -> None:
        self.asked.append(url)
        self.truth[url] = (verdict, replacement)


def build(seed: int) -> Plan:
    """Live pages, pages linked from them, dead ones with captures, moved and renamed ones, and some that are gone."""
    plan, writer = Plan(), _Writer(random.Random(seed))
    outlets = [Outlet(f"Paper {number}", f"https://www.paper{number:02d}.test") for number in range(HOSTS)]
    for outlet in outlets:
        plan.corpus.host(outlet.host, missing=not_found_page(outlet))
    makers = [
        (_live, LIVE - LINKED),
        (_linking, LINKED),
        (_captured, CAPTURED),
        (_moved, MOVED),
        (_renamed, RENAMED),
        (_gone, GONE),
    ]
    kinds = [maker for maker, count in makers for _ in range(count)]
    for number, make in enumerate(writer.shuffled(kinds)):
        make(plan, writer, outlets[number % HOSTS])
    return plan


class _Writer:
    """Writes stories, each unlike any other."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._number = 10_000
        self._words = _WORDS.split()

    def shuffled(self, things: list[Any]) -> list[Any]:
        return self._chance.sample(things, len(things))

    def story(self, plan: Plan) -> Story:
        self._number += 1
        words = [word.capitalize() for word in self._chance.sample(self._words, 6)]
        title = f"{' '.join(words)} {self._number}"
        plan.titles.add(title)
        day = f"2024-05-{self._chance.randint(1, 31):02d}"
        slug = re.sub(r"[^a-z]+", "-", title.lower()).strip("-")
        text = tuple(self._paragraph() for _ in range(6))
        return Story(f"/{day.replace('-', '/')}/{slug}-a{self._number}", title, f"{day}T08:00:00+00:00", text)

    def _paragraph(self) -> str:
        return " ".join(self._chance.choices(self._words, k=60)).capitalize() + "."


def _live(plan: Plan, writer: _Writer, outlet: Outlet) -> None:
    story = writer.story(plan)
    plan.corpus.live(story.url(outlet), news_page(outlet, story))
    plan.ask(story.url(outlet), "alive")


def _linking(plan: Plan, writer: _Writer, outlet: Outlet) -> None:
    """A live page and the one that only it knows of."""
    story, other = writer.story(plan), writer.story(plan)
    plan.corpus.live(story.url(outlet), news_page(outlet, story, [(other.title, other.url(outlet))]))
    plan.corpus.live(other.url(outlet), news_page(outlet, other))
    plan.ask(story.url(outlet), "alive")
    plan.linked.append(other.url(outlet))


def _captured(plan: Plan, writer: _Writer, outlet: Outlet) -> None:
    story = writer.story(plan)
    _capture(plan, outlet, story)
    plan.ask(story.url(outlet), "archived")


def _moved(plan: Plan, writer: _Writer, outlet: Outlet) -> None:
    """It answers with a redirect to its new address."""
    story = writer.story(plan)
    new = Story(f"/archive{story.path}", story.title, story.published, story.paragraphs)
    plan.corpus.live(story.url(outlet), status=301, location=new.url(outlet))
    plan.corpus.live(new.url(outlet), news_page(outlet, new))
    plan.ask(story.url(outlet), "alive")
    plan.source_of[new.url(outlet)] = story.url(outlet)


def _renamed(plan: Plan, writer: _Writer, outlet: Outlet) -> None:
    """It was noted without its id; only the index knows its true address. One question to the index, in its own folder."""
    story = writer.story(plan)
    _capture(plan, outlet, story)
    noted = re.sub(r"-a\d+$", "", story.url(outlet))
    plan.ask(noted, "replaced", story.url(outlet))
    plan.source_of[story.url(outlet)] = noted


def _gone(plan: Plan, writer: _Writer, outlet: Outlet) -> None:
    """Nobody has it. Its address has no words: the index, at 24 questions a minute, would have to be asked four times."""
    path = writer.story(plan).path
    plan.titles.discard(next(title for title in plan.titles if title.endswith(path[-5:])))
    plan.ask(f"{outlet.home}/{path[1:11]}/{path[-5:]}", "none")


def _capture(plan: Plan, outlet: Outlet, story: Story) -> None:
    timestamp = story.published[:10].replace("-", "") + "101500"
    plan.corpus.capture(story.url(outlet), timestamp, news_page(outlet, story))


# -- killing ----------------------------------------------------------------------------------------------------------


class Fuse:
    """Burns down by one at each call and then kills its own process, as kill -9 does."""

    def __init__(self, count: int) -> None:
        self.left = count

    def burn(self) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def _half_a_record(fuse: Fuse) -> None:
    """While a record is written: half of it is in the file."""
    whole = WarcWriter.append

    def append(self: WarcWriter, packed: Packed) -> Location:
        if fuse.left == 1:
            file = self._open()
            file.write(packed.request + packed.response[: len(packed.response) // 2])
            file.flush()
        fuse.burn()
        return whole(self, packed)

    WarcWriter.append = append  # type: ignore[method-assign]


def _a_record(fuse: Fuse) -> None:
    """A record is in the file; its row is not yet in the transaction."""
    whole = WarcWriter.append

    def append(self: WarcWriter, packed: Packed) -> Location:
        location = whole(self, packed)
        fuse.burn()
        return location

    WarcWriter.append = append  # type: ignore[method-assign]


def _synced(fuse: Fuse) -> None:
    """The records of a transaction are on the disk; it is not committed."""
    whole = WarcWriter.sync

    def sync(self: WarcWriter) -> None:
        dirty = self._dirty
        whole(self)
        if dirty:
            fuse.burn()

    WarcWriter.sync = sync  # type: ignore[method-assign]


def _committed(fuse: Fuse) -> None:
    """A transaction with records is committed; nobody was told yet."""
    whole = WarcWriter.committed

    def committed(self: WarcWriter) -> None:
        if self._ends:
            fuse.burn()
        whole(self)

    WarcWriter.committed = committed  # type: ignore[method-assign]


POINTS: dict[str, Callable[[Fuse], None]] = {
    "half": _half_a_record,
    "record": _a_record,
    "synced": _synced,
    "committed": _committed,
}


def main() -> None:
    point, count, *arguments = sys.argv[1:]
    POINTS[point](Fuse(int(count)))
    sys.argv[1:] = arguments
    cli.main()


if __name__ == "__main__":
    main()
