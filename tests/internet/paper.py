"""Our fictional papers as a corpus, with a clipping to begin from: python -m tests.internet.paper OUT

What is on this small web: a story that is 404 live and in the archive (with a soft-404 and a redirect to the front page
captured later); a related story that only the index knows, under an address that nobody noted rightly; a live story
with two related ones; one behind a bot wall; one that is gone everywhere.
"""

from __future__ import annotations

import re
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.internet.build import Corpus, Outlet, Story, news_page, not_found_page, plain_page
from tests.internet.stories import (
    CABLE_LANDS,
    GATES_CLOSE,
    GAZETTE,
    GONE_URL,
    ISLAND_SCHOOL,
    LOGBOOKS,
    NIGHT_FERRY,
    OTHER_TITLES,
    POST,
    REPAIRS_APPROVED,
    WEEKLY,
)

WIDTH = 96  # columns of the clipping
# As it was noted by hand: years off, and without its id.
NOTED_URL = GAZETTE.home + "/2024/03/19/council-approves-repairs-to-storm-gates-after-winter-inspection"
CLIPPING_NAME = "storm-gates-close.txt"
LIST_NAME = "reading-list.md"
ROBOTS = "User-agent: *\nDisallow: /search\n\nSitemap: " + GAZETTE.home + "/sitemap.xml\n"


def build_paper(out: Path, *, today: date | None = None) -> list[str]:
    """Write the corpus, the clipping and the reading list into `out`; returns what a demo starts from: the clipping's path, then addresses."""
    corpus, now = Corpus(), today or datetime.now(UTC).date()
    _add_gazette(corpus)
    _add_storm(corpus, now)
    _add_others(corpus)
    _add_northlight(corpus)
    corpus.host(WEEKLY.host, missing=not_found_page(WEEKLY))
    corpus.live(WEEKLY.home + "/", plain_page(WEEKLY, WEEKLY.name, "Quay Weekly has ceased to appear."))
    corpus.live(GONE_URL, not_found_page(WEEKLY), status=404)
    corpus.write(out)
    file = out / CLIPPING_NAME
    file.write_text(clipping(), encoding="utf-8")
    (out / LIST_NAME).write_text(reading_list(), encoding="utf-8")
    return [str(file), NIGHT_FERRY.url(GAZETTE), CABLE_LANDS.url(POST), GONE_URL]


def clipping() -> str:
    """A story as somebody saved it: prose, the title of a related story, and addresses wrapped and misnoted."""
    paragraphs = [textwrap.fill(paragraph, WIDTH) for paragraph in GATES_CLOSE.paragraphs]
    paragraphs.insert(6, f"Related article: {REPAIRS_APPROVED.title}")
    prose = "\n\n".join(paragraphs)
    return f"{prose}\n\nOriginal url:\n{_wrapped(GATES_CLOSE.url(GAZETTE))}\n\n{NOTED_URL}\n"


def reading_list() -> str:
    """A document with links, most of which have died."""
    return (
        "# Storms, a reading list\n\n"
        f"- [{GATES_CLOSE.title}]({GATES_CLOSE.url(GAZETTE)})\n"
        f"- [{REPAIRS_APPROVED.title}]({NOTED_URL})\n"
        f"- the ferry: <{NIGHT_FERRY.url(GAZETTE)}>\n"
        f"- the cable ([{CABLE_LANDS.title}]({CABLE_LANDS.url(POST)})), and what [the weekly said]({GONE_URL})\n\n"
        f"`{GATES_CLOSE.url(GAZETTE)}` in code is nobody's link.\n"
    )


def _wrapped(url: str) -> str:
    """Broken after the last hyphen that fits, as word processors do."""
    cut = url.rfind("-", 0, WIDTH) + 1
    return f"{url[:cut]}\n{url[cut:]}"


def _link(outlet: Outlet, story: Story) -> tuple[str, str]:
    return story.title, story.url(outlet)


def _add_gazette(corpus: Corpus) -> None:
    """What is live: front page, feed, sitemap, and three stories that name each other."""
    stories = (NIGHT_FERRY, ISLAND_SCHOOL, LOGBOOKS)
    links = [_link(GAZETTE, story) for story in stories]
    corpus.host(GAZETTE.host, missing=not_found_page(GAZETTE), robots=ROBOTS)
    corpus.live(GAZETTE.home + "/", plain_page(GAZETTE, GAZETTE.name, GAZETTE.motto, links=links))
    corpus.live(NIGHT_FERRY.url(GAZETTE), news_page(GAZETTE, NIGHT_FERRY, links[1:]))
    corpus.live(ISLAND_SCHOOL.url(GAZETTE), news_page(GAZETTE, ISLAND_SCHOOL, links[:1]))
    corpus.live(LOGBOOKS.url(GAZETTE), news_page(GAZETTE, LOGBOOKS, links[:2]))
    corpus.live(GAZETTE.home + "/feed.xml", _feed(stories), type="application/rss+xml; charset=utf-8")
    corpus.live(GAZETTE.home + "/sitemap.xml", _sitemap(stories), type="application/xml; charset=utf-8")


def _feed(stories: tuple[Story, ...]) -> str:
    items = "".join(
        f"<item><title>{story.title}</title><link>{story.url(GAZETTE)}</link><guid>{story.url(GAZETTE)}</guid>"
        f"<pubDate>{datetime.fromisoformat(story.published):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for story in stories
    )
    head = f"<title>{GAZETTE.name}</title><link>{GAZETTE.home}/</link><description>{GAZETTE.motto}</description>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>{head}{items}</channel></rss>\n'


def _sitemap(stories: tuple[Story, ...]) -> str:
    places = "".join(f"<url><loc>{story.url(GAZETTE)}</loc><lastmod>{story.published}</lastmod></url>" for story in stories)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{namespace}">{places}</urlset>\n'


def _add_storm(corpus: Corpus, today: date) -> None:
    """The clipping's two stories. The second capture of the original has the same bytes: a revisit in the index."""
    url = GATES_CLOSE.url(GAZETTE)
    page = news_page(GAZETTE, GATES_CLOSE, [_link(GAZETTE, REPAIRS_APPROVED)])
    corpus.live(url, not_found_page(GAZETTE), status=404)
    corpus.capture(url, "20210312101512", page)
    corpus.capture(url, "20210402224103", page)
    corpus.capture(url, f"{today - timedelta(days=600):%Y%m%d}041500", not_found_page(GAZETTE))
    corpus.capture(url, f"{today - timedelta(days=40):%Y%m%d}171200", status=301, location=GAZETTE.home + "/")
    related = news_page(GAZETTE, REPAIRS_APPROVED, [_link(GAZETTE, GATES_CLOSE)])
    corpus.capture(REPAIRS_APPROVED.url(GAZETTE), "20210310063055", related)


def _add_others(corpus: Corpus) -> None:
    """The paper's other stories of that month, in the index only."""
    for number, (day, title) in enumerate(OTHER_TITLES):
        story = _short_story(title, day, 20370 + 4 * number)
        corpus.capture(story.url(GAZETTE), f"202103{day:02d}{number % 24:02d}0730", news_page(GAZETTE, story))


def _short_story(title: str, day: int, number: int) -> Story:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    text = (
        f"{title}: a short report from our notebook of {day} March.",
        "The matter was raised at the harbour office in the morning and settled, for the time being, before noon. Those "
        "who were present spoke of a good-tempered meeting; those who were not have asked for the minutes.",
        f"Readers who know more may write to the news desk and mention report {number}.",
    )
    return Story(f"/2021/03/{day:02d}/{slug}-h{number}", title, f"2021-03-{day:02d}T12:00:00+00:00", text)


def _add_northlight(corpus: Corpus) -> None:
    """A story behind a bot wall; the archive had been there in time."""
    url = CABLE_LANDS.url(POST)
    wall = "<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"
    corpus.host(POST.host, missing=not_found_page(POST))
    corpus.live(POST.home + "/", plain_page(POST, POST.name, "News from the northern coast."))
    corpus.live(url, wall, status=403, headers={"cf-mitigated": "challenge", "Server": "cloudflare"})
    corpus.capture(url, "20220906081204", news_page(POST, CABLE_LANDS))


if __name__ == "__main__":
    print("\n".join(build_paper(Path(sys.argv[1]))))
