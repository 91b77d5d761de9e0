"""A repair set of our own: links to our fictional papers, broken in known ways, and the right answers.

    python -m tests.internet.broken OUT [--rounds N] [--seed N]

OUT receives web.jsonl and files (a corpus), links.jsonl (the questions: `id, url, title?, excerpt?, date?`) and truth.jsonl
(`id, kind, verdict, replacement, capture`): with verdict "replaced" one of the addresses or one of the captures is right.
Around each story stand others that nearly have its words: the day before, the part after, the same title a year later.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.internet.build import Corpus, Outlet, Story, news_page, not_found_page, plain_page

PLACES = [
    "Saltmere",
    "Gannet",
    "Brackwater",
    "Underholm",
    "Far-Skerry",
    "Northlight",
    "Tern-Bay",
    "Old-Quay",
    "Kelp-Street",
    "Millpond",
    "Oxbow",
    "Larkfield",
]
PEOPLE = [
    "Vellinga",
    "Oram",
    "Aldous",
    "Foss",
    "Lindqvist",
    "Prewitt",
    "Holloway",
    "Marsh",
    "Tolland",
    "Ibsley",
    "Quaye",
    "Renard",
]
THINGS = [
    "sluice",
    "bakery",
    "lighthouse",
    "tramway",
    "orchard",
    "library",
    "cannery",
    "footbridge",
    "windmill",
    "choir",
    "regatta",
    "archive",
]
DEEDS = (
    "reopens",
    "votes on",
    "mourns",
    "measures",
    "repaints",
    "sells",
    "defends",
    "counts",
    "rescues",
    "renames",
    "audits",
    "moves",
)
TURNS = ("after long dispute", "before winter", "without ceremony", "at second attempt", "despite protest", "for a generation")
NEWSROOMS = ("The Tidewater Herald", "Marsh Evening Mail", "The Underholm Examiner", "Skerry Daily Record")


@dataclass(slots=True)
class Case:
    """One story of one paper, the link to it, and what would be right. Kinds break the link or the web around it."""

    corpus: Corpus
    rng: random.Random
    outlet: Outlet
    story: Story
    day: date
    link: str = ""
    verdict: str = "replaced"
    living: list[str] = field(default_factory=list)
    captures: list[tuple[str, str]] = field(default_factory=list)
    must_tell: bool = False  # the document tells title and excerpt

    @property
    def url(self) -> str:
        return self.story.url(self.outlet)

    @property
    def page(self) -> str:
        return news_page(self.outlet, self.story)

    def stamp(self, days: int) -> str:
        return f"{self.day + timedelta(days=days):%Y%m%d}{self.rng.randrange(24):02d}1500"

    def good_capture(self, url: str | None = None, days: int = 2) -> None:
        address, stamp = url or self.url, self.stamp(days)
        self.corpus.capture(address, stamp, self.page)
        self.captures.append((address, stamp))

    def good_page(self, url: str | None = None) -> str:
        address = url or self.url
        self.corpus.live(address, self.page)
        self.living.append(address)
        return address

    def bad_capture(self, days: int, html: str | None = None, **how: Any) -> None:
        self.corpus.capture(self.url, self.stamp(days), html, **how)

    def slug(self, change: Callable[[str], str]) -> str:
        """The address with another last segment."""
        folder, _, last = self.url.rpartition("/")
        return f"{folder}/{change(last)}"


# -- ways to break a link ---------------------------------------------------------------------------------------------


def exact(case: Case) -> None:
    case.good_capture()


def later_bad(case: Case) -> None:
    """In time captured well; later as not found, as a soft-404, as a redirect home."""
    case.good_capture()
    case.bad_capture(300, not_found_page(case.outlet), status=404)
    case.bad_capture(400, not_found_page(case.outlet))
    case.bad_capture(500, status=302, location=case.outlet.home + "/")


def walled_later(case: Case) -> None:
    """The captures nearest to today show a login and a form for consent."""
    case.good_capture()
    case.bad_capture(60, plain_page(case.outlet, "Log in", "Log in to go on reading.", "Forgot your password?"))
    case.bad_capture(90, plain_page(case.outlet, "Before you continue", "We and our partners use cookies."))


def unplayable(case: Case) -> None:
    """The nearest capture is in the index and does not replay."""
    case.bad_capture(0, case.page, unplayable=True)
    case.good_capture(days=9)


def soft404(case: Case) -> None:
    case.corpus.live(case.url, not_found_page(case.outlet))
    case.good_capture()


def redirect_home(case: Case) -> None:
    case.corpus.live(case.url, status=301, location=case.outlet.home + "/")
    case.good_capture()


def moved(case: Case) -> None:
    """It lives elsewhere; an archived redirect says where."""
    new = case.good_page(f"{case.outlet.home}/archive/{case.url.rpartition('/')[2]}")
    case.bad_capture(200, status=301, location=new)
    case.good_capture(new, days=220)


def no_id(case: Case) -> None:
    case.link = case.slug(lambda last: re.sub(r"-t\d+$", "", last))
    case.good_capture()


def wrong_year(case: Case) -> None:
    case.link = re.sub(r"-t\d+$", "", case.url.replace(f"/{case.day.year}/", f"/{case.day.year + 3}/"))
    case.good_capture()


def misspelt(case: Case) -> None:
    """A letter of the longest word is lost, as is the number."""
    word = max(case.url.rpartition("/")[2].split("-"), key=len)
    case.link = case.slug(lambda last: re.sub(r"-t\d+$", "", last).replace(word, word[:2] + word[3:], 1))
    case.good_capture()
    case.must_tell = True


def mobile(case: Case) -> None:
    host = "m." + case.outlet.host.removeprefix("www.")
    case.corpus.host(host, missing=not_found_page(case.outlet))
    case.link = case.url.replace(case.outlet.host, host)
    case.good_capture()


def reused(case: Case) -> None:
    """Another story stands there today."""
    other = replace(_story(case.rng, case.day + timedelta(days=900), 7), title="A Recipe for Plum Cake and Nothing Else")
    case.corpus.live(case.url, news_page(case.outlet, other))
    case.good_capture()
    case.must_tell = True


def gone(case: Case) -> None:
    case.verdict = "none"


def gone_soft(case: Case) -> None:
    """Captured, but never as itself."""
    case.bad_capture(30, not_found_page(case.outlet))
    case.bad_capture(60, status=302, location=case.outlet.home + "/")
    case.verdict = "none"


def gone_part(case: Case) -> None:
    """Another part of the same series is there, under the same words."""
    other = replace(case.story, title=f"{case.story.title}, Part 3", path=re.sub(r"-t\d+$", "-part-3-t77777", case.story.path))
    case.corpus.capture(other.url(case.outlet), case.stamp(7), news_page(case.outlet, other))
    case.link = case.slug(lambda last: re.sub(r"-t\d+$", "-part-2", last))
    case.story = replace(case.story, title=f"{case.story.title}, Part 2", paragraphs=_story(case.rng, case.day, 8).paragraphs)
    case.verdict = "none"


def tracked(case: Case) -> None:
    case.link = f"{case.url}?utm_source=letter&fbclid=IwAR0" + case.rng.choice(["", ").", ","])
    case.good_page()
    case.verdict = "alive"


def alive(case: Case) -> None:
    case.good_page()
    case.verdict = "alive"


def blocked(case: Case) -> None:
    wall = plain_page(case.outlet, "Just a moment...", "Checking your browser.")
    case.corpus.live(case.url, wall, status=403, headers={"cf-mitigated": "challenge"})
    case.good_capture()
    case.verdict = "blocked"


def excluded(case: Case) -> None:
    host = f"shut-{case.outlet.host.removeprefix('www.')}"
    case.corpus.host(host, missing=not_found_page(case.outlet), archive="excluded")
    case.link = case.url.replace(case.outlet.host, host)
    case.verdict = "excluded"


KINDS = (exact, later_bad, walled_later, unplayable, soft404, redirect_home, moved, no_id, wrong_year, misspelt, mobile, reused,
         gone, gone_soft, gone_part, tracked, alive, blocked, excluded)  # fmt: skip

# -- papers and stories -----------------------------------------------------------------------------------------------


def _outlet(name: str) -> Outlet:
    return Outlet(name, f"https://www.{name.removeprefix('The ').lower().replace(' ', '-')}.example")


def _story(rng: random.Random, day: date, number: int) -> Story:
    """Prose that no other story has; `number` ends its address."""
    place, person, thing = (rng.choice(words).replace("-", " ") for words in (PLACES, PEOPLE, THINGS))
    title = f"{place} {rng.choice(DEEDS)} {thing} {rng.choice(TURNS)}, {person} says".title().replace(", ", ": ", 1)
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return Story(
        f"/{day:%Y/%m/%d}/{slug}-t{number}",
        title,
        f"{day:%Y-%m-%d}T09:00:00+00:00",
        tuple(_paragraph(rng, place, thing) for _ in range(6)),
        f"{rng.choice(PEOPLE)} {person}",
    )


def _paragraph(rng: random.Random, place: str, thing: str) -> str:
    """Two stories must not share five words in a row: most of the words are made up."""
    made = [_word(rng) if number % 3 else rng.choice(("the", "of", "and", "to", "in", "was", "for")) for number in range(42)]
    return f"{rng.choice(PEOPLE)} of {place} spoke about the {thing}: {' '.join(made)}."


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstv") + rng.choice("aeiou") for _ in range(rng.randrange(2, 5)))


def _neighbours(case: Case) -> None:
    """Stories that nearly are this one, in the index only: the same words a year later, half of its words, others of the day."""
    later = case.day + timedelta(days=366)
    again = replace(
        case.story,
        path=re.sub(r"^/\d{4}/\d\d/\d\d/", f"/{later:%Y/%m/%d}/", _numbered(case.story.path, case.rng.randrange(10_000, 19_999))),
    )
    half = replace(
        _story(case.rng, case.day, 6),
        path=_numbered(case.story.path, case.rng.randrange(10_000, 19_999)).replace("-says", "-denies", 1),
    )
    others = [_story(case.rng, case.day, case.rng.randrange(10_000, 99_999)) for _ in range(4)]
    again = replace(
        again, title=f"{case.story.title} Again", paragraphs=others[0].paragraphs, published=f"{later}T09:00:00+00:00"
    )
    for story in (again, half, *others):
        since = case.rng.randrange(3, 400) + (366 if story is again else 0)
        case.corpus.capture(story.url(case.outlet), case.stamp(since), news_page(case.outlet, story))


def _numbered(path: str, number: int) -> str:
    return re.sub(r"-t\d+$", f"-t{number}", path)


# -- the set ----------------------------------------------------------------------------------------------------------


def build(out: Path, *, rounds: int = 3, seed: int = 1) -> Path:
    """Each kind once a round; the papers take turns. Returns OUT."""
    rng, corpus = random.Random(seed), Corpus()
    papers = [_outlet(name) for name in NEWSROOMS]
    for paper in papers:
        corpus.host(paper.host, missing=not_found_page(paper))
        corpus.live(paper.home + "/", plain_page(paper, paper.name, "All that happened."))
    links, truth = [], []
    for number, kind in enumerate(KINDS * rounds):
        day = date(2018, 1, 5) + timedelta(days=rng.randrange(1500))
        case = Case(corpus, rng, papers[number % len(papers)], _story(rng, day, 20_000 + number), day)
        case.link = case.url
        _neighbours(case)
        kind(case)
        links.append(_question(case, number + 1))
        truth.append({"id": number + 1, "kind": kind.__name__, "verdict": case.verdict, "replacement": case.living,
                      "capture": case.captures})  # fmt: skip
    corpus.write(out)
    for name, rows in (("links", links), ("truth", truth)):
        (out / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return out


def _question(case: Case, number: int) -> dict[str, Any]:
    """What the document says of the page: more or less."""
    told: dict[str, Any] = {"id": number, "url": case.link}
    if case.must_tell or case.rng.random() < 0.7:
        told["title"] = case.story.title
    if case.must_tell or case.rng.random() < 0.5:
        told["excerpt"] = case.story.paragraphs[0]
    if case.rng.random() < 0.8:
        told["date"] = case.day.isoformat()
    return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(build(given.out, rounds=given.rounds, seed=given.seed))
