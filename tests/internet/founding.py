"""The founding case as a corpus: python -m tests.internet.founding CLIPPING OUT

The clipping's original story is 404 live and was captured in its week; later captures of its address are a soft-404 and a
redirect to the front page. The related story is 404 live, too, and was captured only under its true address, which stands
in the index among hundreds of others of the same paper and month. The original's text is the clipping's own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tests.internet.build import Corpus, Outlet, Story, news_page, not_found_page, plain_page

ORIGINAL_URL = "https://www.themoscowtimes.com/2019/04/24/north-koreas-kim-jong-un-arrives-in-russia-for-summit-with-putin-a65357"
ORIGINAL_TITLE = "North Korea's Kim Jong Un Arrives in Russia for Summit With Putin"
RELATED_URL = "https://www.themoscowtimes.com/2019/04/23/first-putin-kim-summit-to-take-place-on-april-25-kremlin-confirms-a65347"
RELATED_TITLE = "First Putin-Kim Summit to Take Place on April 25, Kremlin Confirms"
RELATED_TEXT = (
    "The first meeting between Russia's president and the leader of North Korea will be held on Thursday, a Kremlin "
    "aide told reporters on Tuesday, ending weeks of guessing about the date and the place.",
    "The talks are to be held in Vladivostok, the aide said. He named the settlement of the nuclear problem of the "
    "Korean peninsula by political and diplomatic means as the main subject, and trade between the neighbours as the other.",
    "Preparations had been visible for days. Flags of both countries went up on an island campus outside the city, railway "
    "staff repainted a platform, and hotels near the harbour told guests to expect closed streets until Friday.",
    "No joint statement is planned after the meeting, the aide said, and no documents are expected to be signed. The two "
    "leaders are to speak alone first and with their delegations later, before a dinner given by the host.",
    "Officials in Seoul and Tokyo said that they had been told of the date beforehand. A spokesman in Washington said that "
    "his government was in touch with Moscow and shared the aim of a peninsula without nuclear weapons.",
    "Analysts in Moscow expected few results that can be measured. A first meeting is a result in itself, one of them "
    "said, because it shows that neither side has to wait for anybody else's leave.",
)

_SUBJECTS = (
    "Kremlin", "Putin", "Russian Court", "Moscow Mayor", "Finance Ministry", "Gazprom", "State Duma", "Ukraine's President-Elect",
    "Siberian Town", "Aeroflot", "Central Bank", "St. Petersburg Museum", "Far East Governor", "Kim's Train", "Summit Hosts",
)  # fmt: skip
_VERBS = (
    "Confirms", "Denies", "to Take Up", "Postpones", "Warns Over", "Welcomes", "Questions", "Orders Review of", "Explains",
    "Rules on", "Signs Off on", "Walks Away From", "Prepares for",
)  # fmt: skip
_OBJECTS = (
    "Spring Budget", "Vladivostok Bridge Works", "Wildfire Plan", "April Rail Timetable", "New Internet Law", "Easter Amnesty",
    "Gas Price Deal", "Summit Security Bill", "Airport Names", "Passport Decree", "Waste Protests", "Victory Day Route",
    "Court Appeal", "Pension Figures", "Nuclear Icebreaker",
)  # fmt: skip
# Near the wanted words, but other stories: (day of the month, title)
_NEAR_MISSES = (
    (15, "Putin-Kim Summit to Take Place Before End of April, Kremlin Says"),
    (18, "Kim Jong Un to Visit Russia in April, Kremlin Confirms"),
    (19, "Kremlin Confirms Putin Will Take Part in Beijing Summit on April 26"),
    (22, "Where Could the Putin-Kim Summit Take Place? Vladivostok Prepares"),
    (25, "First Putin-Kim Summit Ends Without Joint Statement"),
    (25, "Putin Gives Kim a Sword at First Summit"),
    (26, "After First Summit With Kim, Putin Heads to Beijing"),
    (29, "Second Putin-Kim Summit May Take Place This Year, Kremlin Says"),
)


def build_founding(
    clipping: str,
    out: Path,
    *,
    original_url: str = ORIGINAL_URL,
    original_title: str = ORIGINAL_TITLE,
    related_url_true: str = RELATED_URL,
    related_title: str = RELATED_TITLE,
    related_text: tuple[str, ...] = RELATED_TEXT,
    rows: int = 220,
    today: date | None = None,
) -> Path:
    """Write the corpus of a clipping; `rows` are the other stories in the index. Returns the folder."""
    parts = urlsplit(original_url)
    outlet = Outlet("The Moscow Times", f"{parts.scheme}://{parts.netloc}", motto="Independent news from Russia")
    corpus, moment = Corpus(), _date_of(original_url)
    corpus.host(outlet.host, missing=not_found_page(outlet), robots="User-agent: *\nDisallow: /search\n")
    corpus.live(outlet.home + "/", plain_page(outlet, outlet.name, "The news of the day from Moscow and the regions."))
    original = Story(parts.path, original_title, f"{moment:%Y-%m-%d}T09:40:00+03:00", prose(clipping), "Reuters")
    related_day = _date_of(related_url_true)
    related = Story(urlsplit(related_url_true).path, related_title, f"{related_day:%Y-%m-%d}T15:20:00+03:00", related_text)
    _add_original(corpus, outlet, original, related, moment, today or datetime.now(UTC).date())
    page = news_page(outlet, related, [(original.title, original.url(outlet))])
    corpus.capture(related.url(outlet), f"{related_day:%Y%m%d}164512", page)
    others = [*_other_stories(rows, related_day), *_noted_day(clipping)]
    for story, day in others:
        corpus.capture(story.url(outlet), f"{day:%Y%m%d}{len(story.title) % 24:02d}1530", news_page(outlet, story))
    return corpus.write(out)


def prose(clipping: str) -> tuple[str, ...]:
    """The paragraphs above `Original url:`, unwrapped, without the line that names the related story."""
    text = re.split(r"^\s*Original url:", clipping, maxsplit=1, flags=re.MULTILINE | re.IGNORECASE)[0]
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return tuple(part for part in paragraphs if part and not part.startswith("Related article:"))


def _date_of(url: str) -> date:
    found = re.search(r"/(\d{4})/(\d\d)/(\d\d)/", url)
    if found is None:
        raise ValueError(f"no date in {url}")
    return date(*map(int, found.groups()))


def _add_original(corpus: Corpus, outlet: Outlet, story: Story, related: Story, day: date, today: date) -> None:
    """404 live; two good captures, then what a relaunched site answered."""
    url = story.url(outlet)
    page = news_page(outlet, story, [(related.title, related.url(outlet))])
    corpus.live(url, not_found_page(outlet), status=404)
    corpus.capture(url, f"{day:%Y%m%d}101500", page)
    corpus.capture(url, f"{day + timedelta(days=49):%Y%m%d}031144", page)
    corpus.capture(url, f"{today - timedelta(days=500):%Y%m%d}120000", not_found_page(outlet))
    corpus.capture(url, f"{today - timedelta(days=40):%Y%m%d}080102", status=302, location=outlet.home + "/")


def _other_stories(rows: int, day: date) -> Iterator[tuple[Story, date]]:
    """The paper's other stories of that month: near misses first, then the ordinary ones."""
    first = day.replace(day=1)
    titles = [(first + timedelta(days=number - 1), title) for number, title in _NEAR_MISSES]
    for number in range(rows - len(titles)):
        subject, verb = _SUBJECTS[number % len(_SUBJECTS)], _VERBS[number % len(_VERBS)]
        thing = _OBJECTS[(number // 7 + number) % len(_OBJECTS)]
        titles.append((first + timedelta(days=number % 30), f"{subject} {verb} {thing}"))
    for number, (when, title) in enumerate(titles):
        yield _other_story(title, when, 65000 + 3 * number + 1), when


def _noted_day(clipping: str) -> Iterator[tuple[Story, date]]:
    """Some stories of the day that the clipping's wrong address names, so that its folder is in the index, too."""
    noted = re.findall(r"/(\d{4})/(\d\d)/(\d\d)/", clipping)
    for number, verb in enumerate(_VERBS[:6] if noted else ()):
        day = date(*map(int, noted[-1]))
        yield _other_story(f"{_SUBJECTS[-1 - number]} {verb} {_OBJECTS[number]}", day, 84000 + number), day


def _other_story(title: str, day: date, number: int) -> Story:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower().replace("'", "").replace(".", "")).strip("-")
    text = (
        f"{title}: that was the subject of the day for readers of this page, and the number {number} in our files.",
        "Officials gave few details on Monday. A spokesman said that a decision was taken in principle, that the papers "
        "would be published in due course, and that questions were welcome in writing.",
        f"Our correspondent followed the matter for {number % 9 + 2} days and spoke to people on both sides of it.",
    )
    return Story(f"/{day:%Y/%m/%d}/{slug}-a{number}", title, f"{day:%Y-%m-%d}T12:00:00+03:00", text)


if __name__ == "__main__":
    build_founding(Path(sys.argv[1]).read_text(encoding="utf-8"), Path(sys.argv[2]))
